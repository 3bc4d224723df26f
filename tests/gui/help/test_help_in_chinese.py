"""The help of a window that speaks Chinese: the first steps in Chinese, whatever leads there."""

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt, QTranslator
from PySide6.QtTest import QTest

from anomaly_gui.gui.help.help_window import discard_help_window, get_help_window
from anomaly_gui.gui.help.key_sheet import list_keys
from anomaly_gui.gui.state.display.languages import CHINESE, speak_language
from anomaly_gui.gui.state.mode import Mode


@pytest.fixture
def chinese(qapp, monkeypatch):
    locale = QLocale()
    discard_help_window()
    monkeypatch.setenv("LANGUAGE", CHINESE)
    speak_language(CHINESE)
    yield
    discard_help_window()
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    QLocale.setDefault(locale)


def _shown():
    window = get_help_window()
    assert window.isVisible()
    url = window.browser.source()
    return "/".join(url.path().split("/")[-2:]) + (f"#{url.fragment()}" if url.hasFragment() else "")


def _list_in_sight(browser):
    return [browser.cursorForPosition(QPoint(40, y)).block().text() for y in range(10, 700, 10)]


def test_f1_opens_the_first_steps_in_chinese_where_they_are_spoken_of(chinese, make):
    window = make()
    window.show_mode(Mode.TRAIN)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    get_help_window().resize(1040, 760)
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert _shown() == "zh_CN/first_steps.md#your-own-parts-in-the-window"
    pages = get_help_window()
    QTest.qWait(50)
    assert "在窗口中用您自己的零件" in _list_in_sight(pages.browser)
    assert "第一步" not in _list_in_sight(pages.browser)
    assert pages.windowTitle() == "帮助 – Anomaly GUI"
    assert pages.list.currentItem().text() == "第一步"


def test_links_lead_from_english_pages_to_it_and_back(chinese):
    pages = get_help_window()
    pages.show_page("index.md")
    assert _shown() == "help/index.md"
    pages.browser.setSource(pages.browser.source().resolved("first_steps.md#install"))
    assert _shown() == "zh_CN/first_steps.md#install"
    pages.browser.setSource(pages.browser.source().resolved("../window.md#tune"))
    assert _shown() == "help/window.md#tune"
    pages.back.trigger()
    assert _shown() == "zh_CN/first_steps.md#install"
    assert "安装" in pages.browser.toPlainText()


def test_the_list_leads_to_it(chinese):
    pages = get_help_window()
    pages.show_page("index.md")
    (item,) = pages.list.findItems("第一步", Qt.MatchFlag.MatchExactly)
    QTest.mouseClick(
        pages.list.viewport(), Qt.MouseButton.LeftButton, pos=pages.list.visualItemRect(item).center()
    )
    assert _shown() == "zh_CN/first_steps.md"


def test_the_sheet_of_keys_has_words_without_shortcuts(chinese, make):
    groups = list_keys(make().menuBar())
    assert [title for title, _ in groups] == ["文件", "编辑", "视图", "帮助"]
    assert not [text for _, keys in groups for _, text in keys if "(" in text]
