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
    SIGNED,
    Entry,
    find_entry,
    is_after,
    read_wrong,
)
from anomaly_gui.station.watching.drift_words import word_moment
from anomaly_gui.station.watching.signing import find_lock
from anomaly_gui.wording import join_clauses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

_MOST = 3  # parts that are named


def word_lock(lock: Entry) -> str:
    """Return why the station is locked, and who opens it."""
    return translate(
        "The challenge of {time} failed: {why}. Nothing is judged until an engineer signs.",
        time=word_moment(lock.at),
        why=_word_why(lock),
    )


def _word_why(failed: Entry) -> str:
    wrong = read_wrong(failed)
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
    return join_clauses([translate_kept(failed.why).rstrip("."), *named, *more])


def word_challenges(engine: Engine) -> Iterator[str]:
    """Yield how the last challenge went, what is going on and what is asked for; raises LedgerError."""
    ended, begun = find_entry(engine, PASSED, FAILED), find_entry(engine, BEGUN)
    lock = find_lock(engine)
    if lock is not None:
        yield word_lock(lock)
    elif ended is None:
        yield translate("No challenge has ended yet.")
    else:
        yield translate(
            "The last challenge ended at {time}: {why}.", time=word_moment(ended.at), why=_word_why(ended)
        )
    signed = find_entry(engine, SIGNED)
    if signed is not None:
        yield translate(
            "Signed at {time} by {who}: {why}", time=word_moment(signed.at), who=signed.who, why=signed.why
        )
    if is_after(begun, ended):
        yield translate("A challenge is going on.")
    if is_after(find_entry(engine, ASKED), begun):
        yield translate("A challenge was asked for, and begins when the station runs.")
