"""Images made by formula: textures, bolts in any direction, and defects pasted on any image, with masks.

Everything is drawn from a generator that is passed in, so that a seed tells the images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray

SIDE = 300
TEXTURES = ("fabric", "leather", "wood", "granite")
DEFECTS = ("scratch", "spot", "missing")


def draw_texture(kind: str, rng: np.random.Generator, side: int = SIDE) -> ImageArray:
    """Return a surface of a kind of `TEXTURES`, (side, side) uint8, no place of it fixed."""
    return _to_bytes(_SURFACES[kind](rng, side) + rng.normal(0, 0.01, (side, side)))


def _draw_fabric(rng: np.random.Generator, side: int) -> FloatArray:
    bend = gaussian_filter(rng.normal(0, 1, (2, side, side)), (0, 12, 12)) * 40
    y, x = np.mgrid[:side, :side] + bend + rng.uniform(0, 50, (2, 1, 1))
    warp, weft = np.sin(2 * np.pi * x / 9), np.sin(2 * np.pi * y / 9)
    over = np.sign(np.sin(np.pi * x / 9) * np.sin(np.pi * y / 9))
    return 0.5 + 0.12 * np.where(over > 0, warp, weft) + 0.06 * over + _make_clouds(rng, side, 40, 0.02)


def _draw_leather(rng: np.random.Generator, side: int) -> FloatArray:
    field = _make_clouds(rng, side, 3.0, 1.0) - _make_clouds(rng, side, 6.0, 0.7)
    return 0.45 - 0.18 * np.exp(-((field / 0.35) ** 2)) + _make_clouds(rng, side, 30, 0.03)


def _draw_wood(rng: np.random.Generator, side: int) -> FloatArray:
    across = np.linspace(0, rng.uniform(14, 20), side)[None] + rng.uniform(0, 9)
    bend = _make_clouds(rng, side, 60, 0.5) + gaussian_filter(rng.normal(0, 1, (side, side)), (30, 1)) * 1.2
    grain = gaussian_filter(rng.normal(0, 1, (side, side)), (9, 0.6)) * 0.12
    return 0.5 + 0.1 * np.sin(2 * np.pi * (across + bend)) + grain


def _draw_granite(rng: np.random.Generator, side: int) -> FloatArray:
    coarse = _make_clouds(rng, side, 2.5, 1.0)
    return 0.5 + 0.15 * np.tanh(3 * coarse) + _make_clouds(rng, side, 1.0, 0.06)


def _make_clouds(rng: np.random.Generator, side: int, sigma: float, deviation: float) -> FloatArray:
    """Return smooth noise of a standard deviation."""
    noise = gaussian_filter(rng.normal(0, 1, (side, side)), sigma, mode="wrap")
    scaled: FloatArray = noise * (deviation / noise.std())
    return scaled


_SURFACES = {"fabric": _draw_fabric, "leather": _draw_leather, "wood": _draw_wood, "granite": _draw_granite}


def draw_bolt(
    rng: np.random.Generator, side: int = SIDE, defect: bool = False
) -> tuple[ImageArray, BoolArray]:
    """Return a bolt on a light table in any direction, (side, side) uint8, and where it is faulty.

    A defect is a damaged thread, a dent in the shaft, a chipped head or a bent tip, each some pixels large.
    """
    fine = 2 * side
    y, x = (np.mgrid[:fine, :fine] - (fine - 1) / 2) / fine  # -0.5 to 0.5
    angle = rng.uniform(0, 2 * np.pi)
    dx, dy = rng.normal(0, 0.02, 2)
    along = (x - dx) * np.cos(angle) + (y - dy) * np.sin(angle)
    across = -(x - dx) * np.sin(angle) + (y - dy) * np.cos(angle)
    good = _bolt_at(along, across, None)
    bad = good
    if defect:
        bad = _bolt_at(along, across, (str(rng.choice(["thread", "dent", "chip", "tip"])), rng))
    shade = 0.75 + 0.05 * x + _make_clouds(rng, fine, 60, 0.01)
    noise = rng.normal(0, 0.02, (fine, fine))
    image = shade * np.where(np.isnan(bad), 1.0, bad) + noise
    mask = np.nan_to_num(np.abs(np.nan_to_num(bad, nan=1) - np.nan_to_num(good, nan=1))) > 0.05
    return _to_bytes(_halve(image)), _halve(mask.astype(float)) > 0.25


def _bolt_at(
    along: FloatArray, across: FloatArray, fault: tuple[str, np.random.Generator] | None
) -> FloatArray:
    """Return the brightness of a bolt whose axis is `along`, NaN beside it."""
    kind, rng = fault or ("", None)
    spot = float(rng.uniform(-0.05, 0.3)) if rng else 0.0
    width = np.full(along.shape, 0.045)
    thread = (along > -0.1) & (along < 0.34)
    pitch = 0.022
    depth = 0.006
    if kind == "thread":
        depth = np.where(np.abs(along - spot) < pitch * 0.9, 0.0015, depth)
    width = np.where(
        thread, width - depth * (1 + np.sign(np.sin(2 * np.pi * along / pitch + across * 30))) / 1, width
    )
    if kind == "dent":
        width = width - 0.016 * np.exp(-(((along - spot) / 0.012) ** 2)) * (across > 0)
    tip = along > 0.34
    width = np.where(tip, 0.04 - (along - 0.34) * 0.5, width)
    axis = across
    if kind == "tip":
        axis = across - 0.016 * np.clip((along - 0.33) / 0.06, 0, 1)
    body = (np.abs(axis) < width) & (along > -0.28) & (along < 0.4)
    head = (along > -0.36) & (along <= -0.28) & (np.abs(across) < 0.085)
    if kind == "chip" and rng:
        spot = float(rng.choice([-0.085, 0.085]))
        head &= np.hypot(along + 0.32, across - spot) > 0.022
    light = (
        0.35
        + 0.3 * np.sqrt(np.clip(1 - (axis / 0.05) ** 2, 0, 1))
        + 0.1 * thread * np.sin(2 * np.pi * along / pitch + across * 30)
    )
    result = np.full(along.shape, np.nan)
    result[body] = light[body]
    result[head] = (0.3 + 0.25 * np.sqrt(np.clip(1 - (across / 0.09) ** 2, 0, 1)))[head]
    return result


def draw_ring(rng: np.random.Generator, side: int = SIDE, defect: bool = False) -> ImageArray:
    """Return a round part in place, (side, side) uint8: its edges are every other's, its face its own."""
    fine = 2 * side
    y, x = (np.mgrid[:fine, :fine] - (fine - 1) / 2) / fine + rng.normal(0, 0.005, (2, 1, 1))
    radius = np.hypot(y, x)
    face = 0.55 + 0.05 * np.sin(40 * x + rng.normal(0, 2)) + _make_clouds(rng, fine, 5, 0.05)
    part = np.select([radius < 0.14, np.abs(radius - 0.3) < 0.012, radius < 0.42], [0.08, 0.9, face], 0.15)
    if defect:
        angle, along = rng.uniform(0, np.pi), rng.uniform(-0.25, 0.25)
        across = np.abs(x * np.cos(angle) + y * np.sin(angle) - along)
        part = np.where((across < 0.012) & (radius < 0.42), 0.95, part)
    return _to_bytes(_halve(part) + rng.normal(0, 0.012, (side, side)))


def paste_defect(image: ImageArray, kind: str, rng: np.random.Generator) -> tuple[ImageArray, BoolArray]:
    """Return the image with a defect of a kind of `DEFECTS`, and the mask of what was changed."""
    side = image.shape[0]
    radius = side * 0.36
    angle, distance = rng.uniform(0, 2 * np.pi), radius * np.sqrt(rng.uniform(0, 1))
    centre = side / 2 + distance * np.array([np.cos(angle), np.sin(angle)])
    changed = _PASTED[kind](image.astype(float), centre, rng)
    mask = np.abs(changed - image).reshape(side, side, -1).max(axis=2) > 6
    return np.clip(np.rint(changed), 0, 255).astype(np.uint8), mask


def _paste_scratch(image: FloatArray, centre: FloatArray, rng: np.random.Generator) -> FloatArray:
    side, angle = image.shape[0], rng.uniform(0, np.pi)
    half = side * rng.uniform(0.05, 0.1) * np.array([np.cos(angle), np.sin(angle)])
    bow = side * rng.normal(0, 0.01, 2)
    line = Image.new("L", (4 * side, 4 * side))
    points = [tuple(4 * p) for p in (centre - half, centre + bow, centre + half)]
    ImageDraw.Draw(line).line(points, fill=255, width=int(4 * rng.uniform(1.5, 3)), joint="curve")
    return _blend_in(image, np.asarray(line.resize((side, side), Image.Resampling.BOX)) / 255, rng)


def _paste_spot(image: FloatArray, centre: FloatArray, rng: np.random.Generator) -> FloatArray:
    side = image.shape[0]
    y, x = np.mgrid[:side, :side]
    wobble = 1 + 0.25 * np.sin(3 * np.arctan2(y - centre[1], x - centre[0]) + rng.uniform(0, 6))
    distance = np.hypot(x - centre[0], y - centre[1]) / (side * rng.uniform(0.012, 0.03) * wobble)
    return _blend_in(image, np.clip(1.5 - distance, 0, 1), rng)


def _paste_missing(image: FloatArray, centre: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Fill a patch with what is around it, as if the piece were not there."""
    side = image.shape[0]
    half = side * rng.uniform(0.025, 0.05, 2)
    y, x = np.mgrid[:side, :side]
    inside = np.clip(1.2 * half[0] - np.abs(x - centre[0]), 0, 1) * np.clip(
        1.2 * half[1] - np.abs(y - centre[1]), 0, 1
    )
    level = np.median(image.reshape(-1, *image.shape[2:]), axis=0) + rng.choice([-1, 1]) * 30
    weight = inside if image.ndim == 2 else inside[..., None]
    return image * (1 - weight) + np.clip(level, 0, 255) * weight


def _blend_in(image: FloatArray, share: FloatArray, rng: np.random.Generator) -> FloatArray:
    weight = share if image.ndim == 2 else share[..., None]
    strength = rng.uniform(40, 90) * (1 if image.mean() < 128 else -1)
    return image + weight * strength


_PASTED = {"scratch": _paste_scratch, "spot": _paste_spot, "missing": _paste_missing}


def smear_texture(image: ImageArray, rng: np.random.Generator) -> tuple[ImageArray, BoolArray]:
    """Return the surface with a patch of it twisted and smeared, as a fault of the material, and its mask."""
    side = image.shape[0]
    y, x = np.mgrid[:side, :side].astype(float)
    cx, cy = rng.uniform(0.15, 0.85, 2) * side
    size = side * rng.uniform(0.03, 0.06)
    near = np.exp(-((((x - cx) ** 2 + (y - cy) ** 2) / size**2) ** 2))
    turn = rng.uniform(1.2, 2.5) * near
    u = cx + (x - cx) * np.cos(turn) - (y - cy) * np.sin(turn)
    v = cy + (x - cx) * np.sin(turn) + (y - cy) * np.cos(turn)
    moved = map_coordinates(image.astype(float), [v, u], order=1, mode="reflect")
    smeared = moved * (1 - 0.5 * near) + gaussian_filter(moved, 3) * 0.5 * near
    return np.clip(np.rint(smeared), 0, 255).astype(np.uint8), near > 0.5


def draw_faulty_texture(kind: str, rng: np.random.Generator, number: int) -> tuple[ImageArray, BoolArray]:
    """Return a surface with a fault and its mask: of the material, or pasted, in turns."""
    surface = draw_texture(kind, rng)
    if number % 2:
        return smear_texture(surface, rng)
    return paste_defect(surface, DEFECTS[number // 2 % len(DEFECTS)], rng)


def draw_disc(image: ImageArray) -> ImageArray:
    """Return the image with its corners black: what is left looks the same in any direction."""
    side = image.shape[0]
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    inside = x**2 + y**2 <= (side / 2) ** 2
    return (image * (inside if image.ndim == 2 else inside[..., None])).astype(np.uint8)


def turn_image(image: ImageArray, angle: float) -> ImageArray:
    """Return the image turned by an angle in degrees, its corners masked."""
    return draw_disc(np.asarray(Image.fromarray(image).rotate(angle, Image.Resampling.BILINEAR)))


def _halve(image: FloatArray) -> FloatArray:
    side = image.shape[0] // 2
    mean: FloatArray = image.reshape(side, 2, side, 2).mean(axis=(1, 3))
    return mean


def _to_bytes(image: FloatArray) -> ImageArray:
    return np.clip(np.rint(image * 255), 0, 255).astype(np.uint8)
