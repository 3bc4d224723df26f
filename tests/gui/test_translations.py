import ast
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

import anomaly_gui.gui
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.train_settings import SETTINGS
from anomaly_gui.paths import resource

SOURCES = Path(anomaly_gui.gui.__file__).parent
DECLARED = {  # settings and detectors say their words themselves
    ("worded_choice.py", "words"),
    ("number_fields.py", "words"),
    ("detector_choice.py", "hint"),
    ("detector_choice.py", "title"),
    ("settings_form.py", "title"),
}


def _texts():
    """Return every literal in tr(...), and what is not a literal."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(
                getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", "")
            )
            if isinstance(node, ast.Call) and name in ("tr", "translate"):
                yield path.name, node.args[0 if name == "tr" else 1]


def test_what_is_translated_is_a_literal():
    """A text put together while the program runs cannot be found in a catalogue."""
    bad = [(name, ast.unparse(text)) for name, text in _texts() if not isinstance(text, ast.Constant)]
    assert set(bad) == DECLARED


@pytest.mark.parametrize(
    ("context", "declared"),
    [
        (
            "Choices",
            {
                words
                for setting in SETTINGS.values()
                for words in (*setting.words.values(), *filter(None, setting.ends))
            },
        ),
        ("DetectorHint", {kind.hint for kind in DETECTORS.values()}),
    ],
)
def test_the_catalogue_has_what_is_declared(context, declared):
    catalogue = ET.parse(resource("translations", "anomaly_gui_en.ts")).getroot()
    (part,) = (part for part in catalogue.iter("context") if part.findtext("name") == context)
    assert {message.findtext("source") for message in part.iter("message")} == declared


def test_the_catalogue_has_every_text():
    catalogue = ET.parse(resource("translations", "anomaly_gui_en.ts")).getroot()
    known = {message.findtext("source") for message in catalogue.iter("message")}
    missing = {text.value for _, text in _texts() if isinstance(text, ast.Constant)} - known
    assert missing == set()
    assert len(known) > 100


def test_counts_are_put_into_words(qapp):
    translator = QTranslator()
    assert translator.load(QLocale("en_US"), "anomaly_gui", "_", str(resource("translations")))
    qapp.installTranslator(translator)
    said = [QCoreApplication.translate("Gallery", "%n image(s)", "", count) for count in (1, 3)]
    qapp.removeTranslator(translator)
    assert said == ["1 image", "3 images"]
