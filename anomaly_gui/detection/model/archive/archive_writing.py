"""Writes the container of a model file; see `archive_layout`."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.model.archive.archive_layout import (
    ARRAY_NAME,
    DEFAULT_LIMITS,
    DTYPES,
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    MOST_AXES,
    Chunk,
    make_end,
    make_header,
    make_npy_header,
    measure_npy,
    member_name,
    parse_json,
)
from anomaly_gui.errors import ModelFileError
from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


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
    stored = {name: _make_npy(name, arrays[name]) for name in sorted(arrays)}
    text = _manifest_text(manifest, {name: listing for name, (listing, _) in stored.items()})
    size = sum(measure_npy(listing, empty_axis=1) for listing, _ in stored.values())
    if excess := DEFAULT_LIMITS.find_excess(len(text), size, len(stored) + 1):
        raise ModelFileError(
            translate(
                "{path} cannot be saved, it would hold {excess}: train a smaller model.",
                path=path,
                excess=excess,
            )
        )
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with atomic_write(path) as file:
            _write_zip(file, text, {name: chunks for name, (_, chunks) in stored.items()})
    except OSError as error:
        raise ModelFileError(
            translate("{path} cannot be saved: {why}.", path=path, why=_explain_unwritten(error))
        ) from error


def _explain_unwritten(error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return translate("its folder does not exist; make the folder or choose another")
    if error.errno == errno.EISDIR:
        return translate("a folder has this name; choose another name")
    if error.errno in (errno.EACCES, errno.EPERM):
        return translate(
            "writing there is not allowed, or another program has the file open; choose another folder"
        )
    if error.errno == errno.ENOSPC:
        return translate("the disk is full; free some space or choose another disk")
    return translate("{why}; choose another place", why=explain_os_error(error))


def _manifest_text(manifest: Mapping[str, Any], listings: Mapping[str, Any]) -> bytes:
    whole = {**manifest, "format": FORMAT, "format_version": FORMAT_VERSION, "arrays": listings}
    text = json.dumps(whole, allow_nan=False, ensure_ascii=False, indent=1, sort_keys=True)
    # Lone surrogates, which stand for bytes of file names that are not UTF-8, become JSON's own \uXXXX.
    encoded = text.encode("utf-8", "backslashreplace")
    parse_json(encoded)  # what would be refused when read is not written
    return encoded


def _make_npy(name: str, array: np.ndarray) -> tuple[dict[str, Any], list[Chunk]]:
    """Return what the manifest says of an array, and its .npy file as header and values."""
    values = np.asarray(array, array.dtype.newbyteorder("<"), order="C")
    if not ARRAY_NAME.fullmatch(name) or values.dtype.str not in DTYPES or values.ndim > MOST_AXES:
        raise ValueError(f"an array {name!r} of {array.dtype} with {array.ndim} axes cannot be stored")
    if not np.isfinite(values).all():
        raise ValueError(f"the array {name!r} has values that are not finite")
    content = values.reshape(-1).view(np.uint8).data
    chunks: list[Chunk] = [make_npy_header(values.dtype.str, values.shape), content]
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return {"dtype": values.dtype.str, "shape": list(values.shape), "sha256": digest.hexdigest()}, chunks


def _write_zip(file: IO[bytes], text: bytes, arrays: Mapping[str, Sequence[Chunk]]) -> None:
    written = []
    for name, chunks in {MANIFEST: [text], **{member_name(name): arrays[name] for name in arrays}}.items():
        header = make_header(name, chunks)
        for chunk in (header, *chunks):
            file.write(chunk)
        written.append((header, sum(map(len, chunks))))
    file.write(make_end(written, text))
