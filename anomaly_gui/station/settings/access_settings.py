"""The table [access]: how long a signed-in person may be idle, and how long wrong passwords lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anomaly_gui.station.settings.table import Table

ACCESS = "access"
_KEYS = ("idle_after", "sign_out_after", "lock_for")
_DAY = 86_400  # seconds


@dataclass(frozen=True)
class AccessSettings:
    """What is asked of people.

    Parameters
    ----------
    idle_after : seconds without anything done after which a signed-in person has to give the password again
    sign_out_after : seconds after which nobody is signed in any longer, whatever was done
    lock_for : seconds that five wrong passwords lock a person
    """

    idle_after: float = 600.0
    sign_out_after: float = 43_200.0
    lock_for: float = 900.0

    def take_stricter(self, other: AccessSettings) -> AccessSettings:
        """Return of each value the stricter one."""
        return AccessSettings(
            min(self.idle_after, other.idle_after),
            min(self.sign_out_after, other.sign_out_after),
            max(self.lock_for, other.lock_for),
        )


def read_access(table: Table) -> AccessSettings:
    """Read the table; SettingsFileError for what cannot be used."""
    table.refuse_others(_KEYS)
    return AccessSettings(
        idle_after=table.read_number("idle_after", AccessSettings.idle_after, 10, 3600),
        sign_out_after=table.read_number("sign_out_after", AccessSettings.sign_out_after, 60, _DAY),
        lock_for=table.read_number("lock_for", AccessSettings.lock_for, 60, _DAY),
    )
