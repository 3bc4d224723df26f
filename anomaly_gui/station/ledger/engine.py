"""Open the ledger's database: written through, and of the newest tables."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

NEWEST = "0001"
"""The newest of the migrations."""
_WAIT = 20  # seconds for another process to finish writing
_WRITES = "writes"
_ADVICE = {"check_same_thread": False, "timeout": _WAIT}


class LedgerError(UserError):
    """The records cannot be opened, read or written."""


def open_engine(file: Path, *, may_make: bool = True) -> Engine:
    """Open a database, make its tables where there are none, and bring older ones up to date.

    Raises
    ------
    LedgerError : it cannot be opened, or is of a later version
    """
    if not may_make and not file.is_file():
        raise LedgerError(translate("{path} is not there: the station has recorded nothing yet.", path=file))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{file}", connect_args=_ADVICE)
        event.listen(engine, "connect", _set_up_connection)
        event.listen(engine, "begin", _begin_transaction)
        _bring_up_to_date(engine)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerError(
            translate("{path} cannot be opened ({why}).", path=file, why=explain_database(error))
        ) from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes: all of it is on the disk at its end, or nothing."""
    with engine.connect() as connection:
        marked = connection.execution_options(**{_WRITES: True})
        with marked.begin():
            yield marked


@contextmanager
def explaining(engine: Engine) -> Iterator[None]:
    """Turn what a database says into LedgerError, a sentence with the file's name."""
    try:
        yield
    except SQLAlchemyError as error:
        why = explain_database(error)
        raise LedgerError(
            translate("{path} cannot be used ({why}).", path=engine.url.database, why=why)
        ) from error


def explain_database(error: Exception) -> str:
    """Return what a database said, without the statement it was asked."""
    return str(getattr(error, "orig", None) or error)


def _set_up_connection(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, not sqlite3
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_transaction(connection: Connection) -> None:
    """Take the lock at once where there will be writing: two readers could not both get it later."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == NEWEST:
        return
    if found is not None and found > NEWEST:
        raise LedgerError(
            translate("The records are of a later version of Anomaly GUI: open them with that.")
        )
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with writing(engine) as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
