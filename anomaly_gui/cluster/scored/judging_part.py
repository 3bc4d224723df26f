"""What a worker does with a part: read, judge, write; only counts and sorted scores go back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.cluster.engine import WorkerRefusedError
from anomaly_gui.cluster.places.url_paths import UrlPath
from anomaly_gui.cluster.readable_files import UnreadPart, check_reach
from anomaly_gui.cluster.scored.part_rows import read_rows, write_rows
from anomaly_gui.cluster.scored.part_so_far import PartSoFar
from anomaly_gui.cluster.scored.prefetching import prefetched
from anomaly_gui.cluster.scored.unfinished_place import UnfinishedPlace
from anomaly_gui.detection.model.image_judging import judge_images
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import ENGLISH, translate, use_language
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.cluster.manifest import Part
    from anomaly_gui.cluster.result_place import ResultPlace
    from anomaly_gui.cluster.scored.worker_model import WorkerModel
    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.judging.verdicts import Verdict
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.progress import Progress


@dataclass(frozen=True, eq=False)
class PartReport:
    """What comes back of a part.

    Parameters
    ----------
    verdicts : how many images have each
    scores : (images with a score,) float64, ascending
    was_damaged : whether what another worker had judged of it was damaged, and is judged again
    """

    verdicts: Mapping[Verdict, int]
    scores: FloatArray
    was_damaged: bool = False

    @classmethod
    def of(cls, results: Sequence[ImageResult], *, was_damaged: bool = False) -> PartReport:
        """Return the report on results."""
        scores = np.sort(np.array([one.score for one in results if one.score is not None], np.float64))
        return cls(Counter(result.verdict for result in results), scores, was_damaged)


@dataclass(frozen=True)
class JudgePart:
    """Judges the images of a part, as far as that was not done before.

    Parameters
    ----------
    model : what judges
    threshold : in place of the model's own, or None
    place : where results are written
    identity : what results depend on beside the images
    with_fingerprint : as of `ScoreRequest`
    language : what reasons are told in
    """

    model: WorkerModel
    threshold: float | None
    place: ResultPlace
    identity: str
    with_fingerprint: bool = False
    language: str = ENGLISH

    def __call__(self, part: Part) -> PartReport | UnreadPart:
        """Return the report on a part, whose results are in their place then.

        Raises
        ------
        WorkerRefusedError : this worker judges otherwise, or does not reach what others do
        UserError : an address does not answer, or results cannot be written
        """
        use_language(self.language)
        name = part.name(self.identity)
        content = self.place.read(name)  # by one that ended before it could tell
        results = read_rows(part, content) if content is not None else None
        if results is not None:
            return PartReport.of(results)
        so_far = PartSoFar(part, name, UnfinishedPlace(self.place.where))
        lost = self._judge_rest(part, so_far)
        if lost:
            check_reach(part.readable, [part.paths[place] for place in lost])
            return UnreadPart(tuple(lost), next(iter(lost.values())))
        self.place.write(name, write_rows(part, so_far.results))
        so_far.end()
        return PartReport.of(so_far.results, was_damaged=so_far.was_damaged)

    def follow(self, part: Part) -> Progress:  # noqa: ARG002 - for who wants to know
        """Return what is told as the images of a part are judged."""
        return SilentProgress()

    def _judge_rest(self, part: Part, so_far: PartSoFar) -> dict[int, str]:
        """Judge the rest; return why files could not be read that others may read, by their index."""
        model, runtime = self.model.open()
        _check_folders(part.paths)
        at = model.threshold if self.threshold is None else model.threshold.moved_to(self.threshold)
        lost: dict[int, str] = {}
        places = iter(range(len(so_far.results), len(part.paths)))

        def take(results: Sequence[ImageResult]) -> None:
            for result, place in zip(results, places, strict=False):
                if not (result.reached or place in part.unreadable):
                    lost[place] = str(ImageRefusedError(result.path, result.reason))
            if not lost:  # of a part that another has to do nothing more is kept
                so_far.add(results)

        with prefetched(part.paths[len(so_far.results) :]) as paths:
            judged = judge_images(
                model,
                paths,
                self.follow(part),
                threshold=at,
                runtime=runtime,
                with_fingerprint=self.with_fingerprint,
                on_batch=take,  # at once, while the network has the next batch
            )
            for _ in judged:
                pass
        return lost


def _check_folders(paths: Sequence[Path]) -> None:
    """Raise WorkerRefusedError where this worker lacks a folder: it is not connected, no image is gone."""
    for folder in {path.parent for path in paths if not isinstance(path, UrlPath)}:
        if not folder.is_dir():
            raise WorkerRefusedError(
                translate(
                    "A worker does not reach {folder}: connect it under the same name on every machine.",
                    folder=folder,
                )
            )
