"""Registers a piece against a template: its direction to parts of a degree, its place to parts of a pixel.

The direction is looked for all around by correlation over angles, about the middle of the outline, which
tells half turns apart; the likeliest are refined together with the place, by Gauss-Newton steps on the
correlation (inverse compositional: Baker and Matthews, "Lucas-Kanade 20 years on", 2004).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray

WINDOW = 112
"""Side of the square that a piece is registered on, in pixels; a piece reaches `REACH` from its middle."""

REACH = 48

_ANGLES, _RADII = 180, 24
_CANDIDATES = 3  # directions that are refined, the likeliest first
_APART = 8  # steps: directions nearer than this to a likelier one are not tried
_LEVELS = ((2.0, 2, 5), (0.8, 1, 4))  # blur in pixels, every how many pixels are compared, and steps on it
_CLOSE = 0.1  # a direction that much less like than the best is not looked at more finely
_SETTLED = (0.0005, 0.01, 0.01)  # radians and pixels: after smaller steps the place stays
_FARTHEST = 24.0  # pixels of the window that a piece may lie beside the middle of its outline


@dataclass(frozen=True)
class Fit:
    """How a window shows the template.

    Parameters
    ----------
    angle : radians, from the template to the window
    x, y : where the template's middle lies, in pixels from the window's middle
    flipped : whether the template has to be mirrored (its y) first
    likeness : correlation, -1 to 1
    """

    angle: float
    x: float
    y: float
    flipped: bool
    likeness: float = 0.0

    def matrix(self) -> FloatArray:
        """Return what takes offsets in the template, (x, y), to offsets in the window, (2, 2)."""
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        mirror = -1.0 if self.flipped else 1.0
        return np.array([[cosine, -sine * mirror], [sine, cosine * mirror]])


@dataclass(frozen=True, eq=False)
class Template:
    """The mean of good pieces, registered to each other.

    Parameters
    ----------
    values : (WINDOW, WINDOW) float32, how unlike the ground each pixel is
    weights : (WINDOW, WINDOW) float32, 0 to 1: where pieces are
    """

    values: FloatArray
    weights: FloatArray

    @cached_property
    def _levels(self) -> tuple[_Level, ...]:
        return tuple(_Level.of(self.values, self.weights, *level) for level in _LEVELS)

    @cached_property
    def _spectrum(self) -> Any:
        return np.fft.rfft(_take_polar(self.values), axis=0).conj()

    def find_fits(self, window: FloatArray, *, mirrored: bool = False) -> list[Fit]:
        """Return how a window may show the template, the likeliest first.

        Parameters
        ----------
        window : (WINDOW, WINDOW), the middle of the piece's outline in its middle
        mirrored : whether the template is mirrored
        """
        from scipy import ndimage

        seen = window[::-1] if mirrored else window
        starts = [Fit(angle, 0.0, 0.0, False) for angle in self._find_angles(seen)]
        smooth = ndimage.gaussian_filter(seen, _LEVELS[0][0])
        fits = sorted((self._levels[0].refine(smooth, one) for one in starts), key=lambda fit: -fit.likeness)
        fine = ndimage.gaussian_filter(seen, _LEVELS[1][0])
        close = [one for one in fits[:2] if one.likeness > fits[0].likeness - _CLOSE]
        fits = sorted((self._levels[1].refine(fine, one) for one in close), key=lambda fit: -fit.likeness)
        return [replace(fit, angle=-fit.angle, y=-fit.y, flipped=True) for fit in fits] if mirrored else fits

    def _find_angles(self, window: FloatArray) -> list[float]:
        products = (np.fft.rfft(_take_polar(window), axis=0) * self._spectrum).sum(axis=1)
        likeness = np.fft.irfft(products, _ANGLES)
        found = []
        for _ in range(_CANDIDATES):
            best = int(likeness.argmax())
            found.append(2 * np.pi * best / _ANGLES)
            likeness[np.arange(best - _APART, best + _APART + 1) % _ANGLES] = -np.inf
        return found


@dataclass(frozen=True, eq=False)
class _Level:
    """A template under one blur, and what a step on it needs.

    Parameters
    ----------
    offsets : (pixels, 2) of the pixels that count, x and y from the middle
    weights : (pixels,), of sum 1
    values : (pixels,) of weighted mean 0 and deviation 1
    slopes : (pixels, 3) by angle, x and y
    steps : how many steps are taken
    """

    offsets: FloatArray
    weights: FloatArray
    values: FloatArray
    slopes: FloatArray
    steps: int

    @classmethod
    def of(cls, values: FloatArray, weights: FloatArray, blur: float, every: int, steps: int) -> _Level:
        from scipy import ndimage

        smooth = ndimage.gaussian_filter(values, blur)
        down, across = np.gradient(smooth, axis=0), np.gradient(smooth, axis=1)
        rows, columns = every * np.array(np.nonzero(weights[::every, ::every] > 0.05))
        middle = (WINDOW - 1) / 2
        x, y = columns - middle, rows - middle
        share = weights[rows, columns].astype(np.float64)
        share /= share.sum()
        own = smooth[rows, columns].astype(np.float64)
        own -= (own * share).sum()
        deviation = np.sqrt((own**2 * share).sum()) + 1e-9
        gx, gy = across[rows, columns] / deviation, down[rows, columns] / deviation
        slopes: FloatArray = np.stack([gy * x - gx * y, gx, gy], axis=1)
        slopes -= share @ slopes
        return cls(np.stack([x, y], axis=1), share, own / deviation, slopes, steps)

    def refine(self, window: FloatArray, start: Fit) -> Fit:
        """Return the fit after some steps; the best on the way."""
        weighted = self.slopes * self.weights[:, None]
        inverse = np.linalg.inv(weighted.T @ self.slopes + 1e-6 * np.eye(3))
        fit = best = replace(start, likeness=-1.0)
        for step in range(self.steps + 1):
            seen, likeness = self._compare(window, fit)
            if likeness > best.likeness:
                best = replace(fit, likeness=likeness)
            if step == self.steps:
                break
            away = inverse @ (weighted.T @ (seen - self.values))
            if (np.abs(away) < _SETTLED).all():
                break
            fit = _step_back(fit, away)
        return best

    def _compare(self, window: FloatArray, fit: Fit) -> tuple[FloatArray, float]:
        """Return what the window shows, normalised, and how like it is to the template."""
        from scipy import ndimage

        positions = self.offsets @ fit.matrix().T + (fit.x, fit.y) + (WINDOW - 1) / 2
        seen = ndimage.map_coordinates(window, positions[:, ::-1].T, order=1, mode="nearest")
        seen = seen - (seen * self.weights).sum()
        seen /= np.sqrt((seen**2 * self.weights).sum()) + 1e-9
        return seen, float((seen * self.values * self.weights).sum())


def _step_back(fit: Fit, step: FloatArray) -> Fit:
    """Return the fit with the inverse of a step before it."""
    turn, x, y = np.clip(step, (-0.1, -6, -6), (0.1, 6, 6))
    angle = fit.angle - turn
    cosine, sine = np.cos(angle), np.sin(angle)
    moved = np.array([fit.x - cosine * x + sine * y, fit.y - sine * x - cosine * y])
    moved = np.clip(moved, -_FARTHEST, _FARTHEST)
    return replace(fit, angle=float(angle), x=float(moved[0]), y=float(moved[1]))


def sample_window(window: FloatArray, fit: Fit) -> FloatArray:
    """Return a window as its template lies, (WINDOW, WINDOW)."""
    from scipy import ndimage

    x, y = _window_offsets()
    offsets = np.stack([x.ravel(), y.ravel()], axis=1)
    positions = offsets @ fit.matrix().T + (fit.x, fit.y) + (WINDOW - 1) / 2
    sampled = ndimage.map_coordinates(window, positions[:, ::-1].T, order=1, mode="constant")
    return sampled.reshape(WINDOW, WINDOW)


@lru_cache(maxsize=1)
def _window_offsets() -> tuple[FloatArray, FloatArray]:
    along = np.arange(WINDOW) - (WINDOW - 1) / 2
    x, y = np.meshgrid(along, along)
    return x, y


@lru_cache(maxsize=1)
def _polar_positions() -> FloatArray:
    angles = 2 * np.pi * np.arange(_ANGLES)[:, None] / _ANGLES
    radii = np.linspace(3, REACH * 1.1, _RADII)[None]
    middle = (WINDOW - 1) / 2
    return np.stack([middle + radii * np.sin(angles), middle + radii * np.cos(angles)])


def _take_polar(window: FloatArray) -> FloatArray:
    """Return a smoothed window over angles and radii, each radius without its mean, by its length."""
    from scipy import ndimage

    smooth = ndimage.gaussian_filter(window, 1.5)
    polar = ndimage.map_coordinates(smooth, _polar_positions(), order=1, mode="nearest")
    radii = np.linspace(3, REACH * 1.1, _RADII)
    polar = (polar - polar.mean(axis=0)) * np.sqrt(radii)
    scaled: FloatArray = polar / (np.sqrt((polar**2).sum()) + 1e-9)
    return scaled


def measure_turned_likeness(windows: Sequence[FloatArray]) -> FloatArray:
    """Return how like each two windows are, one of them turned as it is most like the other, (n, n)."""
    spectra = [np.fft.rfft(_take_polar(window), axis=0) for window in windows]
    likeness = [
        [np.fft.irfft((one * other.conj()).sum(axis=1), _ANGLES).max() for other in spectra]
        for one in spectra
    ]
    return np.array(likeness)
