"""An installation without TensorFlow trains, judges and compares; only what needs TensorFlow says so."""

import subprocess
import sys

import pytest
from parts import save_parts

_BLOCKED = "import sys; sys.modules.update(tensorflow=None, keras=None)"
_HEAVY = "'HEAVY ' + str([name for name in ('tensorflow', 'keras') if name in sys.modules])"


def _run(before, after, *arguments):
    """Run a command with some code before it, and some after it that prints to stderr."""
    code = f"""
{before}
import sys
sys.argv = ["anomaly-gui", *{list(map(str, arguments))!r}]
from anomaly_gui.__main__ import main
try:
    main()
finally:
    sys.stderr.write({after})
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("station")
    save_parts(place / "good", 20)
    save_parts(place / "bent", 4, 1, defect=True)
    return place


@pytest.mark.parametrize("detector", ["pooled", "positional", "texture"])
def test_training_and_inspecting_never_import_it(place, detector):
    model, options = place / f"{detector}.anomaly", ["--detector", detector, "--size", "64"]
    for words in (["train", place / "good", "--out", model, *options], ["score", model, place / "bent"]):
        ran = _run("", _HEAVY, *words)
        assert ran.returncode == 0, ran.stderr
        assert "HEAVY []" in ran.stderr


def test_scoring_imports_no_scikit_learn_either(place):
    model = place / "pooled again.anomaly"
    assert _run("", "''", "train", place / "good", "--out", model, "--size", "64").returncode == 0
    ran = _run("", "f\"LEARN {'sklearn' in sys.modules}\"", "score", model, place / "bent")
    assert "LEARN False" in ran.stderr


def test_every_command_works_where_it_cannot_be_imported(place, tmp_path):
    model, few = tmp_path / "m.anomaly", ("--images", "4", "--megapixels", "0.1")
    for words in (
        ["train", place / "good", "--out", model, "--size", "64"],
        ["score", model, place / "bent"],
        ["evaluate", model, "--normal", place / "good", "--anomalous", place / "bent"],
        ["compare", "--normal", place / "good", "--anomalous", place / "bent", "--sizes", "64"],
        ["info", model],
        ["bench", "--sizes", "32", "--layers", "block1_pool", "--rounds", "1", "--backbones", "vgg16", *few],
    ):
        ran = _run(_BLOCKED, "''", *words)
        assert ran.returncode == 0, ran.stderr
    assert "The runtime keras needs TensorFlow" in ran.stdout


def test_asking_for_it_says_how_to_get_it(place, tmp_path):
    ran = _run(_BLOCKED, "''", "train", place / "good", "--out", tmp_path / "m.anomaly", "--runtime", "keras")
    assert ran.returncode == 2
    assert ran.stderr == (
        "The runtime keras needs TensorFlow, which this installation does without: install it with "
        '`pip install "anomaly-gui[tensorflow]"`.\n'
    )
