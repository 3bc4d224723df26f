"""Images added to a model later, against a training on all of them at once.

For every kind of part and detector: trained on all good images, trained on half of them, and that model given
the other half. Each judges good images it never saw and
defects.

    python -m tests.benchmarks.accuracy.updates --sets FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.model.image_judging import judge_images
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.detection.updating import update_model
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import print_table
from tests.benchmarks.part_kinds import PartKind, list_part_kinds

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.light_range import LightRange
    from anomaly_gui.detection.model.model import Model

_QUIET = SilentProgress()
_RATE = 0.02


@dataclass(frozen=True)
class Trial:
    """One kind of part, one detector, and where features are cached."""

    kind: PartKind
    settings: TrainSettings
    cache: FeatureCache

    def train_on(self, files: tuple[Path, ...]) -> Model:
        """Return the model of some good images."""
        return train(TrainRequest(files, settings=self.settings), _QUIET, cache=self.cache).model

    def score_files(self, model: Model, files: tuple[Path, ...]) -> np.ndarray:
        """Return the scores of files, (files,)."""
        judged = judge_images(model, list(files), _QUIET, cache=self.cache)
        return np.array([image.score for image in judged if image.score is not None])

    def measure(self, name: str, model: Model, megabytes: float) -> list[object]:
        """Return a row: threshold in deviations of good images, AUROC, found, false alarms, size."""
        good, bad = (self.score_files(model, files) for files in (self.kind.unseen, self.kind.bad))
        threshold, held_out = model.threshold.value, model.training.held_out
        middle, spread = np.median(held_out), np.std(held_out)
        auroc = image_auroc(
            np.concatenate([good, bad]),
            [*["normal"] * len(good), *["anomalous"] * len(bad)],  # type: ignore[list-item]
        )
        return [
            self.kind.name,
            self.settings.detector,
            name,
            len(held_out),
            f"{(threshold - middle) / spread:.2f}",
            f"{auroc:.4f}",
            f"{100 * np.mean(bad < threshold):.1f}",
            f"{100 * np.mean(good < threshold):.1f}",
            f"{megabytes:.1f}",
            "" if model.admission.light is None else _describe_ends(model.admission.light),
        ]


def _describe_ends(light: LightRange) -> str:
    """Return how much darker, and brighter, than any good image an image may be."""
    darker, brighter = light.ends[:2]
    return " to ".join(
        "any" if end is None else f"{100 * np.expm1(sign * end):+.0f} %"
        for sign, end in ((-1, darker), (1, brighter))
    )


def run_trial(trial: Trial, folder: Path) -> list[list[object]]:
    """Return the rows of one kind and detector."""
    good, file = trial.kind.good, folder / "model.anomaly"
    rows = []
    half = trial.train_on(good[::2])
    save_model(half, file)
    half = open_model(file)
    rows.append(trial.measure("half", half, file.stat().st_size / 1e6))
    updated = update_model(half, UpdateRequest(good[1::2]), _QUIET, cache=trial.cache).model
    save_model(updated, file)
    rows.append(trial.measure("half, then the others", updated, file.stat().st_size / 1e6))
    whole = trial.train_on((*good[::2], *good[1::2]))
    save_model(whole, file)
    rows.append(trial.measure("all at once", whole, file.stat().st_size / 1e6))
    apart = (
        np.corrcoef(updated.training.held_out, whole.training.held_out)[0, 1]
        if len(updated.training.held_out) == len(whole.training.held_out)
        else np.nan
    )
    print(trial.kind.name, trial.settings.detector, f"held-out scores correlate by {apart:.5f}", flush=True)
    return rows


def main() -> None:
    """Run all kinds and detectors asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("--detectors", nargs="*", default=["auto", "pooled", "positional", "texture"])
    parser.add_argument("--most", type=int, default=200, help="good images of a kind, at most")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument(
        "--variants", type=int, help="of each good image; as many as suit where none is named"
    )
    asked = parser.parse_args()
    cache, rows = FeatureCache(asked.work / "cache-of-updates"), []
    with TemporaryDirectory() as folder:
        for kind in list_part_kinds(asked.sets, asked.work, asked.kinds):
            for detector in asked.detectors:
                settings = TrainSettings(
                    detector=detector,
                    variants=asked.variants,
                    size=asked.size,
                    false_alarm_rate=_RATE,
                    group_by=kind.group_by,
                    suspects="keep",
                )
                few = replace(kind, good=kind.good[: asked.most])
                rows += run_trial(Trial(few, settings, cache), Path(folder))
    print_table(
        f"promised 2 %, {asked.size} px",
        [
            "kind",
            "detector",
            "model",
            "images",
            "threshold",
            "AUROC",
            "found %",
            "false alarms %",
            "MB",
            "light",
        ],
        rows,
    )


if __name__ == "__main__":
    main()
