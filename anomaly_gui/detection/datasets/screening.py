"""Before anything is learned: which of the good images are unlike the others, and are left out or named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.densities.shrunk_fit import ShrunkFit
from anomaly_gui.detection.judging.suspects import (
    Suspect,
    SuspectImage,
    count_most,
    find_by_distance,
    find_by_look,
    find_kinds,
)
from anomaly_gui.detection.settings.choices import HELLINGER, KEEP
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import keep, translate, translate_kept
from anomaly_gui.wording import count_images, join_clauses, join_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_ROUNDS = 3
"""Once the worst are out, others can be seen that they had hidden."""

_MOST_COMPARED = 2000  # images whose kinds are told; more would take minutes and tell no more
_NAMED = 3
_UNLIKE = "is unlike"
_COMPARED = 4096  # images
_SAME = 1e-4  # of the largest feature: what the order of additions may change


@dataclass(frozen=True)
class Kind:
    """Images alike among each other, where the good ones show several kinds of parts."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, eq=False)
class Screening:
    """What was found among good images.

    Parameters
    ----------
    suspects : images unlike the others
    used : the indices of the images that are learned from, ascending
    kinds : of more unlike images than there can be by mistake; empty where all are of one kind
    total : how many images there were
    perhaps_good : parts left out that may be good ones all the same: no flat, blurred or cut off frames
    """

    suspects: tuple[SuspectImage, ...]
    used: IntArray
    kinds: tuple[Kind, ...]
    total: int
    perhaps_good: int

    @property
    def are_left_out(self) -> bool:
        """Tell whether the suspects were left out."""
        return len(self.used) < self.total

    @property
    def left_out(self) -> tuple[SuspectImage, ...]:
        """The suspects that were left out."""
        return self.suspects if self.are_left_out else ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence on suspects, and one on kinds, where there are any."""
        return (*self._on_suspects(), *self._on_kinds())

    def _on_suspects(self) -> tuple[str, ...]:
        if not self.suspects:
            return ()
        shown = [f"{one.path.name} {translate_kept(one.reason)}" for one in self.suspects[:_NAMED]]
        more = [translate("and others")] if len(self.suspects) > _NAMED else []
        images, named = count_images(len(self.suspects)), join_clauses([*shown, *more])
        if self.are_left_out:
            return (
                translate(
                    "{images} of {total:,} good ones left out, as unlike the others: {named}.",
                    images=images,
                    total=self.total,
                    named=named,
                ),
            )
        return (
            translate(
                "{images} of {total:,} good ones learned from all the same, as unlike the others: {named}.",
                images=images,
                total=self.total,
                named=named,
            ),
        )

    def _on_kinds(self) -> tuple[str, ...]:
        if not self.kinds:
            return ()
        what = join_clauses(
            translate(
                "{count:,} like {names}",
                count=len(kind.paths),
                names=join_list(path.name for path in kind.paths[:_NAMED]),
            )
            for kind in self.kinds
        )
        return (
            translate(
                "The good images seem to show several kinds of parts, or to come from several cameras: "
                "{what}. A model of each kind finds more than one of all.",
                what=what,
            ),
        )


@products_on_one_core()
def screen(
    images: Collection,
    groups: Groups,
    settings: TrainSettings,
    surely_good: frozenset[Path] = frozenset(),
    measure: Callable[[IntArray], FloatArray] | None = None,
) -> Screening:
    """Find the images unlike the others.

    Parameters
    ----------
    images, groups : as they were read, by part: a part shot twice is as odd as it is shot once
    settings : by which the images were read, and what becomes of suspects
    surely_good : images that are none, since a person has judged them
    measure : returns squared distances of images, by their indices, to fits without their groups; None: here

    Raises
    ------
    TrainingError : no image shows a part, or all show the same to a pixel
    """
    _check_worth_learning(images)
    records, total = images.records, len(images.records)
    kinds: IntArray = np.zeros(total, np.int64)
    if total <= _MOST_COMPARED:
        kinds = find_kinds(np.asarray(images.vectors), scale=settings.features.normalization != HELLINGER)
    several: tuple[Kind, ...] = ()
    if kinds.sum() > count_most(total):
        several, kinds = _list_both_kinds(images, kinds), np.zeros(total, np.int64)
    measure = measure or partial(_measure_distances, images, groups)
    suspects = [
        one for one in _find_suspects(images, measure, kinds) if records[one.index].path not in surely_good
    ]
    if len(suspects) > count_most(total):
        odd = np.isin(np.arange(total), [one.index for one in suspects]).astype(np.int64)
        several, suspects = several or _list_both_kinds(images, odd), []
    out = [one.index for one in suspects] if settings.suspects != KEEP else []
    named = tuple(SuspectImage(records[one.index].path, one.reason) for one in suspects)
    may_be_good = [one.index for one in suspects if one.index in out and one.reason.startswith(_UNLIKE)]
    parts = len(np.unique(groups.numbers[may_be_good]))
    return Screening(named, np.setdiff1d(np.arange(total), out), several, total, parts)


def _check_worth_learning(images: Collection) -> None:
    """Raise TrainingError where there is nothing to learn from several images."""
    total = len(images.records)
    if total < 2:
        return
    flat = [suspect.reason for suspect in find_by_look(images.looks) if suspect.is_flat]
    if len(flat) == total:
        raise TrainingError(
            translate(
                "None of the {total:,} good images shows a part: {image} {why}. Check the camera and its "
                "light, and give other images.",
                total=total,
                image=images.records[0].path.name,
                why=translate_kept(flat[0]),
            )
        )
    first = images.vectors[:_COMPARED]
    if total <= _COMPARED and np.abs(first - first[:1]).max() <= _SAME * np.abs(first).max():
        raise TrainingError(
            translate(
                "All {total:,} good images show the same to a pixel: there is nothing to learn from; give "
                "images of different parts.",
                total=total,
            )
        )


def _list_both_kinds(images: Collection, kinds: IntArray) -> tuple[Kind, ...]:
    paths = [record.path for record in images.records]
    return tuple(Kind(tuple(paths[place] for place in np.flatnonzero(kinds == kind))) for kind in (0, 1))


def _find_suspects(
    images: Collection, measure: Callable[[IntArray], FloatArray], kinds: IntArray
) -> list[Suspect]:
    """Return the images that are unlike the others in look, kind or features, by their places."""
    by_look = find_by_look(images.looks)
    found = {one.index: one.reason for one in by_look}
    total = len(images.records)
    for place in np.flatnonzero(kinds):
        found.setdefault(int(place), "")
    for _ in range(_ROUNDS):
        left = np.setdiff1d(np.arange(total), list(found))
        far = left[find_by_distance(measure(left))] if len(left) > 1 else left[:0]
        if not len(far):
            break
        found.update(dict.fromkeys(map(int, far), ""))
    unlike = keep("is unlike the other {count:,}", count=total - len(found))
    return [Suspect(place, found[place] or unlike) for place in sorted(found)]


def _measure_distances(images: Collection, groups: Groups, places: IntArray) -> FloatArray:
    """Return the squared distances of images to fits without their groups, (places,)."""
    chosen = images.select_images(places)
    numbers = groups.select_images(places).held_out_together
    density = ShrunkFit()
    try:
        density.learn_rows(chosen.vectors, numbers)
    except ValueError:  # all the same: none is unlike the others, and the fit to come says so
        return np.zeros(len(places))
    return density.held_out_distances(chosen.vectors, numbers)


def list_kinds(kinds: Sequence[Kind]) -> list[dict[str, object]]:
    """Return kinds as JSON values: how many images, and the first few."""
    return [
        {"images": len(kind.paths), "examples": [str(path) for path in kind.paths[:_NAMED]]} for kind in kinds
    ]
