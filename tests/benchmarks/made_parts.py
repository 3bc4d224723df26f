"""Parts on a plain ground, in any direction, made by formula: screws, keys, brackets, gaskets and small nuts.

Each is drawn in its own coordinates, (u, v) from its middle, in shares of the picture's side; defects are
some pixels large. Grounds have a shade of light, noise and the part's soft shadow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.ndimage import gaussian_filter, shift

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray

SIDE = 640
PARTS = ("screws", "keys", "brackets", "gaskets", "nuts")

_NUTS = ((-0.22, -0.2), (0.22, -0.2), (0.0, 0.22))
_HOLES = ((0.12, -0.12, 0.022), (-0.02, -0.12, 0.022), (-0.165, 0.13, 0.028))  # of a bracket
_TABLE = 0.72  # brightness of the ground


@dataclass(frozen=True)
class Fault:
    """A defect: its kind, where along the part it is (0 to 1), and to which side (-1 or 1)."""

    kind: str
    along: float
    side: float


Drawn: TypeAlias = "tuple[FloatArray, FloatArray]"  # how much of a pixel the part covers, and its brightness


def draw_part(
    kind: str, rng: np.random.Generator, defect: bool = False, side: int = SIDE
) -> tuple[ImageArray, BoolArray]:
    """Return a picture of a kind of `PARTS`, (side, side) uint8, and where it is faulty."""
    draw, faults = _KINDS[kind]
    fault = None
    if defect:
        fault = Fault(str(rng.choice(faults)), float(rng.uniform()), float(rng.choice((-1.0, 1.0))))
    places = _NUTS if kind == "nuts" else ((0.0, 0.0),)
    faulty = int(rng.integers(len(places)))
    cover, light, changed = np.zeros((side, side)), np.zeros((side, side)), np.zeros((side, side))
    for number, place in enumerate(places):
        u, v = _lay_part(rng, side, place)
        phase = float(rng.uniform(0, 2 * np.pi))
        good = draw(u, v, phase, None)
        drawn = draw(u, v, phase, fault) if number == faulty and fault else good
        changed += np.abs(drawn[0] * drawn[1] - good[0] * good[1]) + np.abs(drawn[0] - good[0])
        cover, light = np.maximum(cover, drawn[0]), np.where(drawn[0] > cover, drawn[1], light)
    return _light_scene(rng, cover, light), changed > 0.08


def _lay_part(
    rng: np.random.Generator, side: int, place: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return coordinates of a part that lies about a place, in any direction."""
    y, x = (np.mgrid[:side, :side] - (side - 1) / 2) / side
    angle = rng.uniform(0, 2 * np.pi)
    dx, dy = np.array(place) + rng.uniform(-0.05, 0.05, 2)
    cosine, sine = np.cos(angle), np.sin(angle)
    return (x - dx) * cosine + (y - dy) * sine, -(x - dx) * sine + (y - dy) * cosine


def _light_scene(rng: np.random.Generator, cover: FloatArray, light: FloatArray) -> ImageArray:
    side = len(cover)
    y, x = (np.mgrid[:side, :side] - (side - 1) / 2) / side
    slope = rng.uniform(-0.12, 0.12, 2)
    shade = 1 + slope[0] * x + slope[1] * y
    shadow = gaussian_filter(shift(cover, (side * 0.008, side * 0.012), order=1), side * 0.012)
    ground = _TABLE * (1 - 0.35 * shadow)
    grain = gaussian_filter(rng.normal(0, 1, (side, side)), 1.2) * 0.02
    image = shade * (cover * light + (1 - cover) * (ground + grain)) + rng.normal(0, 0.012, (side, side))
    return np.clip(np.rint(image * 255), 0, 255).astype(np.uint8)


def _cover(depth: FloatArray) -> FloatArray:
    """Return how much of a pixel is covered, by how deep inside an edge it lies."""
    covered: FloatArray = np.clip(depth * SIDE + 0.5, 0, 1)
    return covered


def _inside_box(u: FloatArray, v: FloatArray, left: float, right: float, half: float) -> FloatArray:
    return np.minimum(np.minimum(u - left, right - u), half - np.abs(v))


def _draw_scratch(u: FloatArray, v: FloatArray, at: tuple[float, float], slope: float) -> FloatArray:
    """Return the darkening of a scratch some pixels wide through a spot."""
    across = (v - at[1]) - slope * (u - at[0])
    near = np.exp(-((across / 0.0025) ** 2)) * (np.hypot(u - at[0], v - at[1]) < 0.02)
    return 0.28 * near


def _draw_screw(u: FloatArray, v: FloatArray, phase: float, fault: Fault | None) -> Drawn:
    at = -0.12 + 0.36 * fault.along if fault else 0.0
    kind = fault.kind if fault else ""
    bent = 0.014 * np.clip((u - 0.27) / 0.06, 0, 1) * (fault.side if fault else 0)
    axis = v - bent if kind == "tip" else v
    wave = np.sin(2 * np.pi * u / 0.024 + axis * 25 + phase)  # turned about its axis as it fell
    thread = _cover(np.minimum(u + 0.16, 0.3 - u))
    crest = 0.006 * thread
    if kind == "thread" and fault:
        crest = crest * (1 - (np.abs(u - at) < 0.012) * (np.sign(axis) == fault.side))
    half = np.where(u < 0.29, 0.026, 0.026 - (u - 0.29) * 0.5) + crest * wave
    body = np.minimum(np.minimum(u + 0.3, 0.34 - u), half - np.abs(axis))
    head = np.minimum(np.minimum(u + 0.34, -0.24 - u), 0.03 + (-0.24 - u) * 0.35 - np.abs(v))
    round_light = np.sqrt(np.clip(1 - (axis / 0.036) ** 2, 0, 1))
    light = 0.25 + 0.35 * round_light + 0.1 * thread * wave
    light = np.where(head > body, 0.3 + 0.3 * np.sqrt(np.clip(1 - (v / 0.08) ** 2, 0, 1)), light)
    if kind == "head" and fault:
        light = light - _draw_scratch(u, v, (-0.31, fault.side * 0.03 * fault.along), 0.8)
    if kind == "neck" and fault:
        light = light - _draw_scratch(u, v, (-0.2, fault.side * 0.01), 1.5 * fault.side)
    return _cover(np.maximum(body, head)), light


def _draw_key(u: FloatArray, v: FloatArray, phase: float, fault: Fault | None) -> Drawn:
    kind, along = (fault.kind, fault.along) if fault else ("", 0.0)
    bow = np.minimum(0.1 - np.hypot(u + 0.2, v), np.hypot(u + 0.24, v) - 0.03)
    blade = _inside_box(u, v, -0.12, 0.28, 0.032)
    for number, deep in enumerate((0.014, 0.022, 0.008, 0.018, 0.012)):
        if kind == "notch" and number == int(along * 5):
            deep += 0.009 if deep < 0.015 else -0.009
        middle = 0.06 + 0.042 * number
        blade = np.minimum(blade, np.maximum(0.032 - deep - v, np.abs(u - middle) - 0.011))
    if kind == "chip" and fault:
        angle = 2 + 2.2 * along
        blade_end = np.hypot(u + 0.2 - 0.1 * np.cos(angle), v - 0.1 * np.sin(angle)) - 0.01
        bow = np.minimum(bow, blade_end)
    groove = np.exp(-(((v + 0.012) / 0.004) ** 2)) * (u > -0.1)
    light = 0.45 + 0.6 * (u + 0.3) * 0.3 - 0.12 * groove
    if kind == "scratch" and fault:
        light = light - _draw_scratch(u, v, (-0.05 + 0.25 * along, -0.005), 1.2 * fault.side)
    return _cover(np.maximum(bow, blade)), light


def _draw_bracket(u: FloatArray, v: FloatArray, phase: float, fault: Fault | None) -> Drawn:
    kind, along = (fault.kind, fault.along) if fault else ("", 0.0)
    long = _inside_box(u, v + 0.12, -0.22, 0.2, 0.05)
    short = _inside_box(u + 0.165, v - 0.04, -0.055, 0.055, 0.15)
    plate = np.maximum(long, short)
    for number, (a, b, radius) in enumerate(_HOLES):
        if kind == "hole" and number == int(along * 3):
            radius -= 0.006
        plate = np.minimum(plate, np.hypot(u - a, v - b) - radius)
    if kind == "chip" and fault:
        corner = (0.2, -0.12 + 0.05 * fault.side) if along > 0.5 else (-0.165 + 0.055 * fault.side, 0.19)
        plate = np.minimum(plate, np.hypot(u - corner[0], v - corner[1]) - 0.013)
    light = 0.4 + 0.05 * np.sin(60 * v) + 0.1 * np.exp(-(((v + 0.07) / 0.01) ** 2))
    if kind == "scratch" and fault:
        light = light - _draw_scratch(u, v, (-0.12 + 0.28 * along, -0.1), fault.side)
    return _cover(plate), light


def _draw_gasket(u: FloatArray, v: FloatArray, phase: float, fault: Fault | None) -> Drawn:
    kind, along = (fault.kind, fault.along) if fault else ("", 0.0)
    radius = np.hypot(u / 1.25, v)
    ring = np.minimum(0.24 - radius, radius - 0.15)
    for a, b in ((0.245, 0.0), (-0.245, 0.0), (0.0, 0.195), (0.0, -0.195)):
        ring = np.minimum(ring, np.hypot(u - a, v - b) - 0.016)
    angle = 2 * np.pi * along
    if kind == "bump" and fault:
        edge = 0.24 if fault.side > 0 else 0.15
        bump = 0.011 - np.hypot(u - 1.25 * edge * np.cos(angle), v - edge * np.sin(angle))
        ring = np.maximum(ring, bump)
    if kind == "chip" and fault:
        edge = 0.24 if fault.side > 0 else 0.15
        ring = np.minimum(ring, np.hypot(u - 1.25 * edge * np.cos(angle), v - edge * np.sin(angle)) - 0.011)
    light = 0.32 + 0.04 * np.sin(120 * radius + phase)
    if kind == "tear" and fault:
        middle = (1.25 * 0.195 * np.cos(angle), 0.195 * np.sin(angle))
        light = light - _draw_scratch(u, v, middle, np.tan(angle + 0.4))
    return _cover(ring), light


def _draw_nut(u: FloatArray, v: FloatArray, phase: float, fault: Fault | None) -> Drawn:
    kind, along = (fault.kind, fault.along) if fault else ("", 0.0)
    sides = [0.075 - (u * np.cos(k * np.pi / 3) + v * np.sin(k * np.pi / 3)) for k in range(6)]
    nut = np.minimum(np.min(sides, axis=0), np.hypot(u, v) - 0.036)
    angle = 2 * np.pi * along
    spot = np.hypot(u - 0.075 * np.cos(angle), v - 0.075 * np.sin(angle))
    if kind == "chip":
        nut = np.minimum(nut, spot - 0.011)
    light = 0.42 + 0.2 * np.exp(-(((np.hypot(u, v) - 0.05) / 0.008) ** 2))
    if kind == "scratch" and fault:
        light = light - _draw_scratch(u, v, (0.055 * np.cos(angle), 0.055 * np.sin(angle)), fault.side)
    return _cover(nut), light


_KINDS: dict[str, tuple[Callable[..., Drawn], tuple[str, ...]]] = {
    "screws": (_draw_screw, ("thread", "tip", "head", "neck")),
    "keys": (_draw_key, ("notch", "scratch", "chip")),
    "brackets": (_draw_bracket, ("hole", "chip", "scratch")),
    "gaskets": (_draw_gasket, ("bump", "chip", "tear")),
    "nuts": (_draw_nut, ("chip", "scratch")),
}
