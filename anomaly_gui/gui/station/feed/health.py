"""How a station is: whether it lives, what it says of itself, and a lamp for each part of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from anomaly_gui.gui.station.feed.moments import write_time
from anomaly_gui.station.state_file import ERROR, RUNNING, STARTING, STOPPED, read_state
from anomaly_gui.station.times import read_moment
from anomaly_gui.wording import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

translate = QCoreApplication.translate

LOCKED, PAUSED, UNSEEN = "locked", "paused", "unseen"
_SILENT, _SLOW_START = 5.0, 120.0  # seconds without a heartbeat: of one at work, of one that opens its model
_LATE = 10.0  # seconds a message may wait before its output is looked at
_JUDGING, _FILING, _BACKLOG = "judging", "moving", "backlog"
_RECORDS = ("records", "cut")
_LOCKS = ("challenge", "locked")  # said by the state itself
DRIFT = ("light", "contrast", "sharpness", "scores", "rejected", "first_scores")
"""Names of the alarms that say that something changed slowly."""
_PICTURES = ("capture", "camera", "trigger")
_LOG_END = 4000  # bytes


class Level(IntEnum):
    """How well something is; what is worse is higher."""

    OFF = 0
    WELL = 1
    WARNING = 2
    FAULT = 3


@dataclass(frozen=True)
class Lamp:
    """One part of a station: what it is called, how it is, a word on that, and a sentence."""

    name: str
    level: Level
    word: str
    sentence: str = ""


@dataclass(frozen=True)
class Alarm:
    """An alarm that is on: since when (UTC), and what it says."""

    name: str
    at: str
    text: str


@dataclass(frozen=True)
class Health:
    """How a station is.

    Parameters
    ----------
    is_alive : whether its process is there
    state : what it says of itself; "error" where it does not say anything any more, "" where it never did,
        "unseen" where nothing can be read
    level : of the whole station
    sentence : on the whole of it
    """

    is_alive: bool
    state: str
    level: Level
    sentence: str
    lamps: tuple[Lamp, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    @property
    def troubles(self) -> tuple[Alarm, ...]:
        """Faults that are no alarm, such as an output that cannot send; nothing says since when."""
        said = {alarm.text for alarm in self.alarms}
        faults = (lamp for lamp in self.lamps if lamp.level == Level.FAULT and lamp.sentence)
        return tuple(
            Alarm(lamp.name, "", f"{lamp.name}: {lamp.sentence}")
            for lamp in faults
            if not any(text in lamp.sentence for text in said)
        )


def read_health(state_file: Path, is_alive: bool) -> Health:
    """Return how a station is; `is_alive`: whether a process has its records."""
    said = read_state(state_file) or {}
    alarms = tuple(_list_alarms(said))
    state = _find_state(said, is_alive)
    level, sentence = _judge_state(state, said, is_alive, state_file.with_name("station.log"))
    lamps = tuple(_make_lamps(said, state, is_alive, {alarm.name: alarm for alarm in alarms}))
    worst = max((lamp.level for lamp in lamps), default=level) if is_alive else level
    return Health(is_alive, state, max(level, worst), sentence, lamps, alarms if is_alive else ())


def make_unseen(is_alive: bool, why: str) -> Health:
    """Return how a station is that cannot be looked at; `is_alive`: whether it was there before."""
    sentence = translate("Station", "How the station is cannot be seen.")
    return Health(is_alive, UNSEEN, Level.FAULT, sentence, (_make_unread(why),))


def mark_unread(health: Health, why: str) -> Health:
    """Return how a station is whose records cannot be read; while it starts there may be none yet."""
    if not health.is_alive or health.state == STARTING:
        return health
    lamp, sentence = _make_unread(why), health.sentence
    if health.level < Level.FAULT:
        sentence = translate("Station", "The records of the station cannot be read.")
    lamps = tuple(lamp if one.name == lamp.name else one for one in health.lamps)
    return replace(health, level=Level.FAULT, sentence=sentence, lamps=lamps)


def _make_unread(why: str) -> Lamp:
    return Lamp(translate("Station", "Records"), Level.FAULT, translate("Station", "fault"), why)


def _list_alarms(said: Mapping[str, Any]) -> Iterator[Alarm]:
    for one in said.get("alarms", ()):
        if isinstance(one, dict):
            yield Alarm(str(one.get("alarm", "")), str(one.get("at", "")), str(one.get("text", "")))


def _find_state(said: Mapping[str, Any], is_alive: bool) -> str:
    """Return the state; a word that a process left behind says nothing of now."""
    state = str(said.get("state", ""))
    if not is_alive:
        return STOPPED if state in (STOPPED, "") else ERROR
    if state in (STOPPED, ""):  # of the run before
        return STARTING
    patience = _SLOW_START if state == STARTING else _SILENT
    return ERROR if _measure_silence(said) > patience else state


def _measure_silence(said: Mapping[str, Any]) -> float:
    """Return for how many seconds nothing new was said."""
    try:
        return time.time() - read_moment(str(said["at"]))
    except (KeyError, ValueError):
        return float("inf")


def _judge_state(state: str, said: Mapping[str, Any], is_alive: bool, log: Path) -> tuple[Level, str]:
    last = write_time(str(said["at"])) if "at" in said else ""
    if not is_alive:
        return _judge_end(state, last, _read_last_line(log, _measure_silence(said)))
    if state == ERROR and _measure_silence(said) > _SILENT:
        text = translate("Station", "The station hangs: its last heartbeat was at %1. Nothing is judged.")
        return Level.FAULT, text.replace("%1", last)
    return {
        STARTING: (Level.WARNING, translate("Station", "The station starts: its model is opened.")),
        RUNNING: (Level.WELL, translate("Station", "The station judges what comes.")),
        PAUSED: (Level.WARNING, translate("Station", "The station pauses: nothing is judged.")),
        LOCKED: (Level.FAULT, translate("Station", "The station is locked: nothing is judged.")),
    }.get(state, (Level.FAULT, translate("Station", "The station has a fault: see the alarms.")))


def _judge_end(state: str, last: str, why: str) -> tuple[Level, str]:
    if not last:
        sentence = translate("Station", "The station does not run: it never did.")
    elif state == STOPPED:
        sentence = translate("Station", "The station does not run: it was stopped at %1.").replace("%1", last)
    else:
        sentence = translate(
            "Station", "The station does not run: it ended at %1 without having been stopped."
        ).replace("%1", last)
    is_fine = state == STOPPED and not why
    return Level.OFF if is_fine else Level.FAULT, f"{sentence} {why}".strip()


def _read_last_line(log: Path, silence: float) -> str:
    """Return what a station that the window started complained of after its last word on itself."""
    try:
        if time.time() - log.stat().st_mtime > silence:
            return ""
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _LOG_END))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


# Lamps


def _make_lamps(
    said: Mapping[str, Any], state: str, is_alive: bool, alarms: Mapping[str, Alarm]
) -> Iterator[Lamp]:
    names = (
        translate("Station", "Pictures"),
        translate("Station", "Judging"),
        translate("Station", "Records"),
        translate("Station", "Waiting"),
        translate("Station", "Watch"),
    )
    if not is_alive:
        off = translate("Station", "off")
        yield from (Lamp(name, Level.OFF, off) for name in names)
        yield from (Lamp(str(name), Level.OFF, off) for name in said.get("outputs", {}))
        return
    yield _judge_alarms(names[0], [one for one in alarms.values() if one.name.startswith(_PICTURES)])
    yield _judge_judging(names[1], state, alarms.get(_JUDGING))
    yield _judge_records(names[2], alarms)
    yield _judge_backlog(names[3], said.get("backlog", {}), alarms.get(_BACKLOG))
    yield _judge_watch(names[4], [one for one in alarms.values() if _is_other(one.name)])
    for name, told in said.get("outputs", {}).items():
        yield _judge_output(str(name), told)


def _judge_alarms(name: str, alarms: list[Alarm]) -> Lamp:
    if not alarms:
        return Lamp(name, Level.WELL, translate("Station", "well"))
    return Lamp(name, Level.FAULT, translate("Station", "fault"), " ".join(one.text for one in alarms))


def _judge_judging(name: str, state: str, alarm: Alarm | None) -> Lamp:
    level, word = {
        RUNNING: (Level.WELL, translate("Station", "running")),
        STARTING: (Level.WARNING, translate("Station", "starting")),
        PAUSED: (Level.WARNING, translate("Station", "paused")),
        LOCKED: (Level.FAULT, translate("Station", "locked")),
    }.get(state, (Level.FAULT, translate("Station", "fault")))
    if alarm is not None:
        level, word = Level.FAULT, translate("Station", "fault")
    return Lamp(name, level, word, alarm.text if alarm else "")


def _judge_records(name: str, alarms: Mapping[str, Alarm]) -> Lamp:
    if faults := [alarms[one] for one in _RECORDS if one in alarms]:
        return _judge_alarms(name, faults)
    if _FILING in alarms:
        return Lamp(name, Level.WARNING, translate("Station", "not filed"), alarms[_FILING].text)
    return Lamp(name, Level.WELL, translate("Station", "well"))


def _is_other(name: str) -> bool:
    """Tell whether no other lamp says an alarm: such as one of drift, or that a challenge is due."""
    return not name.startswith(_PICTURES) and name not in (
        *_RECORDS,
        *_LOCKS,
        _JUDGING,
        _FILING,
        _BACKLOG,
    )


def _judge_watch(name: str, alarms: list[Alarm]) -> Lamp:
    if not alarms:
        return Lamp(name, Level.WELL, translate("Station", "as before"))
    word = translate("Station", "changed") if any(one.name in DRIFT for one in alarms) else ""
    sentences = " ".join(one.text for one in alarms)
    return Lamp(name, Level.WARNING, word or translate("Station", "look at this"), sentences)


def _judge_backlog(name: str, backlog: Mapping[str, Any], alarm: Alarm | None) -> Lamp:
    count, oldest = int(backlog.get("count", 0)), float(backlog.get("oldest_seconds", 0))
    word = _word_waiting(count, oldest) if count else translate("Station", "none")
    return Lamp(name, Level.FAULT if alarm else Level.WELL, word, alarm.text if alarm else "")


def _judge_output(name: str, told: Mapping[str, Any]) -> Lamp:
    pending, oldest = int(told.get("pending", 0)), float(told.get("oldest_seconds", 0))
    trouble = str(told.get("last_error", ""))
    level = Level.FAULT if trouble else Level.WARNING if pending and oldest > _LATE else Level.WELL
    word = _word_waiting(pending, oldest) if level > Level.WELL else translate("Station", "sending")
    return Lamp(name, level, word, trouble)


def _word_waiting(count: int, seconds: float) -> str:
    text = translate("Station", "%1, for %2")
    return text.replace("%1", f"{count:,}").replace("%2", duration(seconds))
