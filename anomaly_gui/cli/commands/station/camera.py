"""The commands `station trigger` and `station scan`, for stations that have a camera."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anomaly_gui.cli.output.report import print_line
from anomaly_gui.language import translate
from anomaly_gui.station.asking import ask_for_picture, note_scan
from anomaly_gui.station.settings.reading import read_settings

_File = Annotated[Path, typer.Argument(metavar="LINE.toml", help="The settings of the station.")]
_PartOf = Annotated[str | None, typer.Option("--part", metavar="TEXT", help="The number of the part.")]
_LotOf = Annotated[str | None, typer.Option("--lot", metavar="TEXT", help="The lot of the part.")]
_Code = Annotated[str, typer.Argument(metavar="CODE", help="What was scanned.")]


def trigger_command(settings: _File, part: _PartOf = None, lot: _LotOf = None) -> None:
    """Let the camera of a station that runs take a picture. Exit code 2: there is none."""
    name = ask_for_picture(read_settings(settings), part, lot)
    print_line(translate("A picture was taken: {name}.", name=name))


def scan_command(settings: _File, code: _Code) -> None:
    """Name the part of the next picture that the camera of a station takes."""
    note_scan(read_settings(settings), code)
    print_line(translate("“{code}” goes with the next picture.", code=code))
