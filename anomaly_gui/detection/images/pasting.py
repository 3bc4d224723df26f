"""Defects pasted on good images: scratches, spots, smears and pieces of another image, where the part is.

They stand in for real ones where none are known: which ways of judging see them tells, on most kinds of
parts, which see real ones (tables in the help pages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray

    Spot = tuple[float, float, float]  # across and down of its middle, and its radius, in pixels
    Draw = Callable[[ImageDraw.ImageDraw, Spot, np.random.Generator], None]

_SMALLEST, _LARGEST = 0.03, 0.15  # radius in shares of the shorter side
_FAINTEST, _STRONGEST = 0.5, 1.5  # in standard deviations of the image
_LOOK = 32  # pixels of the look at where the part is
_FINE = 2  # pixels drawn for each one, so that edges are smooth
_LEAST_CONTRAST = 8.0  # of 255


def paste_defects(
    image: ImageArray, others: Sequence[ImageArray], rng: np.random.Generator
) -> list[ImageArray]:
    """Return copies of an image, (height, width, 3) uint8, each with one defect of another kind.

    Parameters
    ----------
    others : images of the same shape, of which pieces are taken
    """
    drawn = [_paste_drawn(image, draw, blur, rng) for draw, blur in ((_draw_scratch, 0.6), (_draw_spot, 1.0))]
    return [*drawn, _smear(image, rng), _paste_piece(image, others[int(rng.integers(len(others)))], rng)]


def _choose_spot(image: ImageArray, rng: np.random.Generator) -> Spot:
    """Return a place on the part: where the image is not as along its border, if that is plain."""
    height, width, _ = image.shape
    small = np.asarray(Image.fromarray(image).convert("L").resize((_LOOK, _LOOK)), np.float32)
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    level = float(np.median(edge))
    noise = float(np.median(np.abs(edge - level)))
    on_part = np.abs(small - level) > 6 * noise + 12
    if on_part.mean() < 0.05 or noise > 12:
        on_part[:] = True
    down, across = np.unravel_index(rng.choice(np.flatnonzero(on_part)), on_part.shape)
    radius = np.exp(rng.uniform(np.log(_SMALLEST), np.log(_LARGEST))) * min(height, width)
    return (across + rng.random()) / _LOOK * width, (down + rng.random()) / _LOOK * height, float(radius)


def _choose_colour(image: ImageArray, spot: Spot, rng: np.random.Generator) -> FloatArray:
    """Return a colour, (3,), brighter or darker than what is there."""
    around = _cut_square(image, spot[0], spot[1], spot[2]).reshape(-1, 3).mean(axis=0)
    contrast = max(float(image.reshape(-1, 3).std(axis=0).mean()), _LEAST_CONTRAST)
    step = rng.choice((-1, 1)) * rng.uniform(_FAINTEST, _STRONGEST) * contrast
    colour: FloatArray = np.clip(around + step * (1 + 0.3 * rng.normal(size=3)), 0, 255)
    return colour


def _cut_square(image: ImageArray, across: float, down: float, radius: float) -> ImageArray:
    """Return what of a square lies in an image, a pixel at least."""
    height, width, _ = image.shape
    left, top = (
        int(np.clip(middle - radius, 0, side - 1)) for middle, side in ((across, width), (down, height))
    )
    return np.asarray(image[top : int(down + radius) + 2, left : int(across + radius) + 2])


def _paste_drawn(image: ImageArray, draw: Draw, blur: float, rng: np.random.Generator) -> ImageArray:
    spot = _choose_spot(image, rng)
    mask = _draw_mask(image, draw, spot, blur, rng)
    return _blend(image, 0.9 * _choose_colour(image, spot, rng) + 0.1 * image, mask)


def _draw_mask(
    image: ImageArray, draw: Draw, spot: Spot, blur: float, rng: np.random.Generator
) -> FloatArray:
    """Return (height, width, 1) from 0 to 1."""
    height, width, _ = image.shape
    fine = Image.new("L", (width * _FINE, height * _FINE))
    draw(ImageDraw.Draw(fine), (spot[0] * _FINE, spot[1] * _FINE, spot[2] * _FINE), rng)
    mask = fine.resize((width, height), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(float(blur)))
    return np.asarray(mask, np.float32)[..., None] / 255


def _draw_scratch(canvas: ImageDraw.ImageDraw, spot: Spot, rng: np.random.Generator) -> None:
    across, down, radius = spot
    angle, points = rng.uniform(0, np.pi), [(across, down)]
    for _ in range(6):
        angle += 0.35 * rng.normal()
        step = radius * 2.5 / 6
        points.append((points[-1][0] + step * np.cos(angle), points[-1][1] + step * np.sin(angle)))
    width = rng.uniform(0.005, 0.015) * min(canvas.im.size)
    canvas.line([(float(x), float(y)) for x, y in points], fill=255, width=max(_FINE, round(width)))


def _draw_spot(canvas: ImageDraw.ImageDraw, spot: Spot, rng: np.random.Generator) -> None:
    across, down, radius = spot
    angles = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    radii, flatness = radius * 0.5 * np.exp(0.25 * rng.normal(size=10)), rng.uniform(0.5, 1)
    corners = zip(across + radii * np.cos(angles), down + flatness * radii * np.sin(angles), strict=True)
    canvas.polygon([(float(x), float(y)) for x, y in corners], fill=255)


def _smear(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Blur a patch and give it a tint."""
    spot = _choose_spot(image, rng)
    wide = (spot[0], spot[1], 1.5 * spot[2])
    mask = np.minimum(1.3 * _draw_mask(image, _draw_spot, wide, 0.4 * spot[2], rng), 1)
    around = _cut_square(image, *spot).reshape(-1, 3).mean(axis=0)
    radius = float(max(1.5, 0.2 * spot[2]))
    blurred = np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)), np.float32)
    return _blend(image, blurred + 0.5 * (_choose_colour(image, spot, rng) - around), mask)


def _paste_piece(image: ImageArray, other: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Put a round piece of another image, or of another place, where it does not belong."""
    height, width, _ = image.shape
    target, source = _choose_spot(image, rng), _choose_spot(other, rng)
    side = int(min(max(4.0, 1.4 * target[2]), height, width))
    top, left = _fit_corner(target, side, height, width)
    from_top, from_left = _fit_corner(source, side, height, width)
    piece = np.rot90(other[from_top : from_top + side, from_left : from_left + side], int(rng.integers(4)))
    disc = Image.new("L", (side, side))
    ImageDraw.Draw(disc).ellipse((1, 1, side - 2, side - 2), fill=255)
    soft = disc.filter(ImageFilter.GaussianBlur(float(max(0.7, side / 20))))
    pasted: ImageArray = image.copy()
    place = pasted[top : top + side, left : left + side]
    place[:] = _blend(place, piece.astype(np.float32), np.asarray(soft, np.float32)[..., None] / 255)
    return pasted


def _fit_corner(spot: Spot, side: int, height: int, width: int) -> tuple[int, int]:
    """Return top and left of a square around a spot that lies in the image."""
    top, left = spot[1] - side / 2, spot[0] - side / 2
    return int(np.clip(top, 0, height - side)), int(np.clip(left, 0, width - side))


def _blend(image: ImageArray, other: FloatArray, mask: FloatArray) -> ImageArray:
    mixed: ImageArray = np.clip(image * (1 - mask) + other * mask, 0, 255).round().astype(np.uint8)
    return mixed
