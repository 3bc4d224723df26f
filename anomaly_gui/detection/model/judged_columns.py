"""What is asked of the results of very many images together, in little memory."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.features.collection import Fingerprints, GatheredFingerprints
from anomaly_gui.detection.images.look import NUMBERS
from anomaly_gui.detection.images.path_list import PathList
from anomaly_gui.detection.judging.verdicts import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray
    from anomaly_gui.detection.model.image_result import ImageResult

_TOLD_BY = 16  # bytes of a digest, which no two images share by chance either
_NONE = bytes(_TOLD_BY)


@dataclass(frozen=True, eq=False)
class JudgedColumns:
    """The results of images, without their maps and reasons.

    Parameters
    ----------
    files : of the images
    scores : (images,) float64, NaN where there is none
    verdicts : (images,) int8, indices in `VERDICTS`
    digests : (images,) the first bytes of the files' SHA-256; empty where it is not known
    looks : (images, 4) float32, NaN where it is not known; see `look`
    vectors, fingerprints : what tells which images show one part, of as many as results hold it of: on disk
        where they are many
    has_vector : (images,) of which these are
    """

    files: PathList
    scores: FloatArray
    verdicts: IntArray
    digests: np.ndarray
    looks: FloatArray
    vectors: RowStore | None
    fingerprints: Fingerprints
    has_vector: BoolArray

    @classmethod
    def of(cls, images: Iterable[ImageResult]) -> JudgedColumns:
        """Return the results of images, each of which is asked for once."""
        gathered = _Gathered()
        for image in images:
            gathered.add(image)
        return gathered.as_columns()

    def keep_scores(self) -> JudgedColumns:
        """Return files, scores and verdicts alone: the rest takes half of the memory."""
        none = _Gathered().as_columns()
        return replace(none, files=self.files, scores=self.scores, verdicts=self.verdicts)

    @property
    def has_score(self) -> BoolArray:
        """Which images have one, (images,)."""
        return ~np.isnan(self.scores)

    def find_rows(self, which: IntArray) -> IntArray | None:
        """Return the rows of vectors and fingerprints of some images, ascending; None where one has none."""
        if self.vectors is None or not self.has_vector[which].all():
            return None
        rows: IntArray = np.cumsum(self.has_vector)[which] - 1
        return rows

    def are_among(self, digests: np.ndarray) -> BoolArray:
        """Tell which images have bytes whose SHA-256 is among some, (images,)."""
        found: BoolArray = np.isin(self.digests, digests) & (self.digests != b"")
        return found

    def list_known_digests(self) -> np.ndarray:
        """Return the SHA-256 of all files of which it is known."""
        known: np.ndarray = self.digests[self.digests != b""]
        return known


class _Gathered:
    """The results so far."""

    def __init__(self) -> None:
        self._files, self._scores, self._verdicts = PathList(), array("d"), array("b")
        self._digests, self._looks, self._has_vector = bytearray(), array("f"), array("b")
        self._vectors: RowStore | None = None
        self._fingerprints = GatheredFingerprints()

    def add(self, image: ImageResult) -> None:
        self._files.append(image.path)
        self._scores.append(np.nan if image.score is None else image.score)
        self._verdicts.append(VERDICTS.index(image.verdict))
        self._digests += bytes.fromhex(image.sha256)[:_TOLD_BY] or _NONE
        self._looks.extend((np.nan,) * NUMBERS if image.look is None else image.look.numbers)
        self._has_vector.append(image.vector is not None)
        if image.vector is not None:
            if self._vectors is None:
                self._vectors = RowStore(len(image.vector), image.vector.dtype)
            self._vectors.append(image.vector)
            self._fingerprints.add(image.fingerprint)

    def as_columns(self) -> JudgedColumns:
        return JudgedColumns(
            self._files,
            np.frombuffer(self._scores, np.float64),
            np.frombuffer(self._verdicts, np.int8),
            np.frombuffer(self._digests, f"S{_TOLD_BY}"),
            np.frombuffer(self._looks, np.float32).reshape(-1, NUMBERS),
            self._vectors,
            self._fingerprints.as_fingerprints(),
            np.frombuffer(self._has_vector, np.bool_),
        )


def pack_digests(digests: Iterable[str]) -> np.ndarray:
    """Return SHA-256 as `JudgedColumns` holds them."""
    return np.frombuffer(b"".join(bytes.fromhex(one)[:_TOLD_BY] for one in digests), f"S{_TOLD_BY}")
