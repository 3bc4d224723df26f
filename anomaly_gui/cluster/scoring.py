"""Scoring and evaluating on a cluster: the same results as without one."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from anomaly_gui.cluster.manifest import make_manifest
from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.outfit import Outfit
from anomaly_gui.cluster.places.url_paths import as_path
from anomaly_gui.cluster.scored.judging_part import JudgePart
from anomaly_gui.cluster.scored.part_images import PartImages
from anomaly_gui.cluster.scored.part_rows import EDITION
from anomaly_gui.cluster.scored.part_run import PartRun
from anomaly_gui.cluster.scored.shown_parts import number_shown_parts
from anomaly_gui.cluster.scored.worker_model import WorkerModel
from anomaly_gui.detection.evaluating import check_apart, evaluate
from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
from anomaly_gui.detection.images.folders import Purpose
from anomaly_gui.detection.model.image_result import refuse_image
from anomaly_gui.detection.scoring import ScoreResult, refuse_empty
from anomaly_gui.detection.scoring_run import More
from anomaly_gui.errors import UserError
from anomaly_gui.language import find_language, translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.manifest import Manifest
    from anomaly_gui.cluster.result_place import ResultPlace
    from anomaly_gui.detection.evaluating import EvaluateRequest, EvaluateResult
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.scoring import ScoreRequest
    from anomaly_gui.detection.scoring_run import ScoringRun
    from anomaly_gui.progress import Progress


@dataclass(frozen=True)
class Cluster:
    """An engine whose workers have a model.

    Parameters
    ----------
    engine : what runs the work
    sha256 : of the model file
    place : where results of parts are written
    runtime, named_runtime : what runs the network here, and what it was asked for by
    """

    engine: Engine
    sha256: str
    place: ResultPlace
    runtime: Runtime
    named_runtime: str | None


@contextmanager
def open_cluster(
    address: str,
    model: Path,
    place: ResultPlace,
    runtime: Runtime,
    tell: Callable[[str], None],
    *,
    named_runtime: str | None = None,
    certificates: Path | None = None,
) -> Iterator[Cluster]:
    """Open the engine of an address whose workers get the bytes of a model file.

    Raises
    ------
    UserError : as of `open_engine`; or a file or place cannot be read or written
    """
    try:
        outfit = Outfit.of(model.read_bytes())
    except OSError as error:
        raise UserError(
            translate(
                "{model} is gone while it was read ({why}): open it again.",
                model=model,
                why=explain_os_error(error),
            )
        ) from error
    place.prepare()
    with open_engine(address, outfit, tell, certificates=certificates) as engine:
        yield Cluster(engine, outfit.sha256, place, runtime, named_runtime)


def start_run(
    request: ScoreRequest, cluster: Cluster, progress: Progress, manifest: Manifest | None = None
) -> PartRun:
    """List the images of a request, and work on all parts that are not finished.

    Parameters
    ----------
    manifest : of the images, where they are listed

    Raises
    ------
    UserError : there is no image at all, or as of `PartRun.run`
    CancelledError : from `progress`; what was finished is kept
    """
    if manifest is None:
        manifest = make_manifest(request.paths, request.purpose)
    listing = manifest.listing
    if not (listing.files or listing.refused):
        raise refuse_empty(request, listing)
    progress.stage(request.stage or translate("Scoring"), len(listing.files))
    model = WorkerModel.of(cluster.sha256, request.model, cluster.runtime, cluster.named_runtime)
    work = JudgePart(
        model,
        request.threshold,
        cluster.place,
        _identify(request, model),
        request.with_fingerprint,
        find_language(),
    )
    run = PartRun(cluster.engine, work, manifest, progress)
    run.run()
    return run


def _identify(request: ScoreRequest, model: WorkerModel) -> str:
    """Return a digest of what results depend on beside the images."""
    about = [EDITION, model.sha256, model.used, model.version, find_language()]
    asked = [request.threshold, request.with_fingerprint]
    return hashlib.sha256(json.dumps([*about, *asked]).encode()).hexdigest()


def score_into_on_cluster(
    into: ScoringRun,
    request: ScoreRequest,
    cluster: Cluster,
    progress: Progress,
    more_of: Callable[[int, ImageResult], More],
) -> PartRun:
    """Judge every image of a request on a cluster, and put the results where those of one machine go.

    Parameters
    ----------
    more_of : as of `scoring_run.score_into`

    Raises
    ------
    UserError, CancelledError : as of `start_run`
    """
    run = start_run(request, cluster, progress)
    listing = run.manifest.listing
    into.taken_over, into.passed_over, into.hidden = run.taken_over, listing.passed_over, listing.hidden
    into.left_out, into.seen_before = listing.left_out, listing.seen_before
    if others := describe_passed_over(listing.others):
        progress.warn(others)
    for place, error in enumerate(listing.refused, len(listing.files)):
        into.add_result(refuse_image(error), place)
    progress.stage(translate("Gathering results"), len(listing.files))
    for place, image in enumerate(run.read_results()):
        into.add_result(image, place, None, more_of(place, image))
        progress.advance()
    into.finish()
    return run


@contextmanager
def evaluate_on_cluster(
    request: EvaluateRequest, cluster: Cluster, progress: Progress, *, keep_parts: bool
) -> Iterator[EvaluateResult]:
    """Yield what `evaluating.evaluate` returns, judged on a cluster; images are read from what workers wrote.

    Parameters
    ----------
    keep_parts : whether that stays there once the caller has done with it

    Raises
    ------
    UserError, CancelledError : as of `evaluate` and `start_run`
    """
    runs: list[PartRun] = []
    manifests = {
        Purpose.GOOD: make_manifest(request.normal, Purpose.GOOD),
        Purpose.DEFECT: make_manifest(request.anomalous, Purpose.DEFECT),
    }
    check_apart(*(manifest.listing.files for manifest in manifests.values()))

    def score_one(asked: ScoreRequest) -> ScoreResult:
        runs.append(start_run(asked, cluster, progress, manifests[asked.purpose]))
        return _collect(asked, runs[-1], cluster)

    yield evaluate(_with_addresses(request), progress, cluster.runtime, None, score_one)
    if not keep_parts:
        for run in runs:
            run.remove_results()


def _with_addresses(request: EvaluateRequest) -> EvaluateRequest:
    normal, anomalous = (tuple(map(as_path, paths)) for paths in (request.normal, request.anomalous))
    return replace(request, normal=normal, anomalous=anomalous)


def _collect(request: ScoreRequest, run: PartRun, cluster: Cluster) -> ScoreResult:
    listing, images = run.manifest.listing, PartImages(run)
    counted = listing.passed_over, listing.hidden, listing.left_out
    number = partial(number_shown_parts, cluster.engine, cluster.place.folder)
    return ScoreResult(request.used_threshold, images, *counted, number)
