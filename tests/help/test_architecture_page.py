"""The architecture page names every room, and only rooms that are there; so does its picture."""

import re
from pathlib import Path

import pytest

import anomaly_gui
from anomaly_gui.paths import resource

PACKAGE = Path(anomaly_gui.__file__).parent
PAGE = resource("help", "architecture.md").read_text("utf-8")
PICTURE = resource("help", "pictures", "rooms.svg").read_text("utf-8")
CODE = re.compile(r"`([^`]+)`")


def _rooms(folder):
    return {path.parent.name for path in folder.glob("*/__init__.py")}


def _modules(folder):
    return {path.stem for path in folder.glob("[a-z]*.py")}


def _named(heading):
    """Return the names in the first column of the table below a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return {name.strip() for cell in cells for code in CODE.findall(cell) for name in code.split(",")}


@pytest.mark.parametrize(
    ("heading", "folder"),
    [
        ("The rooms of the library", PACKAGE / "detection"),
        ("The rooms of the window", PACKAGE / "gui"),
    ],
)
def test_every_room_and_every_loose_file_is_named(heading, folder):
    assert _named(heading) == _rooms(folder) | _modules(folder)


def test_every_room_of_the_program_is_named():
    named = {name.removeprefix("anomaly_gui/") for name in _named("The rooms")}
    assert named - {"resources", "packaging", "tests"} == _rooms(PACKAGE) | _modules(PACKAGE)


def test_the_picture_has_every_room_of_the_library():
    drawn = set(re.findall(r'<tspan font-weight="bold">([^<]+)</tspan>', PICTURE))
    assert _rooms(PACKAGE / "detection") <= drawn
    assert drawn - {"..."} <= _rooms(PACKAGE) | _modules(PACKAGE) | _rooms(PACKAGE / "detection") | _modules(
        PACKAGE / "detection"
    )


def test_files_that_the_steps_name_are_there():
    steps = PAGE.split("\n## Add a detector\n")[1]
    named = [name for name in CODE.findall(steps) if "/" in name and "NAME" not in name and "<" not in name]
    roots = (PACKAGE, PACKAGE.parent)
    assert named
    assert [name for name in named if not any((root / name).exists() for root in roots)] == []
