"""Which pictures are not to be kept any longer, and what became of them. Rows stay, whatever happens."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, bindparam, func, literal_column, select, update

from anomaly_gui.station.ledger.engine import writing
from anomaly_gui.station.ledger.linking import AuditEntry, add_entry
from anomaly_gui.station.ledger.paths_in_rows import read_path
from anomaly_gui.station.ledger.tables import (
    GONE,
    LEFT,
    OUTBOX,
    PENDING,
    PRUNED,
    PRUNING,
    REFERENCE,
    RESULT,
    STEP,
)
from anomaly_gui.station.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Select

_AT_ITS_PLACE = and_(STEP.c.step == literal_column("'MOVED'"), STEP.c.pruning.is_(None))
"""As the index has it: of parts whose picture is where it belongs, and kept."""
_PLAIN = {name: literal_column(f"+result.{name}", Text) for name in ("verdict", "at")}
"""With a sign that lets SQLite go by the index above, in order, and not through all that was ever judged."""
_IS_OURS = RESULT.c.source != REFERENCE
"""Known pictures of a challenge are none of the station's: whoever put them there keeps them."""
_COLUMNS = (
    *(RESULT.c[name] for name in ("id", "seq", "at", "verdict", "image_path", "image_sha256")),
    *(STEP.c.size, STEP.c.mtime_ns),
)


@dataclass(frozen=True)
class KeptPicture:
    """The picture of a part.

    Parameters
    ----------
    id : of the part
    seq, at, verdict : of its result
    path, size, mtime_ns, sha256 : where it is, and what it has to be
    """

    id: str
    seq: int
    at: str
    verdict: str
    path: Path
    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Span:
    """Which pictures are looked at.

    Parameters
    ----------
    before : with results before this moment; "": of any
    below_seq, to_link : with results below this number, and up to this link; None: without end
    after : from behind this part on
    """

    before: str = ""
    below_seq: int | None = None
    to_link: int | None = None
    after: str = ""


def measure_pictures(connection: Connection, verdict: str, since: str) -> int:
    """Return the bytes of the pictures of a verdict that are kept, with results since a moment."""
    asked = _of_verdict(select(func.coalesce(func.sum(STEP.c.size), 0)), verdict)
    return int(connection.scalar(asked.where(_PLAIN["at"] >= since)) or 0)


def find_oldest(connection: Connection, verdict: str, span: Span, most: int) -> list[KeptPicture]:
    """Return the pictures of a verdict that may go, the oldest first."""
    asked = _of_verdict(select(*_COLUMNS), verdict).where(STEP.c.id > span.after)
    if span.before:
        asked = asked.where(_PLAIN["at"] < span.before)
    if span.below_seq is not None:
        asked = asked.where(RESULT.c.seq < span.below_seq)
    if span.to_link is not None:
        asked = asked.where(RESULT.c.link <= span.to_link)
    return [_make_picture(row) for row in connection.execute(asked.order_by(STEP.c.id).limit(most)).all()]


def find_first_waiting(connection: Connection, outputs: Sequence[str]) -> int | None:
    """Return the number of the first result that has not arrived at one of these outputs; None for none."""
    waits = (OUTBOX.c.state == literal_column(f"'{PENDING}'")) & OUTBOX.c.output.in_(outputs)
    found: int | None = connection.scalar(select(func.min(OUTBOX.c.seq)).where(waits))
    return found


def _of_verdict(asked: Select[Any], verdict: str) -> Select[Any]:
    """Narrow a question to pictures of a verdict that are kept, and are known by their bytes."""
    joined = asked.select_from(STEP).join(RESULT, RESULT.c.id == STEP.c.id)
    known = RESULT.c.image_sha256 != ""
    return joined.where(_AT_ITS_PLACE, _PLAIN["verdict"] == verdict, known, _IS_OURS)


def list_pruning(connection: Connection) -> list[KeptPicture]:
    """Return the pictures whose removal was begun and not recorded: a process ended in between."""
    asked = select(*_COLUMNS).join_from(RESULT, STEP, RESULT.c.id == STEP.c.id)
    begun = asked.where(STEP.c.pruning == literal_column(f"'{PRUNING}'"), _IS_OURS)
    return [_make_picture(row) for row in connection.execute(begun.order_by(STEP.c.id)).all()]


def mark_pruning(engine: Engine, pictures: Sequence[KeptPicture]) -> None:
    """Note that pictures will be removed, before any of them is."""
    marked = update(STEP).where(STEP.c.id == bindparam("part"), STEP.c.pruning.is_(None))
    with writing(engine) as connection:
        connection.execute(marked.values(pruning=PRUNING), [{"part": one.id} for one in pictures])


def record_pruned(
    engine: Engine, pictures: Sequence[KeptPicture], became: Mapping[str, str | None], why: str, who: str
) -> Counter[str]:
    """Record what became of pictures, with an entry of the audit; return how many there are of each.

    Parameters
    ----------
    became : by id of the part PRUNED, GONE or LEFT; None: nothing yet, so it is tried again
    """
    counts: Counter[str] = Counter()
    gone = []
    with writing(engine) as connection:
        for picture in pictures:
            step = became[picture.id]
            at = now_utc() if step == PRUNED else None
            mine = (STEP.c.id == picture.id) & (STEP.c.pruning == PRUNING)
            if connection.execute(update(STEP).where(mine).values(pruning=step, pruned_at=at)).rowcount:
                counts[step or ""] += 1
                gone += [picture] if step == PRUNED else []
        if counts.total() > counts[""]:
            add_entry(connection, AuditEntry("prune", "", _describe(gone, counts), why, who))
    return counts


def _describe(gone: Sequence[KeptPicture], counts: Counter[str]) -> str:
    """Return what the audit says of a removal."""
    told = {
        "pictures": len(gone),
        "bytes": sum(one.size for one in gone),
        "up_to": max((one.seq for one in gone), default=None),
        "up_to_at": max((one.at for one in gone), default=None),
        "were_gone": counts[GONE],
        "left_as_changed": counts[LEFT],
    }
    return json.dumps(told)


def _make_picture(row: Any) -> KeptPicture:
    identity, seq, at, verdict, path, sha256, size, mtime_ns = row
    return KeptPicture(identity, seq, at, verdict, read_path(path), sha256, size, mtime_ns)
