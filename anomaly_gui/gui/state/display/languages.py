"""The language of the window: the one that was chosen, or the system's; of Qt, library and worker, too."""

from __future__ import annotations

import os
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLibraryInfo, QLocale, QTranslator

from anomaly_gui.gui.style.chinese_font import find_chinese_font
from anomaly_gui.language import (
    ENGLISH,
    VARIABLES,
    choose_language,
    find_language,
    list_languages,
    use_language,
)
from anomaly_gui.paths import resource

LANGUAGE = "language"
"""The name of the preference."""
OF_SYSTEM = ""
"""What it is where nobody chose a language."""
CHINESE = "zh_CN"
_NAMES = {ENGLISH: "English", CHINESE: "中文"}
_OURS = "translations of the window"
_LEFT_BY_QT = (  # texts of Qt's file dialog that its own catalogues lack: ours have them
    QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"),
)


def name_language(code: str) -> str:
    """Return the name of a language in itself.

    >>> name_language("zh_CN"), name_language("de")
    ('中文', 'Deutsch')
    """
    return _NAMES.get(code) or QLocale(code).nativeLanguageName()


@cache
def find_system_language() -> str:
    """Return the system's language where the program speaks it, else English; asked before any is chosen."""
    if any(os.environ.get(variable) for variable in VARIABLES):
        return find_language()
    return choose_language(":".join(QLocale.system().uiLanguages()))


def find_chosen_language(chosen: str) -> str:
    """Return the language that a preference means; the system's where there is no such language."""
    system = find_system_language()
    return chosen if chosen in list_languages() else system


def explain_missing_letters(language: str) -> str:
    """Say what to install where no font has a language's letters; nothing where all is well."""
    if language != CHINESE or find_chinese_font() is not None:
        return ""
    return QCoreApplication.translate(
        "Languages",
        "No font on this computer has Chinese letters: install a font with them, such as Noto Sans CJK SC.",
    )


def speak_language(language: str) -> None:
    """Let everything that is made from now on speak a language: windows, Qt's dialogs, library and worker."""
    use_language(language)
    locale = QLocale(language)
    system = QLocale.system()
    QLocale.setDefault(system if system.language() == locale.language() else locale)
    app = QCoreApplication.instance()
    if app is None:
        return
    for old in app.findChildren(QTranslator, _OURS):
        app.removeTranslator(old)
        old.deleteLater()
    qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    _load_catalogue(app, f"qtbase_{language}", qts)
    for each in dict.fromkeys((ENGLISH, language)):  # English has one, for plurals: the last one goes first
        _load_catalogue(app, f"anomaly_gui_{each}", str(resource("translations")))


def _load_catalogue(app: QCoreApplication, name: str, folder: str) -> None:
    translator = QTranslator(app)
    translator.setObjectName(_OURS)
    if translator.load(name, folder):
        app.installTranslator(translator)
