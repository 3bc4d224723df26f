"""Two ways of use beside whole folders: one image while the model is open, and how much memory maps take."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING

from anomaly_gui.detection.benchmarking.stopwatch import time_job
from anomaly_gui.detection.model.image_judging import judge_images
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.benchmarking.course import Course
    from anomaly_gui.progress import Progress

_TIMES = 3  # as often as whole folders: a single image takes little time
_BETWEEN_LOOKS = 0.01  # seconds
_MEGA = 1_000_000


@dataclass(frozen=True)
class UseSpeed:
    """What a model takes in use.

    Parameters
    ----------
    backbone, runtime, detector : names
    one_image_milliseconds : from a file to its verdict, where the model is open and was used before
    peak_megabytes : resident in a process that scores the files and writes their maps; None without maps
    """

    backbone: str
    runtime: str
    detector: str
    one_image_milliseconds: float
    peak_megabytes: float | None


def measure_use(course: Course, rounds: int, progress: Progress) -> UseSpeed:
    """Return what one image takes, and the memory of maps; a warning says why that is not known."""
    detector, peak = course.model.detector, None
    if detector.plan.has_cells:
        try:
            peak = _measure_memory(course)
        except UserError as error:
            progress.warn(str(error))
    milliseconds = _time_one_image(course, rounds)
    return UseSpeed(course.backbone.name, course.runtime.name, detector.kind, milliseconds, peak)


def _time_one_image(course: Course, rounds: int) -> float:
    # the course's own is made for long runs, of which it takes a while to get used to single images
    runtime, quiet = default_runtime(), SilentProgress()
    return (
        1000
        * time_job(
            lambda: list(judge_images(course.model, course.files[:1], quiet, runtime=runtime)),
            _TIMES * rounds,
        ).seconds
    )


def _measure_memory(course: Course) -> float:
    with TemporaryDirectory(prefix="anomaly-gui-") as folder:
        model = Path(folder, "m.anomaly")
        save_model(course.model, model)
        words = course.writer.list_score_words(model, course.few_files, Path(folder, "maps"))
        return measure_peak_memory(words) / _MEGA


def measure_peak_memory(words: Sequence[str]) -> int:
    """Run a command in a process of its own, and return the most memory that was resident, in bytes.

    It is looked at a hundred times a second: what is shorter can be missed. The operating system's own peak
    would tell of the process that started it, too.

    Raises
    ------
    UserError : the command failed
    """
    import psutil

    peak = 0
    with TemporaryFile() as said, subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=said) as process:
        with suppress(psutil.NoSuchProcess):  # it ended between two looks
            seen = psutil.Process(process.pid)
            while process.poll() is None:
                peak = max(peak, seen.memory_info().rss)
                time.sleep(_BETWEEN_LOOKS)
        if process.wait():
            said.seek(0)
            why = said.read().decode(errors="replace").strip() or translate(
                "it ended with {code}", code=process.returncode
            )
            raise UserError(translate("The memory of scoring could not be measured: {why}", why=why))
    return peak
