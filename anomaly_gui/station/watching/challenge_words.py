"""The challenge in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.language import translate, translate_kept
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.watching.challenge_records import (
    ASKED,
    BEGUN,
    FAILED,
    PASSED,
    Wrong,
    find_entry,
    is_after,
    read_wrong,
)
from anomaly_gui.station.watching.drift_words import word_moment
from anomaly_gui.station.watching.signing import read_lock
from anomaly_gui.wording import join_clauses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

_MOST = 3  # parts that are named


def word_end(why: str, wrong: Sequence[Wrong]) -> str:
    """Return how a challenge went, and what was judged wrongly."""
    named = [
        translate(
            "{name} is {known} and was judged {verdict}",
            name=Path(one.path).name,
            known=StationVerdict(one.known).told,
            verdict=StationVerdict(one.verdict).told,
        )
        for one in wrong[:_MOST]
    ]
    more = [translate("{count} more", count=len(wrong) - _MOST)] if len(wrong) > _MOST else []
    return join_clauses([translate_kept(why).rstrip("."), *named, *more])


def word_failure(why: str, wrong: Sequence[Wrong]) -> str:
    """Return why a challenge that failed locks the station."""
    return translate("the challenge failed: {why}.", why=word_end(why, wrong))


def word_challenges(engine: Engine) -> Iterator[str]:
    """Yield how the last challenge went, what is going on and what is asked for; raises LedgerError."""
    ended, begun = find_entry(engine, PASSED, FAILED), find_entry(engine, BEGUN)
    if lock := read_lock(engine):
        yield translate("The station is locked until an engineer signs: {why}", why=lock)
    if ended is None:
        yield translate("No challenge has ended yet.")
    else:
        why = word_end(ended.why, read_wrong(ended))
        yield translate("The last challenge ended at {time}: {why}.", time=word_moment(ended.at), why=why)
    if is_after(begun, ended):
        yield translate("A challenge is going on.")
    if is_after(find_entry(engine, ASKED), begun):
        yield translate("A challenge was asked for, and begins when the station runs.")
