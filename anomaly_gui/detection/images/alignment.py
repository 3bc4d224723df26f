"""Align parts that lie in any direction, so that the same cells show the same spot of each.

The pose of an image is found against a template: the direction by the magnitudes of its spectrum, which a
shift does not change (Reddy and Chatterji, "An FFT-based technique for translation, rotation, and
scale-invariant image registration", 1996), then the half turn and the shift by correlation. The template is
the mean of the training images in the poses found so far, over a few rounds (congealing: Learned-Miller,
"Data driven image models through continuous joint alignment", 2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray, IntArray

TEMPLATE_SIDE = 96
SPARE = 4 / 3
"""An image is read this many times larger than the network's input, so that turning blurs little."""

_DIRECTIONS = 360  # to a half turn
_RADII = np.arange(3, 40)  # cycles an image
_ROUNDS = 4
_CANDIDATES = 3  # directions that are tried, the likeliest first
_APART = 8  # directions nearer than this to a likelier one are not tried
_REFINEMENT = np.deg2rad((-2, -1, -0.5, 0.5, 1, 2))
_REACH = 14  # pixels of the template a part may lie beside its middle
_FIRST_GUESSES = 30


@dataclass(frozen=True)
class Pose:
    """How a part lies: turned by `angle` (radians), then shifted by (x, y) in shares of the image's side."""

    angle: float
    shift: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Alignment:
    """A template, and how parts are brought into its pose.

    Parameters
    ----------
    template : (TEMPLATE_SIDE, TEMPLATE_SIDE) float32, windowed, without mean, of unit length
    shifts : whether parts also lie beside the middle; otherwise they are only turned
    aspect : width / height of the training images
    """

    template: FloatArray
    shifts: bool
    aspect: float

    @cached_property
    def _template_spectrum(self) -> Any:
        return np.fft.fft(_polar_spectrum(self.template), axis=0).conj()

    @cached_property
    def _template_transform(self) -> Any:
        return np.fft.fft2(self.template).conj()

    def find_pose(self, pixels: ImageArray) -> Pose:
        """Return how the part in (size, size, 3) uint8 lies."""
        return self._match_pose(_to_grey_square(pixels, self.aspect))[1]

    def _match_pose(self, grey: FloatArray) -> tuple[float, Pose]:
        """Return the best correlation with the template, and the pose it belongs to."""
        angles = [np.pi * k / _DIRECTIONS + half for k in self._find_directions(grey) for half in (0, np.pi)]
        best = max((self._match_at_angle(grey, angle) for angle in angles), key=lambda found: found[0])
        nearby = [self._match_at_angle(grey, best[1].angle + turn) for turn in _REFINEMENT]
        return max((best, *nearby), key=lambda found: found[0])

    def _find_directions(self, grey: FloatArray) -> list[int]:
        """Return the likeliest directions, in steps of a half turn."""
        products = (np.fft.fft(_polar_spectrum(_apply_window(grey)), axis=0) * self._template_spectrum).sum(
            axis=1
        )
        likeness = np.fft.ifft(products).real
        found = []
        for _ in range(_CANDIDATES):
            found.append(int(likeness.argmax()))
            likeness[np.arange(found[-1] - _APART, found[-1] + _APART + 1) % _DIRECTIONS] = -np.inf
        return found

    def _match_at_angle(self, grey: FloatArray, angle: float) -> tuple[float, Pose]:
        turned = _apply_window(_resample_grey(grey, Pose(angle, (0.0, 0.0))))
        if not self.shifts:
            return float((turned * self.template).sum()), Pose(angle, (0.0, 0.0))
        surface = np.fft.ifft2(np.fft.fft2(turned) * self._template_transform).real
        reach = np.r_[-_REACH : _REACH + 1]
        near = surface[np.ix_(reach, reach)]
        down, across = (float(reach[k]) for k in np.unravel_index(near.argmax(), near.shape))
        cosine, sine = np.cos(angle), np.sin(angle)
        shift = (cosine * across - sine * down, sine * across + cosine * down)
        return float(near.max()), Pose(angle, (shift[0] / TEMPLATE_SIDE, shift[1] / TEMPLATE_SIDE))

    def apply_pose(self, pixels: ImageArray, pose: Pose, size: int) -> ImageArray:
        """Return the part in the template's pose, (size, size, 3) uint8, around it its border's colour.

        Parameters
        ----------
        pixels : (side, side, 3) uint8, the image squeezed to a square
        """
        side = len(pixels)
        coefficients = _affine_coefficients(pose, side, side, self.aspect)
        turned = Image.fromarray(pixels).transform(
            (side, side),
            Image.Transform.AFFINE,
            coefficients,
            Image.Resampling.BICUBIC,
            fillcolor=_border_colour(pixels),
        )
        return np.asarray(turned.resize((size, size), Image.Resampling.BILINEAR))

    def restore_map(self, values: FloatArray, pose: Pose, side: int) -> FloatArray:
        """Return a map of the aligned part, (cells, cells), as a map of the image it was, (side, side)."""
        cells = len(values)
        back = _invert_affine(_affine_coefficients(pose, cells, cells, self.aspect), side / cells)
        turned = Image.fromarray(values.astype(np.float32)).transform(
            (side, side), Image.Transform.AFFINE, back, Image.Resampling.BILINEAR, fillcolor=0
        )
        return np.asarray(turned)


def fit_alignment(images: Sequence[ImageArray], aspect: float) -> Alignment:
    """Learn a template from images of parts in any direction.

    Parameters
    ----------
    images : (size, size, 3) uint8 each, squeezed to a square
    aspect : width / height of what they were

    Of parts that are only turned, and parts that also lie beside the middle, the reading is taken under which
    the aligned images differ less.
    """
    greys = [_to_grey_square(pixels, aspect) for pixels in images]
    fits = [_fit_template(greys, shifts, aspect) for shifts in (False, True)]
    return min(fits, key=lambda fit: _measure_disagreement(greys, fit))


def _fit_template(greys: Sequence[FloatArray], shifts: bool, aspect: float) -> Alignment:
    alignment = Alignment(_apply_window(greys[_most_typical(greys)]), shifts, aspect)
    for _ in range(_ROUNDS):
        aligned = [_resample_grey(grey, alignment._match_pose(grey)[1]) for grey in greys]
        mean = np.mean([_apply_window(grey) for grey in aligned], axis=0)
        alignment = Alignment(_apply_window(mean), shifts, aspect)
    return _turn_upright(alignment, mean)


def _turn_upright(alignment: Alignment, mean: FloatArray) -> Alignment:
    """Turn the template so that its strongest edges lie along the axes: the network knows upright images."""
    down, across = np.gradient(alignment.template)
    angle = 0.5 * float(np.arctan2(2 * (across * down).sum(), (across**2 - down**2).sum()))
    turned = _resample_grey(mean, Pose(angle, (0.0, 0.0)), fill=0.0)
    return Alignment(_apply_window(turned), alignment.shifts, alignment.aspect)


def _most_typical(greys: Sequence[FloatArray]) -> int:
    """Return the image whose spectrum is most like those of the others."""
    some = greys[:_FIRST_GUESSES]
    spectra = [np.fft.fft(_polar_spectrum(_apply_window(grey)), axis=0) for grey in some]
    likeness = [
        [float(np.fft.ifft((one * other.conj()).sum(axis=1)).real.max()) for other in spectra]
        for one in spectra
    ]
    return int(np.sum(likeness, axis=1).argmax())


def _measure_disagreement(greys: Sequence[FloatArray], alignment: Alignment) -> float:
    """Return the variance of the aligned images at a pixel, of each image's own brightness."""
    aligned = np.stack([_resample_grey(grey, alignment._match_pose(grey)[1]) for grey in greys])
    aligned = aligned / np.maximum(aligned.std(axis=(1, 2), keepdims=True), 1e-6)
    return float(aligned.var(axis=0).mean())


def _to_grey_square(pixels: ImageArray, aspect: float) -> FloatArray:
    """Return an image in its true shape on a square, (TEMPLATE_SIDE, TEMPLATE_SIDE) float32."""
    wide, high = (1.0, 1.0 / aspect) if aspect >= 1 else (aspect, 1.0)
    inner = max(1, round(TEMPLATE_SIDE * wide)), max(1, round(TEMPLATE_SIDE * high))
    small = Image.fromarray(pixels).convert("L").resize(inner, Image.Resampling.BILINEAR)
    square = Image.new("L", (TEMPLATE_SIDE, TEMPLATE_SIDE), round(float(_edge_level(np.asarray(small)))))
    square.paste(small, ((TEMPLATE_SIDE - inner[0]) // 2, (TEMPLATE_SIDE - inner[1]) // 2))
    return np.asarray(square, np.float32)


def _resample_grey(grey: FloatArray, pose: Pose, fill: float | None = None) -> FloatArray:
    side = len(grey)
    edge = _edge_level(grey) if fill is None else fill
    turned = Image.fromarray(grey).transform(
        (side, side),
        Image.Transform.AFFINE,
        _affine_coefficients(pose, side, side, 1.0),
        Image.Resampling.BILINEAR,
        fillcolor=edge,
    )
    return np.asarray(turned)


def _affine_coefficients(pose: Pose, side: int, source: int, aspect: float) -> tuple[float, ...]:
    """Return Pillow's coefficients: where in the squeezed image a pixel of the aligned square comes from.

    Pillow takes a pixel's centre for its position, so that pixel p lies at p + 0.5.
    """
    wide, high = (1.0, aspect) if aspect >= 1 else (1.0 / aspect, 1.0)  # of the square, to the squeezed image
    cosine, sine = np.cos(pose.angle), np.sin(pose.angle)
    matrix = np.array([[wide * cosine, -wide * sine], [high * sine, high * cosine]])
    middle = np.array([wide, high]) * (np.array(pose.shift) * source) + source / 2
    offset = middle - matrix @ np.array([side / 2, side / 2]) * (source / side)
    a, b, d, e = (float(value) for value in (matrix * (source / side)).ravel())
    return (a, b, float(offset[0]), d, e, float(offset[1]))


def _invert_affine(coefficients: tuple[float, ...], times: float) -> tuple[float, ...]:
    """Return the coefficients of the way back, from an image `times` as large."""
    a, b, c, d, e, f = coefficients
    back = np.linalg.inv(np.array([[a, b], [d, e]]))
    offset = -back @ np.array([c, f])
    scaled = back / times
    return (*map(float, scaled[0]), float(offset[0]), *map(float, scaled[1]), float(offset[1]))


def _edge_level(grey: np.ndarray) -> float:
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))


def _border_colour(pixels: ImageArray) -> tuple[int, ...]:
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return tuple(int(value) for value in np.median(edge, axis=0))


def _apply_window(grey: FloatArray) -> FloatArray:
    """Return the image under a round window, without its mean, of unit length."""
    window = _round_window()
    without = (grey - (grey * window).sum() / window.sum()) * window
    scaled: FloatArray = without / np.sqrt((without**2).sum() + 1e-6)
    return scaled.astype(np.float32)


def _round_window() -> FloatArray:
    across = (np.arange(TEMPLATE_SIDE) + 0.5) / TEMPLATE_SIDE * 2 - 1
    radius = np.minimum(np.hypot(across[:, None], across), 1)
    window: FloatArray = np.cos(np.pi / 2 * radius).astype(np.float32)
    return window


def _polar_spectrum(windowed: FloatArray) -> FloatArray:
    """Return log magnitudes of the spectrum over direction and radius, each radius without its mean."""
    side = 2 * TEMPLATE_SIDE
    magnitudes = np.log1p(20 * np.fft.fftshift(np.abs(np.fft.fft2(windowed, s=(side, side)))))
    down, across = _polar_positions()
    spectrum = _interpolate_bilinear(magnitudes, down, across)
    spectrum -= spectrum.mean(axis=0)
    scaled: FloatArray = spectrum / np.sqrt((spectrum**2).sum() + 1e-12)
    return scaled


def _polar_positions() -> tuple[FloatArray, FloatArray]:
    directions: FloatArray = np.pi * np.arange(_DIRECTIONS)[:, None] / _DIRECTIONS
    radii: FloatArray = 2.0 * _RADII[None]
    return TEMPLATE_SIDE + radii * np.sin(directions), TEMPLATE_SIDE + radii * np.cos(directions)


def _interpolate_bilinear(values: FloatArray, down: FloatArray, across: FloatArray) -> FloatArray:
    rows: IntArray = down.astype(np.int64)
    columns: IntArray = across.astype(np.int64)
    v, u = down - rows, across - columns
    upper = values[rows, columns] * (1 - u) + values[rows, columns + 1] * u
    lower = values[rows + 1, columns] * (1 - u) + values[rows + 1, columns + 1] * u
    mixed: FloatArray = upper * (1 - v) + lower * v
    return mixed
