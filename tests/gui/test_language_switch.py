"""The language of the window: the system's at first, another by the menu, at once, with all that is open."""

import os
import re
import subprocess
import sys

import pytest
from parts import save_parts
from PySide6.QtCore import QLocale, Qt, QTimer, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLabel, QMessageBox, QPushButton
from windows import SMALL, drop, give_up, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.gui.state.display import languages
from anomaly_gui.gui.state.display.languages import LANGUAGE
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.state.preferences import Preferences
from anomaly_gui.gui.window_keeper import WindowKeeper
from anomaly_gui.language import find_language

SYSTEM, ENGLISH, CHINESE = range(3)  # of the menu


@pytest.fixture
def speaking(qapp, monkeypatch):
    """Speak English again in the end; whether this machine has fonts does not matter."""
    monkeypatch.setenv("LANGUAGE", "en")
    languages.find_system_language.cache_clear()
    monkeypatch.setattr(languages, "find_chinese_font", lambda: "a font")
    locale = QLocale()
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    Preferences().forget(LANGUAGE)
    QLocale.setDefault(locale)
    languages.find_system_language.cache_clear()


@pytest.fixture
def keeper(speaking, closed):
    """The program's window, by whatever language it was replaced."""
    keeper = WindowKeeper()
    keeper.window.show()
    yield keeper
    give_up(keeper.window)
    keeper.window.close()
    closed.extend((keeper, keeper.window, *keeper.replaced))


def choose(keeper, entry):
    """Click an entry of the menu of languages."""
    view, menu = keeper.window.menus.view_menu, keeper.window.languages.menu
    view.popup(keeper.window.mapToGlobal(keeper.window.rect().center()))
    menu.popup(view.pos())
    place = menu.actionGeometry(menu.actions()[entry]).center()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
    view.close()


def checked(keeper):
    return [action.isChecked() for action in keeper.window.languages.menu.actions()].index(True)


def text_of(keeper, number=0):
    return keeper.window.menuBar().actions()[number].text()


def test_chinese_by_the_menu_and_back(keeper):
    assert (text_of(keeper), checked(keeper), find_language()) == ("&File", SYSTEM, "en")
    names = [action.text() for action in keeper.window.languages.menu.actions()]
    assert names == ["As the system", "English", "中文"]
    choose(keeper, CHINESE)
    assert (text_of(keeper), checked(keeper), find_language()) == ("文件(&F)", CHINESE, "zh_CN")
    assert keeper.window.isVisible()
    assert not keeper.replaced[0].isVisible()
    assert Preferences().read_text(LANGUAGE) == "zh_CN"
    assert [action.text() for action in keeper.window.languages.menu.actions()[1:]] == names[1:]
    choose(keeper, ENGLISH)
    assert (text_of(keeper), checked(keeper), find_language()) == ("&File", ENGLISH, "en")
    choose(keeper, SYSTEM)  # the same language: the window stays
    assert (checked(keeper), len(keeper.replaced)) == (SYSTEM, 2)


def test_all_that_is_open_stays(keeper, tmp_path):
    keeper.window.workshop.train_model(TrainRequest((save_parts(tmp_path / "good", 24),), settings=SMALL))
    wait(keeper.window)
    drop(keeper.window, [save_parts(tmp_path / "line", 5, seed=3, defect=True)])
    wait(keeper.window)
    session = keeper.window.session
    keeper.window.panel.good.set_paths((tmp_path / "good",))
    session.label_rows([25], ImageLabel.DEFECT)
    session.thresholds.set_value(session.threshold.value - 2)
    session.select_rows([26])
    note = keeper.window.docks.inspector.remark_fields.note
    note.setFocus()
    QTest.keyClicks(note, "half a note")
    keeper.window.center.tabs.setCurrentIndex(1)
    choose(keeper, CHINESE)
    wait(keeper.window, until=lambda: keeper.window.session.model is not None)
    wait(keeper.window)
    now = keeper.window.session
    assert now is not session
    assert list(now.table.paths) == list(session.table.paths)
    assert now.table.labels.tolist() == session.table.labels.tolist()
    assert now.threshold == session.threshold
    assert now.selection == (26,)
    assert keeper.window.services.remarks.find_remark(26).note == "half a note"
    assert keeper.window.mode is Mode.TUNE
    assert keeper.window.center.tabs.currentIndex() == 1
    assert keeper.window.panel.good.paths == (tmp_path / "good",)
    assert "学习了 24 幅图像" in keeper.window.panel.message.text()
    assert keeper.window.status_line.label.text().startswith("阈值取自：手动设定")
    assert "不合格" in [now.find_verdict(row).told for row in range(len(now.table))]
    left = (keeper.window.services.project.data_folder / "windows").iterdir()
    assert list(left) == [keeper.window.services.project.own.path]
    now.select_rows([3, 26])
    keeper.window.show_mode(Mode.INSPECT)
    choose(keeper, ENGLISH)
    wait(keeper.window, until=lambda: keeper.window.mode is Mode.INSPECT)
    assert keeper.window.session.selection == (3, 26)


def test_a_project_with_a_place_is_open_again(keeper, tmp_path):
    place = tmp_path / "tubes.anomalyproj"
    keeper.window.services.projects.make_project(place)
    choose(keeper, CHINESE)
    assert keeper.window.services.project.folder.path == place
    assert keeper.window.windowTitle().startswith("tubes")


def test_work_is_not_interrupted(keeper, tmp_path):
    keeper.window.workshop.train_model(TrainRequest((save_parts(tmp_path / "good", 24),), settings=SMALL))
    choose(keeper, CHINESE)
    assert (keeper.replaced, checked(keeper), find_language()) == ([], SYSTEM, "en")
    assert "while something is at work" in keeper.window.status_line.label.text()
    wait(keeper.window)
    assert keeper.window.session.model is not None


def test_the_buttons_of_dialogs_are_chinese(keeper):
    choose(keeper, CHINESE)
    said = []

    def read_and_cancel():
        box = QApplication.activeModalWidget()
        buttons = box.findChild(QDialogButtonBox)
        said.extend((box.text(), *(button.text() for button in buttons.buttons())))
        QTest.mouseClick(box.button(QMessageBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, read_and_cancel)
    answer = keeper.window.services.leaving.ask_what_to_do()
    assert answer == QMessageBox.StandardButton.Cancel
    assert said[0] == "模型、标记和已判定的图像还不在任何项目中。要保存吗？"
    assert {"取消", "保存"} <= {text.split("(")[0] for text in said[1:]}


def test_qts_own_file_dialog_is_chinese(keeper):
    choose(keeper, CHINESE)
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    said = [label.text() for label in dialog.findChildren(QLabel)]
    said += [button.text() for button in dialog.findChildren(QPushButton)]
    dialog.close()
    assert len([text for text in said if text]) >= 5
    for text in said:
        assert not re.search("[A-Za-z]{2}", text), text


def test_a_job_tells_its_error_in_the_language_that_is_chosen(keeper, tmp_path):
    choose(keeper, CHINESE)
    wait(keeper.window)
    file = tmp_path / "none.anomaly"
    keeper.window.services.documents.open_model(file)
    wait(keeper.window)
    assert keeper.window.panel.message.text() == f"{file} 不存在：请检查名称。"
    choose(keeper, ENGLISH)
    keeper.window.services.documents.open_model(file)
    wait(keeper.window)
    assert keeper.window.panel.message.text() == f"{file} does not exist: check its name."


def test_missing_letters_are_named_in_place_of_boxes(keeper, monkeypatch):
    monkeypatch.setattr(languages, "find_chinese_font", lambda: None)
    choose(keeper, CHINESE)
    assert (text_of(keeper), checked(keeper)) == ("&File", SYSTEM)
    assert "such as Noto Sans CJK SC" in keeper.window.status_line.label.text()


STARTED = """
import sys
from PySide6.QtWidgets import QApplication
from anomaly_gui.gui.state.display import languages
fonts = sys.argv[1]
languages.find_chinese_font = lambda: fonts or None
from anomaly_gui.gui.app import prepare_application
from anomaly_gui.gui.window_keeper import WindowKeeper

if __name__ == "__main__":
    app = QApplication([])
    problem = prepare_application(app)
    keeper = WindowKeeper()
    print(keeper.window.menuBar().actions()[0].text(), problem)
    keeper.window.close()
"""


@pytest.mark.parametrize(
    ("named", "font", "said"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "a font", "文件(&F) "),
        ({"LANG": "en_US.UTF-8"}, "a font", "&File "),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "a font", "文件(&F) "),
        (
            {"LANG": "zh_CN.UTF-8"},
            "",
            "&File No font on this computer has Chinese letters: install a font with them, "
            "such as Noto Sans CJK SC.",
        ),
    ],
)
def test_it_begins_in_the_language_of_the_system(tmp_path, named, font, said):
    """Where it can be read, that is."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    around = {name: value for name, value in os.environ.items() if name not in names}
    (tmp_path / "started.py").write_text(STARTED)
    ran = subprocess.run(
        [sys.executable, str(tmp_path / "started.py"), font],
        env={**around, **named, "XDG_CONFIG_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.stdout.rstrip("\n") == said, ran.stderr
