"""What images lie at an address, a folder at a time, in the order in which folders are listed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from natsort import natsort_keygen

from anomaly_gui.cluster.url_paths import UrlPath, ask_place
from anomaly_gui.detection.images.folder_entries import is_hidden_name, is_image
from anomaly_gui.detection.images.folder_names import FolderKind, classify_folder
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

_TAGS = ("ETag", "etag", "md5", "md5Hash", "content_md5", "LastModified", "last_modified", "mtime", "updated")
_natural = natsort_keygen()


@dataclass
class PlaceListing:
    """What was found.

    Attributes
    ----------
    images : address, bytes, and what the place calls the state of each
    passed_over, hidden : how many files of other kinds, and hidden files and folders, were not looked at
    """

    images: list[tuple[str, int, str]] = field(default_factory=list)
    passed_over: int = 0
    hidden: int = 0


def list_place(path: UrlPath) -> PlaceListing:
    """Return the images at an address, with all folders in it, or the one that it names.

    Raises
    ------
    UserError : there is nothing, or it may not be looked at
    PlaceError : it does not answer
    """
    scheme = str(path).partition("://")[0]
    found = PlaceListing()
    waiting = [str(path).partition("://")[2].rstrip("/")]
    while waiting:
        folder = waiting.pop()
        entries = _list_folder(scheme, folder)
        for entry in entries:
            if entry["type"] != "directory":
                _add_file(found, scheme, entry)
        folders = [entry for entry in entries if entry["type"] == "directory"]
        waiting.extend(
            entry["name"].rstrip("/") for entry in reversed(folders) if _is_looked_into(found, entry)
        )
    return found


def _list_folder(scheme: str, folder: str) -> list[dict[str, Any]]:
    url = f"{scheme}://{folder}"
    try:
        entries: list[dict[str, Any]] = ask_place(url, lambda system, path: system.ls(path, detail=True))
    except FileNotFoundError as error:
        raise UserError(translate("{url} does not exist: check the address.", url=url)) from error
    except PermissionError as error:
        raise UserError(
            translate("{url} may not be read: check the credentials of the environment.", url=url)
        ) from error
    own = folder.rstrip("/")
    named = [entry for entry in entries if entry["name"].rstrip("/") != own or entry.get("size")]
    return sorted(named, key=_order)


def _order(entry: dict[str, Any]) -> tuple[Any, ...]:
    name = _name_of(entry)
    return _natural(name.casefold()), name


def _name_of(entry: dict[str, Any]) -> str:
    return str(entry["name"]).rstrip("/").rsplit("/", 1)[-1]


def _add_file(found: PlaceListing, scheme: str, entry: dict[str, Any]) -> None:
    name = _name_of(entry)
    if is_hidden_name(name):
        found.hidden += 1
    elif not is_image(name):
        found.passed_over += 1
    else:
        tag = next((str(entry[key]) for key in _TAGS if entry.get(key)), "")
        found.images.append((f"{scheme}://{entry['name']}", int(entry.get("size") or 0), tag))


def _is_looked_into(found: PlaceListing, entry: dict[str, Any]) -> bool:
    name = _name_of(entry)
    if is_hidden_name(name):
        found.hidden += 1
        return False
    return classify_folder(name) != FolderKind.BIN
