"""Whether the audit is whole: an entry that was hidden under another name counts for nothing otherwise.

Entries only, and not what results say: that takes a second where `verify` takes minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.chain import UnhashableError, hash_row
from anomaly_gui.station.ledger.linking import find_end
from anomaly_gui.station.ledger.tables import AUDIT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Connection

_COUNT = "SELECT (SELECT COUNT(*) FROM result) + (SELECT COUNT(*) FROM audit)"
_NOT_FOLLOWED = """
SELECT this.link, this.at FROM audit AS this
LEFT JOIN audit ON audit.link = this.link + 1 LEFT JOIN result ON result.link = this.link + 1
WHERE COALESCE(audit.previous_hash, result.previous_hash, this.hash) != this.hash
"""


def find_changed_entry(connection: Connection) -> str:
    """Return a sentence on the first entry that was changed, or on missing rows; "" for a whole audit."""
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.link)).mappings():
        if not _has_its_hash(dict(row)):
            return _name_entry(row["link"], row["at"])
    for link, at in connection.exec_driver_sql(_NOT_FOLLOWED):
        return _name_entry(link, at)
    if connection.exec_driver_sql(_COUNT).scalar_one() != find_end(connection)[0]:
        return translate("Rows of the records are missing.")
    return ""


def _has_its_hash(row: Mapping[str, Any]) -> bool:
    try:
        return bool(hash_row("audit", row) == row["hash"])
    except UnhashableError:
        return False


def _name_entry(link: int, at: str) -> str:
    return translate("Entry {link} of the audit ({at}) was changed.", link=link, at=at)
