"""A comparison on a cluster: each backbone and size is a part, whose candidates one worker fits."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.cluster.engine import Failure, PartFailedError
from anomaly_gui.cluster.readable_files import ROUNDS, ReadableFiles, UnreadPart, find_lost
from anomaly_gui.cluster.training.collecting import Agreed
from anomaly_gui.detection.candidates.trials import Trials
from anomaly_gui.detection.comparison import conclude, settle_request
from anomaly_gui.detection.datasets.image_sets import Reading
from anomaly_gui.detection.detectors.costs import find_obstacle
from anomaly_gui.detection.features.collection import Fingerprints
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images.folders import Purpose, list_images
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.choices import AUTO
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.errors import UserError
from anomaly_gui.language import find_language, translate, use_language
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.detection.candidates.candidate import Candidate, CandidateScores
    from anomaly_gui.detection.candidates.request import CompareRequest
    from anomaly_gui.detection.comparison import CompareResult
    from anomaly_gui.detection.datasets.image_sets import ImageSet
    from anomaly_gui.detection.datasets.screening import Screening
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.folders import ImageListing
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress


@dataclass(frozen=True)
class Trial:
    """What one worker tries: all of a backbone and a size, or a detector that chooses these itself.

    Parameters
    ----------
    name : of a backbone, or of a detector
    size : None for a detector
    agreed : what every worker has to make of images drawn by chance
    unreadable : files of which the bytes cannot be had where the work was asked for either, by their index
    readable : files that were read there
    """

    name: str
    size: int | None
    agreed: Agreed
    unreadable: frozenset[int] = frozenset()
    readable: tuple[Path, ...] = ()


@dataclass(frozen=True, eq=False)
class Listed:
    """What was listed where the work was asked for: workers compare the same files."""

    listings: Mapping[tuple[tuple[Path, ...], Purpose], ImageListing]

    @classmethod
    def find(cls, request: CompareRequest) -> Listed:
        """List the images of a request."""
        given = (request.normal, Purpose.GOOD), (request.anomalous, Purpose.DEFECT)
        return cls({one: list_images(*one) for one in given})

    @property
    def files(self) -> list[Path]:
        """All of them, good ones first."""
        return [file for listing in self.listings.values() for file in listing.files]


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
    listed : the images
    language : what reasons are told in
    basis : None for the first trial, which finds it
    """

    request: CompareRequest
    runtime: str | None
    placement: Placement
    listed: Listed
    language: str
    basis: Basis | None = None

    def __call__(self, trial: Trial) -> Outcome | UnreadPart:
        """Return what came of it.

        Raises
        ------
        WorkerRefusedError : this worker has another version, makes other features of the same pixels, or does
            not reach what others do
        UserError : the trial cannot be made
        """
        use_language(self.language)
        runtime, reading = default_runtime(self.runtime), Reading(self.listed.listings)
        trial.agreed.check(_make_plan(self.request, trial.name, trial.size), runtime)
        trials = Trials(
            self.request, SilentProgress(), runtime, None, placement=self.placement, reading=reading
        )
        try:
            outcome = self._try(trial, trials)
        except UserError:
            lost = self._find_lost(trial, reading)
            if lost is None:
                raise
            return lost
        return self._find_lost(trial, reading) or outcome

    def _find_lost(self, trial: Trial, reading: Reading) -> UnreadPart | None:
        return find_lost(reading.unreached, self.listed.files, trial.unreadable, trial.readable)

    def _try(self, trial: Trial, trials: Trials) -> Outcome:
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
    request, running = settle_request(request), default_runtime(runtime)
    whole, listed = Trials(request, progress, running, cache), Listed.find(request)
    trials, readable = _list_trials(request, whole, running), ReadableFiles(listed.files)
    if trials:
        progress.stage(translate("Comparing on a cluster"), len(trials))
        work = TryCandidates(request, runtime, whole.placement, listed, find_language())
        (found,) = _try_all(engine, work, trials[:1], readable, progress)
        _set_basis(whole, found.basis)
        work = replace(work, basis=found.basis)
        for outcome in (found, *_try_all(engine, work, trials[1:], readable, progress)):
            whole.candidates += outcome.candidates
            whole.scores += outcome.scores
            whole.skipped += outcome.skipped
    return conclude(whole, request, time.monotonic() - began, cache)


def _list_trials(request: CompareRequest, whole: Trials, runtime: Runtime) -> list[Trial]:
    """Return all trials, in the order of `compare`; name the sizes that do not fit this machine."""
    found: list[tuple[str, int | None]] = []
    count = len(request.good_files())
    for size in dict.fromkeys(request.sizes):
        if reason := find_obstacle(size, count):
            whole.skipped.append(reason)
        else:
            found += [(backbone, size) for backbone in request.backbones]
    if found:
        found += [(name, None) for name in (AUTO, *(LEARNED if request.learned else ()))]
    return [Trial(*one, Agreed.find(_make_plan(request, *one), runtime)) for one in found]


def _make_plan(request: CompareRequest, name: str, size: int | None) -> Plan:
    """Return a plan whose features every worker has to agree on that makes a trial.

    Networks that are trained have no such features: there the first backbone's stand for the worker.
    """
    if name == AUTO:
        return Plan(request.automatic_settings.features)
    backbone, used = (request.backbones[0], min(request.sizes)) if size is None else (name, size)
    return Plan(request.settings_with(backbone, used).features)


def _try_all(
    engine: Engine,
    work: TryCandidates,
    trials: Sequence[Trial],
    files: ReadableFiles,
    progress: Progress,
) -> list[Outcome]:
    """Return what came of some trials; one whose files a worker cannot read is tried again."""
    found: dict[int, Outcome] = {}
    waiting, failed = list(range(len(trials))), list[Failure]()
    for _ in range(ROUNDS):
        failed = []
        for index, outcome in engine.map_parts(
            work, [_hand_out(trials[number], files) for number in waiting]
        ):
            number = waiting[index]
            if isinstance(outcome, Failure):
                raise PartFailedError(replace(outcome, number=number))
            if isinstance(outcome, UnreadPart):
                files.check(outcome.places)
                failed.append(Failure(number, outcome.reason, ends_worker=False))
                progress.fail(failed[-1].say())
            else:
                found[number] = outcome
                progress.advance()
        waiting = sorted(failure.number for failure in failed)
        if not waiting:
            break
    for failure in failed:
        raise PartFailedError(failure)
    return [found[number] for number in range(len(trials))]


def _hand_out(trial: Trial, files: ReadableFiles) -> Trial:
    """Return a trial with what a worker has to be able to read."""
    return replace(trial, unreadable=files.list_unreadable(), readable=files.list_readable())
