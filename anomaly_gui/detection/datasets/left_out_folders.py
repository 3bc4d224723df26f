"""What is said of folders that were not looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.images.folder_names import FolderKind
from anomaly_gui.detection.images.folders import Purpose
from anomaly_gui.language import mark, translate
from anomaly_gui.wording import count_images, join_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anomaly_gui.detection.images.folders import LeftOut

_NAMED = 6  # folders in one sentence
_SAID_OF_LEARNING = (
    mark(
        "Not learned from: {names}, since their names say they are not good parts to learn from; give "
        "them by themselves to use them."
    ),
    mark(
        "Not learned from: {names}, since they lie beside a folder of good parts; give them by themselves to "
        "use them."
    ),
)
_SAID_OF_GOOD = (
    mark(
        "Not taken for good parts: {names}, since their names say they are no good parts; give them by "
        "themselves to use them."
    ),
    mark(
        "Not taken for good parts: {names}, since they lie beside a folder of good parts; give them by "
        "themselves to use them."
    ),
)
_SAID_OF_DEFECTS = (
    mark(
        "Not taken for known defects: {names}, since their names say they are no known defects; give them by "
        "themselves to use them."
    ),
    mark(
        "Not taken for known defects: {names}, since they lie beside a folder of good parts; give them by "
        "themselves to use them."
    ),
)


def not_learned_from(left_out: Iterable[LeftOut]) -> tuple[str, ...]:
    """Return sentences on what was left out of folders given as good, or as defects, for training."""
    left_out = tuple(left_out)
    good = [_with_count(one) for one in left_out if one.kind == FolderKind.GOOD]  # among defects
    others = (one for one in left_out if one.kind != FolderKind.GOOD)
    among_defects = translate(
        "Not taken for defects: {names}, since their names say they are good; give them by themselves to use "
        "them.",
        names=_join_names(good),
    )
    return (*([among_defects] if good else []), *_say_left_out(others, _SAID_OF_LEARNING))


def not_counted(left_out: Iterable[LeftOut], purpose: Purpose) -> tuple[str, ...]:
    """Return sentences on what was left out of images wanted for a purpose."""
    return _say_left_out(left_out, _SAID_OF_DEFECTS if purpose == Purpose.DEFECT else _SAID_OF_GOOD)


def not_looked_into(left_out: Iterable[LeftOut]) -> tuple[str, ...]:
    """Return a sentence on recycle bins and folders of thumbnails, if there were any."""
    bins = [one.name for one in left_out if one.kind == FolderKind.BIN]
    if not bins:
        return ()
    return (
        translate(
            "Not looked into, since they hold what was thrown away, or thumbnails: {names}.",
            names=_join_names(bins),
        ),
    )


def _say_left_out(left_out: Iterable[LeftOut], said: tuple[str, str]) -> tuple[str, ...]:
    left_out = tuple(left_out)
    by_name = [_with_count(one) for one in left_out if one.kind != FolderKind.BIN and not one.beside]
    beside = [_with_count(one) for one in left_out if one.beside]
    found = []
    if by_name:
        found.append(translate(said[0], names=_join_names(by_name)))
    if beside:
        found.append(translate(said[1], names=_join_names(beside)))
    return (*found, *not_looked_into(left_out))


def _with_count(one: LeftOut) -> str:
    return translate("{name} ({images})", name=one.name, images=count_images(one.images))


def _join_names(those: Iterable[str]) -> str:
    names = list(dict.fromkeys(those))
    more = [translate("{count:,} more", count=len(names) - _NAMED)] if len(names) > _NAMED else []
    return join_list([*names[:_NAMED], *more])
