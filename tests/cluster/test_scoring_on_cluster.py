"""What a cluster judges is what one machine does, whatever ends on the way."""

import contextlib
import json
import os
import signal
import threading
import time

import psutil
import pytest
from command_line import run
from parts import save_parts

from anomaly_gui.cluster import manifest


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a model, good parts and defects."""
    folder = tmp_path_factory.mktemp("made")
    save_parts(folder / "train", 24)
    save_parts(folder / "good", 40, seed=1)
    save_parts(folder / "bad", 9, seed=2, defect=True)
    (folder / "bad" / "torn.png").write_bytes((folder / "good" / "part_1.png").read_bytes()[:500])
    (folder / "good" / "twin.png").write_bytes((folder / "good" / "part_2.png").read_bytes())
    (folder / "good" / "notes.txt").write_text("none")
    settings = ["--detector", "pooled", "--layer", "block2_pool", "--false-alarm-rate", "0.1"]
    trained = run("train", folder / "train", "--out", folder / "m.anomaly", *settings)
    assert trained.returncode == 0, trained.stderr
    return folder


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(manifest, "PART", 16)  # two batches: they are cut as on one machine


def score(made, out, *options):
    ran = run(
        "score",
        made / "m.anomaly",
        made / "good",
        made / "bad",
        "--csv",
        out / "s.csv",
        "--json",
        out / "s.json",
        *options,
    )
    assert ran.returncode == 3, ran.stderr
    return ran


def read_results(folder):
    return (folder / "s.csv").read_bytes(), json.loads((folder / "s.json").read_text())


@pytest.mark.parametrize("cluster", ["local", "auto"])
def test_scores_are_the_same_files(made, tmp_path, cluster):
    for name in ("one", "many"):
        (tmp_path / name).mkdir()
    alone = score(made, tmp_path / "one", "--no-cache")
    many = score(made, tmp_path / "many", "--cluster", cluster)
    assert read_results(tmp_path / "many") == read_results(tmp_path / "one")
    assert many.stdout == alone.stdout
    assert sorted(path.name for path in (tmp_path / "many").iterdir() if not path.name.startswith(".")) == [
        "s.csv",
        "s.json",
    ]


def test_the_address_of_dasks_page_is_printed(made, tmp_path):
    ran = run("score", made / "m.anomaly", made / "bad", "--cluster", "auto")
    assert "Dask's own page: http://127.0.0.1:" in ran.stderr


@pytest.mark.parametrize("cluster", ["local", "auto"])
def test_an_evaluation_is_the_same_file(made, tmp_path, cluster):
    command = ["evaluate", made / "m.anomaly", "--normal", made / "good", "--anomalous", made / "bad"]
    alone = run(*command, "--json", tmp_path / "one.json", "--no-cache")
    many = run(*command, "--json", tmp_path / "many.json", "--cluster", cluster)
    assert many.returncode == alone.returncode == 3, many.stderr
    assert (tmp_path / "many.json").read_bytes() == (tmp_path / "one.json").read_bytes()
    assert many.stdout == alone.stdout


def test_finished_parts_are_not_judged_again(made, tmp_path, monkeypatch):
    parts = tmp_path / "parts"
    monkeypatch.setattr(manifest, "PART", 8)
    score(made, tmp_path, "--cluster", "local", "--parts", parts)
    written = {path: path.stat().st_mtime_ns for path in parts.iterdir()}
    gone = sorted(written)[2]
    gone.unlink()
    score(made, tmp_path, "--cluster", "local", "--parts", parts)
    assert {path for path in parts.iterdir() if path.stat().st_mtime_ns != written[path]} == {gone}
    assert read_results(tmp_path)[1]["taken_over"] == 51 - 8


def check_close(many, one):
    """What is computed in other batches differs by rounding only."""
    assert [image | {"score": 0} for image in many] == [image | {"score": 0} for image in one]
    assert [image["score"] for image in many] == pytest.approx([image["score"] for image in one], rel=1e-5)


def test_changed_images_are_judged_again(made, tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "PART", 8)
    save_parts(tmp_path / "new", 20, seed=5)
    command = ["score", made / "m.anomaly", tmp_path / "new", "--json", tmp_path / "s.json"]
    options = ["--cluster", "local", "--parts", tmp_path / "parts"]
    run(*command, *options)
    save_parts(tmp_path / "new", 1, seed=6, defect=True)
    run(*command, *options)
    many = json.loads((tmp_path / "s.json").read_text())
    run(*command)
    one = json.loads((tmp_path / "s.json").read_text())
    check_close(many["images"], one["images"])
    assert many["taken_over"] == 12


class Killer(threading.Thread):
    """Kills a worker each time so many more parts are finished."""

    def __init__(self, parts, times):
        super().__init__()
        self.parts, self.times, self.killed = parts, times, []

    def run(self):
        for time_of in range(1, self.times + 1):
            wait_until(lambda wanted=3 * time_of: len(list(self.parts.glob("*.parquet"))) >= wanted)
            wait_until(self.kill_one)

    def kill_one(self):
        for one in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if "spawn_main" in " ".join(one.cmdline()) and not one.children():
                    os.kill(one.pid, signal.SIGKILL)
                    self.killed.append(one.pid)
                    return True
        return False


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)


@pytest.mark.parametrize("cluster", ["local", "auto"])
def test_workers_that_are_killed_lose_nothing(made, tmp_path, monkeypatch, cluster):
    monkeypatch.setattr(manifest, "PART", 4)
    save_parts(tmp_path / "new", 60, seed=7)
    command = ["score", made / "m.anomaly", tmp_path / "new", "--json"]
    killer = Killer(tmp_path / "parts", 3)
    killer.start()
    ran = run(*command, tmp_path / "many.json", "--cluster", cluster, "--parts", tmp_path / "parts")
    killer.join()
    assert ran.returncode == 0, ran.stderr
    assert len(set(killer.killed)) == 3
    run(*command, tmp_path / "one.json")
    many, one = (json.loads((tmp_path / name).read_text())["images"] for name in ("many.json", "one.json"))
    check_close(many, one)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cluster", "ftp://x:1"], "names no cluster"),
        (["--cluster", "tcp://127.0.0.1:1", "--parts", "x"], "No scheduler answers"),
        (["--cluster", "tls://127.0.0.1:1", "--parts", "x"], "needs certificates"),
        (["--cluster", "tcp://127.0.0.1:1"], "Say where workers may write"),
        (["--cluster", "local", "--parts", "s3://key:secret@bucket/x"], "Leave name and password out"),
        (["--cluster", "local", "--parts", "s3://bucket/x?sig=secret"], "Leave name and password out"),
    ],
)
def test_what_cannot_be_is_said(made, tmp_path, monkeypatch, options, said):
    from anomaly_gui.cluster import opening

    monkeypatch.setattr(opening, "_PATIENCE", 1)
    monkeypatch.chdir(tmp_path)
    ran = run("score", made / "m.anomaly", made / "bad", *options)
    assert ran.returncode == 2 and said in ran.stderr and "secret" not in ran.stderr


def test_addresses_need_a_cluster(made):
    ran = run("score", made / "m.anomaly", "s3://bucket/images")
    assert ran.returncode == 2 and "--cluster auto" in ran.stderr
