"""Who may do what."""

from __future__ import annotations

from enum import Enum

from anomaly_gui.errors import UserError
from anomaly_gui.language import mark, translate
from anomaly_gui.wording import join_list


class AccessError(UserError):
    """Somebody may not do something, or is not who was said."""


class Role(str, Enum):
    """What a person is at the station; its value is the word in records."""

    OPERATOR = "operator"
    ENGINEER = "engineer"
    ADMIN = "admin"

    def __str__(self) -> str:
        """Return the word."""
        return self.value

    @property
    def told(self) -> str:
        """The word as people read it."""
        return translate(_TOLD[self])

    __hash__ = str.__hash__


class Action(str, Enum):
    """What needs a role and a reason."""

    CHANGE_PEOPLE = "change people"
    RELEASE = "release"
    APPROVE = "approve"
    UNLOCK = "unlock"

    __hash__ = str.__hash__


_TOLD = {Role.OPERATOR: mark("operator"), Role.ENGINEER: mark("engineer"), Role.ADMIN: mark("admin")}
_ENGINEERS = frozenset({Role.ENGINEER, Role.ADMIN})
RIGHTS = {
    Action.CHANGE_PEOPLE: frozenset({Role.ADMIN}),
    Action.RELEASE: _ENGINEERS,
    Action.APPROVE: _ENGINEERS,
    Action.UNLOCK: _ENGINEERS,
}
"""Which roles may do each; an operator may do none of them."""


def may(role: str, action: Action) -> bool:
    """Tell whether a role, as records have it, may do something."""
    return role in {each.value for each in RIGHTS[action]}


def require_right(name: str, role: Role, action: Action) -> None:
    """Raise AccessError where a role may not do something."""
    if role not in RIGHTS[action]:
        needed = join_list([each.told for each in Role if each in RIGHTS[action]])
        raise AccessError(
            translate(
                "{name} is {role}: this needs one of {needed}.", name=name, role=role.told, needed=needed
            )
        )
