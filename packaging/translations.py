"""Bring the catalogues of translations up to date: run it after any text changed.

    .venv/bin/python packaging/translations.py

Collects every text that the window shows into resources/translations/anomaly_gui_LANGUAGE.ts and makes the
.qm files that are shipped. English is filled in here (a plural is made of "(s)"); other languages are
translated in their .ts files with Qt Linguist, and keep what they have: how many texts are left is said.

Collects every sentence of the library and the command line into the .po files beside them, and makes the .mo
files that are shipped (see `sentences.py`); English needs none.
"""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from sentences import collect_sentences, count_untranslated, list_catalogues, update_catalogue

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "resources" / "translations"
ENGLISH = CATALOGUES / "anomaly_gui_en.ts"


def tool(name: str) -> str:
    """Return the path of one of PySide6's programs."""
    return str(Path(sys.executable).with_name(name))


def collect(catalogue: Path) -> None:
    """Add new texts to a catalogue, and drop those that are gone."""
    sources = sorted(map(str, (ROOT / "anomaly_gui" / "gui").rglob("*.py")))
    language = catalogue.stem.removeprefix("anomaly_gui_")
    options = ["-locations", "none", "-no-obsolete", "-source-language", "en", "-target-language", language]
    subprocess.run(
        [tool("pyside6-lupdate"), *sources, "-ts", str(catalogue), *options],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def forms(text: str) -> tuple[str, str]:
    """Return the singular and the plural of an English text with "(s)".

    >>> forms("%n image(s)")
    ('%n image', '%n images')
    """
    return text.replace("(s)", ""), text.replace("(s)", "s").replace("file was", "files were")


def fill_in_english() -> None:
    """Translate every text to itself, and every count to both its forms."""
    tree = ET.parse(ENGLISH)
    for message in tree.getroot().iter("message"):
        source = message.findtext("source") or ""
        translation = message.find("translation")
        if translation is None:
            continue
        translation.attrib.pop("type", None)
        plurals = translation.findall("numerusform")
        for plural, text in zip(plurals, forms(source), strict=False):
            plural.text = text
        if not plurals:
            translation.text = source
    ET.indent(tree, " ")
    text = ET.tostring(tree.getroot(), encoding="unicode")
    ENGLISH.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', "utf-8")


def list_window_catalogues() -> list[Path]:
    """Return the .ts file of every language."""
    return sorted(CATALOGUES.glob("anomaly_gui_*.ts"))


def find_unfinished(catalogue: Path) -> list[str]:
    """Return the texts that a catalogue has no translation of, or only a draft."""
    unfinished = []
    for message in ET.parse(catalogue).getroot().iter("message"):
        translation = message.find("translation")
        said = [] if translation is None else (translation.findall("numerusform") or [translation])
        is_draft = translation is not None and translation.get("type") == "unfinished"
        if is_draft or not said or not all(form.text for form in said):
            unfinished.append(message.findtext("source") or "")
    return unfinished


def compile_window_catalogue(catalogue: Path, compiled: Path) -> None:
    """Make the .qm file of a catalogue."""
    subprocess.run([tool("pyside6-lrelease"), "-silent", str(catalogue), "-qm", str(compiled)], check=True)


def main() -> None:
    """Update every catalogue."""
    CATALOGUES.mkdir(exist_ok=True)
    for catalogue in {ENGLISH, *list_window_catalogues()}:
        collect(catalogue)
    fill_in_english()
    for catalogue in list_window_catalogues():
        compile_window_catalogue(catalogue, catalogue.with_suffix(".qm"))
        print(f"{catalogue.stem}: {len(find_unfinished(catalogue))} to translate")
    print(f"{len(re.findall('<message', ENGLISH.read_text('utf-8')))} texts of the window")
    found = collect_sentences()
    print(f"{len(found)} sentences of the library and the command line")
    for path in list_catalogues():
        left = count_untranslated(update_catalogue(path, found))
        print(f"{path.parent.parent.name}: {left} to translate")


if __name__ == "__main__":
    main()
