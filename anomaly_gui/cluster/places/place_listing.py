"""What images lie at addresses, a folder at a time, in the order in which folders are listed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from natsort import natsort_keygen

from anomaly_gui.cluster.places.url_paths import UrlPath, ask_place
from anomaly_gui.detection.images.folder_entries import is_hidden_name, is_image
from anomaly_gui.detection.images.folder_names import FolderKind, classify_folder
from anomaly_gui.detection.images.folders import LeftOut, Purpose, find_masks, find_objection
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_TAGS = ("ETag", "etag", "md5", "md5Hash", "content_md5", "LastModified", "last_modified", "mtime", "updated")
_natural = natsort_keygen()


class PlacedImage(NamedTuple):
    """An image at an address.

    Parameters
    ----------
    url : the address
    size : bytes
    tag : a number that changes with its content, made of what the place calls its state
    """

    url: str
    size: int
    tag: int


class PlaceSearch:
    """One search of addresses: by the rules of folders, and each image once, however many hold it.

    Parameters
    ----------
    paths : all that is given; what is named itself is looked into whatever its name
    purpose : what the images are wanted for

    Attributes
    ----------
    passed_over, hidden : how many files of other kinds, and hidden files and folders, were not looked at
    left_out : folders whose names say that they are of no use here, and recycle bins
    seen_before : how many names were given again
    """

    def __init__(self, paths: Iterable[Path], purpose: Purpose = Purpose.ANY) -> None:
        self._purpose = purpose
        self._named = {_name_place(str(path)) for path in paths if isinstance(path, UrlPath)}
        self._looked_at: set[str] = set()  # folders and named files
        self.passed_over = self.hidden = self.seen_before = 0
        self.left_out: list[LeftOut] = []

    def look_at(self, path: UrlPath) -> list[PlacedImage]:
        """Return the images at an address, with all folders in it, or the one that it names.

        Raises
        ------
        UserError : there is nothing, or it may not be looked at
        PlaceError : it does not answer
        """
        found: list[PlacedImage] = []
        root = str(path).rstrip("/")
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            if _name_place(folder) in self._looked_at:
                self.seen_before += 1
                continue
            self._looked_at.add(_name_place(folder))
            entries = _list_folder(folder)
            found += self._take_files(folder, root, [one for one in entries if not _is_folder(one)])
            folders = [one for one in entries if _is_folder(one)]
            has_good = any(classify_folder(_name_of(one)) == FolderKind.GOOD for one in folders)
            inside = [_locate(folder, one) for one in folders]
            waiting += [one for one in inside if self._is_looked_into(one, root, has_good=has_good)][::-1]
        return found

    def _take_files(self, folder: str, root: str, entries: Sequence[dict[str, Any]]) -> list[PlacedImage]:
        shown = [entry for entry in entries if not is_hidden_name(_name_of(entry))]
        self.hidden += len(entries) - len(shown)
        masks = find_masks(map(_name_of, shown), self._purpose)
        if masks:
            name = translate("{name} and the like", name=_name_in(f"{folder}/{min(masks)}", root))
            self.left_out.append(LeftOut(UrlPath(folder), name, len(masks), FolderKind.MASKS))
        found = []
        for entry in shown:
            name = _name_of(entry)
            if not is_image(name):
                self.passed_over += 1
            elif self._was_listed(folder, _locate(folder, entry)):
                self.seen_before += 1
            elif name not in masks:
                found.append(_describe_image(folder, entry))
        return found

    def _was_listed(self, folder: str, url: str) -> bool:
        """Tell a file that was named before its folder's turn came, or after it."""
        place = _name_place(url)
        return (place.rpartition("/")[0] if place == _name_place(folder) else place) in self._looked_at

    def _is_looked_into(self, folder: str, root: str, *, has_good: bool) -> bool:
        if _name_place(folder) in self._named:  # its own turn comes, or has come
            return False
        name = folder.rpartition("/")[2]
        kind, beside = find_objection(name, self._purpose, has_good=has_good)
        if kind != FolderKind.BIN and is_hidden_name(name):
            self.hidden += 1
            return False
        if kind == FolderKind.OTHER:
            return True
        images = 0 if kind == FolderKind.BIN else _count_images(folder)
        self.left_out.append(LeftOut(UrlPath(folder), _name_in(folder, root), images, kind, beside))
        return False


def _name_place(url: str) -> str:
    """Return an address as it is compared with others."""
    scheme, _, place = url.partition("://")
    return f"{scheme}://{place.strip('/')}"


def _name_in(url: str, root: str) -> str:
    return _name_place(url)[len(_name_place(root)) + 1 :]


def _list_folder(url: str) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = ask_place(url, lambda system, path: system.ls(path, detail=True))
    except FileNotFoundError as error:
        raise UserError(translate("{url} does not exist: check the address.", url=url)) from error
    except PermissionError as error:
        raise UserError(
            translate("{url} may not be read: check the credentials of the environment.", url=url)
        ) from error
    own = _name_place(url)
    named = (one for one in entries if _name_place(_locate(url, one)) != own or one.get("size"))
    return sorted(named, key=_order)


def _count_images(folder: str) -> int:
    """Return how many images are in a folder that is left out."""
    count, waiting = 0, [folder]
    while waiting:
        place = waiting.pop()
        for entry in _list_folder(place):
            name = _name_of(entry)
            if _is_folder(entry):
                waiting.append(_locate(place, entry))
            else:
                count += is_image(name) and not is_hidden_name(name)
    return count


def _is_folder(entry: dict[str, Any]) -> bool:
    return bool(entry["type"] == "directory")


def _locate(folder: str, entry: dict[str, Any]) -> str:
    """Return the address of an entry of a folder."""
    return f"{folder.partition('://')[0]}://{entry['name']}".rstrip("/")


def _order(entry: dict[str, Any]) -> tuple[Any, ...]:
    name = _name_of(entry)
    return _natural(name.casefold()), name


def _name_of(entry: dict[str, Any]) -> str:
    return str(entry["name"]).rstrip("/").rsplit("/", 1)[-1]


def _describe_image(folder: str, entry: dict[str, Any]) -> PlacedImage:
    state = next((str(entry[key]) for key in _TAGS if entry.get(key)), "")
    return PlacedImage(_locate(folder, entry), int(entry.get("size") or 0), _shorten(state))


def _shorten(state: str) -> int:
    return int.from_bytes(hashlib.sha256(state.encode()).digest()[:8], "big")
