"""Which detector, layer and size tells these parts best: all of them, compared on the user's own images."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anomaly_gui.detection.candidates.candidate import Candidate
from anomaly_gui.detection.candidates.recommending import describe_choice, recommend_candidate
from anomaly_gui.detection.candidates.remembered import RememberedComparison
from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.candidates.trials import Trials
from anomaly_gui.detection.datasets.image_sets import SetSummary
from anomaly_gui.detection.datasets.input_shape import settle_depth
from anomaly_gui.detection.datasets.screening import Screening
from anomaly_gui.detection.detectors.costs import find_obstacle
from anomaly_gui.detection.detectors.placement.placement import Placement
from anomaly_gui.detection.images.folders import list_images
from anomaly_gui.detection.judging.choosing import Choice
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_sentences

if TYPE_CHECKING:
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.folders import LeftOut
    from anomaly_gui.detection.judging.suspects import SuspectImage
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress


@dataclass(frozen=True, eq=False)
class CompareResult:
    """The comparison.

    Parameters
    ----------
    candidates : by size, and in the order of the network
    recommended : the one to take
    recommendation : why, in words
    normal, anomalous : what is to be said of the images it rests on
    groups : which good images were taken to show one part
    placement : how the parts lie
    skipped : what does not fit this machine or could not be trained, in words
    seconds : how long it took
    screening : which good images are unlike the others, and were left out or not
    choice : what known defects say of the candidates, by number; None where too few tell
    """

    candidates: tuple[Candidate, ...]
    recommended: Candidate
    recommendation: str
    normal: SetSummary
    anomalous: SetSummary
    groups: Groups
    placement: Placement
    skipped: tuple[str, ...]
    seconds: float
    screening: Screening | None = None
    choice: Choice | None = None

    @property
    def suspects(self) -> tuple[SuspectImage, ...]:
        """Good images unlike the others, each with the reason."""
        return () if self.screening is None else self.screening.suspects

    @property
    def unreadable(self) -> tuple[ImageRefusedError, ...]:
        """The files that cannot be used, each with the reason."""
        return self.normal.unreadable + self.anomalous.unreadable

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The folders that were not looked into."""
        return self.normal.left_out + self.anomalous.left_out


def compare(
    request: CompareRequest,
    progress: Progress,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
) -> CompareResult:
    """Fit every candidate and see how well it tells the good images from the defects.

    Good images are judged by scores they had no part in, so that all of them can be learned from. Whoever
    takes the best of many on few images should judge it anew on others.

    Raises
    ------
    TrainingError : too few usable images, all of one part, or all the same
    ParameterError : a size that cannot be used, or none that fits this machine
    CancelledError : from `progress`
    """
    began = time.monotonic()
    request = settle_request(request)
    trials = Trials(request, progress, runtime or default_runtime(), cache)
    files = request.good_files()
    for size in dict.fromkeys(request.sizes):
        reason = find_obstacle(size, len(files))
        if reason:
            trials.skipped.append(reason)
        else:
            trials.add_size(size)
    if trials.candidates:
        trials.add_automatic()
    if request.learned and trials.candidates:
        trials.add_learned()
    return conclude(trials, request, time.monotonic() - began, cache)


def settle_request(request: CompareRequest) -> CompareRequest:
    """Return a request with the bits that its files of 16 bits use."""
    sets = (list_images(paths).files for paths in (request.normal, request.anomalous))
    return replace(request, settings=settle_depth(request.settings, sets))


def conclude(
    trials: Trials, request: CompareRequest, seconds: float, cache: FeatureCache | None
) -> CompareResult:
    """Return all candidates, and which to take."""
    if trials.normal is None or trials.anomalous is None or trials.groups is None:
        raise ParameterError(
            translate("No size fits this machine: {reasons}", reasons=join_sentences(*trials.skipped))
        )
    choice = trials.choose()
    best, why = recommend_candidate(trials.candidates, trials.placement, request.settings, choice)
    if cache is not None and choice is not None:
        known = RememberedComparison.of(
            cache, request.good_files(), request.interest, request.settings.pixel_limit
        )
        known.store(best.choice, lambda: describe_choice(trials.candidates, choice))
    return CompareResult(
        tuple(trials.candidates),
        best,
        why,
        trials.normal.summarize(),
        trials.anomalous.summarize(),
        trials.groups,
        trials.placement,
        tuple(trials.skipped),
        seconds,
        trials.screening,
        choice,
    )
