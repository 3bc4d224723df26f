"""The sets of images a job is given by their folders, read one after the other."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.datasets.exclusions import leave_out
from anomaly_gui.detection.datasets.left_out_folders import not_learned_from
from anomaly_gui.detection.datasets.variants import NOTHING, LearnedBefore, share_variants
from anomaly_gui.detection.features.collection import Collection, collect_features
from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
from anomaly_gui.detection.images.decoding.refusals import FileUnreachableError
from anomaly_gui.detection.images.folders import ImageListing, LeftOut, Purpose, list_images
from anomaly_gui.detection.images.loading import read_file
from anomaly_gui.errors import ImageRefusedError, TrainingError
from anomaly_gui.language import translate, translate_count
from anomaly_gui.wording import join_list, join_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress


@dataclass(frozen=True, eq=False)
class ImageSet:
    """What folders held, and what became of each image in them.

    Parameters
    ----------
    excluded_copies : how many images were left out, since they have the bytes of an excluded one
    """

    listing: ImageListing
    images: Collection
    excluded_copies: int = 0

    @classmethod
    def without_excluded(
        cls, listing: ImageListing, images: Collection, excluded: frozenset[Path]
    ) -> ImageSet:
        """Return images that were read, of which copies of excluded ones are counted, not named."""
        duplicates = tuple(pair for pair in images.duplicates if pair[1] not in excluded)
        copies = len(images.duplicates) - len(duplicates)
        return cls(listing, replace(images, duplicates=duplicates), copies)

    @property
    def unreadable(self) -> tuple[ImageRefusedError, ...]:
        """The files that cannot be used, each with the reason."""
        return (*self.listing.refused, *self.images.refused)

    def summarize(self) -> SetSummary:
        """Return what is to be said of it."""
        images = self.images
        return SetSummary(len(images.records), self.unreadable, self.listing.left_out, images.duplicates)


@dataclass(frozen=True)
class SetSummary:
    """What is to be said of a set of images; it goes through a pipe.

    Parameters
    ----------
    count : how many images were used
    unreadable : the files that cannot be used, each with the reason
    left_out : folders that were not looked into
    duplicates : files with the same bytes as an earlier one, and that one
    """

    count: int
    unreadable: tuple[ImageRefusedError, ...]
    left_out: tuple[LeftOut, ...]
    duplicates: tuple[tuple[Path, Path], ...]


@dataclass(eq=False)
class Reading:
    """What several readers of the same sets share.

    Parameters
    ----------
    listed : what paths hold for a purpose, where that was found out elsewhere; others are listed
    unreached : files whose bytes could not be had; it is added to
    """

    listed: Mapping[tuple[tuple[Path, ...], Purpose], ImageListing] = field(default_factory=dict)
    unreached: list[FileUnreachableError] = field(default_factory=list)

    def list_images(self, paths: tuple[Path, ...], purpose: Purpose) -> ImageListing:
        """Return the images for a purpose."""
        known = self.listed.get((paths, purpose))
        return list_images(paths, purpose) if known is None else known

    def take_in(self, images: Collection) -> None:
        """Note what could not be had of images that were read."""
        self.unreached += [one for one in images.refused if isinstance(one, FileUnreachableError)]


@dataclass(eq=False)
class SetReader:
    """Reads sets in turn; an image whose bytes were seen before, in this set or another, is not used again.

    Parameters
    ----------
    plan : what is taken of each image
    pixel_limit : larger images are refused
    with_fingerprints : whether near-duplicates will be looked for
    excluded : files that are left out, as they are listed
    cache : where features are looked up, and kept
    seen : files by the SHA-256 of their bytes that were used before; it is added to
    reading : what this reader shares with others
    """

    plan: Plan
    pixel_limit: int
    with_fingerprints: bool
    runtime: Runtime
    progress: Progress
    excluded: frozenset[Path] = frozenset()
    cache: FeatureCache | None = None
    seen: dict[str, Path] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)

    def __post_init__(self) -> None:
        for file, sha256 in digest_excluded(self.excluded, self.pixel_limit):
            self.seen.setdefault(sha256, file)

    def read(
        self,
        name: str,
        paths: tuple[Path, ...],
        purpose: Purpose = Purpose.GOOD,
        variants: int | None = 0,
        before: LearnedBefore = NOTHING,
    ) -> ImageSet:
        """Read all images of these folders and files.

        Parameters
        ----------
        name : of the stage, for the user
        paths : may be empty; then so is the set
        purpose : what the images are wanted for
        variants : how many are made of each image in another light; None: as many as suit so many images
        before : what was learned from before these

        Raises
        ------
        TrainingError : paths were given, and none of their images can be used
        """
        listing = leave_out(self.reading.list_images(paths, purpose), self.excluded)
        if listing.files:
            self.progress.stage(name, len(listing.files))
        images = collect_features(
            listing.files,
            self.plan,
            self.pixel_limit,
            self.runtime,
            self.progress,
            with_fingerprints=self.with_fingerprints,
            seen=self.seen,
            cache=self.cache,
            variants=share_variants(listing.files, variants, before),
        )
        self.reading.take_in(images)
        read = ImageSet.without_excluded(listing, images, self.excluded)
        check_usable(paths, read)
        return read


def digest_excluded(excluded: Iterable[Path], pixel_limit: int) -> Iterator[tuple[Path, str]]:
    """Yield files that are not to be used, in order, with the SHA-256 of their bytes; none that is gone."""
    for file in sorted(excluded):
        with suppress(ImageRefusedError):
            yield file, read_file(file, pixel_limit).sha256


def copies_of_excluded(sets: Iterable[ImageSet]) -> tuple[str, ...]:
    """Return a sentence on images that were left out as copies of excluded ones, if there were any."""
    copies = sum(each.excluded_copies for each in sets)
    if not copies:
        return ()
    return (
        translate_count(
            "{count:,} image has the bytes of an excluded one: left out as well.",
            "{count:,} images have the bytes of an excluded one: left out as well.",
            copies,
        ),
    )


def regrouped(groups: Groups, grouped: Collection, now: Collection) -> Groups:
    """Return the groups of images that were read once more: some may have gone since, or come."""
    places = {record.path: place for place, record in enumerate(grouped.records)}
    numbers, new = groups.numbers.tolist(), len(places)
    found = [places.get(record.path) for record in now.records]
    if found == list(range(new)):
        return groups
    new_numbers = [new + at if place is None else numbers[place] for at, place in enumerate(found)]
    return replace(groups, numbers=np.unique(new_numbers, return_inverse=True)[1])


def check_usable(paths: tuple[Path, ...], read: ImageSet) -> None:
    """Raise TrainingError where paths were given, and none of their images can be used."""
    if paths and not read.images.records:
        raise _none_usable(paths, read)


def _none_usable(paths: tuple[Path, ...], read: ImageSet) -> TrainingError:
    where = join_list(paths)
    if read.unreadable:
        return TrainingError(
            translate(
                "There is no usable image in {where}; the first problem: {problem}.",
                where=where,
                problem=read.unreadable[0],
            )
        )
    if read.images.duplicates:
        return TrainingError(_say_used_already(where, *read.images.duplicates[0]))
    remarks = [describe_passed_over(read.listing.others), *not_learned_from(read.listing.left_out)]
    nothing = translate("There is no image in {where}: choose a folder with images.", where=where)
    return TrainingError(join_sentences(nothing, *remarks))


def _say_used_already(where: str, copy: Path, first: Path) -> str:
    if copy == first:
        return translate(
            "Every image in {where} was used already: {copy} was given before. Give other images.",
            where=where,
            copy=copy,
        )
    return translate(
        "Every image in {where} was used already: {copy} is a copy of {first}. Give other images.",
        where=where,
        copy=copy,
        first=first,
    )
