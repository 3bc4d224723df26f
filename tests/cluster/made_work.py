"""Work for tests of engines: sent to other processes, so it is found by its name."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from image_places import away

from anomaly_gui.cluster.engine import WorkerRefusedError
from anomaly_gui.cluster.outfit import find_outfit
from anomaly_gui.cluster.scored.judging_part import JudgePart
from anomaly_gui.errors import UserError
from anomaly_gui.progress import SilentProgress


def square(number):
    return number * number


def name_process(number):
    time.sleep(0.05)
    return os.getpid()


def join(first, second):
    return f"({first}{second})"


def write_number(number):
    return str(number)


def sleep_long(number):
    time.sleep(60)


def refuse_three(number):
    if number == 3:
        raise UserError("Three is not to be had.")
    return number


def break_on_three(number):
    if number == 3:
        raise KeyError("three")
    return number


def end_on_three(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def count_outfit(sha256):
    return len(find_outfit(sha256))


def count_threads(_):
    return len(os.sched_getaffinity(0)), os.environ["OMP_NUM_THREADS"]


@dataclass(frozen=True)
class EndOnce:
    """Ends the process the first time it meets a part."""

    folder: Path

    def __call__(self, number):
        seen = self.folder / str(number)
        if not seen.exists():
            seen.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number


@dataclass(frozen=True)
class RefuseFirst:
    """The process that comes first may not work."""

    folder: Path

    def __call__(self, number):
        try:
            with (self.folder / "first").open("x") as file:
                file.write(str(os.getpid()))
        except FileExistsError:
            time.sleep(0.05)
        if (self.folder / "first").read_text() == str(os.getpid()):
            raise WorkerRefusedError("This one judges otherwise.")
        return number


def refuse(number):
    raise WorkerRefusedError("All judge otherwise.")


_arrived = []


def _arrive(content):
    _arrived.append(len(content))
    return LargeWork(content)


@dataclass(frozen=True)
class LargeWork:
    """Tells how often it has arrived in a process."""

    content: bytes

    def __reduce__(self):
        return _arrive, (self.content,)

    def __call__(self, number):
        return len(_arrived)


def take_larger(first, second):
    return max(first, second)


@dataclass(frozen=True)
class _AsJudged:
    """What judges parts as another does, but for what goes wrong; its results are those of the other."""

    judge: JudgePart

    @property
    def place(self):
        return self.judge.place

    @property
    def identity(self):
        return self.judge.identity


@dataclass(frozen=True)
class EndOnImage(_AsJudged):
    """Judges parts as ever, but ends the process over an image of a name: as a decoder with a bug does."""

    name: str

    def __call__(self, part):
        if any(path.name == self.name for path in part.paths):
            os.kill(os.getpid(), signal.SIGKILL)
        return self.judge(part)


@dataclass(frozen=True)
class FailTwice(_AsJudged):
    """Fails twice over each part, as a network does for a while."""

    folder: Path

    def __call__(self, part):
        times = len(list(self.folder.glob(f"{part.first}-*")))
        if times < 2:
            (self.folder / f"{part.first}-{times}").touch()
            raise UserError("The network is away.")
        return self.judge(part)


class _EndingTally(SilentProgress):
    """Notes the images of each batch in a file; ends the process over the second, once one was kept."""

    def __init__(self, folder, part, kept):
        self._file, self._ended, self._kept = folder / f"{part}-{os.getpid()}", folder / "ended", kept
        self._batches = 0

    def advance(self, steps=1):
        with self._file.open("ab") as file:
            file.write(b"." * steps)
        time.sleep(0.3)  # longer than the shortest pause between two times that something is kept
        self._batches += 1
        if self._batches == 2 and not self._ended.exists():
            self._end()

    def _end(self):
        end = time.monotonic() + 30
        while not self._kept.exists() and time.monotonic() < end:
            time.sleep(0.01)
        with contextlib.suppress(FileExistsError), self._ended.open("x"):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class EndOverBatch(JudgePart):
    """Judges parts as ever, but ends the first process that has kept something."""

    folder: Path = Path()

    def follow(self, part):
        kept = Path(self.place.where, "unfinished", part.name(self.identity))
        return _EndingTally(self.folder, part.first, kept)


@dataclass(frozen=True)
class ReadBadly(JudgePart):
    """Judges parts as ever, but cannot read some files, as a worker of whose drives one is away.

    Parameters
    ----------
    lost : the names of these files; empty: all of them
    once : the first process to leave a file of this name here is meant, and only its first part where `heals`
    """

    lost: tuple[str, ...] = ()
    once: Path = Path()
    heals: bool = False

    def __call__(self, part):
        mine = f"{os.getpid()}"
        with contextlib.suppress(FileExistsError), self.once.open("x") as file:
            file.write(mine)
        if self.once.read_text() != mine:
            time.sleep(0.3)  # so that the other has its turn
            return super().__call__(part)
        if self.heals:
            self.once.write_text("healed")
        with away(self.lost):
            return super().__call__(part)


@dataclass(frozen=True)
class EndLater:
    """Ends the process over part 1 a while after it began, the first time."""

    folder: Path

    def __call__(self, number):
        seen = self.folder / str(number)
        if number == 1 and not seen.exists():
            seen.touch()
            time.sleep(1)
            os.kill(os.getpid(), signal.SIGKILL)
        return number


class NoOutfit:
    """Cannot be received: the process that tries ends before it is sent a part."""

    def receive(self):
        raise OSError("no room for it")


@dataclass(frozen=True)
class OutfitForOne:
    """Can be received by one process only."""

    folder: Path

    def receive(self):
        (self.folder / "received").touch(exist_ok=False)


@dataclass(frozen=True)
class FailOverHalves(_AsJudged):
    """Ends the process over a whole part, and fails over each half of it."""

    whole: int

    def __call__(self, part):
        if part.first >= self.whole:
            return self.judge(part)
        if len(part.paths) == self.whole:
            os.kill(os.getpid(), signal.SIGKILL)
        raise UserError("The disk is full.")
