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

import hashlib
import json
import math
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anomaly_gui.language import mark, translate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


FORMAT, FORMAT_VERSION = "anomaly-gui-model", 2
"""Version 1 listed images one by one in the manifest; since 2 they are columns. Both are read."""

Chunk = bytes | bytearray | memoryview

MANIFEST, member_name = "manifest.json", "arrays/{}.npy".format
ARRAY_NAME = re.compile(r"[a-z0-9_.-]{1,100}")
DTYPES = ("<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "|b1")
MOST_AXES, _MOST_DIGITS = 8, 40  # the time to read a number grows with the square of its digits

MEMBER_MARK, _ENTRY_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
# Needed version, flags, method, time, date, CRC-32, packed and real size, lengths of name and extra field:
# the same bytes stand before a member and in the directory.
FIELDS = struct.Struct("<5H3L2H")
HEADER_SIZE = len(MEMBER_MARK) + FIELDS.size
_MADE_BY, _NEEDED, _DATE, _ATTRIBUTES = 3 << 8 | 20, 20, 1 << 5 | 1, 0o600 << 16  # Unix, 2.0, 1 January 1980


@dataclass(frozen=True)
class Limits:
    """The most a file may hold: bytes of the manifest and of all arrays (under 4 GiB in all), and members."""

    manifest_bytes: int = 64 << 20
    array_bytes: int = 2 << 30
    members: int = 1000

    def find_excess(self, manifest_bytes: int, array_bytes: int = 0, members: int = 0) -> str | None:
        """Return what is beyond the limits, in words, or None."""
        for size, most, what in (
            (manifest_bytes, self.manifest_bytes, mark("{size:,} bytes of manifest")),
            (array_bytes, self.array_bytes, mark("{size:,} bytes of arrays")),
            (members, self.members, mark("{size:,} members")),
        ):
            if size > most:
                held = translate(what, size=size)
                return translate("{held} (at most {most:,} are allowed)", held=held, most=most)
        return None


DEFAULT_LIMITS = Limits()


def make_npy_header(dtype: str, shape: Sequence[int]) -> bytes:
    """Return the header, version 1.0, of an array in C order."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    padded = text + " " * (-(len(text) + 11) % 64) + "\n"  # the values begin at a multiple of 64
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded.encode("ascii")


def measure_npy(listing: Mapping[str, Any], empty_axis: int = 0) -> int:
    """Return the bytes of an array's .npy file; an axis of length 0 counts as `empty_axis`."""
    values = math.prod(length or empty_axis for length in listing["shape"])
    return len(make_npy_header(listing["dtype"], listing["shape"])) + values * int(listing["dtype"][-1])


def make_header(name: str, chunks: Sequence[Chunk]) -> bytes:
    """Return what stands before a stored member (APPNOTE 4.3.7)."""
    checksum, size = 0, sum(map(len, chunks))
    for chunk in chunks:
        checksum = zlib.crc32(chunk, checksum)
    fields = FIELDS.pack(_NEEDED, 0, 0, 0, _DATE, checksum, size, size, len(name), 0)
    return MEMBER_MARK + fields + name.encode("ascii")


def make_end(members: Sequence[tuple[bytes, int]], manifest: bytes) -> bytes:
    """Return what follows members of these headers and sizes: directory, end and comment (4.3.12, 4.3.16)."""
    directory, start = b"", 0
    for header, size in members:
        fields, name = header[len(MEMBER_MARK) : HEADER_SIZE], header[HEADER_SIZE:]
        where = struct.pack("<3H2L", 0, 0, 0, _ATTRIBUTES, start)
        directory += _ENTRY_MARK + struct.pack("<H", _MADE_BY) + fields + where + name
        start += len(header) + size
    comment = f"manifest.json SHA-256 {hashlib.sha256(manifest).hexdigest()}".encode("ascii")
    count = len(members)
    sizes = struct.pack("<4H2LH", 0, 0, count, count, len(directory), start, len(comment))
    return directory + _END_MARK + sizes + comment


def parse_json(text: bytes) -> Any:
    """Parse strictly: a ValueError or RecursionError also for what `json` would let pass."""
    numbers: dict[str, Any] = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), _make_number)
    return json.loads(text.decode("utf-8"), object_pairs_hook=_make_object, **numbers)


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("an object has one key twice")
    return result


def _make_number(digits: str) -> float:
    if len(digits) > _MOST_DIGITS or not math.isfinite(float(digits)):
        raise ValueError("a number is too large or not finite")
    return int(digits) if digits.lstrip("-").isdigit() else float(digits)
