"""The container of a model file: one stored zip of a JSON manifest and .npy arrays. None of it can run code.

Everything is checked before it is believed: names, sizes, digests, shapes, types and finiteness.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.errors import ModelFileError
from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT, FORMAT_VERSION = "anomaly-gui-model", 1

_MANIFEST, _DIGEST = "manifest.json", "manifest.sha256"
_ARRAY = re.compile(r"arrays/([a-z0-9_]+)\.npy")
_DTYPES = frozenset({"<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "|b1"})
_LONGEST_HEADER = 4096
# what zipfile, json and numpy raise on damaged bytes
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    LookupError,
    OverflowError,
    EOFError,
    RuntimeError,  # holds NotImplementedError and RecursionError; encrypted members
    TypeError,
    SyntaxError,
    MemoryError,
)


@dataclass(frozen=True)
class Limits:
    """How much of a file is read at most: bytes of the manifest and of all arrays, and members."""

    manifest_bytes: int = 64 << 20
    array_bytes: int = 2 << 30
    members: int = 1000


def write_archive(path: Path, manifest: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a manifest and arrays, all or nothing: on any failure an older file stays whole.

    Format, version and each array's type, shape and SHA-256 are added to the manifest.

    Raises
    ------
    ModelFileError : the file cannot be written
    ValueError : an array's name or type cannot be stored, or a number is not finite (a bug of ours)
    """
    members = {name: _to_npy(name, array) for name, array in arrays.items()}
    listed = {name: _listing(array, members[name]) for name, array in arrays.items()}
    whole = {**manifest, "format": FORMAT, "format_version": FORMAT_VERSION, "arrays": listed}
    text = json.dumps(whole, allow_nan=False, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    try:
        with atomic_write(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            _add(archive, _MANIFEST, text)
            _add(archive, _DIGEST, hashlib.sha256(text).hexdigest().encode())
            for name, data in members.items():
                _add(archive, f"arrays/{name}.npy", data)
    except OSError as error:
        raise ModelFileError(f"{path} cannot be written ({error.strerror}); choose another place.") from error


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(
        zipfile.ZipInfo(name), data
    )  # a ZipInfo of its own has a fixed date: equal files are equal


def _to_npy(name: str, array: np.ndarray) -> bytes:
    if not _ARRAY.fullmatch(f"arrays/{name}.npy") or array.dtype.str not in _DTYPES:
        raise ValueError(f"the array {name!r} of type {array.dtype} cannot be stored")
    if not np.isfinite(array).all():
        raise ValueError(f"the array {name!r} has values that are not finite")
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    return file.getvalue()


def _listing(array: np.ndarray, data: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    return {"dtype": array.dtype.str, "shape": list(array.shape), "sha256": digest}


def read_archive(
    path: Path, schema: Mapping[str, Any], limits: Limits | None = None
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return the manifest and the arrays of a file, after every check.

    Parameters
    ----------
    schema : JSON schema (draft 2020-12) that the manifest has to fit

    Raises
    ------
    ModelFileError : with the reason, for whatever is not a whole model file of this version
    """
    limits = limits or Limits()
    try:
        with path.open("rb") as file:
            return _read(path, file, schema, limits)
    except FileNotFoundError as error:
        raise ModelFileError(f"{path} does not exist; check the name.") from error
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror or error}).") from error


def _read(
    path: Path, file: Any, schema: Mapping[str, Any], limits: Limits
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(path, archive, limits)
            manifest = _manifest(path, archive)
            _check_format(path, manifest)
            _check_schema(path, manifest, schema)
            return manifest, _arrays(path, archive, manifest["arrays"])
    except zipfile.BadZipFile as error:
        raise ModelFileError(f"{path} is not a model file, or is damaged: copy it again.") from error
    except _DAMAGED as error:
        raise ModelFileError(f"{path} is damaged ({error}): copy it again.") from error


def _check_members(path: Path, archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    odd = [name for name in names if name not in (_MANIFEST, _DIGEST) and not _ARRAY.fullmatch(name)]
    if odd:
        raise ModelFileError(f"{path} is not a model file: it holds {odd[0]!r}.")
    if len(set(names)) < len(names) or len(names) > limits.members:
        raise ModelFileError(f"{path} is not a model file: its members are too many or doubled.")
    if _MANIFEST not in names or _DIGEST not in names:
        raise ModelFileError(f"{path} is not a model file: it has no manifest.")
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
        raise ModelFileError(f"{path} is not a model file: its members are compressed or encrypted.")
    sizes = {member.filename: member.file_size for member in members}
    if sizes[_MANIFEST] > limits.manifest_bytes or sum(sizes.values()) > limits.array_bytes:
        raise ModelFileError(f"{path} is larger than any model may be.")
    if sum(sizes.values()) > path.stat().st_size:
        raise ModelFileError(f"{path} is damaged (its members overlap): copy it again.")


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    text = archive.read(_MANIFEST)
    if archive.read(_DIGEST) != hashlib.sha256(text).hexdigest().encode():
        raise ModelFileError(f"{path} is damaged (its manifest was changed): copy it again.")
    manifest = json.loads(
        text.decode("utf-8", "surrogatepass"), object_pairs_hook=_unique, parse_constant=_no_constant
    )
    if not isinstance(manifest, dict):
        raise ModelFileError(f"{path} is not a model file: its manifest is not an object.")
    return manifest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("its manifest has a key twice")
    return result


def _no_constant(name: str) -> None:
    raise ValueError(f"its manifest holds {name}")


def _check_format(path: Path, manifest: Mapping[str, Any]) -> None:
    version = manifest.get("format_version")
    if manifest.get("format") != FORMAT or not isinstance(version, int):
        raise ModelFileError(f"{path} is not a model file of Anomaly GUI.")
    if version > FORMAT_VERSION:
        raise ModelFileError(
            f"{path} was made by a newer version of Anomaly GUI (format {version}; this version reads "
            f"{FORMAT_VERSION}): update Anomaly GUI."
        )


def _check_schema(path: Path, manifest: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    from jsonschema import Draft202012Validator  # late: the window starts without it

    for check in (_ARRAYS_SCHEMA, schema):
        error = next(iter(Draft202012Validator(check).iter_errors(manifest)), None)
        if error is not None:
            raise ModelFileError(f"{path} is damaged or made up: {error.json_path} {error.message[:200]}.")


_ARRAYS_SCHEMA: Mapping[str, Any] = {
    "required": ["arrays"],
    "properties": {
        "arrays": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["dtype", "shape", "sha256"],
                "additionalProperties": False,
                "properties": {
                    "dtype": {"enum": sorted(_DTYPES)},
                    "shape": {"type": "array", "maxItems": 8, "items": {"type": "integer", "minimum": 0}},
                    "sha256": {"type": "string"},
                },
            },
        }
    },
}


def _arrays(path: Path, archive: zipfile.ZipFile, listed: Mapping[str, Any]) -> dict[str, np.ndarray]:
    stored = {name for name in archive.namelist() if name not in (_MANIFEST, _DIGEST)}
    if stored != {f"arrays/{name}.npy" for name in listed}:
        raise ModelFileError(f"{path} is damaged (arrays are missing or not listed): copy it again.")
    return {name: _array(path, name, archive.read(f"arrays/{name}.npy"), listed[name]) for name in listed}


def _array(path: Path, name: str, data: bytes, listed: Mapping[str, Any]) -> np.ndarray:
    if hashlib.sha256(data).hexdigest() != listed["sha256"]:
        raise ModelFileError(f"{path} is damaged (the array {name} was changed): copy it again.")
    file = io.BytesIO(data)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ModelFileError(f"{path} is damaged (the array {name} has an unknown header).")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=_LONGEST_HEADER)
    values = data[file.tell() :]
    as_listed = list(shape) == listed["shape"] and dtype.str == listed["dtype"] and not fortran
    if not as_listed or len(values) != math.prod(shape) * dtype.itemsize:
        raise ModelFileError(f"{path} is damaged (the array {name} is not as listed).")
    array = np.frombuffer(values, dtype).reshape(shape)
    if not np.isfinite(array).all():
        raise ModelFileError(f"{path} is damaged (the array {name} has values that are not finite).")
    return array
