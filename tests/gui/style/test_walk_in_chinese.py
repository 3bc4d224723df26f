"""Every page and dialog in Chinese, walked: nothing is clipped, nameless, pale, or out of reach."""

import pytest
from parts import save_parts
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from test_walk import _find_faults, _list_dialogs, _settle, _visit_pages
from windows import SMALL, close, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.gui.interest.editor import RegionEditor
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.state.display.languages import CHINESE, speak_language
from anomaly_gui.gui.style.tokens import LIGHT


@pytest.fixture(scope="module")
def chinese(qapp, own_home, tmp_path_factory, closed):
    """A window with nothing in it, and a folder for images."""
    locale = QLocale()
    speak_language(CHINESE)
    place = tmp_path_factory.mktemp("chinese")
    (place / "window").mkdir()
    window = MainWindow(place / "window")
    window.show()
    yield window, place
    close(window, closed)
    speak_language("en")
    QLocale.setDefault(locale)


def test_the_start_page_in_chinese(dressing, chinese):
    dressing.wear(LIGHT)
    window, _ = chinese
    _settle(window)
    picture = QImage(64, 64, QImage.Format.Format_RGB888)
    picture.fill(Qt.GlobalColor.gray)
    editor = RegionEditor(picture, None, window)
    editor.show()
    QTest.qWait(150)
    faults = _find_faults(window, "start") + _find_faults(editor, "region of interest")
    editor.close()
    assert not faults, "\n".join(faults)


def test_pages_and_dialogs_in_chinese(dressing, chinese):
    dressing.wear(LIGHT)
    window, place = chinese
    good, defects = save_parts(place / "good", 24), save_parts(place / "defects", 4, seed=1, defect=True)
    window.workshop.train_model(TrainRequest((good,), (), (defects,), SMALL))
    wait(window)
    faults = [fault for page in _visit_pages(window) for fault in _find_faults(window, page)]
    for title, dialog in _list_dialogs(window).items():
        dialog.show()
        QTest.qWait(150)
        faults += _find_faults(dialog, title)
        dialog.close()
    window.help.start_tour()
    QTest.qWait(250)
    faults += _find_faults(window.help.tour.card, "tour")
    window.help.tour.leave_tour()
    assert not faults, "\n".join(faults)
