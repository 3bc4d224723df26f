import csv
import subprocess
import sys

import pytest
from PIL import Image


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, "-m", "anomaly_gui", "demo", "--headless", "--out", str(out)]
    return out, subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_tells_ones_from_sevens_honestly(demo):
    out, finished = demo
    assert finished.returncode == 0, finished.stderr
    with (out / "scores.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    alarms = [row["verdict"] == "defect" for row in rows if row["label"] == "normal"]
    misses = [row["verdict"] == "good" for row in rows if row["label"] == "anomalous"]
    assert (len(alarms), len(misses)) == (327, 1070)
    assert 0.002 <= sum(alarms) / len(alarms) <= 0.025
    assert sum(misses) / len(misses) <= 0.15
    auroc = float(finished.stdout.split("AUROC ")[1].split(". ")[0])
    assert auroc >= 0.995


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
