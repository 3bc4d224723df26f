"""Passwords and tokens, which stand in files of their own and never in the file of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from pathlib import Path


def read_secret(path: Path) -> str:
    """Return the first line of a file in UTF-8; UserError where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = explain_os_error(error) if isinstance(error, OSError) else translate("it is no text in UTF-8")
        raise UserError(translate("{path} cannot be read ({why}).", path=path, why=why)) from error
