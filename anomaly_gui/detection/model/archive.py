"""The container of a model file: a manifest and arrays in one zip. Nothing in it can run code.

The zip holds `manifest.json`, then `arrays/NAME.npy` in the order of the names, one behind the other and
uncompressed. The manifest lists each array with its type, shape and SHA-256; the zip's comment is the
manifest's SHA-256. Any zip tool opens such a file, but none is used here: one content has exactly one
sequence of bytes. The manifest decides where every array has to lie and how the file has to end, and the file
is compared with that. So no name, size or position that a file claims is followed, and any change is noticed
(damage is; whoever changes a file on purpose can change the digests too).

Layout: APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16, https://pkware.cachefly.net/webdocs/APPNOTE/, and
https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html for the arrays.
"""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import re
import struct
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.model.schema_check import first_error
from anomaly_gui.errors import ModelFileError
from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from io import BufferedReader
    from pathlib import Path

FORMAT, FORMAT_VERSION = "anomaly-gui-model", 1
Chunk = bytes | bytearray | memoryview

_MANIFEST, _member = "manifest.json", "arrays/{}.npy".format
_NAME = re.compile(r"[a-z0-9_.-]{1,100}")
_DTYPES = ("<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "|b1")
_MOST_AXES, _MOST_DIGITS = 8, 40  # the time to read a number grows with the square of its digits

_MEMBER_MARK, _ENTRY_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
# Needed version, flags, method, time, date, CRC-32, packed and real size, lengths of name and extra field:
# the same bytes stand before a member and in the directory.
_FIELDS = struct.Struct("<5H3L2H")
_HEADER_SIZE = len(_MEMBER_MARK) + _FIELDS.size
_MADE_BY, _NEEDED, _DATE, _ATTRIBUTES = 3 << 8 | 20, 20, 1 << 5 | 1, 0o600 << 16  # Unix, 2.0, 1 January 1980


@dataclass(frozen=True)
class Limits:
    """The most a file may hold: bytes of the manifest and of all arrays (under 4 GiB in all), and members."""

    manifest_bytes: int = 64 << 20
    array_bytes: int = 2 << 30
    members: int = 1000

    def excess(self, manifest_bytes: int, array_bytes: int = 0, members: int = 0) -> str | None:
        """Return what is beyond the limits, in words, or None."""
        for size, most, what in (
            (manifest_bytes, self.manifest_bytes, "bytes of manifest"),
            (array_bytes, self.array_bytes, "bytes of arrays"),
            (members, self.members, "members"),
        ):
            if size > most:
                return f"{size:,} {what} (at most {most:,} are allowed)"
        return None


DEFAULT_LIMITS = Limits()


def write_archive(path: Path, manifest: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a manifest and arrays, all or nothing: on any failure an older file stays whole.

    Parameters
    ----------
    manifest : JSON values; the keys "format", "format_version" and "arrays" are set here
    arrays : finite floats, integers or booleans with up to eight axes, stored little-endian and in C order;
        their names are made of a-z, 0-9, "_", "." and "-". Equal content gives equal bytes.

    Raises
    ------
    ModelFileError : the file cannot be written, or the content is beyond `DEFAULT_LIMITS`
    ValueError, TypeError : the content cannot be stored (a bug of ours)
    """
    stored = {name: _to_npy(name, arrays[name]) for name in sorted(arrays)}
    text = _manifest_text(manifest, {name: listing for name, (listing, _) in stored.items()})
    size = sum(_npy_size(listing, empty_axis=1) for listing, _ in stored.values())
    if excess := DEFAULT_LIMITS.excess(len(text), size, len(stored) + 1):
        raise ModelFileError(f"{path} cannot be saved, it would hold {excess}: train a smaller model.")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with atomic_write(path) as file:
            _write_zip(file, text, {name: chunks for name, (_, chunks) in stored.items()})
    except OSError as error:
        raise ModelFileError(f"{path} cannot be saved: {_why_unwritten(error)}.") from error


def _why_unwritten(error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "its folder does not exist; make the folder or choose another"
    if error.errno == errno.EISDIR:
        return "a folder has this name; choose another name"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "writing there is not allowed, or another program has the file open; choose another folder"
    if error.errno == errno.ENOSPC:
        return "the disk is full; free some space or choose another disk"
    return f"{error.strerror or error}; choose another place"


def _manifest_text(manifest: Mapping[str, Any], listings: Mapping[str, Any]) -> bytes:
    whole = {**manifest, "format": FORMAT, "format_version": FORMAT_VERSION, "arrays": listings}
    text = json.dumps(whole, allow_nan=False, ensure_ascii=False, indent=1, sort_keys=True)
    # Lone surrogates, which stand for bytes of file names that are not UTF-8, become JSON's own \uXXXX.
    encoded = text.encode("utf-8", "backslashreplace")
    _parse_json(encoded)  # what would be refused when read is not written
    return encoded


def _to_npy(name: str, array: np.ndarray) -> tuple[dict[str, Any], list[Chunk]]:
    """Return what the manifest says of an array, and its .npy file as header and values."""
    values = np.asarray(array, array.dtype.newbyteorder("<"), order="C")
    if not _NAME.fullmatch(name) or values.dtype.str not in _DTYPES or values.ndim > _MOST_AXES:
        raise ValueError(f"an array {name!r} of {array.dtype} with {array.ndim} axes cannot be stored")
    if not np.isfinite(values).all():
        raise ValueError(f"the array {name!r} has values that are not finite")
    content = values.reshape(-1).view(np.uint8).data
    chunks: list[Chunk] = [_npy_header(values.dtype.str, values.shape), content]
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return {"dtype": values.dtype.str, "shape": list(values.shape), "sha256": digest.hexdigest()}, chunks


def _npy_header(dtype: str, shape: Sequence[int]) -> bytes:
    """Return the header, version 1.0, of an array in C order."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    padded = text + " " * (-(len(text) + 11) % 64) + "\n"  # the values begin at a multiple of 64
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded.encode("ascii")


def _write_zip(file: IO[bytes], text: bytes, arrays: Mapping[str, Sequence[Chunk]]) -> None:
    written = []
    for name, chunks in {_MANIFEST: [text], **{_member(name): arrays[name] for name in arrays}}.items():
        header = _header(name, chunks)
        for chunk in (header, *chunks):
            file.write(chunk)
        written.append((header, sum(map(len, chunks))))
    file.write(_end(written, text))


def _header(name: str, chunks: Sequence[Chunk]) -> bytes:
    """Return what stands before a stored member (APPNOTE 4.3.7)."""
    checksum, size = 0, sum(map(len, chunks))
    for chunk in chunks:
        checksum = zlib.crc32(chunk, checksum)
    fields = _FIELDS.pack(_NEEDED, 0, 0, 0, _DATE, checksum, size, size, len(name), 0)
    return _MEMBER_MARK + fields + name.encode("ascii")


def _end(members: Sequence[tuple[bytes, int]], manifest: bytes) -> bytes:
    """Return what follows members of these headers and sizes: directory, end and comment (4.3.12, 4.3.16)."""
    directory, start = b"", 0
    for header, size in members:
        fields, name = header[len(_MEMBER_MARK) : _HEADER_SIZE], header[_HEADER_SIZE:]
        where = struct.pack("<3H2L", 0, 0, 0, _ATTRIBUTES, start)
        directory += _ENTRY_MARK + struct.pack("<H", _MADE_BY) + fields + where + name
        start += len(header) + size
    comment = f"manifest.json SHA-256 {hashlib.sha256(manifest).hexdigest()}".encode("ascii")
    count = len(members)
    sizes = struct.pack("<4H2LH", 0, 0, count, count, len(directory), start, len(comment))
    return directory + _END_MARK + sizes + comment


class _RefusedError(Exception):
    """What is wrong with a file, without its name."""


def _stranger(what: str) -> _RefusedError:
    return _RefusedError(f"{what}: choose a file that Anomaly GUI saved.")


def _damaged(what: str) -> _RefusedError:
    return _RefusedError(f"is damaged ({_one_line(what)}): copy it again from where it was made.")


def _one_line(text: str) -> str:
    """Return a file's own words fit for a sentence: short, printable, on one line."""
    short = text if len(text) <= 200 else f"{text[:200]}..."
    return "".join(letter if letter.isprintable() else "?" for letter in short)


def read_archive(
    path: Path, schema: Mapping[str, Any], limits: Limits = DEFAULT_LIMITS
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return a file's manifest (with the keys that writing added) and its arrays, after every check.

    Parameters
    ----------
    schema : JSON schema, draft 2020-12, for the whole manifest
    limits : more than these is not read into memory

    Returns
    -------
    The arrays are finite and can be written to: each has memory of its own.

    Raises
    ------
    ModelFileError : for whatever is not a whole model file that this version reads, with the reason
    """
    try:
        if not path.is_file():
            raise _RefusedError(_why_no_file(path))
        with path.open("rb") as file:
            return _read(file, schema, limits)
    except _RefusedError as refused:
        raise ModelFileError(f"{path} {refused}") from refused
    except OSError as error:
        why = error.strerror or error
        raise ModelFileError(f"{path} cannot be read: {why}; check its disk and its permissions.") from error
    except MemoryError as error:
        raise ModelFileError(f"{path} needs more memory than is free: close other programs.") from error


def _why_no_file(path: Path) -> str:
    if not path.exists():
        return "does not exist: check its name."
    return f"is {'a folder' if path.is_dir() else 'not an ordinary file'}: choose a model file."


def _read(
    file: BufferedReader, schema: Mapping[str, Any], limits: Limits
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    text = _read_manifest(file, limits)
    manifest = _parse_manifest(text)
    _check_format(manifest)
    listings = _check_listings(manifest.get("arrays"))
    _check_schema(manifest, schema)
    _check_sizes(file, listings, limits)
    members = [(_header(_MANIFEST, [text]), len(text))]
    arrays = {}
    for name in sorted(listings):
        header, content = _read_member(file, name, listings[name])
        members.append((header, len(content)))
        arrays[name] = _array(name, content, listings[name])
    end = _end(members, text)
    if file.read(len(end) + 1) != end:
        raise _damaged("it does not end after what its manifest lists")
    return manifest, arrays


def _read_manifest(file: BufferedReader, limits: Limits) -> bytes:
    header = file.read(_HEADER_SIZE + len(_MANIFEST))
    _check_first_header(header)
    size = _FIELDS.unpack(header[len(_MEMBER_MARK) : _HEADER_SIZE])[7]
    if excess := limits.excess(size):
        raise _stranger(f"is larger than a model file may be, it holds {excess}")
    text = file.read(size)
    if len(text) < size:
        raise _damaged("its end is missing")
    if header != _header(_MANIFEST, [text]):
        raise _damaged("its manifest was changed")
    return text


def _check_first_header(header: bytes) -> None:
    if not header:
        raise _RefusedError("is empty: copy it again from where it was made.")
    if not header.startswith(_MEMBER_MARK):
        raise _stranger("is not a model file")
    if len(header) < _HEADER_SIZE + len(_MANIFEST):
        raise _damaged("its end is missing")
    if header[_HEADER_SIZE:] != _MANIFEST.encode("ascii"):
        raise _stranger("is a zip file that does not begin with a manifest, not a model file")
    _, flags, method, *_ = _FIELDS.unpack(header[len(_MEMBER_MARK) : _HEADER_SIZE])
    if flags & 1 or method:  # the lowest flag: encrypted
        raise _stranger("is an encrypted or compressed zip file, not a model file as it was saved")


def _parse_manifest(text: bytes) -> dict[str, Any]:
    try:
        manifest = _parse_json(text)
    except UnicodeDecodeError as error:
        raise _damaged("its manifest is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(f"its manifest is not the JSON it should be: {error}") from error
    if not isinstance(manifest, dict):
        raise _stranger("is not a model file, since its manifest is not an object")
    return manifest


def _parse_json(text: bytes) -> Any:
    """Parse strictly: a ValueError or RecursionError also for what `json` would let pass."""
    numbers: dict[str, Any] = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), _number)
    return json.loads(text.decode("utf-8"), object_pairs_hook=_object, **numbers)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("an object has one key twice")
    return result


def _number(digits: str) -> float:
    if len(digits) > _MOST_DIGITS or not math.isfinite(float(digits)):
        raise ValueError("a number is too large or not finite")
    return int(digits) if digits.lstrip("-").isdigit() else float(digits)


def _check_format(manifest: Mapping[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise _stranger("is not a model file of Anomaly GUI")
    version = manifest.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _damaged("its manifest names no format version")
    if version > FORMAT_VERSION:
        raise _RefusedError(
            f"was made by a newer version of Anomaly GUI (format {version}; this version reads "
            f"{FORMAT_VERSION}): update Anomaly GUI to open it."
        )


def _check_listings(listings: Any) -> dict[str, Any]:
    if not isinstance(listings, dict):
        raise _damaged("its manifest lists no arrays")
    for name, listing in listings.items():
        if not _NAME.fullmatch(name) or not _is_listing(listing):
            raise _damaged(f"its manifest lists an impossible array {name!r}")
    return listings


def _is_listing(listing: Any) -> bool:
    if not isinstance(listing, dict) or listing.keys() != {"dtype", "shape", "sha256"}:
        return False
    shape = listing["shape"]
    return (
        listing["dtype"] in _DTYPES
        and isinstance(shape, list)
        and len(shape) <= _MOST_AXES
        and all(type(length) is int and length >= 0 for length in shape)  # True is an int as well
    )


def _check_schema(manifest: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    try:
        error = first_error(manifest, schema)
    except RecursionError as deep:
        raise _damaged("its manifest is nested too deeply") from deep
    if error is not None:
        raise _damaged(f"its manifest has an unfit value at {error.json_path}: {error.message}")


def _check_sizes(file: BufferedReader, listings: Mapping[str, Any], limits: Limits) -> None:
    """Refuse before anything is read what memory should not, or the file cannot, hold."""
    # An axis of 0 counts as 1: the others may not be beyond all bounds either.
    largest = sum(_npy_size(listing, empty_axis=1) for listing in listings.values())
    if excess := limits.excess(0, largest, len(listings) + 1):
        raise _stranger(f"is larger than a model file may be, it lists {excess}")
    left = os.fstat(file.fileno()).st_size - file.tell()
    if sum(_npy_size(listing) for listing in listings.values()) > left:
        raise _damaged("its end is missing")


def _npy_size(listing: Mapping[str, Any], empty_axis: int = 0) -> int:
    values = math.prod(length or empty_axis for length in listing["shape"])
    return len(_npy_header(listing["dtype"], listing["shape"])) + values * int(listing["dtype"][-1])


def _read_member(file: BufferedReader, name: str, listing: Mapping[str, Any]) -> tuple[bytes, bytearray]:
    header = file.read(_HEADER_SIZE + len(_member(name)))
    if header[_HEADER_SIZE:] != _member(name).encode("ascii"):
        raise _damaged(f"{_member(name)} is not where it should be")
    content = bytearray(_npy_size(listing))
    file.readinto(content)
    if header != _header(_member(name), [content]):
        raise _damaged(f"{_member(name)} was changed")
    return header, content


def _array(name: str, content: bytearray, listing: Mapping[str, Any]) -> np.ndarray:
    if hashlib.sha256(content).hexdigest() != listing["sha256"]:
        raise _damaged(f"the array {name} was changed")
    dtype, shape = np.dtype(listing["dtype"]), tuple(listing["shape"])
    header = _npy_header(listing["dtype"], shape)
    if not content.startswith(header):
        raise _damaged(f"the array {name} is not {dtype} of shape {shape}, as it is listed")
    array: np.ndarray = np.ndarray(shape, dtype, content, len(header))
    if not np.isfinite(array).all() or (dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1):
        raise _damaged(f"the array {name} has values that are no finite numbers")
    return array
