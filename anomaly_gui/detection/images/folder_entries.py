"""What the entries of folders are: images, folders, links, hidden; by their names and the system."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.decoding.kinds import ENDINGS
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HIDDEN_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


def is_image(name: str) -> bool:
    """Tell a name whose ending is that of an image that is read."""
    return os.path.splitext(name)[1].lower() in ENDINGS  # noqa: PTH122 - of a million names


def sort_naturally(entries: Iterable[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    """Yield the files, then the folders, each in an order people expect."""
    from natsort import natsort_keygen

    by_name = natsort_keygen()
    yield from sorted(
        entries, key=lambda entry: (is_folder(entry), by_name(entry.name.casefold()), entry.name)
    )


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell a folder, or a link to one."""
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: it is refused by its own name when its turn comes
        return False


def is_link(entry: os.DirEntry[str]) -> bool:
    """Tell a link, or what Windows has in place of one."""
    if entry.is_symlink():
        return True
    if os.name != "nt":
        return False
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0))


def is_hidden_name(name: str) -> bool:
    """Tell a name that hides a file."""
    return name.startswith(".") or name.lower() in _HIDDEN_NAMES


def is_hidden(entry: os.DirEntry[str]) -> bool:
    """Tell an entry that is hidden by its name or by the system."""
    if is_hidden_name(entry.name):
        return True
    if os.name != "nt":
        return False
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 0))


def explain_error(error: OSError | ValueError) -> str:
    """Say why a file or folder cannot be opened, and what to do."""
    if isinstance(error, FileNotFoundError):
        return translate("does not exist; check the name, or whether the drive is connected")
    if isinstance(error, PermissionError):
        return translate("may not be opened; ask for permission to read it")
    why = getattr(error, "strerror", None) or error
    return translate("cannot be opened ({why}); check its name and its drive", why=why)
