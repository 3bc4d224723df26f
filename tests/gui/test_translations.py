import ast
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

import anomaly_gui.gui
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.train_settings import SETTINGS
from anomaly_gui.language import speak, translate
from anomaly_gui.paths import resource

SAME_IN_CHINESE = {"VGG16", "EfficientNet-Lite0", "EfficientNet-Lite2", "Deep SVDD"}
SOURCES = Path(anomaly_gui.gui.__file__).parent


def _texts():
    """Return every literal in tr(...), and what is not a literal."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(
                getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", "")
            )
            of_library = name == "translate" and isinstance(node, ast.Call) and len(node.args) < 2
            if isinstance(node, ast.Call) and name in ("tr", "translate") and not of_library:
                yield path.name, node.args[0 if name == "tr" else 1]


def test_what_is_translated_is_a_literal():
    """A text put together while the program runs cannot be found in a catalogue."""
    bad = [(name, ast.unparse(text)) for name, text in _texts() if not isinstance(text, ast.Constant)]
    assert bad == []


@pytest.mark.parametrize(
    "declared",
    [
        {
            words
            for setting in SETTINGS.values()
            for words in (setting.title, setting.help, *setting.words.values(), *setting.ends)
            if words
        },
        {text for kind in DETECTORS.values() for text in (kind.title, kind.hint)},
    ],
)
def test_the_library_translates_what_it_declares(declared):
    """Settings and detectors say their words themselves; the window shows them."""
    with speak("zh_CN"):
        same = {text for text in declared if translate(text) == text}
    assert same <= SAME_IN_CHINESE


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
