"""Light over the bench of many parts: other exposures, gammas and slow shades must change no verdict.

Of each kind the good images that the bench learns from make a model with the defaults of `auto`; unseen good
ones and defects are judged as they are, and in other light. A table says for each kind and light what AUROC,
false alarms at a promised 2 % and found defects become, and how many images are said to be of a light that
cannot be judged; no defect may be that as it is. AUROC is of the images that were judged.

    python -m tests.benchmarks.accuracy.light --sets FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.detectors.protocol import score_pixels
from anomaly_gui.detection.images.loading import LoadedImage
from anomaly_gui.detection.images.reading import read_images
from anomaly_gui.detection.images.variants.relighting import Relighting
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.training import train
from tests.benchmarks.accuracy.parts import NAMES, cap_kind
from tests.benchmarks.common import write_json
from tests.benchmarks.many_parts.automatic import PIXELS, add_options, make_settings
from tests.benchmarks.many_parts.features import open_cache
from tests.benchmarks.part_kinds import list_part_kinds, list_set_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.model.model import Model
    from tests.benchmarks.part_kinds import PartKind

AS_IS = "as is"
LIGHTS: Mapping[str, Relighting] = {
    AS_IS: Relighting(),
    "exposure 0.7": Relighting(exposure=0.7),
    "exposure 1.4": Relighting(exposure=1.4),
    "gamma 0.8": Relighting(gamma=0.8),
    "gamma 1.25": Relighting(gamma=1.25),
    "shade 20 %": Relighting(shade=0.1, direction=0.7),
}


@dataclass(frozen=True)
class InLight:
    """What a model says of a kind's images in one light; rates are of all images, not only of those judged.

    Parameters
    ----------
    auroc : of the judged images; None where none of a label were judged
    false_alarms, found : shares of the good images, and of the defects, that were judged defects
    good_not_judged, bad_not_judged : shares that could not be judged
    """

    auroc: float | None
    false_alarms: float
    found: float
    good_not_judged: float
    bad_not_judged: float


def read_options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_options(parser, most=50)
    parser.add_argument("--kinds", nargs="*", default=(), help="names; all without")
    parser.add_argument("--json", type=Path, help="file for every value that was measured")
    return parser.parse_args()


def train_model(kind: PartKind, given: argparse.Namespace) -> Model:
    """Return a model of the good images of a kind that the bench learns from, as training makes it."""
    settings = make_settings(kind, given)
    cache = open_cache(given.work)
    with TerminalProgress() as progress:
        trained = train(TrainRequest(kind.good, settings=settings), progress, default_runtime(), cache)
    cache.close()
    return trained.model


def choose_evenly(paths: Sequence[Path], most: int) -> list[Path]:
    """Return at most so many of some files, spread over all of them."""
    return [paths[index] for index in np.unique(np.linspace(0, len(paths) - 1, most).astype(int))]


def judge_in_lights(model: Model, paths: Sequence[Path]) -> dict[str, FloatArray]:
    """Return the scores of images in each light, (images,); NaN where the light cannot be judged."""
    scores: dict[str, list[float]] = {name: [] for name in LIGHTS}
    for image in _load(model, paths):
        for name, relighting in LIGHTS.items():
            scores[name].append(_judge_in_light(model, image, relighting))
    return {name: np.array(values) for name, values in scores.items()}


def _load(model: Model, paths: Sequence[Path]) -> Iterator[LoadedImage]:
    with closing(read_images(paths, model.detector.plan.reading_options(PIXELS))) as images:
        yield from (image for image in images if isinstance(image, LoadedImage))


def _judge_in_light(model: Model, image: LoadedImage, relighting: Relighting) -> float:
    plan = model.detector.plan
    relit = replace(image, pixels=relighting.apply(image.pixels))
    if model.admission.find_objection_to_light(plan.measure_light(relit.pixels)):
        return float("nan")
    return float(score_pixels(model.detector, plan.prepare_image(relit).pixels[None], default_runtime())[0])


def compare_labels(good: FloatArray, bad: FloatArray, threshold: float) -> InLight:
    """Return what (images,) scores of good images and of defects say; NaN was not judged."""
    seen, seen_bad = good[~np.isnan(good)], bad[~np.isnan(bad)]
    labels: list[Label] = [*(["normal"] * len(seen)), *(["anomalous"] * len(seen_bad))]  # type: ignore[list-item]
    return InLight(
        auroc=image_auroc(np.concatenate([seen, seen_bad]), labels),
        false_alarms=float(is_anomalous(seen, threshold).sum()) / len(good),
        found=float(is_anomalous(seen_bad, threshold).sum()) / len(bad),
        good_not_judged=1 - len(seen) / len(good),
        bad_not_judged=1 - len(seen_bad) / len(bad),
    )


def measure_kind(kind: PartKind, given: argparse.Namespace) -> dict[str, InLight]:
    """Return what a model of a kind says in each light."""
    model = train_model(kind, given)
    good = judge_in_lights(model, choose_evenly(kind.unseen, given.most))
    bad = judge_in_lights(model, choose_evenly(kind.bad, given.most))
    light = model.admission.light
    print(f"{kind.name}: judged up to {None if light is None else light.ends} beyond the good images")
    return {name: compare_labels(good[name], bad[name], model.threshold.value) for name in LIGHTS}


def print_kind(name: str, found: Mapping[str, InLight]) -> None:
    """Print a row of a Markdown table: AUROC, false alarms, found, and what was not judged (good, bad)."""
    cells = (
        f"{_say_auroc(one.auroc)}, {one.false_alarms:.0%}, {one.found:.0%}"
        + (f" ({one.good_not_judged:.0%}, {one.bad_not_judged:.0%})" if _is_left(one) else "")
        for one in found.values()
    )
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def _say_auroc(auroc: float | None) -> str:
    return "" if auroc is None else f"{auroc:.3f}"


def _is_left(one: InLight) -> bool:
    return max(one.good_not_judged, one.bad_not_judged) > 0


def main() -> None:
    """Measure all kinds asked for."""
    given = read_options()
    names = given.kinds or (*list_set_names(given.sets), *NAMES)
    print(f"| kind | {' | '.join(LIGHTS)} |")
    records: dict[str, Any] = {}
    for kind in list_part_kinds(given.sets, given.work, names):
        found = measure_kind(cap_kind(kind), given)
        print_kind(kind.name, found)
        records[kind.name] = {name: vars(one) for name, one in found.items()}
    write_json(given.json, records)


if __name__ == "__main__":
    main()
