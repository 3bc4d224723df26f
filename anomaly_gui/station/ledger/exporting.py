"""Write the records as tables for others, as they are at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.results import write_csv
from anomaly_gui.station.ledger.engine import LedgerError, open_reader
from anomaly_gui.station.ledger.reading import list_all_conditions
from anomaly_gui.station.ledger.tables import RESULT, STEP
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anomaly_gui.station.ledger.reading import ResultFilter

_AT_ONCE = 5000  # rows of a group of a Parquet file
_COLUMNS = (*RESULT.c, STEP.c.pruned_at)
_NAMES = [column.name for column in _COLUMNS]


def _read_results(ledger_file: Path, wanted: ResultFilter) -> Iterator[list[dict[str, Any]]]:
    """Yield results in their order, some thousand at a time."""
    asked = select(*_COLUMNS).join_from(RESULT, STEP, RESULT.c.id == STEP.c.id, isouter=True)
    asked = asked.where(*list_all_conditions(wanted)).order_by(RESULT.c.seq)
    with open_reader(ledger_file) as connection:
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(asked)
        for some in rows.mappings().partitions():
            yield [dict(row) for row in some]


def export_csv(ledger_file: Path, wanted: ResultFilter, file: Path) -> int:
    """Write the results that are asked for as a table; return how many.

    Raises
    ------
    UserError : the records cannot be read, or the file not be written
    """
    count = 0

    def list_rows() -> Iterator[list[Any]]:
        nonlocal count
        for rows in _read_results(ledger_file, wanted):
            count += len(rows)
            yield from ([row[name] for name in _NAMES] for row in rows)

    write_csv(file, _NAMES, list_rows())
    return count


def export_parquet(ledger_file: Path, wanted: ResultFilter, file: Path) -> int:
    """Write them as a Parquet file; return how many. UserError also where pyarrow is not installed."""
    try:
        import pyarrow as pa  # 50 MB, and only this needs it
        import pyarrow.parquet as pq
    except ImportError as error:
        raise LedgerError(
            translate("Parquet needs pyarrow: install anomaly-gui[parquet], or take --csv.")
        ) from error
    kinds = {"INTEGER": pa.int64(), "FLOAT": pa.float64(), "TEXT": pa.string()}
    schema = pa.schema([(column.name, kinds[str(column.type)]) for column in _COLUMNS])
    count = 0
    try:
        with atomic_write(file) as opened, pq.ParquetWriter(opened, schema, compression="zstd") as writer:
            for rows in _read_results(ledger_file, wanted):
                count += len(rows)
                writer.write_table(pa.Table.from_pylist(rows, schema))
    except OSError as error:
        raise LedgerError(
            translate("{path} cannot be written ({why}).", path=file, why=explain_os_error(error))
        ) from error
    return count
