"""A folder of pictures with their regions marked."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont

from anomaly_gui.detection.images.loading import ImageFile, ReadingOptions, decode_image, read_file
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.station.files import try_writing
from anomaly_gui.station.ledger.paths_in_rows import read_path
from anomaly_gui.station.outputs.output import Output, OutputError, StationPlace
from anomaly_gui.station.times import read_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.station.outputs.settings.kinds import OverlaySettings

LONGEST_SIDE = 1600  # pixels; larger pictures are reduced
PIXEL_LIMIT = ReadingOptions.pixel_limit
PATIENCE = 60.0
"""Seconds after its verdict in which a picture may be on its way to where it belongs."""
_BEGUN = ".begun"
_TRIES = 3
COLOURS = {
    "good": (0, 140, 70),
    "defect": (210, 30, 30),
    "unsure": (220, 140, 0),
    "cannot_judge": (110, 110, 110),
    "error": (150, 0, 150),
}
_NO_NAME = re.compile(r"[^\w.-]+")


class OverlayOutput(Output):
    """Writes a JPEG file for each part with one of some verdicts; one that is sent again replaces its own."""

    def __init__(self, name: str, settings: OverlaySettings, place: StationPlace) -> None:
        super().__init__(name, place)
        self._settings = settings

    def try_out(self) -> str:
        """Look whether pictures can be written."""
        try_writing(self._settings.folder)
        return translate("pictures can be written to {path}.", path=self._settings.folder)

    def open(self) -> None:
        """Make the folder."""
        self._settings.folder.mkdir(parents=True, exist_ok=True)

    def send(self, message: Mapping[str, Any]) -> None:
        """Write the picture of a part."""
        if message["verdict"] not in self._settings.verdicts:
            return
        folder = self._settings.folder / message["at"][:10]
        folder.mkdir(exist_ok=True)
        image = self._draw_safely(message, _find_picture(message))
        with atomic_write(folder / name_picture(message)) as file:
            image.save(file, "JPEG", quality=90)

    def _draw_safely(self, message: Mapping[str, Any], found: ImageFile | None) -> Image.Image:
        """Return the picture of a part, on grey where its decoder ended this process each time."""
        if found is None or self._note_try(message["id"]) > _TRIES:
            return draw_overlay(message, None)
        image = draw_overlay(message, found)
        (self._settings.folder / _BEGUN).unlink(missing_ok=True)
        return image

    def _note_try(self, part: str) -> int:
        """Return how often the picture of a part has been begun: a decoder may end this process each time."""
        mark = self._settings.folder / _BEGUN
        number, _, before = mark.read_text("utf-8").partition(" ") if mark.exists() else ("0", "", "")
        tries = int(number) + 1 if before == part and number.isdecimal() else 1
        mark.write_text(f"{tries} {part}", "utf-8")
        return tries

    def close(self) -> None:
        """Nothing is held open."""


def name_picture(message: Mapping[str, Any]) -> str:
    """Return the name of a part's picture: it sorts as the parts came.

    >>> name_picture({"seq": 12, "verdict": "defect", "part": "A/7", "id": "019ac0de-0000"})
    '000000012_defect_A_7_019ac0de-0000.jpg'
    """
    part = _NO_NAME.sub("_", message["part"] or "")[:40]
    return "_".join(filter(None, (f"{message['seq']:09d}", message["verdict"], part, message["id"]))) + ".jpg"


def draw_overlay(message: Mapping[str, Any], file: ImageFile | None) -> Image.Image:
    """Return the picture of a part with its regions and a line of text.

    Without a file, or where it cannot be decoded, the text stands on grey.
    """
    image, scale = _load_picture(file)
    colour = COLOURS[message["verdict"]]
    draw = ImageDraw.Draw(image)
    width = max(2, round(max(image.size) / 300))
    for region in message["regions"]:
        left, top, right, bottom = (side * scale for side in region)
        draw.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), outline=colour, width=width)
    _draw_caption(draw, image.size, write_caption(message), colour)
    return image


def write_caption(message: Mapping[str, Any]) -> str:
    """Return what stands over a picture: plain ASCII, which the font has."""
    score = "" if message["score"] is None else f"{message['score']:.4g} / {message['threshold']:.4g}"
    words = (message["verdict"].upper(), score, message["part"] or "", message["at"])
    return "  ".join(filter(None, words)).encode("ascii", "replace").decode("ascii")


def _draw_caption(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], text: str, colour: tuple[int, ...]
) -> None:
    height = max(12, size[0] // 45)
    draw.rectangle((0, 0, size[0], height + 8), fill=colour)
    draw.text((6, 3), text, fill=(255, 255, 255), font=ImageFont.load_default(height))


def _load_picture(file: ImageFile | None) -> tuple[Image.Image, float]:
    """Return a part's picture and how many of its pixels one of the original's is."""
    if file is None:
        return _make_grey(), 1.0
    try:
        record = decode_image(file, ReadingOptions(shape=(64, 64))).record
        scale = min(1.0, LONGEST_SIDE / max(record.width, record.height))
        shape = max(1, round(record.height * scale)), max(1, round(record.width * scale))
        return Image.fromarray(decode_image(file, ReadingOptions(shape=shape)).pixels), scale
    except ImageRefusedError:
        return _make_grey(), 1.0


def _make_grey() -> Image.Image:
    return Image.new("RGB", (640, 480), (128, 128, 128))


def _find_picture(message: Mapping[str, Any]) -> ImageFile | None:
    """Return the file with a part's picture, or None where it is no more; OutputError while it may come."""
    with suppress(ImageRefusedError):
        file = read_file(read_path(message["picture"]["path"]), PIXEL_LIMIT)
        if file.sha256 == message["picture"]["sha256"]:
            return file
    if time.time() - read_moment(message["at"]) < PATIENCE:
        raise OutputError(translate("{path} is not there yet.", path=message["picture"]["path"]))
    return None
