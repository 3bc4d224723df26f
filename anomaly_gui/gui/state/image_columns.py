"""Images column by column, as a table takes them: from rows, or as a journal has them, which is faster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from anomaly_gui.detection.images.look import NUMBERS, stack_looks
from anomaly_gui.gui.state.part_tag import NO_PART, PartTag

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
    from anomaly_gui.project.image_paths import ImagePaths

_LABELS, _ORIGINS = 3, 4  # so many there are


class PathList(Sequence[Path]):
    """Paths, made of their texts when they are asked for: a hundred thousand at once take a second."""

    def __init__(self) -> None:
        self._paths: list[str | Path] = []

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> Path: ...

    @overload
    def __getitem__(self, index: slice) -> list[Path]: ...

    def __getitem__(self, index: int | slice) -> Path | list[Path]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        path = self._paths[index]
        if isinstance(path, str):
            path = self._paths[index] = Path(path)
        return path

    def __setitem__(self, index: int, path: Path) -> None:
        self._paths[index] = path

    def __iter__(self) -> Iterator[Path]:
        return (self[index] for index in range(len(self)))

    def add(self, paths: Iterable[str | Path]) -> None:
        """Add paths at the end."""
        self._paths.extend(paths)


@dataclass(frozen=True, eq=False)
class ImageColumns:
    """So many images; each column has a value for each of them.

    Parameters
    ----------
    paths : or their texts
    scores : NaN where there is none
    labels, origins : values of `ImageLabel` and `Origin`
    reasons, nearest, maps, sha256s : as of `Row`
    looks : (images, 4) as of `stack_looks`; NaN where there is none
    parts : as of `Row`
    """

    paths: Sequence[str | Path]
    scores: FloatArray
    labels: IntArray
    origins: IntArray
    reasons: Sequence[str]
    nearest: Sequence[tuple[int, ...]]
    maps: Sequence[AnomalyMap | None]
    sha256s: Sequence[str]
    looks: FloatArray
    parts: Sequence[PartTag]

    def __len__(self) -> int:
        return len(self.paths)

    @classmethod
    def from_values(cls, values: Sequence[Sequence[Any]], paths: ImagePaths) -> ImageColumns:
        """Take the rows of a journal; raises ValueError or TypeError for what can be none."""
        texts, scores, labels, origins, reasons, nearest, sha256s, looks, *more = zip(*values, strict=True)
        none = (np.nan,) * NUMBERS
        columns = cls(
            [paths.read_text(text) for text in texts],
            np.array(scores, np.float64),
            np.array(labels, np.int8),
            np.array(origins, np.int8),
            reasons,
            [tuple(one) for one in nearest],
            (None,) * len(texts),
            sha256s,
            np.array([none if look is None else look for look in looks], np.float32).reshape(-1, NUMBERS),
            _read_parts(more, len(texts)),
        )
        if not (_are_within(columns.labels, _LABELS) and _are_within(columns.origins, _ORIGINS)):
            raise ValueError("there is no such label or origin")
        return columns


def _read_parts(more: Sequence[Sequence[Any]], count: int) -> list[PartTag]:
    """Return the parts by their numbers and lots; earlier versions wrote none."""
    if not more:
        return [NO_PART] * count
    named = zip(*more, strict=True)
    return [PartTag(str(number), str(lot)) if number or lot else NO_PART for number, lot in named]


def _are_within(values: IntArray, count: int) -> bool:
    return bool(((values >= 0) & (values < count)).all())


def stack_known_looks(looks: Sequence[Any]) -> FloatArray:
    """Return (images, 4) float32 of looks; NaN where there is none."""
    stacked = np.full((len(looks), NUMBERS), np.nan, np.float32)
    known = [index for index, look in enumerate(looks) if look is not None]
    if known:
        stacked[known] = stack_looks([looks[index] for index in known])
    return stacked
