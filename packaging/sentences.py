"""The sentences of the library and the command line: found in the sources, compiled from catalogues.

A catalogue is resources/translations/LANGUAGE/LC_MESSAGES/anomaly_gui.po; `translations.py` brings all up to
date. To begin a language, make its folder with an empty file of that name and run that.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from anomaly_gui.cli.app import app
from anomaly_gui.cli.options.setting_options import SETTINGS_PANEL
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.train_settings import SETTINGS
from anomaly_gui.wording import make_title

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "resources" / "translations"
_PACKAGE = ROOT / "anomaly_gui"
_SAID: dict[str, Any] = {"translate": None, "mark": None, "translate_count": (1, 2), "mark_count": (1, 2)}
_KEPT: dict[str, Any] = {"keep": None}
_CONTEXT = "kept"
_SYSTEM_ERRORS = (  # as Linux has them; most are the same elsewhere
    "Operation not permitted",
    "No such file or directory",
    "Input/output error",
    "Cannot allocate memory",
    "Permission denied",
    "Device or resource busy",
    "File exists",
    "No such device",
    "Not a directory",
    "Is a directory",
    "Invalid argument",
    "Too many open files in system",
    "Too many open files",
    "Text file busy",
    "File too large",
    "No space left on device",
    "Read-only file system",
    "File name too long",
    "Too many levels of symbolic links",
    "Connection timed out",
)


def list_catalogues() -> list[Path]:
    """Return the catalogue of every language."""
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/anomaly_gui.po"))


def collect_sentences() -> Catalog:
    """Return every sentence there is to translate."""
    found = Catalog(project="Anomaly GUI", copyright_holder="The Anomaly GUI developers")
    for path in sorted(_PACKAGE.rglob("*.py")):
        if (_PACKAGE / "gui") in path.parents:  # has Qt's catalogues
            continue
        for _, text, comments, _ in extract_from_file("python", path, _SAID, ["for translators:"]):
            found.add(text, auto_comments=comments)
        for _, text, comments, _ in extract_from_file("python", path, _KEPT):
            found.add(text, auto_comments=comments, context=_CONTEXT)
    for text in list_declared():
        found.add(text)
    return found


def list_declared() -> Iterator[str]:
    """Yield what settings, detectors and commands say of themselves, and the system's words on errors."""
    for setting in SETTINGS.values():
        yield make_title(setting.name)
        yield from filter(
            None, (setting.title, setting.help, setting.unit, *setting.words.values(), *setting.ends)
        )
    for kind in DETECTORS.values():
        yield from (kind.title, kind.hint)
    group: Any = typer.main.get_command(app)
    for command in _walk_commands(group):
        yield from (command.help or "").split("\n\n")
        for option in command.params:
            panel = getattr(option, "rich_help_panel", None)
            if option.help and not (panel == SETTINGS_PANEL and option.name in SETTINGS):
                yield option.help
    yield from _SYSTEM_ERRORS


def _walk_commands(command: Any) -> Iterator[Any]:
    """Yield a command with those in it."""
    yield command
    for inside in getattr(command, "commands", {}).values():
        yield from _walk_commands(inside)


def read_catalogue(path: Path) -> Catalog:
    """Return a catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def update_catalogue(path: Path, found: Catalog) -> Catalog:
    """Add new sentences to a catalogue, and drop those that are gone; return it."""
    catalogue = read_catalogue(path)
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.write_bytes(write_catalogue(catalogue))
    path.with_suffix(".mo").write_bytes(compile_catalogue(catalogue))
    return catalogue


def write_catalogue(catalogue: Catalog) -> bytes:
    """Return the content of a catalogue's file."""
    file = io.BytesIO()
    write_po(file, catalogue, width=110, no_location=True)
    return file.getvalue()


def compile_catalogue(catalogue: Catalog) -> bytes:
    """Return what the product reads."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def count_untranslated(catalogue: Catalog) -> int:
    """Return how many sentences have no translation, or one that is to be looked at."""
    return sum(bool(one.id) and (not all(_list_forms(one.string)) or one.fuzzy) for one in catalogue)


def _list_forms(translation: Any) -> tuple[str, ...]:
    return translation if isinstance(translation, tuple) else (translation,)
