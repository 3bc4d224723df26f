"""Write the records as tables for others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.results import write_csv
from anomaly_gui.station.ledger.engine import LedgerError, open_reader
from anomaly_gui.station.ledger.reading import list_conditions
from anomaly_gui.station.ledger.tables import RESULT
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Engine

    from anomaly_gui.station.ledger.reading import ResultFilter

_AT_ONCE = 5000  # rows of a group of a Parquet file


def _read_results(
    connect: Callable[[], AbstractContextManager[Connection]], *conditions: ColumnElement[bool]
) -> Iterator[list[dict[str, Any]]]:
    """Yield results in their order, some thousand at a time."""
    last = 0
    while True:
        asked = select(RESULT).where(RESULT.c.seq > last, *conditions).order_by(RESULT.c.seq)
        with connect() as connection:
            rows = [dict(row) for row in connection.execute(asked.limit(_AT_ONCE)).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1]["seq"]


def export_csv(engine: Engine, file: Path) -> int:
    """Write every result as a table; return how many."""
    return _write_table(file, _read_results(engine.connect))


def export_found(ledger_file: Path, wanted: ResultFilter, file: Path) -> int:
    """Write the results that are asked for as a table, beside the station that writes more; return how many.

    Raises
    ------
    UserError : the records cannot be read, or the file not be written
    """
    of_each = [and_(*list_conditions(wanted, verdict)) for verdict in wanted.verdicts]
    return _write_table(file, _read_results(partial(open_reader, ledger_file), or_(*of_each)))


def _write_table(file: Path, pages: Iterator[list[dict[str, Any]]]) -> int:
    count, names = 0, [column.name for column in RESULT.c]

    def list_rows() -> Iterator[list[Any]]:
        nonlocal count
        for rows in pages:
            count += len(rows)
            yield from ([row[name] for name in names] for row in rows)

    write_csv(file, names, list_rows())
    return count


def export_parquet(engine: Engine, file: Path) -> int:
    """Write every result as a Parquet file; return how many. UserError where pyarrow is not installed."""
    try:
        import pyarrow as pa  # 50 MB, and only this needs it
        import pyarrow.parquet as pq
    except ImportError as error:
        raise LedgerError(
            translate("Parquet needs pyarrow: install anomaly-gui[parquet], or take --csv.")
        ) from error
    kinds = {"INTEGER": pa.int64(), "FLOAT": pa.float64(), "TEXT": pa.string()}
    schema = pa.schema([(column.name, kinds[str(column.type)]) for column in RESULT.c])
    count = 0
    try:
        with atomic_write(file) as opened, pq.ParquetWriter(opened, schema, compression="zstd") as writer:
            for rows in _read_results(engine.connect):
                count += len(rows)
                writer.write_table(pa.Table.from_pylist(rows, schema))
    except OSError as error:
        raise LedgerError(
            translate("{path} cannot be written ({why}).", path=file, why=explain_os_error(error))
        ) from error
    return count
