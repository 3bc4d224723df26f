"""The finest input, and if need be the lighter backbone, that this machine judges at the rate asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from anomaly_gui.detection.datasets.exclusions import files_excluded, list_for
from anomaly_gui.detection.datasets.input_shape import settle_shape
from anomaly_gui.detection.datasets.judging_rate import JudgingRate, measure_rate, round_rate
from anomaly_gui.detection.detectors.placement.placement import UNKNOWN, Placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.settings.backbones import BACKBONES
from anomaly_gui.detection.settings.choices import AUTOMATIC
from anomaly_gui.errors import ParameterError, TrainingError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.progress import Progress

    Measure: TypeAlias = Callable[[TrainSettings], JudgingRate]


def choose_within_time(
    settings: TrainSettings, sizes: Sequence[int], measure: Measure
) -> tuple[TrainSettings, JudgingRate]:
    """Return the settings with the finest size that is judged fast enough, and what was measured of it.

    Each backbone is measured at its coarsest size first; a lighter one is taken where that is too slow.

    Parameters
    ----------
    settings : with `images_per_second`
    sizes : to choose from, the coarsest first
    measure : tells how fast a detector judges with some settings

    Raises
    ------
    ParameterError : even the lightest backbone is too slow at the coarsest size
    """
    asked, measured = settings.images_per_second or 0.0, []
    for backbone in _list_backbones(settings):
        with_it = replace(settings, backbone=backbone)
        coarsest = measure(replace(with_it, size=sizes[0]))
        if coarsest.images_per_second >= asked:
            return _find_finest(with_it, sizes, coarsest, measure)
        measured.append(coarsest)
    raise _refuse_rate(asked, max(measured, key=lambda one: one.images_per_second))


def measure_request(request: TrainRequest, runtime: Runtime, progress: Progress) -> JudgingRate:
    """Return how fast this machine would judge the good images of a request, were they not to be aligned.

    Raises
    ------
    TrainingError : there is none
    """
    excluded = files_excluded(request.excluded, request.listings()) if request.excluded else frozenset()
    files = list_for(request.normal, excluded=excluded).files
    if not len(files):
        raise TrainingError(translate("There is no good image to measure the time with: give some."))
    settings = settle_shape(request.settings, files)
    plan = make_plan(settings, request.interest, Placement(UNKNOWN))
    return measure_rate(settings, plan, files, runtime, progress)


def _find_finest(
    settings: TrainSettings, sizes: Sequence[int], coarsest: JudgingRate, measure: Measure
) -> tuple[TrainSettings, JudgingRate]:
    """Halve the sizes until the finest that is fast enough is found; the first one is."""
    asked, low, high, found = settings.images_per_second or 0.0, 0, len(sizes), coarsest
    while high - low > 1:
        middle = (low + high) // 2
        rate = measure(replace(settings, size=sizes[middle]))
        if rate.images_per_second >= asked:
            low, found = middle, rate
        else:
            high = middle
    return replace(settings, size=sizes[low]), found


def _list_backbones(settings: TrainSettings) -> tuple[str, ...]:
    """Return the backbone named, or the detector's and all lighter ones; layers are named for one alone."""
    own = settings.declared_backbone
    if settings.backbone != AUTOMATIC or settings.layer.strip() != AUTOMATIC:
        return (own.name,)
    work = {one.name: one.count_pixel_operations(one.layer_names) for one in BACKBONES.values()}
    lighter = sorted((name for name in work if work[name] < work[own.name]), key=lambda name: -work[name])
    return (own.name, *lighter)


def _refuse_rate(asked: float, fastest: JudgingRate) -> ParameterError:
    rate = round_rate(fastest.images_per_second)
    return ParameterError(
        translate(
            "cannot be {asked:g}: even at {width} x {height} px, the coarsest, this machine judges about "
            "{rate} images a second.",
            asked=asked,
            width=fastest.width,
            height=fastest.height,
            rate=rate,
        ),
        "images_per_second",
    )
