"""What the loop of a station asks of its watch, turn by turn."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from anomaly_gui.errors import UserError
from anomaly_gui.language import keep, translate
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.times import now_utc
from anomaly_gui.station.watching import drift as drifting
from anomaly_gui.station.watching.challenge import Challenge
from anomaly_gui.station.watching.challenge_records import find_entry, list_active_alarms
from anomaly_gui.station.watching.drift import FIRST_SCORES, SeenPart
from anomaly_gui.station.watching.drift_records import ANEW, read_drift
from anomaly_gui.station.watching.drift_words import word_change, word_held_out
from anomaly_gui.station.watching.score_chart import compare_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.station.capture.picture import Picture
    from anomaly_gui.station.judging.judged import Judged, PictureJudge
    from anomaly_gui.station.ledger.ledger import Ledger
    from anomaly_gui.station.settings.station_settings import StationSettings

WANTED = "challenge_due"
"""The alarm that a challenge is due which only people can begin."""
_FEWEST_HELD_OUT = 20  # scores that tell how others are spread
_EVERY = 1.0  # seconds between two looks at what people asked for
_AGAIN, _NEVER = 600.0, float("inf")  # seconds until what could not be compared is compared again


class Alarms(Protocol):
    """Where alarms are set."""

    def set_alarm(self, name: str, text: str) -> None:
        """Let an alarm be on with this text, or off where the text is empty."""


class Watching(Protocol):
    """What the loop asks."""

    def tend(self) -> bool:
        """Do what is due; tell whether something was judged."""

    def limit_parts(self, most: int) -> int:
        """Return how many parts may be judged now, of so many."""

    def mark_pictures(self, pictures: Sequence[Picture]) -> Sequence[Picture]:
        """Return new pictures, marked where they are a challenge."""

    def note_result(self, seq: int, judged: Judged) -> None:
        """Take in a verdict that was recorded."""


class Unwatched:
    """Watches nothing."""

    def tend(self) -> bool:
        """Do nothing."""
        return False

    def limit_parts(self, most: int) -> int:
        """Return all."""
        return most

    def mark_pictures(self, pictures: Sequence[Picture]) -> Sequence[Picture]:
        """Return them as they are."""
        return pictures

    def note_result(self, seq: int, judged: Judged) -> None:
        """Do nothing."""


class Watch:
    """Challenges the station when it is due, locks it where it failed, and warns of drift.

    Parameters
    ----------
    settings : without a table [challenge] it is never challenged
    read_held_out : returns scores of good images the model was not fitted on; may raise UserError
    """

    def __init__(
        self,
        ledger: Ledger,
        judge: PictureJudge,
        alarms: Alarms,
        settings: StationSettings,
        read_held_out: Callable[[], FloatArray],
    ) -> None:
        self._ledger, self._judge, self._alarms = ledger, judge, alarms
        challenge = settings.challenge
        self._challenge = None if challenge is None else Challenge(challenge, settings.shifts, ledger, judge)
        self._read_held_out = read_held_out
        self._next_look = 0.0
        self._anew = find_entry(ledger.engine, ANEW)
        self._drift = read_drift(ledger.engine)
        self._warned = set(list_active_alarms(ledger.engine)) & set(drifting.WARNINGS)
        missed = find_entry(ledger.engine, FIRST_SCORES)
        self._next_comparison = 0.0 if missed and missed.before == judge.by.sha256 else _NEVER

    def tend(self) -> bool:
        """Do what is due, where the station is not locked; tell whether something was judged.

        Raises
        ------
        LedgerError : the records cannot be read or written
        """
        challenge, now = self._challenge, time.monotonic()
        is_going_on = challenge is not None and challenge.begun is not None
        if not is_going_on and now < self._next_look:
            return False
        self._next_look = now + _EVERY
        judged = challenge is not None and self._go_on(challenge)
        self._begin_anew_if_asked()
        if now >= self._next_comparison:
            self._compare_held_out()
        return judged

    def _go_on(self, challenge: Challenge) -> bool:
        if challenge.begun is None:
            challenge.begin_if_due()
        judged = challenge.begun is not None and not challenge.expects_parts
        challenge.judge_some()
        challenge.end_if_complete()
        wanted = translate("A challenge is due: put the known parts before the line, and begin it.")
        self._alarms.set_alarm(WANTED, wanted if challenge.is_wanted else "")
        return judged

    def _begin_anew_if_asked(self) -> None:
        anew = find_entry(self._ledger.engine, ANEW)
        if anew != self._anew:
            self._anew, self._drift = anew, read_drift(self._ledger.engine)
            self._alarms.set_alarm(FIRST_SCORES, "")
            self._warn()

    def limit_parts(self, most: int) -> int:
        """Return how many parts may be judged now: none once a challenge failed, or in one of pictures."""
        if self._challenge is None:
            return most
        if self._challenge.begun is None:
            return 0 if self._challenge.has_failed else most
        return min(most, self._challenge.count_expected()) if self._challenge.expects_parts else 0

    def mark_pictures(self, pictures: Sequence[Picture]) -> Sequence[Picture]:
        """Return new pictures, marked where they are a challenge."""
        if self._challenge is None or not self._challenge.expects_parts:
            return pictures
        return [replace(picture, is_challenge=True) for picture in pictures]

    def note_result(self, seq: int, judged: Judged) -> None:
        """Take in a verdict that was recorded, and warn of what changed."""
        if judged.picture.is_challenge:
            return
        was_known = self._drift.scores.first is not None
        self._drift.note(SeenPart(seq, now_utc(), judged.verdict, judged.score, judged.look))
        self._warn()
        if not was_known and self._drift.scores.first is not None:
            self._compare_held_out()

    def _warn(self) -> None:
        changes = self._drift.list_changes()
        for name in self._warned - set(changes):
            self._alarms.set_alarm(name, "")
        for name in set(changes) - self._warned:
            self._alarms.set_alarm(name, word_change(name, changes[name]))
        self._warned = set(changes)

    def _compare_held_out(self) -> None:
        """Hold the first scores against the model's; where these are not to be had, later and at a start."""
        first, self._next_comparison = self._drift.scores.first, _NEVER
        if first is None:
            return
        try:
            held_out = self._read_held_out()
        except UserError as error:
            self._next_comparison = time.monotonic() + _AGAIN
            why = keep("the first scores were not compared: {why}", why=error)
            self._ledger.add_audit(AuditEntry(FIRST_SCORES, self._judge.by.sha256, why=why), once=True)
            return
        passed = held_out[held_out >= self._judge.by.threshold]
        change = compare_scores(passed, first, now_utc()) if len(passed) >= _FEWEST_HELD_OUT else None
        self._alarms.set_alarm(FIRST_SCORES, "" if change is None else word_held_out(change))
