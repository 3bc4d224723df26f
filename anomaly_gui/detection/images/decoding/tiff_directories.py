"""The directories of a TIFF file, looked through without decoding: which of its pictures is the whole one."""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.decoding.raster import MOST_FRAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH, _HEIGHT, _KIND, _OLD_KIND = 256, 257, 254, 255
_REDUCED = 1  # bit of NewSubfileType
_OLD_REDUCED = 2  # value of SubfileType
_SHAPE_SLACK = 1.03  # a thumbnail's sides are rounded
_MOST_TAGS = 4096


@dataclass(frozen=True)
class Directory:
    """What a directory says of its picture; `is_reduced` where it names itself a smaller copy of another."""

    width: int
    height: int
    is_reduced: bool


def read_directories(data: bytes) -> tuple[Directory, ...]:
    """Return the first `MOST_FRAMES` directories of a file's chain, as far as it is whole."""
    found: list[Directory] = []
    with suppress(struct.error):
        found.extend(islice(_walk_chain(data), MOST_FRAMES))
    return tuple(found)


def find_whole_picture(directories: Sequence[Directory]) -> int:
    """Return the index of the first picture that is no reduced copy of another.

    A smaller picture of the same shape before one of at least twice its sides is a thumbnail, though it may
    not say so.
    """
    full = [index for index, one in enumerate(directories) if not one.is_reduced]
    chosen = full[0] if full else 0
    for index in full[1:]:
        if _is_thumbnail(directories[chosen], directories[index]):
            chosen = index
    return chosen


def _is_thumbnail(small: Directory, large: Directory) -> bool:
    if not (small.width and small.height and large.width >= 2 * small.width):
        return False
    shapes = (large.width * small.height, small.width * large.height)
    return max(shapes) <= _SHAPE_SLACK * min(shapes) + large.width


def _walk_chain(data: bytes) -> Iterator[Directory]:
    order = "<" if data[:2] == b"II" else ">"
    is_big = struct.unpack_from(order + "H", data, 2)[0] == 43
    counted, entry, offset = ("Q", "HHQ8s", "Q") if is_big else ("H", "HHL4s", "L")
    head, each, link = (
        struct.Struct(order + counted),
        struct.Struct(order + entry),
        struct.Struct(order + offset),
    )
    at, seen = link.unpack_from(data, 8 if is_big else 4)[0], set()
    while at and at not in seen:
        seen.add(at)
        count = head.unpack_from(data, at)[0]
        if count > _MOST_TAGS:
            return
        start = at + head.size
        numbers = {}
        for index in range(count):
            tag, kind, _, value = each.unpack_from(data, start + index * each.size)
            if tag in (_WIDTH, _HEIGHT, _KIND, _OLD_KIND):
                numbers[tag] = struct.unpack_from(order + ("H" if kind == 3 else "L"), value)[0]
        is_reduced = bool(numbers.get(_KIND, 0) & _REDUCED) or numbers.get(_OLD_KIND) == _OLD_REDUCED
        at = link.unpack_from(data, start + count * each.size)[0]
        yield Directory(numbers.get(_WIDTH, 0), numbers.get(_HEIGHT, 0), is_reduced)
