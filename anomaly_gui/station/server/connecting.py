"""Reach a server, and make its tables where there are none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic.migration import MigrationContext
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.ledger.engine import NEWEST, run_migrations
from anomaly_gui.station.server.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, TextClause

    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

_STATEMENT = 60  # seconds that one statement may take
_LOCK = 0x616E6F6D  # "anom": stations make the tables one after the other


class ServerError(UserError):
    """A server cannot be reached, or cannot do what it is asked."""


@contextmanager
def open_server(settings: PostgresqlSettings) -> Iterator[Connection]:
    """Reach a server.

    Raises
    ------
    ServerError : it cannot be reached; also for what goes wrong with it while it is used
    """
    try:
        engine = _make_engine(settings)
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise ServerError(explain_server(settings, error)) from error


def _make_engine(settings: PostgresqlSettings) -> Engine:
    seconds = round(settings.timeout)
    given: dict[str, Any] = {
        "connect_timeout": seconds,
        "tcp_user_timeout": 1000 * seconds,
        "keepalives_idle": seconds,
        "keepalives_interval": seconds,
        "keepalives_count": 3,
        "application_name": "anomaly-gui",
    }
    password = settings.read_password()
    if password is not None:
        given["password"] = password
    url = make_url(settings.url).set(drivername="postgresql+psycopg")
    try:
        return create_engine(url, connect_args=given, poolclass=NullPool)
    except ImportError as error:
        raise ServerError(translate("PostgreSQL needs psycopg: install anomaly-gui[postgresql].")) from error


def explain_server(settings: PostgresqlSettings, error: Exception) -> str:
    """Return the first line of what a server said, without the statement it was asked."""
    if isinstance(error, UserError):
        return str(error)
    said = str(getattr(error, "orig", None) or error).strip()
    why = said.splitlines()[0] if said else type(error).__name__
    return translate("{server}: {why}", server=settings.name, why=why)


def limit_statements() -> TextClause:
    """Return what lets no statement of a transaction wait without end, such as for a lock."""
    return text(f"SET LOCAL statement_timeout = '{_STATEMENT}s'")


def make_tables(connection: Connection) -> None:
    """Bring a server's tables up to date; raises ServerError where they are of a later version."""
    with connection.begin():
        connection.execute(limit_statements())
        if find_version(connection) == NEWEST:
            return
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = find_version(connection)
        if found is not None:
            refuse_later(found)
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        run_migrations(connection, SCHEMA)


def refuse_later(version: str) -> None:
    """Raise ServerError where tables are of a later version."""
    if version > NEWEST:
        raise ServerError(
            translate("The records are of a later version of Anomaly GUI: open them with that.")
        )


def find_version(connection: Connection) -> str | None:
    """Return what version a server's tables are of; None where there are none."""
    context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
    return context.get_current_revision()
