"""Open the ledger's database: written through, and of the newest tables."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import URL, NullPool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

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
        engine = create_engine(URL.create("sqlite", database=str(file)), connect_args=_ADVICE)
        event.listen(engine, "connect", _set_up_connection)
        event.listen(engine, "begin", _begin_transaction)
        _bring_up_to_date(engine)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerError(
            translate("{path} cannot be opened ({why}).", path=file, why=explain_database(error))
        ) from error
    return engine


@contextmanager
def open_reader(file: Path) -> Iterator[Connection]:
    """Open a database for reading only, as it is at this moment; it holds up no writer, and changes no file.

    Raises
    ------
    LedgerError : it is not there, is of another version, or cannot be read
    """
    _require_file(file)
    engine = create_engine("sqlite://", creator=partial(_connect_reader, file), poolclass=NullPool)
    event.listen(engine, "begin", _begin_transaction)
    try:
        with engine.connect() as connection:
            _refuse_others(connection)
            yield connection
    except SQLAlchemyError as error:
        raise LedgerError(
            translate("{path} cannot be used ({why}).", path=file, why=explain_database(error))
        ) from error


def _require_file(file: Path) -> None:
    try:
        is_there = file.is_file()
    except OSError as error:  # a disk that went
        why = explain_os_error(error)
        raise LedgerError(translate("{path} cannot be opened ({why}).", path=file, why=why)) from error
    if not is_there:
        raise LedgerError(translate("{path} is not there: the station has recorded nothing yet.", path=file))


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


def _connect_reader(file: Path) -> sqlite3.Connection:
    name = f"{file.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False, timeout=_WAIT)


def _set_up_connection(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, not sqlite3
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_transaction(connection: Connection) -> None:
    """Take the lock at once where there will be writing: two readers could not both get it later."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_others(connection: Connection) -> None:
    """Raise where a database is not of the newest tables: reading does not change it."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found > NEWEST:
        raise LedgerError(_describe_later())
    if found != NEWEST:
        raise LedgerError(
            translate("The records are of an earlier version of Anomaly GUI: start the station once.")
        )


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == NEWEST:
        return
    if found is not None and found > NEWEST:
        raise LedgerError(_describe_later())
    with writing(engine) as connection:
        run_migrations(connection)


def run_migrations(connection: Connection, schema: str | None = None) -> None:
    """Make the newest tables in a transaction: a station's own, or in a schema those of a server."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    configuration.attributes.update(connection=connection, schema=schema)
    command.upgrade(configuration, "head")


def _describe_later() -> str:
    return translate("The records are of a later version of Anomaly GUI: open them with that.")
