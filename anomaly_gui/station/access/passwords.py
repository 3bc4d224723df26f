"""Passwords: what they have to be, and their hashes by argon2."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from anomaly_gui.language import translate
from anomaly_gui.station.access.roles import AccessError

SHORTEST, LONGEST = 8, 1024  # characters
_HASHER = PasswordHasher()


def hash_password(name: str, password: str) -> str:
    """Return the hash of a new password; AccessError for one that anybody would guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccessError(
            translate(
                "A password has {low} to {high:,} characters: take another.", low=SHORTEST, high=LONGEST
            )
        )
    if name.casefold() in password.casefold() or len(set(password)) == 1:
        raise AccessError(
            translate("The name, or one character again and again, is no password: take another.")
        )
    return _HASHER.hash(_compose(password))


def check_password(hashed: str | None, password: str) -> bool:
    """Tell whether a password has this hash.

    Parameters
    ----------
    hashed : None where there is no such person; that takes as long
    """
    if hashed is None:
        _HASHER.hash(_compose(password))
        return False
    try:
        return _HASHER.verify(hashed, _compose(password))
    except (VerificationError, InvalidHashError):
        return False


def _compose(password: str) -> str:
    """Return the same characters however a keyboard put them together."""
    return unicodedata.normalize("NFC", password[: LONGEST + 1])
