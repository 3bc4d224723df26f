"""What a model says of an image."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.decoding.refusals import FileUnreachableError, ImageUnlikeError
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.language import mark, translate
from anomaly_gui.wording import join_clauses

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap, Region
    from anomaly_gui.detection.images.look import Look
    from anomaly_gui.errors import ImageRefusedError


AS_A_WHOLE = mark("is unlike good parts as a whole, no single place stands out")
"""The reason of a defect of which no place can be marked."""


@dataclass(frozen=True)
class ImageResult:
    """What a model says of an image.

    Parameters
    ----------
    path : the file
    score : log-likelihood, higher is more normal; None where the verdict is "cannot judge"
    verdict : "good", "defect", "not sure" or "cannot judge"
    reason : why it cannot be judged, or a remark on how it was read; else empty
    readable : whether the file could be decoded
    sha256 : of the file's bytes; empty where it could not be read
    nearest : which training images are most like it, nearest first
    map : where it is unlike good images; None where the model has no map
    look : how bright, rich in contrast and sharp it is; None where it could not be read
    vector, fingerprint : what tells whether it shows the part of another, where that was asked for
    reached : whether the file's bytes could be had; not written anywhere
    """

    path: Path
    score: float | None
    verdict: Verdict
    reason: str = ""
    readable: bool = True
    sha256: str = ""
    nearest: tuple[int, ...] = ()
    map: AnomalyMap | None = None
    look: Look | None = None
    vector: FloatArray | None = None
    fingerprint: ImageArray | None = None
    reached: bool = field(default=True, compare=False)

    @property
    def marked(self) -> tuple[Region, ...]:
        """The places to mark."""
        return mark_places(self.map, self.verdict)

    @property
    def explanation(self) -> str:
        """The reason, and where no place can be marked in a defect, that."""
        return explain_verdict(self.reason, self.map, self.verdict)


def mark_places(its_map: AnomalyMap | None, verdict: Verdict) -> tuple[Region, ...]:
    """Return the places to mark in an image: of a defect at least one, unless only the whole is unlike."""
    if its_map is None:
        return ()
    return its_map.standing_out if verdict == Verdict.DEFECT else its_map.regions


def explain_verdict(reason: str, its_map: AnomalyMap | None, verdict: Verdict) -> str:
    """Return a reason with what is to be said of a defect in whose map no place can be marked."""
    if its_map is None or verdict != Verdict.DEFECT or its_map.standing_out:
        return reason
    return join_clauses(filter(None, (reason, translate(AS_A_WHOLE))))


def refuse_image(error: ImageRefusedError) -> ImageResult:
    """Return the result of a file that cannot be used."""
    if isinstance(error, ImageUnlikeError):
        return ImageResult(error.path, None, Verdict.CANNOT_JUDGE, error.reason, sha256=error.sha256)
    reached = not isinstance(error, FileUnreachableError)
    return ImageResult(error.path, None, Verdict.CANNOT_JUDGE, error.reason, readable=False, reached=reached)
