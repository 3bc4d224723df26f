"""Detectors are declared once: a new one is its own file and one entry, shown on a made-up one."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from parts import save_parts

from anomaly_gui.detection.detectors.placement.placement import UNKNOWN, Placement
from anomaly_gui.detection.detectors.registry import load_detector, make_plan
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.settings.detector_kinds import DETECTORS, LEARNED
from anomaly_gui.detection.settings.train_settings import SETTINGS, TrainSettings

FILE = '''
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from anomaly_gui.detection.detectors.base import BaseDetector
from anomaly_gui.detection.detectors.protocol import Fitted, Judgement


@dataclass(frozen=True, eq=False)
class MeanDetector(BaseDetector):
    """Scores images by minus the distance of their features from the mean."""

    kind: ClassVar[str] = "mean"
    mean: np.ndarray

    def judge(self, observed):
        return Judgement(-np.linalg.norm(observed.vectors - self.mean, axis=1).astype(np.float64))

    def state(self):
        return {}, {"mean": self.mean}

    @classmethod
    def fit(cls, settings, plan, images, groups, split):
        vectors = np.asarray(images.vectors)
        total, count = vectors.sum(axis=0), len(vectors)
        apart = [np.linalg.norm(one - (total - one) / (count - 1)) for one in vectors]
        return Fitted(cls(plan, (total / count).astype(np.float32)), -np.array(apart, np.float64), None)

    @classmethod
    def restore(cls, plan, described, arrays):
        return cls(plan, arrays["mean"])
'''

ENTRY = 'DetectorKind("mean", "Mean", "Take it in a test.", "mean_detector:MeanDetector")'

RUN = f"""
import sys
from types import MappingProxyType
from anomaly_gui.detection.settings import detector_kinds
from anomaly_gui.detection.settings.detector_kinds import DetectorKind

detector_kinds.DETECTORS = MappingProxyType({{**detector_kinds.DETECTORS, "mean": {ENTRY}}})
from anomaly_gui.__main__ import main

main()
"""


@pytest.fixture
def run_with_entry(tmp_path):
    """Run commands of a program that has the file and the entry, and nothing else."""
    (tmp_path / "mean_detector.py").write_text(FILE)

    def run(*words):
        code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv[0] = 'anomaly-gui'\n{RUN}"
        ran = subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


def test_a_new_detector_is_its_own_file_and_one_entry(run_with_entry, tmp_path):
    good, new = save_parts(tmp_path / "good", 20), save_parts(tmp_path / "new", 5, 1)
    bent = save_parts(tmp_path / "bent", 4, 2, defect=True)
    model, table = tmp_path / "m.anomaly", tmp_path / "scores.csv"
    run_with_entry(
        "train", good, "--out", model, "--detector", "mean", "--size", "64", "--layer", "block2_pool"
    )
    run_with_entry("score", model, new, bent, "--csv", table)
    with table.open(newline="", encoding="utf-8-sig") as file:
        rows = [(Path(row["path"]).parent, float(row["score"])) for row in csv.DictReader(file)]
    scores = {folder: [score for where, score in rows if where == folder] for folder in (new, bent)}
    assert [len(scores[folder]) for folder in (new, bent)] == [5, 4]
    assert max(scores[bent]) < min(scores[new])
    assert "mean" in run_with_entry("info", model)
    compared = run_with_entry("compare", "--normal", good, "--anomalous", bent, "--sizes", "32")
    assert "mean" in compared


@pytest.mark.parametrize("name", DETECTORS)
def test_an_entry_and_its_class_agree(name):
    kind, detector = DETECTORS[name], load_detector(name)
    assert kind.name == name == detector.kind
    assert kind.title
    assert kind.hint.endswith(".")
    if kind.is_learned:
        assert callable(detector.network_trainer())
    else:
        with pytest.raises(ValueError, match="learns no features"):
            detector.network_trainer()
        plan = make_plan(TrainSettings(detector=name), RegionOfInterest(), Placement(UNKNOWN))
        assert plan.has_cells == kind.has_map


def test_the_settings_are_made_from_the_entries():
    assert SETTINGS["detector"].choices == tuple(DETECTORS)
    assert SETTINGS["latent_size"].used_by == LEARNED
    assert SETTINGS["density"].used_by == tuple(one.name for one in DETECTORS.values() if one.has_density)


def test_a_name_that_no_detector_has_is_refused():
    with pytest.raises(ValueError, match="no detector 'lambda'"):
        load_detector("lambda")
