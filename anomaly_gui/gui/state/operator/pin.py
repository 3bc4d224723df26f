"""The PIN of the operator's view: kept as a hash that cannot be turned back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anomaly_gui.gui.state.preferences import Preferences

FEWEST = 4  # characters
_PIN = "operator/pin"
_KIND = "scrypt"
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1  # as RFC 7914 has them for who waits at a screen: 50 ms, 16 MB
_SALT = 16  # bytes


class OperatorPin:
    """The PIN of this machine: it leads back from every view that was locked."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    @property
    def is_set(self) -> bool:
        """Tell whether a PIN was set."""
        return bool(self._preferences.read_text(_PIN))

    def set_pin(self, pin: str) -> None:
        """Set the PIN that unlocks."""
        self._preferences.set_text(_PIN, hash_pin(pin))

    def is_right(self, pin: str) -> bool:
        """Tell whether this is the PIN."""
        return is_pin(pin, self._preferences.read_text(_PIN))


def hash_pin(pin: str) -> str:
    """Return what is kept of a PIN: kind, salt and hash."""
    salt = secrets.token_bytes(_SALT)
    return f"{_KIND}${salt.hex()}${_derive_key(pin, salt).hex()}"


def is_pin(pin: str, kept: str) -> bool:
    """Tell whether a PIN is the one that was kept; nothing is, where that cannot be read.

    >>> is_pin("2468", hash_pin("2468")), is_pin("2469", hash_pin("2468")), is_pin("", "")
    (True, False, False)
    """
    try:
        kind, salt, key = kept.split("$")
        wanted, found = bytes.fromhex(key), _derive_key(pin, bytes.fromhex(salt))
    except ValueError:
        return False
    return kind == _KIND and hmac.compare_digest(wanted, found)


def _derive_key(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL)
