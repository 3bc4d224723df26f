"""Draws the picture of the rooms for the architecture page, as SVG; `help_pages.py` writes it.

It is drawn from the import contracts in pyproject.toml, so that it shows what CI holds.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest brings it there

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
WIDTH, MARGIN, GAP = 960, 16, 10  # pixels
ARROW = 40  # pixels to the right of the boxes
FONT = "DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif"
INK, FAINT = "#1f2933", "#52606d"
LIGHT, LIBRARY, BASE = "#dbeafe", "#fde8d0", "#e5e7eb"  # of what is above the library, of it, of the base

WORDS = {
    "gui": "the window",
    "cli": "the command line",
    "station": "parts that come by themselves",
    "worker": "a process of its own",
    "figures": "pictures of results",
    "benchmarking": "what this machine does, and where its time goes",
    "candidates": "detectors on trial",
    "datasets": "the images of a request: read, screened, grouped",
    "model": "what a training yields, and its file",
    "detectors": "features to scores and maps; placement",
    "judging": "thresholds, verdicts, promises",
    "learning": "learned networks",
    "densities": "Gaussians, mixtures",
    "grouping": "near-duplicates, groups",
    "features": "VGG16's layers, grids, cache",
    "images": "files to pixels; region of interest, alignment",
    "runtimes": "MNN, ONNX, Keras",
    "settings": "every setting, declared once",
    "arrays": "rows, cells, moments",
    "results": "results as JSON and CSV, whole or not at all",
    "scoring": "one image after the other: read, scored, judged or refused",
    "errors": "the user's mistakes, in one sentence",
}


@dataclass(frozen=True)
class Band:
    """Rows of boxes of one colour, beside each other what is of one rank."""

    rows: Sequence[Sequence[str]]
    colour: str
    height: int


def read_layers(root: str) -> list[list[str]]:
    """Return the layers of a package by its contract, the highest first: names beside each other."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))
    for contract in project["tool"]["importlinter"]["contracts"]:
        names = [layer.split(" | ") for layer in contract.get("layers", ())]
        if contract.get("containers", []) == [root]:
            return names
        if names and "containers" not in contract and names[0][0].startswith(f"{root}."):
            return [[name.removeprefix(f"{root}.") for name in layer] for layer in names]
    raise SystemExit(f"{PROJECT.name} has no layers of {root}")


def make_bands() -> tuple[Band, ...]:
    """Return what is above the library, the library's rooms, and the base."""
    ranks = read_layers("anomaly_gui")
    library = ranks.index(["detection"])
    rooms = read_layers("anomaly_gui.detection")
    return Band(ranks[1:library], LIGHT, 40), Band(rooms, LIBRARY, 32), Band(ranks[library + 1 :], BASE, 32)


def draw_box(name: str, colour: str, x: float, y: float, width: float, height: float) -> str:
    """Return a box with its name and, where there is room, what it is."""
    words = WORDS.get(name, "")
    says = f'<tspan font-weight="bold">{escape(name)}</tspan>'
    if words:
        says += f'<tspan fill="{FAINT}" font-size="12">  {escape(words)}</tspan>'
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5" fill="{colour}" '
        f'stroke="{FAINT}"/>\n<text x="{x + width / 2:g}" y="{y + height / 2 + 5:g}" '
        f'text-anchor="middle" font-size="13" fill="{INK}" xml:space="preserve">{says}</text>'
    )


def draw_row(names: Sequence[str], band: Band, left: float, right: float, y: float) -> list[str]:
    """Return the boxes of a row, which share its width."""
    width = (right - left - GAP * (len(names) - 1)) / len(names)
    starts = [left + index * (width + GAP) for index in range(len(names))]
    return [
        draw_box(name, band.colour, x, y, width, band.height) for name, x in zip(names, starts, strict=True)
    ]


def draw_frame(y: float, height: float) -> str:
    """Return the frame around the rooms of the library, with its name."""
    right = WIDTH - MARGIN - ARROW
    return (
        f'<rect x="{MARGIN}" y="{y:g}" width="{right - MARGIN}" height="{height:g}" rx="8" fill="#fffaf3" '
        f'stroke="{FAINT}"/>\n<text x="{MARGIN + 12}" y="{y + 22:g}" font-size="14" fill="{INK}">'
        f'<tspan font-weight="bold">detection</tspan><tspan fill="{FAINT}" font-size="12" '
        'xml:space="preserve">  the library: knows no window</tspan></text>'
    )


def draw_arrow(bottom: float) -> str:
    """Return the arrow at the right: which way imports go."""
    x, middle = WIDTH - MARGIN - 16, bottom / 2
    return (
        f'<path d="M {x} {MARGIN} V {bottom - 10:g} m -6 -10 l 6 10 l 6 -10" fill="none" stroke="{INK}" '
        f'stroke-width="2"/>\n<text x="{x + 16}" y="{middle:g}" font-size="12" fill="{FAINT}" '
        f'text-anchor="middle" transform="rotate(90 {x + 16} {middle:g})">imports go downwards</text>'
    )


def draw_picture() -> str:
    """Return the picture as SVG."""
    y, parts = float(MARGIN), list[str]()
    for band in make_bands():
        inset, top = (12, 34) if band.colour == LIBRARY else (0, 0)
        height = len(band.rows) * (band.height + GAP) - GAP + top + inset
        if top:
            parts.append(draw_frame(y, height))
        left, right = MARGIN + inset, WIDTH - MARGIN - ARROW - inset
        for number, names in enumerate(band.rows):
            parts += draw_row(names, band, left, right, y + top + number * (band.height + GAP))
        y += height + GAP
    parts.append(draw_arrow(y))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + MARGIN - GAP:g}" '
        f'font-family="{FONT}">\n<rect width="100%" height="100%" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )
