"""Judge image files: read in threads, through the network in batches, each to a result."""

from __future__ import annotations

import math
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
from anomaly_gui.detection.features.batches import read_batches
from anomaly_gui.detection.images.reading import work_ahead
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import ImageResult, refuse_image
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import mark, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.features.read_images import Batch, ReadImage
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_NO_SCORE = mark("is so unlike the training images that it has no score")


def judge_images(
    model: Model,
    files: Sequence[Path],
    progress: Progress,
    *,
    threshold: Threshold | None = None,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
    with_nearest: bool = False,
    with_fingerprint: bool = False,
    contents: Mapping[Path, bytes] | None = None,
    on_batch: Callable[[Sequence[ImageResult]], None] | None = None,
) -> Generator[ImageResult, None, None]:
    """Yield the result of each file, in order, as soon as it is known.

    Parameters
    ----------
    with_nearest : whether the training images most like each one are looked for
    with_fingerprint : whether results hold what tells which images show one part
    contents : bytes of files that have been read already
    on_batch : called in a thread with the results of each batch, before these are yielded
    """
    used = threshold or model.threshold
    batches = _read_for_model(
        model, files, runtime, progress, cache=cache, with_fingerprint=with_fingerprint, contents=contents
    )

    def judge(batch: Batch) -> list[ImageResult]:
        results = _judge_batch(
            model, batch, threshold=used, with_nearest=with_nearest, with_fingerprint=with_fingerprint
        )
        if on_batch is not None:
            on_batch(results)
        return results

    # a batch is judged in a thread while the network has the next one
    with closing(batches), closing(work_ahead(batches, judge, workers=1, ahead=2)) as judged:
        for results in judged:
            yield from results


def _read_for_model(
    model: Model,
    files: Sequence[Path],
    runtime: Runtime | None,
    progress: Progress,
    *,
    cache: FeatureCache | None,
    with_fingerprint: bool,
    contents: Mapping[Path, bytes] | None,
) -> Generator[Batch, None, None]:
    return read_batches(
        files,
        model.detector.plan,
        model.pixel_limit,
        runtime or default_runtime(),
        progress,
        cache=cache,
        with_fingerprint=with_fingerprint,
        objection=model.admission.find_objection,
        contents=contents,
    )


class _JudgedRow(NamedTuple):
    """What is said of one image of a batch, as in `Judgement` and `ImageResult`."""

    score: float
    map: FloatArray | None
    by_places: bool
    nearest: tuple[int, ...]
    vector: FloatArray | None


def _judge_batch(
    model: Model, batch: Batch, *, threshold: Threshold, with_nearest: bool, with_fingerprint: bool
) -> list[ImageResult]:
    rows: Iterator[_JudgedRow] = iter(())
    if batch.features is not None:
        with products_on_one_core():
            judged = model.detector.judge(batch.features)
        count = len(judged.scores)
        maps = [None] * count if judged.maps is None else list(judged.maps)
        by_places = [True] * count if judged.by_places is None else judged.by_places.tolist()
        nearest = model.find_nearest(batch.features.vectors) if with_nearest else [()] * count
        vectors = list(batch.features.vectors) if with_fingerprint else [None] * count
        rows = map(_JudgedRow, judged.scores.tolist(), maps, by_places, nearest, vectors)
    return [
        refuse_image(outcome)
        if isinstance(outcome, ImageRefusedError)
        else _make_result(model, outcome, threshold, next(rows))
        for outcome in batch.outcomes
    ]


def _make_result(model: Model, image: ReadImage, threshold: Threshold, judged: _JudgedRow) -> ImageResult:
    record, value, vector = image.record, judged.score, judged.vector
    shape = model.admission.find_objection(record.width, record.height)
    objection = shape or model.admission.find_objection_to_light(image.light)
    if objection or not math.isfinite(value):
        reason = objection or translate(_NO_SCORE)
        return ImageResult(record.path, None, Verdict.CANNOT_JUDGE, reason, sha256=record.sha256)
    return ImageResult(
        path=record.path,
        score=value,
        verdict=threshold.verdict(value),
        reason=record.remarks,
        sha256=record.sha256,
        nearest=judged.nearest,
        map=_place_map(model.detector.plan, image, judged),
        look=image.look,
        vector=vector,
        fingerprint=None if vector is None else image.fingerprint,
    )


def _place_map(plan: Plan, image: ReadImage, judged: _JudgedRow) -> AnomalyMap | None:
    """Return the map over the image as the file holds it; None where there is none."""
    if judged.map is None:
        return None
    values, record = plan.restore_map(judged.map, image.pose), image.record
    return AnomalyMap.of(values, record.width, record.height, by_places=judged.by_places)
