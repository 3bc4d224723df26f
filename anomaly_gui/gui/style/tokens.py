"""What the look is made of: a grid, a scale of type, and the colours of the light and the dark scheme."""

from __future__ import annotations

from dataclasses import dataclass

# pixels: every distance is a multiple of four
TIGHT, NARROW, ROOM, WIDE, AIR = 4, 8, 12, 16, 24
RADIUS = 8  # pixels of a card's corners; what stands in a card has smaller ones
SMALL_RADIUS = 6
ICON = 18  # pixels
FADE = 140  # milliseconds of a change of pages

# factors of the system's own size of text: few, and far enough apart to be told apart
CAPTION, BODY, LEAD, TITLE, DISPLAY = 0.92, 1.0, 1.15, 1.4, 1.8
TYPE_SCALE = (CAPTION, BODY, LEAD, TITLE, DISPLAY)


@dataclass(frozen=True)
class Scheme:
    """Colours by what they are for, each as #rrggbb.

    Text on each ground is at 4.5:1 or more, edges of fields and marks in plots at 3:1 or more.

    Attributes
    ----------
    window, surface, raised : the grounds: around everything, of cards and plots, and of what is hovered
    line : between parts; edge : around fields
    text, faint, disabled : what is read (and the threshold's line), what explains, what cannot be used now
    accent, on_accent : the one colour of what comes next, and text on it
    accent_text, accent_soft : the accent as text and lines, and as the ground of what is chosen
    """

    name: str
    window: str
    surface: str
    raised: str
    line: str
    edge: str
    text: str
    faint: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str
    accent_soft: str
    normal: str
    anomalous: str
    unlabelled: str
    good: str
    defect: str
    not_sure: str
    cannot_judge: str
    unsure_band: str


LIGHT = Scheme(
    name="light",
    window="#f2f3f7",
    surface="#ffffff",
    raised="#e8eaf1",
    line="#d8dbe4",
    edge="#868c9c",
    text="#1a1c23",
    faint="#565c6b",
    disabled="#9aa0ad",
    accent="#4f46d8",
    accent_hover="#4038bd",
    on_accent="#ffffff",
    accent_text="#4338ca",
    accent_soft="#e5e4fb",
    normal="#1f5fb4",
    anomalous="#ec4899",
    unlabelled="#6b6b6b",
    good="#1a6b43",
    defect="#b8164f",
    not_sure="#8a5200",
    cannot_judge="#565c6b",
    unsure_band="#e0a030",
)
DARK = Scheme(
    name="dark",
    window="#16171c",
    surface="#1f2127",
    raised="#2b2e37",
    line="#353944",
    edge="#757c8d",
    text="#e9ebf1",
    faint="#a6acba",
    disabled="#686e7c",
    accent="#6a60ea",
    accent_hover="#5a50dc",
    on_accent="#ffffff",
    accent_text="#b3adff",
    accent_soft="#32305c",
    normal="#6ea8fe",
    anomalous="#f77fb8",
    unlabelled="#a8a8a8",
    good="#57c78f",
    defect="#ff85b2",
    not_sure="#f0b050",
    cannot_judge="#b0b4be",
    unsure_band="#e0a030",
)
SCHEMES = {scheme.name: scheme for scheme in (LIGHT, DARK)}


def nearest_size(factor: float) -> float:
    """Return the size of the scale that is nearest to a factor.

    >>> nearest_size(0.9), nearest_size(1.3), nearest_size(9)
    (0.92, 1.4, 1.8)
    """
    return min(TYPE_SCALE, key=lambda size: abs(size - factor))


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.1 defines it.

    >>> round(contrast("#000000", "#ffffff"), 1), contrast("#123456", "#123456")
    (21.0, 1.0)
    """
    lighter, darker = sorted((_find_luminance(first), _find_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _find_luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
