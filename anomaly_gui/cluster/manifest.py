"""The images of a run, in a fixed order, cut into parts: each known by a digest of what it is made of."""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, overload

from anomaly_gui.cluster.places.place_listing import PlaceSearch
from anomaly_gui.cluster.places.url_paths import UrlPath, as_path
from anomaly_gui.cluster.readable_files import ReadableFiles
from anomaly_gui.detection.images.folders import ImageListing, Purpose, list_images
from anomaly_gui.detection.images.path_list import PathList

if TYPE_CHECKING:
    from collections.abc import Iterable

PART = 128
"""Images of a part."""

_UNKNOWN = 0
_TAGS = 1 << 64


@dataclass(frozen=True)
class Part:
    """Some images, one after another in the manifest.

    Parameters
    ----------
    first : the place of the first of them in the order of all
    paths : the images
    sha256 : of their names, sizes and tags
    unreadable : those of which the bytes cannot be had where the work was asked for either, by their index
    readable : files of the part, or one beside it, that were read where the work was asked for
    """

    first: int
    paths: tuple[Path, ...]
    sha256: str
    unreadable: frozenset[int] = frozenset()
    readable: tuple[Path, ...] = ()

    def name(self, identity: str) -> str:
        """Return the name of the file with its results, by what these depend on beside the images."""
        digest = hashlib.sha256(f"{identity}\n{self.sha256}".encode()).hexdigest()
        return f"{self.first:09}-{len(self.paths):03}-{digest[:32]}"


class Manifest(Sequence[Part]):
    """The parts of a listing, made as they are asked for: in memory are names, sizes and tags only.

    The order is that of listings: folders and files as people expect them, so the same as without a cluster.

    Parameters
    ----------
    listing : what was found
    sizes, tags : of each file: bytes, and a number that changes with its content; 0 where it is gone

    Attributes
    ----------
    readable : what is known of whether the files can be read here
    """

    def __init__(self, listing: ImageListing, sizes: array[int], tags: array[int]) -> None:
        self.listing, self._sizes, self._tags = listing, sizes, tags
        self.readable = ReadableFiles(listing.files)

    def __len__(self) -> int:
        return -(-len(self.listing.files) // PART)

    @overload
    def __getitem__(self, index: int) -> Part: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Part, ...]: ...

    def __getitem__(self, index: int | slice) -> Part | tuple[Part, ...]:
        """Return a part, or some of them."""
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.cut(index * PART, min((index + 1) * PART, len(self.listing.files)))

    def cut(self, first: int, end: int) -> Part:
        """Return the images from one place to another, excluded, as a part.

        Its digest is another where some of them cannot be read: once they can, they are judged again.
        """
        paths = tuple(self.listing.files[place] for place in range(first, end))
        digest = hashlib.sha256()
        for place, path in enumerate(paths, first):
            digest.update(os.fsencode(str(path)) + b"\0%d\0%d\n" % (self._sizes[place], self._tags[place]))
        unreadable = self.readable.list_unreadable(first, end)
        if unreadable:
            digest.update(b"unreadable %s\n" % str(sorted(unreadable)).encode())
        return Part(first, paths, digest.hexdigest(), unreadable)

    def locate(self, place: int) -> tuple[int, int]:
        """Return the number of the part that an image is in, and its index there."""
        return divmod(place, PART)

    def hand_out(self, part: Part) -> Part:
        """Return a part with what a worker has to be able to read."""
        readable = self.readable.list_readable(part.first, part.first + len(part.paths))
        return replace(part, readable=readable)


def make_manifest(paths: Iterable[Path], purpose: Purpose = Purpose.ANY) -> Manifest:
    """List the images in folders and at addresses; for the order and what is left out see `list_images`.

    Folders come before addresses, whatever order they were given in.

    Raises
    ------
    UserError : an address that cannot be listed
    """
    named = [as_path(path) for path in paths]
    local = list_images([path for path in named if not isinstance(path, UrlPath)], purpose)
    files, sizes, tags = PathList(), array("q"), array("Q")
    for path in local.files:
        files.append(path)
        size, tag = _stamp(path)
        sizes.append(size)
        tags.append(tag)
    urls = [path for path in named if isinstance(path, UrlPath)]
    search = PlaceSearch(urls, purpose)
    for url in urls:
        for image in search.look_at(url):
            files.append(as_path(image.url))
            sizes.append(image.size)
            tags.append(image.tag)
    listing = ImageListing(
        files,
        local.passed_over + search.passed_over,
        local.hidden + search.hidden,
        local.refused,
        (*local.left_out, *search.left_out),
        local.seen_before + search.seen_before,
        local.others,
    )
    return Manifest(listing, sizes, tags)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return _UNKNOWN, _UNKNOWN
    return status.st_size, status.st_mtime_ns % _TAGS  # before 1970 it is negative
