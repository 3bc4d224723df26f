"""The images of a training, cut into parts; those at addresses are listed once and asked of no more."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from anomaly_gui.cluster.engine import MadeParts
from anomaly_gui.cluster.places.place_listing import PlaceSearch
from anomaly_gui.cluster.places.url_paths import UrlPath, as_path, make_status
from anomaly_gui.cluster.readable_files import ReadableFiles
from anomaly_gui.detection.images.folders import Purpose

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.detection.images.folders import ImageListing


class ListedUrl(UrlPath):
    """The path of an address of which a listing tells size and tag; paths made of it know neither."""

    size: int | None = None
    tag = 0

    @classmethod
    def of(cls, url: str, size: int, tag: int) -> ListedUrl:
        """Return the path of an address with what a listing tells of it."""
        listed = cls(str(as_path(url)))
        listed.size, listed.tag = size, tag
        return listed

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return kind and size; asks where they are not known."""
        return super().stat(follow_symlinks=follow_symlinks) if self.size is None else make_status(self.size)


@dataclass(frozen=True)
class ListedSet:
    """What was given of one kind of images.

    Parameters
    ----------
    named : folders, files and addresses, as they were given
    images : the same with the images at addresses in place of these
    search : what else was found there
    """

    named: tuple[Path, ...]
    images: tuple[Path, ...]
    search: PlaceSearch

    @classmethod
    def find(cls, named: Iterable[Path], purpose: Purpose) -> ListedSet:
        """List what is at addresses; raises as `list_addresses`."""
        paths = tuple(map(as_path, named))
        search = PlaceSearch(paths, purpose)
        return cls(paths, tuple(_list_each(paths, search)), search)

    def add_findings(self, listing: ImageListing) -> ImageListing:
        """Return a listing of these images with what else was found at addresses."""
        return replace(
            listing,
            passed_over=listing.passed_over + self.search.passed_over,
            hidden=listing.hidden + self.search.hidden,
            left_out=(*listing.left_out, *self.search.left_out),
            seen_before=listing.seen_before + self.search.seen_before,
        )


def _list_each(paths: Iterable[Path], search: PlaceSearch) -> Iterator[Path]:
    for path in paths:
        if isinstance(path, UrlPath):
            yield from (ListedUrl.of(*image) for image in search.look_at(path))
        else:
            yield path


@dataclass(frozen=True)
class ListedRequest:
    """A request with the images at addresses in place of the addresses.

    Parameters
    ----------
    request : for images
    normal, calibration, anomalous : what was given of each
    """

    request: TrainRequest
    normal: ListedSet
    calibration: ListedSet
    anomalous: ListedSet


def list_addresses(request: TrainRequest) -> ListedRequest:
    """List the images at addresses.

    Raises
    ------
    UserError : an address that cannot be listed
    """
    normal = ListedSet.find(request.normal, Purpose.GOOD)
    calibration = ListedSet.find(request.calibration, Purpose.GOOD)
    anomalous = ListedSet.find(request.anomalous, Purpose.DEFECT)
    listed = replace(
        request, normal=normal.images, calibration=calibration.images, anomalous=anomalous.images
    )
    return ListedRequest(listed, normal, calibration, anomalous)


@dataclass(frozen=True)
class ImagePart:
    """Some files, in order.

    Parameters
    ----------
    files : the images
    ending : those that end whoever reads them, by their index
    states : size and tag of each, as a listing of addresses tells; none where no file is at an address
    unreadable : those of which the bytes cannot be had where the work was asked for either, by their index
    readable : files of the part, or one beside it, that were read where the work was asked for
    """

    files: tuple[Path, ...]
    ending: frozenset[int] = frozenset()
    states: tuple[tuple[int, int], ...] = ()
    unreadable: frozenset[int] = frozenset()
    readable: tuple[Path, ...] = ()

    def take(self, index: int) -> ImagePart:
        """Return one of the files as a part."""
        unreadable = frozenset({0} if index in self.unreadable else ())
        return ImagePart((self.files[index],), frozenset(), self.states[index : index + 1], unreadable)

    def list_to_read(self) -> list[Path]:
        """Return the files that do not end who reads them."""
        return [self._locate(index) for index in range(len(self.files)) if index not in self.ending]

    def _locate(self, index: int) -> Path:
        file = self.files[index]
        is_listed = self.states and isinstance(file, UrlPath)
        return ListedUrl.of(str(file), *self.states[index]) if is_listed else file

    def describe(self) -> list[list[str | int]]:
        """Return what tells these files from others, and from the same after a change, as JSON values."""
        return [
            [str(file), "unreadable"] if index in self.unreadable else self._describe_file(index, file)
            for index, file in enumerate(self.files)
        ]

    def _describe_file(self, index: int, file: Path) -> list[str | int]:
        if self.states and isinstance(file, UrlPath):
            return [str(file), *self.states[index]]
        try:
            status = file.stat()
        except OSError:
            return [str(file), -1, -1]
        return [str(file), status.st_size, status.st_mtime_ns]


class FileStates:
    """Size and tag of each file of a listing of which some are at addresses, in 16 bytes each.

    Parameters
    ----------
    files : all files, in the order in which they were given
    given : all that was given; those at addresses know their states
    """

    def __init__(self, files: Sequence[Path], given: Sequence[Path]) -> None:
        self._sizes, self._tags = array("q"), array("Q")
        listed = (path for path in given if isinstance(path, ListedUrl))
        if all(not isinstance(path, ListedUrl) for path in given):
            return
        for file in files:
            state = (0, 0)
            if isinstance(file, ListedUrl):
                found = next(path for path in listed if path == file)  # in the same order
                state = (found.size or 0, found.tag)
            self._sizes.append(state[0])
            self._tags.append(state[1])

    def cut(self, first: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return those from one place to another, excluded; none where no file is at an address."""
        return tuple(zip(self._sizes[first:end], self._tags[first:end], strict=True))


@dataclass(eq=False)
class ImageParts(MadeParts[ImagePart]):
    """Files in parts of so many images.

    Parameters
    ----------
    files : all of them
    images : how many are in a part
    states : of the files
    ending : which files of a part end whoever reads them, by the part's number
    """

    files: Sequence[Path]
    images: int
    states: FileStates | None = None
    ending: dict[int, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._readable = ReadableFiles(self.files)

    def __len__(self) -> int:
        return -(-len(self.files) // self.images)

    def make_part(self, number: int) -> ImagePart:
        """Return a part with what is known of its files."""
        first, end = number * self.images, min((number + 1) * self.images, len(self.files))
        return ImagePart(
            tuple(self.files[first:end]),
            self.ending.get(number, frozenset()),
            self.states.cut(first, end) if self.states else (),
            self._readable.list_unreadable(first, end),
            self._readable.list_readable(first, end),
        )

    def check(self, index: int, places: Iterable[int]) -> None:
        """Find out whether files of a part can be read here, by their index in it."""
        self._readable.check(index * self.images + place for place in places)
