"""Learns from good pictures how their parts are found: the ground, the template, how many there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.locating.ground import (
    SMALL_SIDE,
    Ground,
    Pieces,
    fit_ground,
    shrink_picture,
)
from anomaly_gui.detection.images.locating.locator import PIECE, Locator
from anomaly_gui.detection.images.locating.registration import (
    REACH,
    WINDOW,
    Fit,
    Template,
    measure_turned_likeness,
    sample_window,
)
from anomaly_gui.detection.images.locating.windows import take_window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray

MOST_PIECES = 12

_AGREEING = 0.9  # of the pictures, that show as many parts, none at the edge
_VARYING = 1.4  # times the usual area, that nine of ten parts keep to
_TIMES = (1.0, 1.5, 2.2, 3.3, 5.0)  # thresholds that are tried
_ALIKE, _NEARLY, _FEW_LESS = 1.05, 1.5, 0.02  # what is alike enough, or nearly as alike as can be
_KEPT = 0.6  # of what the lowest threshold finds: a higher one may leave out shadows, not half the part
_LARGEST = 0.85  # of the picture: what fills it needs no finding
_ROUNDS = 3
_FIRST_GUESSES = 24
_MOST_WINDOWS = 120
_FEW = 24  # examples that tell whether parts lie on both faces
_SPARE_PIXELS = 5  # of the template: so far beyond the mean outline good parts may reach
_OTHER_FACE, _CLEARLY = 0.1, 0.05  # of good parts, that are so much more like the template's mirror image


@dataclass(frozen=True, eq=False)
class _Example:
    """A good part on the square it is registered on: how unlike the ground it is, and its outline."""

    window: FloatArray
    mask: FloatArray


def fit_locator(pictures: Sequence[ImageArray], aspect: float, longest: int) -> Locator | None:
    """Learn to find parts, or return None where these are no parts on a plain ground.

    Parameters
    ----------
    pictures : (height, width, 3) uint8, good ones, of one shape
    aspect, longest : width over height of what they were, and their longer side in pixels
    """
    views = [_look_at(pictures, ground) for ground in _vary_ground(fit_ground(pictures))]
    view = _choose_view(views)
    if view is None:
        return None
    ground, pieces = view.ground, view.pieces
    shown = [(pixels, one) for pixels, one in zip(pictures, view.found, strict=True) if _shows(one, pieces)]
    area = float(np.median(np.concatenate([one.areas[:pieces] for _, one in shown]))) / SMALL_SIDE**2
    reach, colour = _measure_parts(shown, ground, pieces)
    examples = [
        _take_example(pixels, one, number, ground, reach, colour)
        for pixels, one in shown
        for number in range(pieces)
    ][:_MOST_WINDOWS]
    both = _lie_on_both_faces(examples[:: max(1, len(examples) // _FEW)])
    template = _learn_template(examples, both=both)
    likeness = float(np.quantile([_fit_best(template, one, both=both).likeness for one in examples], 0.02))
    return Locator(ground, colour, template, reach, area, pieces, both, likeness, aspect, longest)


@dataclass(frozen=True, eq=False)
class _View:
    """What is found in good pictures above one threshold.

    Parameters
    ----------
    pieces : how many parts most of them show
    agreeing : share of the pictures that show as many, none at the edge
    varying : how many times the usual area nine of ten parts keep to
    filled : share of the pictures that parts fill
    """

    ground: Ground
    found: Sequence[Pieces]
    pieces: int
    agreeing: float
    varying: float
    filled: float


def _vary_ground(ground: Ground) -> list[Ground]:
    return [replace(ground, threshold=ground.threshold * times) for times in _TIMES]


def _look_at(pictures: Sequence[ImageArray], ground: Ground) -> _View:
    found = [ground.find_pieces(pixels) for pixels in pictures]
    counts = [int((one.areas >= PIECE * one.areas[0]).sum()) if len(one.areas) else 0 for one in found]
    pieces = int(np.bincount(counts).argmax())
    shown = [one for one in found if _shows(one, pieces)]
    if not shown:
        return _View(ground, found, pieces, 0.0, np.inf, 0.0)
    areas = np.concatenate([one.areas[:pieces] for one in shown])
    varying = float(np.exp(np.quantile(np.abs(np.log(areas / np.median(areas))), 0.9)))
    filled = float(pieces * np.median(areas) / shown[0].labels.size)
    return _View(ground, found, pieces, len(shown) / len(found), varying, filled)


def _choose_view(views: Sequence[_View]) -> _View | None:
    """Return the one in the middle of those under which parts are as alike as under any, or nearly.

    A low threshold takes shadows and shine of the ground for parts, a high one misses what is pale of them.
    """
    usable = [
        one
        for one in views
        if 1 <= one.pieces <= MOST_PIECES
        and one.agreeing >= _AGREEING
        and one.varying <= _VARYING
        and one.filled <= _LARGEST
    ]
    if not usable:
        return None
    best, least = max(one.agreeing for one in usable), min(one.varying for one in usable)
    alike = [
        one
        for one in usable
        if one.varying <= max(_ALIKE, 1 + _NEARLY * (least - 1))
        and one.agreeing >= best - _FEW_LESS
        and one.filled >= _KEPT * usable[0].filled
    ]
    return alike[len(alike) // 2] if alike else usable[0]


def _shows(one: Pieces, pieces: int) -> bool:
    large = len(one.areas) and int((one.areas >= PIECE * one.areas[0]).sum())
    return large == pieces > 0 and not one.touching[:pieces].any()


def _measure_parts(
    shown: Sequence[tuple[ImageArray, Pieces]], ground: Ground, pieces: int
) -> tuple[float, FloatArray]:
    """Return how far parts reach from their middles, and how they differ from the ground, (3,)."""
    reaches, products = [], np.zeros((3, 3))
    for pixels, one in shown:
        small = shrink_picture(pixels)
        unlike = (small - one.surface.draw(small.shape[:2])) / ground.noise
        products += np.einsum("ij,ik->jk", unlike[one.labels > 0], unlike[one.labels > 0])
        for number in range(pieces):
            rows, columns = np.nonzero(one.labels == number + 1)
            away = np.hypot(columns + 0.5 - one.centres[number, 0], rows + 0.5 - one.centres[number, 1])
            reaches.append(float(away.max()))
    return float(np.quantile(reaches, 0.9)) / SMALL_SIDE, np.linalg.eigh(products)[1][:, -1].astype(
        np.float32
    )


def _take_example(
    pixels: ImageArray, one: Pieces, number: int, ground: Ground, reach: float, colour: FloatArray
) -> _Example:
    from scipy import ndimage

    centre = one.centres[number]
    along = (np.arange(WINDOW) - (WINDOW - 1) / 2) * reach * SMALL_SIDE / REACH
    rows, columns = centre[1] + along - 0.5, centre[0] + along - 0.5
    inside = (one.labels == number + 1).astype(np.float32)
    positions = np.meshgrid(rows, columns, indexing="ij")
    mask = ndimage.map_coordinates(inside, positions, order=1, mode="constant")
    return _Example(take_window(pixels, one, centre, reach, colour, ground.noise), mask)


def _lie_on_both_faces(examples: Sequence[_Example]) -> bool:
    """Tell whether some parts are clearly more like the mirror image of the others."""
    template = _learn_template(examples, both=True)
    own, other = (
        np.array([template.find_fits(one.window, mirrored=mirrored)[0].likeness for one in examples])
        for mirrored in (False, True)
    )
    return float(np.mean(other - own > _CLEARLY)) > _OTHER_FACE


def _fit_best(template: Template, example: _Example, *, both: bool) -> Fit:
    fits = template.find_fits(example.window)
    if both:
        fits += template.find_fits(example.window, mirrored=True)
    return max(fits, key=lambda fit: fit.likeness)


def _learn_template(examples: Sequence[_Example], *, both: bool) -> Template:
    """Return the mean of examples registered to each other, over a few rounds, turned upright.

    Parameters
    ----------
    both : whether they lie on either face
    """
    first = examples[_find_most_typical(examples)]
    template = _make_template(first.window, first.mask)
    for _ in range(_ROUNDS):
        fits = [_fit_best(template, one, both=both) for one in examples]
        pairs = list(zip(examples, fits, strict=True))
        values = np.mean([sample_window(one.window, fit) for one, fit in pairs], axis=0)
        cover = np.mean([sample_window(one.mask, fit) for one, fit in pairs], axis=0)
        template = _make_template(values, cover)
    upright = Fit(_find_upright(cover > 0.5), 0.0, 0.0, False)
    return _make_template(sample_window(values, upright), sample_window(cover, upright))


def _find_most_typical(examples: Sequence[_Example]) -> int:
    some = [one.window for one in examples[:: max(1, len(examples) // _FIRST_GUESSES)]]
    likeness = measure_turned_likeness(some).sum(axis=1)
    return int(likeness.argmax()) * max(1, len(examples) // _FIRST_GUESSES)


def _make_template(values: FloatArray, cover: FloatArray) -> Template:
    from scipy import ndimage

    wide = ndimage.grey_dilation(cover, (_SPARE_PIXELS, _SPARE_PIXELS))
    return Template(values.astype(np.float32), np.clip(wide, 0, 1).astype(np.float32))


def _find_upright(mask: np.ndarray) -> float:
    """Return the angle by which an outline's smallest box is turned, its longer side across."""
    rows, columns = np.nonzero(mask)
    x, y = columns - columns.mean(), rows - rows.mean()
    angles = np.deg2rad(np.arange(0, 90, 1))[:, None]
    along, across = x * np.cos(angles) + y * np.sin(angles), y * np.cos(angles) - x * np.sin(angles)
    wide, high = np.ptp(along, axis=1), np.ptp(across, axis=1)
    best = int((wide * high).argmin())
    return float(angles[best, 0]) + (np.pi / 2 if wide[best] < high[best] else 0.0)
