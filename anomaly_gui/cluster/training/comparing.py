"""A comparison on a cluster: each backbone and size is a part, whose candidates one worker fits."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.cluster.engine import Failure, PartFailedError
from anomaly_gui.detection.candidates.trials import Trials
from anomaly_gui.detection.comparison import conclude, settle_request
from anomaly_gui.detection.detectors.costs import find_obstacle
from anomaly_gui.detection.features.collection import Fingerprints
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.choices import AUTO
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.language import translate
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.detection.candidates.candidate import Candidate, CandidateScores
    from anomaly_gui.detection.candidates.request import CompareRequest
    from anomaly_gui.detection.comparison import CompareResult
    from anomaly_gui.detection.datasets.image_sets import ImageSet
    from anomaly_gui.detection.datasets.screening import Screening
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.progress import Progress


@dataclass(frozen=True)
class Trial:
    """What one worker tries: all of a backbone and a size, or a detector that chooses these itself.

    Parameters
    ----------
    name : of a backbone, or of a detector
    size : None for a detector
    """

    name: str
    size: int | None = None


@dataclass(frozen=True, eq=False)
class Basis:
    """What all candidates rest on, as the first trial found it: see `Trials`."""

    normal: ImageSet
    anomalous: ImageSet
    groups: Groups
    screening: Screening


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a trial: see `Trials`."""

    candidates: tuple[Candidate, ...]
    scores: tuple[CandidateScores, ...]
    skipped: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, eq=False)
class TryCandidates:
    """Fits the candidates of a trial.

    Parameters
    ----------
    placement : how the parts lie
    basis : None for the first trial, which finds it
    """

    request: CompareRequest
    runtime: str | None
    placement: Placement
    basis: Basis | None

    def __call__(self, trial: Trial) -> Outcome:
        """Return what came of it."""
        trials = Trials(
            self.request, SilentProgress(), default_runtime(self.runtime), None, placement=self.placement
        )
        if self.basis is not None:
            _set_basis(trials, self.basis)
        if trial.size is not None:
            trials.add_backbone(trial.name, trial.size)
        elif trial.name == AUTO:
            trials.add_automatic()
        else:
            trials.add_learned_kind(trial.name)
        basis = self.basis or _take_basis(trials)
        return Outcome(tuple(trials.candidates), tuple(trials.scores), tuple(trials.skipped), basis)


def _set_basis(trials: Trials, basis: Basis) -> None:
    trials.normal, trials.anomalous = basis.normal, basis.anomalous
    trials.groups, trials.screening = basis.groups, basis.screening


def _take_basis(trials: Trials) -> Basis:
    """Return what the others rest on, without features of good images."""
    if trials.normal is None or trials.anomalous is None or trials.groups is None or trials.screening is None:
        raise ValueError("the first trial finds what all others rest on")
    return Basis(
        _lighten(trials.normal, with_features=False),
        _lighten(trials.anomalous, with_features=True),
        trials.groups,
        trials.screening,
    )


def _lighten(read: ImageSet, *, with_features: bool) -> ImageSet:
    """Return images as they are sent: in memory, and without cells."""
    images = read.images
    vectors = np.asarray(images.vectors) if with_features else np.empty((len(images.records), 0), np.float32)
    rows = np.asarray(images.fingerprints.rows)[:, : None if with_features else 0]
    fingerprints = Fingerprints(rows, images.fingerprints.has_fingerprint)
    light = replace(images, vectors=vectors, fingerprints=fingerprints, cells=None, variants=None)
    return replace(read, images=replace(light, samples=images.samples[:0]))


def compare_on_cluster(
    request: CompareRequest,
    engine: Engine,
    progress: Progress,
    runtime: str | None = None,
    cache: FeatureCache | None = None,
) -> CompareResult:
    """Fit every candidate on whatever an engine has; see `compare`.

    The first backbone and size tells which images show one part, and which are unlike the others; all others
    are tried at once. How fast a candidate is, is measured on the worker that fits it.

    Raises
    ------
    PartFailedError : candidates cannot be fitted
    ParameterError, TrainingError, CancelledError : as of `compare`
    """
    began = time.monotonic()
    request = settle_request(request)
    whole = Trials(request, progress, default_runtime(runtime), cache)
    trials = _list_trials(request, whole)
    if trials:
        progress.stage(translate("Comparing on a cluster"), len(trials))
        work = TryCandidates(request, runtime, whole.placement, None)
        (found,) = _try_all(engine, work, trials[:1], progress)
        _set_basis(whole, found.basis)
        for outcome in (found, *_try_all(engine, replace(work, basis=found.basis), trials[1:], progress)):
            whole.candidates += outcome.candidates
            whole.scores += outcome.scores
            whole.skipped += outcome.skipped
    return conclude(whole, request, time.monotonic() - began, cache)


def _list_trials(request: CompareRequest, whole: Trials) -> list[Trial]:
    """Return all trials, in the order of `compare`; name the sizes that do not fit this machine."""
    found, count = [], len(request.good_files())
    for size in dict.fromkeys(request.sizes):
        if reason := find_obstacle(size, count):
            whole.skipped.append(reason)
        else:
            found += [Trial(backbone, size) for backbone in request.backbones]
    if found:
        found += [Trial(AUTO), *(Trial(kind) for kind in (LEARNED if request.learned else ()))]
    return found


def _try_all(
    engine: Engine, work: TryCandidates, trials: Sequence[Trial], progress: Progress
) -> list[Outcome]:
    found: dict[int, Outcome] = {}
    for number, outcome in engine.map_parts(work, trials):
        if isinstance(outcome, Failure):
            raise PartFailedError(outcome)
        found[number] = outcome
        progress.advance()
    return [found[number] for number in range(len(trials))]
