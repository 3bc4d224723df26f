"""Does what tells known defects lie on the part at all, or beside it: a sticker, a ruler, the table?

The part is the largest piece that differs from the ground at an image's border. A place lies outside where
it belongs to no such piece, and is ground in nearly all good images. On surfaces, and where several pieces
lie in a picture, there is no main piece, and nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from anomaly_gui.detection.datasets.main_piece import SIDE, find_main_piece, find_pieces, grow_by_one
from anomaly_gui.detection.images.loading import decode_small
from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, ImageArray
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.model.image_result import ImageResult

T = TypeVar("T")

Place = tuple[float, float]
"""The strongest place of an image's map: how far down and across it lies, in shares of the image."""

_SAMPLE = 40  # images of each kind
_DECODED = 256  # pixels of the longer side
_AT_TIMES = 0.05  # of good images: where so many have a piece, it is no mere ground
_MOST = 0.5


@dataclass(frozen=True)
class OutsidePart:
    """How many known defects are told by a place outside the part, of those that were looked at."""

    outside: Rate

    def __str__(self) -> str:
        """Say it, and what to do."""
        return translate(
            "Most of what tells defects lies outside the part ({count:,} of {total:,} known defects): "
            "draw a region of interest, so that only the part counts.",
            count=self.outside.count,
            total=self.outside.total,
        )


@dataclass(frozen=True, eq=False)
class PartOnGround:
    """Where in good images a single part lies on a ground.

    Parameters
    ----------
    used : (SIDE, SIDE) squares that are no mere ground, or touch such
    pixel_limit, depth : as of `ReadingOptions`
    """

    used: BoolArray
    pixel_limit: int
    depth: int | None

    @classmethod
    def find(cls, good: Sequence[Path], pixel_limit: int, depth: int | None) -> PartOnGround | None:
        """Look at a sample of good images; None where no single part lies on a ground."""
        pieces = list(_read_pieces(pick_sample(good), pixel_limit, depth).values())
        if not pieces or not _has_main_piece(pieces):
            return None
        return cls(grow_by_one(np.mean(pieces, axis=0) > _AT_TIMES), pixel_limit, depth)

    def judge_places(self, strongest: Mapping[Path, Place]) -> OutsidePart | None:
        """Return how many defects are told by what lies beside the part, where that is surely most of them.

        Parameters
        ----------
        strongest : the strongest place of each known defect's map
        """
        pieces = _read_pieces(pick_sample(list(strongest)), self.pixel_limit, self.depth)
        outside = [self._is_outside(strongest[path], each) for path, each in pieces.items()]
        rate = Rate.of(sum(outside), len(outside))
        return OutsidePart(rate) if rate.low > _MOST else None

    def _is_outside(self, place: Place, pieces: BoolArray) -> bool:
        row, column = (min(SIDE - 1, int(share * SIDE)) for share in place)
        return not (self.used[row, column] or grow_by_one(find_main_piece(pieces))[row, column])


def find_outside_part(
    good: Sequence[Path],
    defects: Sequence[Path],
    judge: Callable[[Sequence[Path]], Iterable[ImageResult]],
    plan: Plan,
    pixel_limit: int,
) -> OutsidePart | None:
    """Return how many defects are told by what lies beside the part, where that is surely most of them.

    Parameters
    ----------
    good, defects : files of good images, and of known defects
    judge : returns what a model says of some of the defects; only asked where a part lies on a ground
    plan : what the model takes of an image; where a region of interest was drawn, nothing is to be said
    """
    if plan.interest or not plan.has_cells or not can_be_most(len(defects)):
        return None
    part = PartOnGround.find(good, pixel_limit, plan.features.depth)
    if part is None:
        return None
    judged = judge(pick_sample(defects))
    return part.judge_places({one.path: one.map.strongest_place for one in judged if one.map is not None})


def can_be_most(defects: int) -> bool:
    """Tell whether so many defects, if all of them agreed, could surely be most of all there are.

    >>> can_be_most(5), can_be_most(6)
    (False, True)
    """
    return Rate.of(defects, defects).low > _MOST


def pick_sample(files: Sequence[T]) -> list[T]:
    """Return some of the files, evenly spread."""
    if not files:
        return []
    return [files[k] for k in np.unique(np.linspace(0, len(files) - 1, _SAMPLE).astype(int))]


def _read_pieces(files: Sequence[Path], pixel_limit: int, depth: int | None) -> dict[Path, BoolArray]:
    """Return the pieces in each image; files that went away meanwhile are left out."""
    read = {file: _read_small(file, pixel_limit, depth) for file in files}
    return {file: find_pieces(pixels) for file, pixels in read.items() if pixels is not None}


def _read_small(file: Path, pixel_limit: int, depth: int | None) -> ImageArray | None:
    try:
        return decode_small(file, _DECODED, pixel_limit, depth)
    except ImageRefusedError:
        return None


def _has_main_piece(pieces: Sequence[BoolArray]) -> bool:
    """Tell whether good images show one part: a piece that is most of what differs, mostly in one spot.

    Over 13 kinds of parts, a single part on a ground has shares of 0.90 to 1.00, and a spot that 0.97 to
    1.00 of the images have; surfaces, several pieces and parts that fill the image have no more than 0.51,
    or a spot of 0.38 at most.
    """
    main = [find_main_piece(each) for each in pieces]
    shares = [one.sum() / max(each.sum(), 1) for one, each in zip(main, pieces, strict=True)]
    return float(np.mean(shares)) > _MOST and float(np.mean(main, axis=0).max()) > _MOST
