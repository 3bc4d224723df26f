"""What is said of folders that were not looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.images.folder_names import FolderKind
from anomaly_gui.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anomaly_gui.detection.images.folders import LeftOut

_NAMED = 6  # folders in one sentence
_END = "give them by themselves to use them."


def not_learned_from(left_out: Iterable[LeftOut]) -> tuple[str, ...]:
    """Return sentences on what was left out of folders given as good, or as defects, for training."""
    left_out = tuple(left_out)
    good = [_with_count(one) for one in left_out if one.kind == FolderKind.GOOD]  # among defects
    others = (one for one in left_out if one.kind != FolderKind.GOOD)
    among_defects = f"Not taken for defects: {_join_names(good)}, since their names say they are good; {_END}"
    sentences = _say_left_out(others, "Not learned from", "not good parts to learn from")
    return (*([among_defects] if good else []), *sentences)


def not_counted(left_out: Iterable[LeftOut], label: str) -> tuple[str, ...]:
    """Return sentences on what was left out of images with a label ("good parts", "known defects")."""
    return _say_left_out(left_out, f"Not taken for {label}", f"no {label}")


def not_looked_into(left_out: Iterable[LeftOut]) -> tuple[str, ...]:
    """Return a sentence on recycle bins and folders of thumbnails, if there were any."""
    bins = [one.name for one in left_out if one.kind == FolderKind.BIN]
    if not bins:
        return ()
    return (f"Not looked into, since they hold what was thrown away, or thumbnails: {_join_names(bins)}.",)


def _say_left_out(left_out: Iterable[LeftOut], verb: str, why: str) -> tuple[str, ...]:
    left_out = tuple(left_out)
    by_name = [_with_count(one) for one in left_out if one.kind != FolderKind.BIN and not one.beside]
    beside = [_with_count(one) for one in left_out if one.beside]
    found = []
    if by_name:
        found.append(f"{verb}: {_join_names(by_name)}, since their names say they are {why}; {_END}")
    if beside:
        found.append(f"{verb}: {_join_names(beside)}, since they lie beside a folder of good parts; {_END}")
    return (*found, *not_looked_into(left_out))


def _with_count(one: LeftOut) -> str:
    return f"{one.name} ({counted(one.images, 'image')})"


def _join_names(those: Iterable[str]) -> str:
    names = list(dict.fromkeys(those))
    more = [f"{len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
    return ", ".join([*names[:_NAMED], *more])
