"""A station at work for the benchmarks: a model, writers, the real command, what became of each picture."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "station"), str(TESTS / "station" / "outputs")]

from line import Line, make_line, start_command  # noqa: E402 - the tests' own
from writers import encode_picture  # noqa: E402

from anomaly_gui.detection.datasets.train_request import TrainRequest  # noqa: E402
from anomaly_gui.detection.model.model_file import save_model  # noqa: E402
from anomaly_gui.detection.settings.train_settings import TrainSettings  # noqa: E402
from anomaly_gui.detection.training import train  # noqa: E402
from anomaly_gui.progress import SilentProgress  # noqa: E402
from anomaly_gui.station.ledger.engine import open_engine  # noqa: E402
from anomaly_gui.station.ledger.verifying import verify_ledger  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"PNG": "png", "JPEG": "jpg", "BMP": "bmp", "TIFF": "tif"}
_NUMBER = re.compile(r"w\d+_(\d+)")
HASTE = re.compile(r"^(every|patience) = .*\n", re.MULTILINE)
"""What tests are in a hurry with: here a station has its defaults, as writers may be held up."""
_EACH_DEFECT = 5  # every fifth picture of a writer is one


def make_model(folder: Path) -> Path:
    """Train on pictures of all the kinds of files that come: a JPEG file of noise is not what a PNG is."""
    good = folder / "good"
    good.mkdir(parents=True)
    for number in range(120):
        kind = list(KINDS)[number % len(KINDS)]
        (good / f"{number}.{KINDS[kind]}").write_bytes(encode_picture((99, number), kind=kind))
    settings = TrainSettings(detector="pooled", layer="block1_pool", size=32, false_alarm_rate=0.01)
    save_model(
        train(TrainRequest((good,), settings=settings), SilentProgress()).model, folder / "part.anomaly"
    )
    return folder / "part.anomaly"


@contextmanager
def opened_line(folder: Path, share: str, more: str = "") -> Iterator[Line]:
    """Yield a station's line; with a share, pictures arrive in it and the records stay on the disk.

    Parameters
    ----------
    share : a folder on it; "bindfs": a FUSE file system that is mounted here; "": none
    """
    line = make_line(folder / "line", make_model(folder), more=more)
    line.file.write_text(HASTE.sub("", line.file.read_text("utf-8")), "utf-8")
    if not share:
        yield line
        return
    line.incoming.rmdir()
    if share != "bindfs":
        line.incoming.symlink_to(Path(share).absolute(), target_is_directory=True)
        yield line
        return
    mounted, behind = folder / "share", folder / "behind"
    mounted.mkdir()
    behind.mkdir()
    subprocess.run(["bindfs", behind, mounted], check=True)
    line.incoming.symlink_to(mounted, target_is_directory=True)
    try:
        yield line
    finally:
        leave = "fusermount3" if shutil.which("fusermount3") else "fusermount"
        subprocess.run([leave, "-u", "-z", mounted], check=False)


def start_writers(line: Line, files: int, writers: int, pause: float) -> list[tuple[Any, Path]]:
    """Start processes that write pictures; what they wrote is in a file of each."""
    started = []
    for number in range(writers):
        listed = line.folder / f"writer_{number}.txt"
        command = [sys.executable, TESTS / "station" / "writers.py", line.incoming, f"w{number}"]
        command += [files // writers, number, pause]
        with listed.open("wb") as out:
            started.append((subprocess.Popen(list(map(str, command)), stdout=out), listed))
    return started


@dataclass
class Running:
    """The real command, and how long after its start it said that it judges."""

    process: subprocess.Popen[str]
    began: float
    said: list[str] = field(default_factory=list)
    seconds: float | None = None

    def listen(self) -> None:
        """Read what it says."""
        assert self.process.stdout is not None
        for text in self.process.stdout:
            self.said.append(text)
            if self.seconds is None and "Judging" in text:
                self.seconds = time.monotonic() - self.began

    def end(self, number: int, *, whole: bool = False) -> None:
        """Send a signal to the station, or to it and all that it started."""
        if whole:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.process.wait()


def start_station(line: Line, *, wait: bool = True) -> Running:
    """Start it, and by default wait until it judges."""
    running = Running(start_command("run", line.file, start_new_session=True), time.monotonic())
    threading.Thread(target=running.listen, daemon=True).start()
    while wait and running.seconds is None:
        assert running.process.poll() is None, running.said
        time.sleep(0.005)
    return running


def stop_station(running: Running) -> None:
    """End it in good order."""
    running.end(signal.SIGTERM)
    assert running.process.returncode == 0, running.said


def wait_for_end(line: Line, writers: list[tuple[Any, Path]]) -> list[str]:
    """Wait until all is written, judged and moved; return the digests of what was written."""
    for writer, _ in writers:
        assert writer.wait() == 0
    digests = [digest for _, listed in writers for digest in listed.read_text("ascii").split()]
    while _has_file(line.incoming) or count_steps(line).keys() - {"MOVED"}:
        time.sleep(0.5)
    return digests


def _has_file(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(entry.is_file() for entry in entries)


def count_steps(line: Line) -> Counter[str]:
    """Return how many parts have come how far."""
    with contextlib.suppress(Exception):  # there are no records yet, or no tables in them
        return Counter(dict(line.ask("SELECT step, COUNT(*) FROM step GROUP BY step")))
    return Counter()


def compare(line: Line, written: list[str]) -> dict[str, Any]:
    """Hold what was written against what was recorded."""
    rows = line.ask("SELECT image_sha256, image_path, verdict FROM result")
    recorded = Counter(digest for digest, _, _ in rows)
    engine = open_engine(line.ledger)
    found = verify_ledger(engine)
    engine.dispose()
    judged = Counter((_is_defect(path), verdict) for _, path, verdict in rows)
    return {
        "written": len(written),
        "recorded": recorded.total(),
        "lost": len(set(written) - set(recorded)),
        "twice": sum(count - 1 for count in recorded.values()),
        "files_missing": sum(not Path(path).is_file() for _, path, _ in rows),
        "copies": line.ask("SELECT COUNT(DISTINCT before) FROM audit WHERE what = 'copy'")[0][0],
        "defects_found": judged[True, "defect"],
        "defects_missed": judged[True, "good"],
        "false_alarms": judged[False, "defect"],
        "good": judged[False, "good"],
        "errors": judged[True, "error"] + judged[False, "error"],
        "chain": found.faults or "holds",
    }


def _is_defect(path: str) -> bool:
    found = _NUMBER.search(Path(path).name)
    return found is not None and int(found[1]) % _EACH_DEFECT == 0


def is_well(found: dict[str, Any]) -> bool:
    """Tell whether nothing was lost, nothing recorded twice, and nothing changed."""
    return not (found["lost"] or found["twice"] or found["files_missing"]) and found["chain"] == "holds"
