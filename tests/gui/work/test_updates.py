"""Images are added to the model in use and taken out of it, with the mouse and by the menus."""

from parts import save_parts
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from windows import wait

from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.mode import Mode


def _count_learned(window):
    return int((window.session.table.origins == Origin.TRAINING).sum())


def test_good_images_are_added_and_what_was_judged_is_judged_again(small, tmp_path, monkeypatch):
    window = small
    more = save_parts(tmp_path / "more", 5, 3, name="more")
    window.workshop.score_images((save_parts(tmp_path / "judged", 2, 4),), ImageLabel.GOOD)
    wait(window)
    learned = _count_learned(window)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(more))
    window.menus.add_good.trigger()
    wait(window)
    assert _count_learned(window) == learned + 5
    assert "Added 5 images." in window.panel.message.text()
    assert int((window.session.table.origins == Origin.DROPPED).sum()) == 2
    assert window.session.is_unsaved
    assert window.documents.file is None


def test_an_image_is_taken_out_from_the_inspector(small):
    window = small
    learned, path = _count_learned(window), window.session.table.paths[4]
    window.show_mode(Mode.TUNE)
    window.session.select_rows((4,))
    button = window.docks.inspector.take_out_button
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait(window)
    assert _count_learned(window) == learned - 1
    assert path not in list(window.session.table.paths)
    assert "Took out 1 image." in window.panel.message.text()


def test_what_was_not_learned_from_cannot_be_taken_out(small):
    window = small
    rows = [row for row, origin in enumerate(window.session.table.origins) if origin != Origin.TRAINING]
    window.show_mode(Mode.TUNE)
    window.session.select_rows((rows[0],))
    assert not window.docks.inspector.take_out_button.isVisible()
    QTest.keyClick(window, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    assert "learned from" in window.status_line.label.text()
    assert not window.workshop.is_busy
