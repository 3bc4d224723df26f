import csv
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.detection.worked_example import unpack_mnist
from anomaly_gui.errors import UserError


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, "-m", "anomaly_gui", "demo", "--headless", "--out", str(out)]
    return out, subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_tells_ones_from_sevens_honestly(demo):
    out, finished = demo
    assert finished.returncode == 0, finished.stderr
    with (out / "scores.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    alarms = [row["verdict"] == "defect" for row in rows if row["label"] == "normal"]
    misses = [row["verdict"] == "good" for row in rows if row["label"] == "anomalous"]
    assert (len(alarms), len(misses)) == (327, 1070)
    assert 0.002 <= sum(alarms) / len(alarms) <= 0.025
    assert sum(misses) / len(misses) <= 0.15
    auroc = float(finished.stdout.split("AUROC ")[1].split(". ")[0])
    assert auroc >= 0.995


def test_shows_the_textbooks_method_and_the_automatic_one(demo):
    out, finished = demo
    lines = [line.split("  ")[0] for line in finished.stdout.splitlines()]
    for name in ("textbook: mixture", "pooled: mean", "pooled, calibrated", "auto, nothing set"):
        assert sum(line.startswith(name) for line in lines) == 1
    assert "honest" not in finished.stdout
    with (out / "scores.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for name, most in (("textbook", 0.3), ("auto", 0.03)):
        alarms = [row[f"verdict of {name}"] == "defect" for row in rows if row["label"] == "normal"]
        assert sum(alarms) / len(alarms) <= most
        found = [row[f"verdict of {name}"] == "defect" for row in rows if row["label"] == "anomalous"]
        assert sum(found) / len(found) >= 0.6
    with Image.open(out / "scatter.png") as picture:
        assert picture.size[0] > 2.5 * picture.size[1]  # side by side


def test_draws_its_pictures(demo):
    out, _ = demo
    for name in ("scatter.png", "failures.png"):
        with Image.open(out / name) as picture:
            assert min(picture.size) > 400


def test_a_wrong_option_is_a_mistake_of_the_users():
    command = [sys.executable, "-m", "anomaly_gui", "demo", "--nope"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert finished.returncode == 2
    assert "No such option: --nope" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_mistake_is_one_sentence_and_exit_code_2(tmp_path):
    (tmp_path / "file").write_text("in the way")
    command = [
        sys.executable,
        "-m",
        "anomaly_gui",
        "demo",
        "--headless",
        "--out",
        str(tmp_path / "file" / "x"),
    ]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert finished.returncode == 2
    assert len(finished.stderr.splitlines()) == 1
    assert "cannot be made" in finished.stderr


def _digits(count, digit, seed):
    """Return strokes of so many images: upright ones, or with a bar on top for sevens."""
    images = np.zeros((count, 28, 28), np.uint8)
    rng = np.random.default_rng(seed)
    for image in images:
        left = rng.integers(10, 16)
        image[rng.integers(3, 6) : 24, left : left + 3] = rng.integers(180, 255)
        if digit == 7:
            image[3:6, 4 : left + 3] = 230
    return images, np.full(count, digit, np.uint8)


@pytest.fixture
def mnist(tmp_path):
    path = tmp_path / "mnist.npz"
    (ones, one), (sevens, seven), (noise, zero) = _digits(130, 1, 0), _digits(9, 7, 1), _digits(3, 0, 2)
    (test_ones, test_one), (test_sevens, test_seven) = _digits(21, 1, 3), _digits(5, 7, 4)
    np.savez(
        path,
        x_train=np.concatenate([ones, sevens, noise]),
        y_train=np.concatenate([one, seven, zero]),
        x_test=np.concatenate([test_ones, test_sevens]),
        y_test=np.concatenate([test_one, test_seven]),
    )
    return path


def _demo(*arguments):
    command = [sys.executable, "-m", "anomaly_gui", "demo", "--headless", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


def test_runs_on_keras_own_file(mnist, tmp_path):
    finished = _demo("--mnist", mnist, "--out", tmp_path / "out")
    assert finished.returncode == 0, finished.stderr
    assert "Learned from 130 ones" in finished.stdout
    with (tmp_path / "out" / "scores.csv").open(encoding="utf-8-sig") as file:
        labels = [row["label"] for row in csv.DictReader(file)]
    assert (labels.count("normal"), labels.count("anomalous")) == (21, 9 + 5)


@pytest.mark.parametrize("kind", ["missing", "text", "other arrays", "other shapes", "objects", "cut"])
def test_another_file_than_keras_is_refused(mnist, tmp_path, kind):
    whole = dict(np.load(mnist))
    path = tmp_path / "other.npz"
    if kind == "text":
        path.write_text("no archive")
    elif kind == "other arrays":
        np.savez(path, images=whole["x_train"])
    elif kind == "other shapes":
        np.savez(path, **{**whole, "x_train": whole["x_train"].reshape(-1)})
    elif kind == "objects":
        np.savez(path, **{**whole, "x_train": np.array([{}, None], object)})
    elif kind == "cut":
        path.write_bytes(mnist.read_bytes()[:-3000])
    with pytest.raises(UserError) as error:
        unpack_mnist(path, tmp_path / "digits")
    assert str(path) in str(error.value)
    assert not (tmp_path / "digits").exists()
