"""Images that are not to be learned from, however their paths are spelled."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.folders import ImageListing, Purpose, list_images
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from anomaly_gui.detection.images.folders import ImageListing


def list_for(
    paths: tuple[Path, ...], purpose: Purpose = Purpose.GOOD, excluded: frozenset[Path] = frozenset()
) -> ImageListing:
    """Return the images for a purpose, without those excluded (see `files_excluded`)."""
    return leave_out(list_images(paths, purpose), excluded)


def leave_out(listing: ImageListing, excluded: frozenset[Path]) -> ImageListing:
    """Return a listing without the files that are excluded."""
    if not excluded:
        return listing
    return replace(listing, files=tuple(file for file in listing.files if file not in excluded))


def files_excluded(excluded: Iterable[Path], listings: Sequence[ImageListing]) -> frozenset[Path]:
    """Return the listed files that are excluded, as they are listed.

    A path excludes the file it leads to under each of its names, a folder all that is in it; links, "..",
    the ways Unicode spells one letter, and small and capital letters where the system takes them for the
    same, make no difference.
    """
    found, _ = match_listings(tuple(excluded), listings)
    return found


def check_exclusions(excluded: Iterable[Path], listings: Sequence[ImageListing]) -> None:
    """Raise ParameterError for a path that excludes nothing of these listings."""
    _, unmatched = match_listings(tuple(excluded), listings)
    left_out = [one.path for listing in listings for one in listing.left_out]
    beyond = tuple(map(_resolve_path, left_out))
    for path in unmatched:
        if not _is_within(_resolve_path(path), frozenset(beyond)):
            raise ParameterError(
                translate(
                    "{path} cannot be excluded: {why}; give the name of an image, or of a folder of "
                    "images, that would be learned from.",
                    path=path,
                    why=_explain_no_match(path),
                )
            )


def _explain_no_match(path: Path) -> str:
    return (
        translate("it is none of the images given")
        if os.path.lexists(path)
        else translate("there is no such file")
    )


def match_listings(
    excluded: tuple[Path, ...], listings: Sequence[ImageListing]
) -> tuple[frozenset[Path], tuple[Path, ...]]:
    """Return the listed files that are excluded, and the paths that exclude none."""
    if not excluded:
        return frozenset(), ()
    names = [(file, _list_names(file)) for listing in listings for file in listing.files]
    found: set[Path] = set()
    waiting = excluded
    for spelled, applies in (
        (str, _applies_always),
        (_compose_letters, _applies_always),
        (_fold_case, os.path.exists),
    ):
        if waiting:
            new, waiting = _match_spelling(waiting, names, spelled, applies)
            found |= new
    return frozenset(found), waiting


def _match_spelling(
    waiting: tuple[Path, ...],
    names: Sequence[tuple[Path, tuple[str, ...]]],
    spelled: Callable[[str], str],
    applies: Callable[[Path], bool],
) -> tuple[set[Path], tuple[Path, ...]]:
    """Compare paths in one way of spelling; return the files found, and the paths that are still to be."""
    keys = {path: {spelled(name) for name in _list_names(path)} for path in waiting if applies(path)}
    wanted = frozenset(key for those in keys.values() for key in those)
    found, met = set(), set()
    for file, its_names in names:
        hits = {hit for name in its_names for hit in _list_enclosing(spelled(name)) if hit in wanted}
        if hits:
            found.add(file)
            met |= hits
    return found, tuple(path for path in waiting if not keys.get(path, set()) & met)


def _list_names(path: Path) -> tuple[str, ...]:
    """Return where a path is, and where it leads to, both without links on the way."""
    is_named = path.name not in ("", "..")
    own = os.path.join(_resolve_path(path.parent), path.name) if is_named else _resolve_path(path)  # noqa: PTH118
    return tuple(dict.fromkeys((os.path.normcase(own), _resolve_path(path))))


def _resolve_path(path: Path) -> str:
    try:
        return os.path.normcase(os.path.realpath(path))
    except ValueError:  # no system has such a name
        return str(path)


def _list_enclosing(name: str) -> Iterable[str]:
    """Yield a path and every folder it lies in."""
    while True:
        yield name
        parent = os.path.dirname(name)  # noqa: PTH120 - of a million names
        if parent == name:
            return
        name = parent


def _is_within(name: str, folders: frozenset[str]) -> bool:
    return any(each in folders for each in _list_enclosing(name))


def _applies_always(path: Path) -> bool:  # noqa: ARG001 - stands beside os.path.exists
    return True


def _compose_letters(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _fold_case(name: str) -> str:
    return _compose_letters(name).casefold()
