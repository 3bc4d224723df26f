"""What is known of a picture besides its pixels: by its name, by what was noted in it, by a code in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from anomaly_gui.station.capture.codes import CodeReader, CodeRule
from anomaly_gui.station.capture.sightings import is_picture_name
from anomaly_gui.station.capture.taken import is_taken_name, read_taken_note
from anomaly_gui.station.settings.station_settings import CAMERA, FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.station.settings.station_settings import FolderSettings


@dataclass(frozen=True)
class Facts:
    """What is known of a picture.

    Parameters
    ----------
    part, lot : of the part
    source : where it came from
    is_simulated : whether no part was in front of a camera
    milliseconds : what was waited for, by step
    trouble : why there is nothing to judge; "" where there may be
    """

    part: str | None = None
    lot: str | None = None
    source: str = FOLDER
    is_simulated: bool = False
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    trouble: str = ""


class Learner:
    """Learns of the pictures in a folder.

    Raises
    ------
    UserError : codes are to be read, and the library for it is not installed
    """

    def __init__(self, settings: FolderSettings) -> None:
        self.is_camera = settings.kind == CAMERA
        self._name_rule = re.compile(settings.name_rule) if settings.name_rule else None
        self._code_rule = CodeRule(settings.code_rule)
        self._reader = CodeReader() if settings.barcode else None

    @property
    def is_wanted(self) -> Callable[[str], bool]:
        """Tells of a file's name whether it is to be judged."""
        return is_taken_name if self.is_camera else is_picture_name

    def read_trouble(self) -> str:
        """Return what could not be learned of a picture, "" where all could."""
        return self._reader.read_trouble() if self._reader is not None else ""

    def learn_facts(self, path: Path, data: bytes) -> Facts:
        """Return what is known of a picture; codes are read where nothing else names the part."""
        facts = self._read_note(path, data) if self.is_camera else self._read_name(path)
        if self._reader is None or facts.part or facts.trouble:
            return facts
        for code in self._reader.read_codes(data):
            part, lot = self._code_rule.read_code(code)
            if part or lot:
                return replace(facts, part=part, lot=facts.lot or lot)
        return facts

    def _read_name(self, path: Path) -> Facts:
        found = self._name_rule.search(path.name) if self._name_rule else None
        named = found.groupdict() if found else {}
        return Facts(named.get("part"), named.get("lot"))

    def _read_note(self, path: Path, data: bytes) -> Facts:
        note = read_taken_note(path, data)
        source = f"{CAMERA}/{note.trigger}" if note.trigger else CAMERA
        waited = {"picture": note.waited} if note.waited else {}
        return Facts(note.part, note.lot, source, note.is_simulated, waited, note.why)

    def close(self) -> None:
        """End what runs."""
        if self._reader is not None:
            self._reader.close()
