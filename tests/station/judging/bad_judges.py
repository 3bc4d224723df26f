"""Judges that pictures end, or keep busy for ever; opened in a process of their own."""

import os
import signal
import time

from anomaly_gui.station.judging.judge import Judge, open_judge


class BadJudge(Judge):
    """Does what the name of a picture says, as a decoder in C does; after "late_" when it is judged."""

    def judge_pictures(self, pictures):
        for picture in pictures:
            _suffer(picture.path.name.removeprefix("late_"))
        return super().judge_pictures(pictures)

    def find_troubles(self, files):
        for path, _ in files:
            _suffer(path.name)
        return super().find_troubles(files)


def _suffer(name):
    if name.startswith("abort"):
        os.abort()
    if name.startswith("exit"):
        os._exit(3)
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("stop"):
        os.kill(os.getpid(), signal.SIGSTOP)


def open_bad_judge(file):
    judge = open_judge(file)
    return BadJudge(judge._model, judge.by, judge._runtime, judge.seconds)


def open_once(file, marker):
    """Open a judge the first time only."""
    if marker.exists():
        os._exit(7)
    marker.touch()
    return open_bad_judge(file)
