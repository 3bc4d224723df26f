"""What is known of a picture that the station took itself: it is written into the picture's own file.

So it is on the disk in the same moment as the picture, and moves with it.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from PIL import Image

KEYWORD = "anomaly-gui"
"""The name of the text in a PNG file."""

_LONGEST = 200  # characters of a part or lot


@dataclass(frozen=True)
class Note:
    """What is known of a picture.

    Parameters
    ----------
    name : of its file, without the ending
    part, lot : what is known of the part
    trigger : what asked for the picture
    at : when, in UTC
    waited : milliseconds from then to the picture
    is_simulated : whether no part was in front of a camera
    why : why there is no picture; "" where there is one
    """

    name: str = ""
    part: str | None = None
    lot: str | None = None
    trigger: str = ""
    at: str = ""
    waited: float = 0.0
    is_simulated: bool = False
    why: str = ""

    def write(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self), ensure_ascii=False)


def read_note(text: str | bytes) -> Note:
    """Return the note of a text; an empty one where it is none."""
    try:
        values = json.loads(text)
    except ValueError:
        return Note()
    if not isinstance(values, dict):
        return Note()
    empty = asdict(Note())
    return Note(**{one.name: _take_value(values, one.name, empty[one.name]) for one in fields(Note)})


def _take_value(values: dict[str, Any], name: str, empty: Any) -> Any:
    value = values.get(name, empty)
    if name in ("part", "lot"):
        return clean_name(value)
    if isinstance(empty, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if isinstance(value, type(empty)) else empty


def clean_name(value: object) -> str | None:
    """Return the name of a part or lot as records have it; None where there is none.

    >>> [clean_name(value) for value in ("  A 7\\n", 12, "", None, True)]
    ['A 7', '12', None, None, None]
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    shown = "".join(character for character in str(value) if character.isprintable())
    return shown.strip()[:_LONGEST] or None


def read_png_note(data: bytes) -> Note:
    """Return the note in the bytes of a picture; an empty one where there is none."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
            text = opened.info.get(KEYWORD, "")
    except (OSError, ValueError, SyntaxError):
        return Note()
    return read_note(text) if isinstance(text, str) else Note()
