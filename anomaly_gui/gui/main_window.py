"""The main window: panels around one session, menus, and what may be dropped on it."""

from __future__ import annotations

from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFileDialog,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.detection.worked_example import SETTINGS, Example
from anomaly_gui.errors import UserError
from anomaly_gui.gui.busy_bar import BusyBar
from anomaly_gui.gui.exports import export_csv, export_picture
from anomaly_gui.gui.folder_place import dropped_paths
from anomaly_gui.gui.gallery import Gallery
from anomaly_gui.gui.image_table import Marked
from anomaly_gui.gui.inspector import Inspector
from anomaly_gui.gui.menus import Menus
from anomaly_gui.gui.model_panel import ModelPanel
from anomaly_gui.gui.pictures import Pictures
from anomaly_gui.gui.preferences import Preferences
from anomaly_gui.gui.roc_view import RocView
from anomaly_gui.gui.score_plot import ScorePlot
from anomaly_gui.gui.session import Session
from anomaly_gui.gui.start_page import StartPage
from anomaly_gui.gui.table_view import ImagesTable
from anomaly_gui.gui.threshold_bar import ThresholdBar
from anomaly_gui.gui.verdict_view import VerdictView
from anomaly_gui.gui.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.training import TrainRequest
    from anomaly_gui.gui.tasks import Task
    from anomaly_gui.worker.jobs import Compared, Trained

ENDING = ".anomaly"
_GET_READY = 500  # milliseconds: the window is there first
_IMAGES_HEIGHT = 330  # pixels: both rows of the gallery


class Mode(IntEnum):
    """The places of the window, in the order of the work."""

    TRAIN = 0
    TUNE = 1
    INSPECT = 2


class MainWindow(QMainWindow):
    """Everything the operator sees. `place` is a folder of our own for the model at hand."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.session = Session(self)
        self.pictures = Pictures(self)
        self.preferences = Preferences()
        self.workshop = Workshop(self.session, place, self)
        self.file: Path | None = None
        self.mode = Mode.TRAIN
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self.resize(1280, 800)
        self._make_center()
        self._make_docks()
        self.menus = Menus(self)
        self._make_status()
        self._connect()
        self.preferences.restore_layout(self)
        self._restore_folders()
        self.set_mode(Mode.TRAIN)
        self._show_title()
        QTimer.singleShot(_GET_READY, self.workshop.runner.get_ready)

    def _restore_folders(self) -> None:
        """Offer the folders of the last training again, where they are still there."""
        panel = self.panel
        for name, place in (("good", panel.good), ("other_day", panel.other_day), ("defects", panel.defects)):
            paths = tuple(path for path in self.preferences.folders(name) if path.exists())
            if paths:
                place.set_paths(paths)

    # Parts

    def _make_center(self) -> None:
        self.start_page = StartPage()
        self.plot = ScorePlot(self.session, self._describe)
        self.roc = RocView(self.session)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.plot, self.tr("Scatter"))
        self.tabs.addTab(self.roc, self.tr("ROC and counts"))
        self.threshold_bar = ThresholdBar(self.session)
        tuning = QWidget()
        layout = QVBoxLayout(tuning)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.threshold_bar)
        self.verdict_view = VerdictView(self.session, self.pictures)
        ignored = QSizePolicy.Policy.Ignored
        self.verdict_view.setSizePolicy(ignored, ignored)  # its size must not hold up the other pages
        self.pages = QStackedWidget()
        for page in (self.start_page, tuning, self.verdict_view):
            self.pages.addWidget(page)
        self.setCentralWidget(self.pages)

    def _make_docks(self) -> None:
        self.panel = ModelPanel(self.session, self.pictures)
        self.inspector = Inspector(self.session, self.pictures)
        self.gallery = Gallery(self.session, self.pictures)
        self.table = ImagesTable(self.session)
        images = QTabWidget()
        images.setDocumentMode(True)
        images.addTab(self.gallery, self.tr("Gallery"))
        images.addTab(self.table, self.tr("Table"))
        area = Qt.DockWidgetArea
        self.model_dock = self._dock("model", self.tr("Model"), self.panel, area.LeftDockWidgetArea)
        self.inspector_dock = self._dock(
            "inspector", self.tr("Inspector"), self.inspector, area.RightDockWidgetArea
        )
        self.images_dock = self._dock("images", self.tr("Images"), images, area.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, area.RightDockWidgetArea)
        self.resizeDocks([self.model_dock, self.inspector_dock], [320, 300], Qt.Orientation.Horizontal)
        self.resizeDocks([self.images_dock], [320], Qt.Orientation.Vertical)

    def _dock(self, name: str, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(content)
        self.addDockWidget(area, dock)
        return dock

    def _make_status(self) -> None:
        self.status = QLabel()
        self.status.setWordWrap(False)
        self.statusBar().addWidget(self.status, 1)
        self.busy = BusyBar(in_a_row=True)
        self.statusBar().addPermanentWidget(self.busy)
        self.runtime = QLabel()
        self.statusBar().addPermanentWidget(self.runtime)

    def _connect(self) -> None:
        workshop, session, page = self.workshop, self.session, self.start_page
        workshop.task_started.connect(self._on_task_started)
        workshop.idle.connect(self._on_idle)
        workshop.trained.connect(self._on_trained)
        workshop.compared.connect(self._on_compared)
        workshop.opened.connect(self._on_opened)
        workshop.saved.connect(self._on_saved)
        workshop.noted.connect(self.say)
        workshop.problem_met.connect(self._on_problem)
        workshop.crashed.connect(self._on_crashed)
        workshop.sample_unpacked.connect(self._on_sample_unpacked)
        self.panel.train_requested.connect(self._on_train_requested)
        self.panel.compare_requested.connect(self._on_compare_requested)
        for bar in (self.panel.busy, self.busy):
            bar.cancel_requested.connect(workshop.cancel)
        self.inspector.label_requested.connect(self._on_label_requested)
        page.sample_requested.connect(self.open_sample)
        page.open_requested.connect(self.on_open)
        page.train_requested.connect(self.panel.good.choose)
        session.model_changed.connect(self._on_model_changed)
        session.saved_changed.connect(self._show_title)
        session.threshold_changed.connect(self._show_status)
        self._on_model_changed()

    # Places

    def set_mode(self, mode: Mode) -> None:
        """Go to one of the window's places."""
        self.mode = mode
        self.menus.modes[mode].setChecked(True)
        has_model = self.session.view is not None
        self.model_dock.setVisible(mode is Mode.TRAIN)
        self.inspector_dock.setVisible(mode is not Mode.INSPECT and has_model)
        self.images_dock.setVisible(mode is not Mode.INSPECT and has_model)
        if mode is Mode.INSPECT:
            self.pages.setCurrentIndex(2)
        else:
            self.pages.setCurrentIndex(1 if has_model else 0)
        QTimer.singleShot(0, self._make_room_for_images)  # when the layouts have settled

    @Slot()
    def _make_room_for_images(self) -> None:
        wanted = min(_IMAGES_HEIGHT, int(0.42 * self.height()))
        if self.images_dock.isVisible() and self.images_dock.height() < wanted:
            self.resizeDocks([self.images_dock], [wanted], Qt.Orientation.Vertical)

    @Slot()
    def on_mode_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.set_mode(Mode(int(action.data())))

    @Slot()
    def _on_model_changed(self) -> None:
        has_model = self.session.view is not None
        self.menus.set_model_there(has_model)
        if has_model:
            self.set_mode(self.mode)
            self.runtime.setText(
                str(self.session.view.versions.get("runtime", "")) if self.session.view else ""
            )
        self._show_recent()

    # Work

    def open_sample(self) -> None:
        """Train on the sample and judge it."""
        if self._may_replace_model():
            self.file = None
            self.workshop.open_sample()

    def open_model(self, file: Path) -> None:
        """Open a model file."""
        if self._may_replace_model():
            self.workshop.open(file)

    @Slot(object)
    def _on_train_requested(self, request: TrainRequest) -> None:
        if self._may_replace_model():
            for name, paths in (
                ("good", request.normal),
                ("other_day", request.calibration),
                ("defects", request.anomalous),
            ):
                self.preferences.set_folders(name, paths)
            self.workshop.train(request)

    @Slot()
    def _on_compare_requested(self) -> None:
        request = self.panel.request()
        if request is not None:
            self.workshop.compare(request)

    @Slot(object)
    def _on_task_started(self, task: Task) -> None:
        for bar in (self.panel.busy, self.busy):
            bar.follow(task)
        self.panel.set_busy(True)
        self.say(task.title + "…")

    @Slot()
    def _on_idle(self) -> None:
        self.panel.set_busy(False)
        self.busy.hide()
        if self.status.text().endswith("…"):  # what was said since stays: it may be a problem
            self._show_status()

    @Slot(object)
    def _on_trained(self, result: Trained) -> None:
        self.file = None
        self.panel.show_trained(result)
        self.set_mode(Mode.TUNE)
        self._show_title()

    @Slot(object)
    def _on_compared(self, result: Compared) -> None:
        from anomaly_gui.gui.layer_table import LayerTable  # late: seldom needed

        table = LayerTable(result, self.panel.form, self)
        table.show()

    @Slot(object)
    def _on_opened(self, file: Path | None) -> None:
        self.file = file
        if file is not None:
            self.preferences.add_recent_model(file)
        self.panel.say("")
        self.set_mode(Mode.TUNE)
        self._show_recent()
        self._show_title()

    @Slot(object)
    def _on_saved(self, file: Path | None) -> None:
        self.file = file
        if file is not None:
            self.preferences.add_recent_model(file)
            self.say(self.tr("Saved to %1.").replace("%1", str(file)))
        self._show_recent()
        self._show_title()
        if self._closes_when_saved:
            self.close()

    @Slot(object)
    def _on_sample_unpacked(self, example: Example) -> None:
        self.panel.good.set_paths((example.fit[0].parent,))
        self.panel.other_day.set_paths(())
        self.panel.defects.set_paths(())
        self.panel.form.set_values(vars(SETTINGS))

    @Slot(str)
    def _on_problem(self, sentence: str) -> None:
        self._closes_when_saved = False
        self.panel.say(sentence, is_problem=True)
        self.say(sentence)

    @Slot(str)
    def _on_crashed(self, report: str) -> None:
        from anomaly_gui.gui.crash_report import show_report  # late: never needed, we hope

        self._closes_when_saved = False
        show_report(report, self)

    # Files

    _closes_when_saved = False

    @Slot()
    def on_open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a model"), "", self.tr("Models (*%1)").replace("%1", ENDING)
        )
        if name:
            self.open_model(Path(name))

    @Slot()
    def save(self) -> None:
        """Save the model where it came from, or ask where."""
        if self.file is None:
            self.save_as()
        else:
            self.workshop.save(self.file)

    @Slot()
    def save_as(self) -> None:
        """Ask where to save the model."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the model"), "", self.tr("Models (*%1)").replace("%1", ENDING)
        )
        if name:
            file = Path(name)
            self.workshop.save(file if file.suffix else file.with_suffix(ENDING))

    @Slot()
    def on_score(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Score images"))
        if names:
            self.workshop.score(tuple(map(Path, names)))

    @Slot()
    def on_score_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Score a folder"))
        if name:
            self.workshop.score((Path(name),))

    @Slot()
    def on_paste(self) -> None:
        from PySide6.QtGui import QGuiApplication

        urls = QGuiApplication.clipboard().mimeData().urls()
        self.take([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])

    @Slot()
    def on_export_csv(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the table"), "scores.csv", "CSV (*.csv)")
        if name:
            self.export(export_csv, Path(name))

    @Slot()
    def on_export_picture(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export the plot"), "scatter.png", "PNG (*.png);;SVG (*.svg)"
        )
        if name:
            self.export(partial(export_picture, title=self._name()), Path(name))

    def export(self, write: Callable[..., None], file: Path) -> None:
        """Write what is shown to a file, and say how it went."""
        try:
            write(self.session, file=file)
        except UserError as error:
            self._on_problem(str(error))
        else:
            self.say(self.tr("Saved to %1.").replace("%1", str(file)))

    def _show_recent(self) -> None:
        self.menus.recent.clear()
        for file in self.preferences.recent_models:
            action = self.menus.recent.addAction(str(file))
            action.setData(str(file))
            action.triggered.connect(self._on_recent)
        self.menus.recent.setEnabled(not self.menus.recent.isEmpty())

    @Slot()
    def _on_recent(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.open_model(Path(str(action.data())))

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.take(dropped_paths(event))

    def take(self, paths: Sequence[Path]) -> None:
        """Do the obvious with files and folders: open a model, score images, or take good ones to learn."""
        models = [path for path in paths if path.suffix.lower() == ENDING]
        others = tuple(path for path in paths if path not in models)
        if models:
            self.open_model(models[0])
        elif others and self.session.view is not None:
            self.workshop.score(others)
        elif others:
            self.panel.good.set_paths(others)
            self.set_mode(Mode.TRAIN)

    # Images

    @Slot()
    def on_label_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._on_label_requested(int(action.data()))

    @Slot(int)
    def _on_label_requested(self, mark: int) -> None:
        self.session.label(self.session.selection, Marked(mark))

    @Slot()
    def on_next(self) -> None:
        self._step(1, wrong_only=False)

    @Slot()
    def on_previous(self) -> None:
        self._step(-1, wrong_only=False)

    @Slot()
    def on_next_wrong(self) -> None:
        self._step(1, wrong_only=True)

    def _step(self, by: int, *, wrong_only: bool) -> None:
        order, threshold = list(self.gallery.order()), self.session.threshold
        if wrong_only and threshold is not None:
            order = [row for row in order if self.session.table.is_wrong(row, threshold.value)]
        if not order:
            return
        here = self.session.selection[0] if self.session.selection else None
        place = order.index(here) + by if here in order else 0
        self.session.select((order[place % len(order)],))

    def _describe(self, row: int) -> str:
        from anomaly_gui.figures.style import score_text

        one, verdict = self.session.table.row(row), self.session.verdict(row)
        score = "" if one.score is None else score_text(one.score)
        thumbnail = self.pictures.thumbnail(str(one.path))
        image = ""
        if thumbnail is not None and not thumbnail.isNull():
            image = f'<img src="data:image/png;base64,{_as_text(thumbnail)}"><br>'
        return f"{image}{one.path.name}<br>{score}   {verdict}"

    # What is said

    @Slot(str)
    def say(self, text: str) -> None:
        """Show a sentence at the bottom."""
        self.status.setText(text)
        self.status.setToolTip(text)

    @Slot()
    def _show_status(self) -> None:
        threshold, view = self.session.threshold, self.session.view
        if threshold is None or view is None:
            self.say(self.tr("Ready."))
            return
        text = self.tr("Threshold from: %1.").replace("%1", threshold.basis)
        if not view.training.calibration:
            text += " " + self.tr("Give good parts of another day to trust it on other days.")
        self.say(text)

    def _name(self) -> str:
        if self.file is not None:
            return self.file.name
        return self.tr("new model") if self.session.view is not None else ""

    @Slot()
    def _show_title(self) -> None:
        name = self._name()
        self.setWindowTitle(f"{name}[*] – Anomaly GUI" if name else "Anomaly GUI")
        self.setWindowModified(bool(name) and self.session.is_unsaved)

    @Slot()
    def on_about(self) -> None:
        import anomaly_gui

        QMessageBox.about(
            self,
            self.tr("About Anomaly GUI"),
            self.tr(
                "Anomaly GUI %1\nOne-class visual inspection: shown only good parts, it finds the bad ones."
            ).replace("%1", anomaly_gui.__version__),
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "plot"):
            self.plot.apply_colours()
            self.roc.apply_colours()

    # The end

    def _may_replace_model(self) -> bool:
        """Ask about a model that is not saved; tell whether it may go."""
        if not self.session.is_unsaved:
            return True
        answer = self._ask_about_unsaved(can_save=False)
        return answer == QMessageBox.StandardButton.Discard

    def _ask_about_unsaved(self, *, can_save: bool) -> QMessageBox.StandardButton:
        buttons = QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel
        if can_save:
            buttons |= QMessageBox.StandardButton.Save
        return QMessageBox.question(
            self,
            self.tr("The model is not saved"),
            self.tr("The model or its threshold is not saved. Let it go?"),
            buttons,
            QMessageBox.StandardButton.Cancel,
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.session.is_unsaved and not self._closes_when_saved:
            answer = self._ask_about_unsaved(can_save=True)
            if answer == QMessageBox.StandardButton.Save:
                self._closes_when_saved = True
                QTimer.singleShot(0, self.save)
            if answer != QMessageBox.StandardButton.Discard:
                event.ignore()
                return
        self.preferences.keep_layout(self)
        self.workshop.close()
        self.pictures.close()
        event.accept()


def _as_text(pixmap: object) -> str:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")  # type: ignore[attr-defined]
    return bytes(data.toBase64().data()).decode("ascii")
