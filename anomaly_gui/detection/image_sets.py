"""The sets of images a job is given by their folders, read one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from anomaly_gui.detection.collection import Collection, collect
from anomaly_gui.detection.folders import ImageListing, list_images
from anomaly_gui.detection.images import name_passed_over
from anomaly_gui.errors import ImageRefusedError, TrainingError

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.feature_cache import FeatureCache
    from anomaly_gui.detection.observing import Plan
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.progress import Progress


@dataclass(frozen=True, eq=False)
class ImageSet:
    """What folders held, and what became of each image in them."""

    listing: ImageListing
    images: Collection

    @property
    def unreadable(self) -> tuple[ImageRefusedError, ...]:
        """The files that cannot be used, each with the reason."""
        return (*self.listing.refused, *self.images.refused)


@dataclass(eq=False)
class SetReader:
    """Reads sets in turn; an image whose bytes were seen before, in this set or another, is not used again.

    Parameters
    ----------
    plan : what is taken of each image
    pixel_limit : larger images are refused
    with_grains : whether near-copies will be looked for
    excluded : files that are left out wherever they are found, as absolute paths
    cache : where features are looked up, and kept
    """

    plan: Plan
    pixel_limit: int
    with_grains: bool
    runtime: Runtime
    progress: Progress
    excluded: frozenset[Path] = frozenset()
    cache: FeatureCache | None = None
    _seen: dict[str, Path] = field(default_factory=dict)

    def read(self, name: str, paths: tuple[Path, ...]) -> ImageSet:
        """Read all images of these folders and files.

        Parameters
        ----------
        name : of the stage, for the user
        paths : may be empty; then so is the set

        Raises
        ------
        TrainingError : paths were given, and none of their images can be used
        """
        listing = list_images(paths)
        if self.excluded:
            kept = tuple(file for file in listing.files if file.absolute() not in self.excluded)
            listing = replace(listing, files=kept)
        if listing.files:
            self.progress.stage(name, len(listing.files))
        images = collect(
            listing.files,
            self.plan,
            self.pixel_limit,
            self.runtime,
            self.progress,
            with_grains=self.with_grains,
            seen=self._seen,
            cache=self.cache,
        )
        read = ImageSet(listing, images)
        if paths and not images.records:
            raise _none_usable(paths, read)
        return read


def _none_usable(paths: tuple[Path, ...], read: ImageSet) -> TrainingError:
    where = ", ".join(map(str, paths))
    if read.unreadable:
        return TrainingError(f"There is no usable image in {where}; the first problem: {read.unreadable[0]}.")
    if read.images.duplicates:
        copy, first = read.images.duplicates[0]
        return TrainingError(
            f"Every image in {where} was used already: {copy} is a copy of {first}. Give other images."
        )
    others = name_passed_over(read.listing.others)
    return TrainingError(f"There is no image in {where}: choose a folder with images. {others}".strip())
