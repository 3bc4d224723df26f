"""Reads the container of a model file, after every check; see `archive_layout`."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.model.archive.archive_layout import (
    ARRAY_NAME,
    DEFAULT_LIMITS,
    DTYPES,
    FIELDS,
    FORMAT,
    FORMAT_VERSION,
    HEADER_SIZE,
    MANIFEST,
    MEMBER_MARK,
    MOST_AXES,
    Limits,
    make_end,
    make_header,
    make_npy_header,
    measure_npy,
    member_name,
    parse_json,
)
from anomaly_gui.detection.model.archive.schema_check import find_schema_error
from anomaly_gui.errors import ModelFileError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedReader
    from pathlib import Path


class _RefusedError(Exception):
    """What is wrong with a file, without its name."""


def _refuse_stranger(what: str) -> _RefusedError:
    return _RefusedError(translate("{what}: choose a file that Anomaly GUI saved.", what=what))


def _refuse_damaged(what: str) -> _RefusedError:
    return _RefusedError(
        translate("is damaged ({what}): copy it again from where it was made.", what=_shorten_line(what))
    )


def _shorten_line(text: str) -> str:
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
            raise _RefusedError(_explain_no_file(path))
        with path.open("rb") as file:
            return _read_checked(file, schema, limits)
    except _RefusedError as refused:
        raise ModelFileError(translate("{path} {refused}", path=path, refused=refused)) from refused
    except OSError as error:
        raise ModelFileError(
            translate(
                "{path} cannot be read: {why}; check its disk and its permissions.",
                path=path,
                why=explain_os_error(error),
            )
        ) from error
    except MemoryError as error:
        raise ModelFileError(
            translate("{path} needs more memory than is free: close other programs.", path=path)
        ) from error


def _explain_no_file(path: Path) -> str:
    if not path.exists():
        return translate("does not exist: check its name.")
    if path.is_dir():
        return translate("is a folder: choose a model file.")
    return translate("is not an ordinary file: choose a model file.")


def _read_checked(
    file: BufferedReader, schema: Mapping[str, Any], limits: Limits
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    text = _read_manifest(file, limits)
    manifest = _parse_manifest(text)
    _check_format(manifest)
    listings = _check_listings(manifest.get("arrays"))
    _check_schema(manifest, schema)
    _check_sizes(file, listings, limits)
    members = [(make_header(MANIFEST, [text]), len(text))]
    arrays = {}
    for name in sorted(listings):
        header, content = _read_member(file, name, listings[name])
        members.append((header, len(content)))
        arrays[name] = _restore_array(name, content, listings[name])
    end = make_end(members, text)
    if file.read(len(end) + 1) != end:
        raise _refuse_damaged(translate("it does not end after what its manifest lists"))
    return manifest, arrays


def _read_manifest(file: BufferedReader, limits: Limits) -> bytes:
    header = file.read(HEADER_SIZE + len(MANIFEST))
    _check_first_header(header)
    size = FIELDS.unpack(header[len(MEMBER_MARK) : HEADER_SIZE])[7]
    if excess := limits.find_excess(size):
        raise _refuse_stranger(
            translate("is larger than a model file may be, it holds {excess}", excess=excess)
        )
    text = file.read(size)
    if len(text) < size:
        raise _refuse_damaged(translate("its end is missing"))
    if header != make_header(MANIFEST, [text]):
        raise _refuse_damaged(translate("its manifest was changed"))
    return text


def _check_first_header(header: bytes) -> None:
    if not header:
        raise _RefusedError(translate("is empty: copy it again from where it was made."))
    if not header.startswith(MEMBER_MARK):
        raise _refuse_stranger(translate("is not a model file"))
    if len(header) < HEADER_SIZE + len(MANIFEST):
        raise _refuse_damaged(translate("its end is missing"))
    if header[HEADER_SIZE:] != MANIFEST.encode("ascii"):
        raise _refuse_stranger(
            translate("is a zip file that does not begin with a manifest, not a model file")
        )
    _, flags, method, *_ = FIELDS.unpack(header[len(MEMBER_MARK) : HEADER_SIZE])
    if flags & 1 or method:  # the lowest flag: encrypted
        raise _refuse_stranger(
            translate("is an encrypted or compressed zip file, not a model file as it was saved")
        )


def _parse_manifest(text: bytes) -> dict[str, Any]:
    try:
        manifest = parse_json(text)
    except UnicodeDecodeError as error:
        raise _refuse_damaged(translate("its manifest is not UTF-8")) from error
    except (ValueError, RecursionError) as error:
        raise _refuse_damaged(
            translate("its manifest is not the JSON it should be: {error}", error=error)
        ) from error
    if not isinstance(manifest, dict):
        raise _refuse_stranger(translate("is not a model file, since its manifest is not an object"))
    return manifest


def _check_format(manifest: Mapping[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise _refuse_stranger(translate("is not a model file of Anomaly GUI"))
    version = manifest.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _refuse_damaged(translate("its manifest names no format version"))
    if version > FORMAT_VERSION:
        raise _RefusedError(
            translate(
                "was made by a newer version of Anomaly GUI (format {version}; this version reads "
                "{own_version}): update Anomaly GUI to open it.",
                version=version,
                own_version=FORMAT_VERSION,
            )
        )


def _check_listings(listings: Any) -> dict[str, Any]:
    if not isinstance(listings, dict):
        raise _refuse_damaged(translate("its manifest lists no arrays"))
    for name, listing in listings.items():
        if not ARRAY_NAME.fullmatch(name) or not _is_listing(listing):
            raise _refuse_damaged(translate("its manifest lists an impossible array {name!r}", name=name))
    return listings


def _is_listing(listing: Any) -> bool:
    if not isinstance(listing, dict) or listing.keys() != {"dtype", "shape", "sha256"}:
        return False
    shape = listing["shape"]
    return (
        listing["dtype"] in DTYPES
        and isinstance(shape, list)
        and len(shape) <= MOST_AXES
        and all(type(length) is int and length >= 0 for length in shape)  # True is an int as well
    )


def _check_schema(manifest: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    try:
        error = find_schema_error(manifest, schema)
    except RecursionError as deep:
        raise _refuse_damaged(translate("its manifest is nested too deeply")) from deep
    if error is not None:
        raise _refuse_damaged(
            translate(
                "its manifest has an unfit value at {place}: {why}", place=error.json_path, why=error.message
            )
        )


def _check_sizes(file: BufferedReader, listings: Mapping[str, Any], limits: Limits) -> None:
    """Refuse before anything is read what memory should not, or the file cannot, hold."""
    # An axis of 0 counts as 1: the others may not be beyond all bounds either.
    largest = sum(measure_npy(listing, empty_axis=1) for listing in listings.values())
    if excess := limits.find_excess(0, largest, len(listings) + 1):
        raise _refuse_stranger(
            translate("is larger than a model file may be, it lists {excess}", excess=excess)
        )
    left = os.fstat(file.fileno()).st_size - file.tell()
    if sum(measure_npy(listing) for listing in listings.values()) > left:
        raise _refuse_damaged(translate("its end is missing"))


def _read_member(file: BufferedReader, name: str, listing: Mapping[str, Any]) -> tuple[bytes, bytearray]:
    header = file.read(HEADER_SIZE + len(member_name(name)))
    if header[HEADER_SIZE:] != member_name(name).encode("ascii"):
        raise _refuse_damaged(translate("{member} is not where it should be", member=member_name(name)))
    content = bytearray(measure_npy(listing))
    file.readinto(content)
    if header != make_header(member_name(name), [content]):
        raise _refuse_damaged(translate("{member} was changed", member=member_name(name)))
    return header, content


def _restore_array(name: str, content: bytearray, listing: Mapping[str, Any]) -> np.ndarray:
    if hashlib.sha256(content).hexdigest() != listing["sha256"]:
        raise _refuse_damaged(translate("the array {name} was changed", name=name))
    dtype, shape = np.dtype(listing["dtype"]), tuple(listing["shape"])
    header = make_npy_header(listing["dtype"], shape)
    if not content.startswith(header):
        raise _refuse_damaged(
            translate(
                "the array {name} is not {dtype} of shape {shape}, as it is listed",
                name=name,
                dtype=dtype,
                shape=shape,
            )
        )
    array: np.ndarray = np.ndarray(shape, dtype, content, len(header))
    if not np.isfinite(array).all() or (dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1):
        raise _refuse_damaged(translate("the array {name} has values that are no finite numbers", name=name))
    return array
