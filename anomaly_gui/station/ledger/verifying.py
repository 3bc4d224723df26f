"""Check that no byte of the records was changed."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.chain import BEGINNING, UnhashableError, hash_row
from anomaly_gui.station.ledger.engine import explain_database
from anomaly_gui.station.ledger.linking import CUT
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Engine

MOST_FAULTS = 20
_LOST_RESULTS = (
    "SELECT step.seq FROM step LEFT JOIN result ON result.seq = step.seq AND result.id = step.id "
    "WHERE step.step != 'SEEN' AND result.seq IS NULL ORDER BY step.seq"
)
_LOST_STEPS = "SELECT result.seq FROM result LEFT JOIN step ON result.id = step.id WHERE step.id IS NULL"


@dataclass
class Verified:
    """What a check of the records found.

    Parameters
    ----------
    results, entries : rows of results, and of the audit
    head : hash of the last row
    faults : sentences; empty where nothing was changed
    missing : hashes that were known and were not found, and what each missing one means
    """

    results: int = 0
    entries: int = 0
    head: str = BEGINNING
    faults: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def verify_ledger(engine: Engine, known: Mapping[str, str] | None = None) -> Verified:
    """Check the file, the chain through results and audit, and that each judged part has its result.

    Parameters
    ----------
    known : hashes of rows that there were, and the sentence to say where there is no such row
    """
    found = Verified(
        missing={its_hash: text for its_hash, text in (known or {}).items() if its_hash != BEGINNING}
    )
    for check in (_check_file, _check_chain, _check_parts):
        _try_check(check, engine, found)
    del found.faults[MOST_FAULTS:]
    return found


def _try_check(check: Callable[[Connection, Verified], None], engine: Engine, found: Verified) -> None:
    try:
        with engine.connect() as connection:
            check(connection, found)
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        found.faults.append(translate("The file is damaged ({why}).", why=explain_database(error)))


def _check_file(connection: Connection, found: Verified) -> None:
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if said != "ok":
            found.faults.append(translate("The file is damaged ({why}).", why=said))


def _check_chain(connection: Connection, found: Verified) -> None:
    check_rows(_read_both(connection), found)


def check_rows(tables: Iterable[Iterator[tuple[str, Mapping[str, Any]]]], found: Verified) -> None:
    """Check that rows of tables are a chain, and whole.

    Parameters
    ----------
    tables : rows of each, in the order of their links
    found : is told what was found
    """
    number = 0
    for kind, row in heapq.merge(*tables, key=lambda each: _order_of(each[1])):
        number += 1
        if len(found.faults) >= MOST_FAULTS:
            return
        found.faults += _check_row(kind, row, number, found)
        number, found.head = _order_of(row), str(row["hash"])
        found.missing.pop(found.head, None)
    found.faults += found.missing.values()


def _read_both(connection: Connection) -> list[Iterator[tuple[str, Mapping[str, Any]]]]:
    """Return the rows of both tables as the file has them, in the order of the chain."""

    def read_table(kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for row in connection.exec_driver_sql(f"SELECT * FROM {kind} ORDER BY link").mappings():
            yield kind, dict(row)

    return [read_table("result"), read_table("audit")]


def _order_of(row: Mapping[str, Any]) -> int:
    link = row["link"]
    return link if isinstance(link, int) else 0


def _check_row(kind: str, row: Mapping[str, Any], number: int, found: Verified) -> Iterator[str]:
    if kind == "result":
        found.results += 1
        name = translate("Result {seq} ({at})", seq=row["seq"], at=row["at"])
        if row["seq"] != found.results:
            yield translate("{row} is not the one that comes here: a row is missing.", row=name)
    else:
        found.entries += 1
        name = translate("Entry {link} of the audit ({at})", link=row["link"], at=row["at"])
        if row["what"] == CUT:
            yield translate(
                "{row} says that rows had been cut off: the last was {before}, and {after} was left.",
                row=name,
                before=row["before"],
                after=row["after"],
            )
    if row["link"] != number or row["previous_hash"] != found.head:
        yield translate("{row} does not follow the row before it: one is missing or was changed.", row=name)
    if not _has_its_hash(kind, row):
        yield translate("{row} was changed.", row=name)


def _has_its_hash(kind: str, row: Mapping[str, Any]) -> bool:
    try:
        return bool(hash_row(kind, row) == row["hash"])
    except UnhashableError:
        return False


def _check_parts(connection: Connection, found: Verified) -> None:
    for asked, sentence in (
        (_LOST_RESULTS, translate("Parts were judged of which there is no result: {numbers}.", numbers="{}")),
        (_LOST_STEPS, translate("There are results of parts that nobody saw: {numbers}.", numbers="{}")),
    ):
        numbers = [row[0] for row in connection.exec_driver_sql(asked).fetchmany(MOST_FAULTS)]
        if numbers:
            found.faults.append(sentence.format(join_list(numbers)))
