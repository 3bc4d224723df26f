"""What the audit says of people, releases, approvals and locks: read in order, and every signature checked.

Tables can be edited by hand; entries of the audit cannot without a trace. So what counts is what is here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from anomaly_gui.language import translate
from anomaly_gui.station.access.people import PERSON_CHANGED
from anomaly_gui.station.access.roles import Action, Role, may
from anomaly_gui.station.ledger.chain import BEGINNING, UnhashableError, hash_row
from anomaly_gui.station.ledger.tables import AUDIT, RESULT
from anomaly_gui.station.settings.access_settings import AccessSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

RELEASED, APPROVED, LOCK = "released", "approved", "lock"
"""What the audit calls the release of a model, an approval, and a lock of the station that came or went."""
_KINDS = (PERSON_CHANGED, RELEASED, APPROVED, LOCK)
_OWN = {"password", "failed", "locked_until"}


@dataclass
class History:
    """What the entries come to.

    Parameters
    ----------
    people : what was said last of each person, by name
    released : what was said of each released model, by its digest
    approved : what was approved last, and `by` whom and `at` what moment; empty where nothing was
    access : what was approved of people last; None where nothing was
    lock : why the station was locked; "" where it is not
    faults : sentences on entries that were changed, or signed by somebody without the right to
    """

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    released: dict[str, dict[str, Any]] = field(default_factory=dict)
    approved: dict[str, Any] = field(default_factory=dict)
    access: AccessSettings | None = None
    lock: str = ""
    faults: list[str] = field(default_factory=list)

    def may(self, row: Mapping[str, Any], action: Action) -> bool:
        """Tell whether who signed an entry may do that, and had the role that the entry says."""
        signer = self.people.get(row["who"])
        if signer is None or not signer["is_active"] or signer["role"] != row["role"]:
            return False
        return may(row["role"], action)

    def settle_access(self, offered: AccessSettings) -> AccessSettings:
        """Return what is asked of people: as approved; before that the usual, or what is stricter in a file.

        Anybody can write a file of settings: one that nobody approved lets nothing be easier.
        """
        return self.access or offered.take_stricter(AccessSettings())


def read_history(connection: Connection) -> History:
    """Return what the audit says."""
    history = History()
    asked = select(AUDIT).where(AUDIT.c.what.in_(_KINDS)).order_by(AUDIT.c.link)
    for row in map(dict, connection.execute(asked).mappings().all()):
        if not _is_in_chain(connection, row):
            history.faults.append(translate("{entry} was changed.", entry=_name_entry(row)))
        try:
            is_right = _TAKERS[row["what"]](history, row)
        except (ValueError, KeyError, TypeError):
            is_right = False
        if not is_right:
            history.faults.append(
                translate(
                    "{entry} is signed by somebody who had no right to: {who}.",
                    entry=_name_entry(row),
                    who=row["who"] or translate("nobody"),
                )
            )
    return history


def find_last_entry(connection: Connection) -> tuple[int, str]:
    """Return the number and the hash of the last entry that counts here; 0 and "" where there is none."""
    last = select(func.max(AUDIT.c.link)).where(AUDIT.c.what.in_(_KINDS)).scalar_subquery()
    found = connection.execute(select(AUDIT.c.link, AUDIT.c.hash).where(AUDIT.c.link == last)).first()
    return (0, "") if found is None else (found[0], found[1])


def has_entry(connection: Connection, link: int, digest: str) -> bool:
    """Tell whether there still is an entry with this number and hash."""
    same = (AUDIT.c.link == link) & (AUDIT.c.hash == digest)
    return connection.execute(select(AUDIT.c.link).where(same)).first() is not None


def _name_entry(row: Mapping[str, Any]) -> str:
    return translate("Entry {link} of the audit ({at})", link=row["link"], at=row["at"])


def _is_in_chain(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Tell whether an entry has its hash, and those before and after it fit."""
    try:
        own = hash_row("audit", row)
    except UnhashableError:
        return False
    before = _read_link(connection, row["link"] - 1)
    after = _read_link(connection, row["link"] + 1)
    follows = row["previous_hash"] == (BEGINNING if before is None else before["hash"])
    return own == row["hash"] and follows and (after is None or after["previous_hash"] == own)


def _read_link(connection: Connection, link: int) -> Mapping[str, Any] | None:
    for table in (RESULT, AUDIT):
        asked = select(table.c.hash, table.c.previous_hash).where(table.c.link == link)
        if found := connection.execute(asked).mappings().first():
            return dict(found)
    return None


def _take_person(history: History, row: Mapping[str, Any]) -> bool:
    now = json.loads(row["after"])
    before = history.people.get(now["name"])
    is_right = _may_change_person(history, row, before, now)
    history.people[now["name"]] = now
    return is_right and (json.loads(row["before"]) if row["before"] else None) == before


def _may_change_person(
    history: History, row: Mapping[str, Any], before: dict[str, Any] | None, now: dict[str, Any]
) -> bool:
    """Tell whether a change of a person is by an admin, of the first start, or of one's own password."""
    if not history.people:
        return bool(row["who"] == now["name"] and now["role"] == row["role"] == Role.ADMIN.value)
    if before is not None and row["who"] == now["name"]:
        changed = {key for key in now if now[key] != before.get(key)}
        if changed <= _OWN and row["role"] == before["role"]:
            return True
    return history.may(row, Action.CHANGE_PEOPLE)


def _take_release(history: History, row: Mapping[str, Any]) -> bool:
    now = json.loads(row["after"])
    history.released[now["model"]] = now
    return history.may(row, Action.RELEASE)


def _take_approval(history: History, row: Mapping[str, Any]) -> bool:
    said = json.loads(row["after"])
    history.approved = {**said, "by": row["who"], "at": row["at"]}
    if not history.may(row, Action.APPROVE):
        return False
    history.access = AccessSettings(**json.loads(said["access"])) if "access" in said else None
    return True


def _take_lock(history: History, row: Mapping[str, Any]) -> bool:
    history.lock = row["after"]
    return bool(row["after"]) or history.may(row, Action.UNLOCK)


_TAKERS = {
    PERSON_CHANGED: _take_person,
    RELEASED: _take_release,
    APPROVED: _take_approval,
    LOCK: _take_lock,
}
