"""Parts of a line as drift sees them, and what a watch is given, for tests."""

from dataclasses import dataclass, field

import numpy as np

from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.judging.judged import Judged, JudgedBy, StationVerdict
from anomaly_gui.station.watching.drift import SeenPart

BY = JudgedBy("m" * 64, "part.anomaly", -3.0)


def make_parts(count, seed=0, start=1, light=1.0, score=0.0, rejected=0.01, blur=1.0, spread=0.03):
    """Return parts of a line where nothing changes but what is told."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(start, start + count):
        gain = light * np.exp(spread * rng.normal())
        look = (100 * gain, 40 * gain * np.exp(0.02 * rng.normal()), blur * 0.4 * np.exp(0.1 * rng.normal()))
        look = (*look, 200 * gain)
        verdict = "defect" if rng.random() < rejected else "good"
        at = f"2026-11-26T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
        made.append(SeenPart(number, at, verdict, score + rng.normal(), look))
    return made


def record_parts(ledger, parts, **how):
    """Record parts as the station does."""
    for part in parts:
        picture = Picture(ledger.file.parent / f"{part.seq}.png", 1, part.seq, f"{part.seq:064}", **how)
        (steps,) = ledger.see_pictures([picture])
        judged = Judged(picture, StationVerdict(part.verdict), BY, part.score, look=part.look)
        yield ledger.record_judged(steps, judged, picture.path), judged
        ledger.mark_moved([steps])


@dataclass
class Board:
    """Where alarms are set."""

    alarms: dict = field(default_factory=dict)

    def set_alarm(self, name, text):
        self.alarms.pop(name, None)
        self.alarms |= {name: text} if text else {}


class OneJudge:
    """Judges nothing: who it is, is asked."""

    by, at_once = BY, 4
