"""A field for folders of images: they can be dropped on it or chosen; it counts what is in them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.detection.images.folders import Purpose
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import Badge, IconButton, make_card, make_tight
from anomaly_gui.gui.widgets.drop_hint import DropHint, has_files, take_files
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.gui.work.folder_survey import FolderSurvey, SurveyReport
from anomaly_gui.gui.work.pictures.pictures import Pictures, fit_pixmap
from anomaly_gui.wording import join_clauses, join_list

_SHOWN = 4
_SIDE = 48
_NAMED = 3  # files that cannot be opened, and folders
_LISTED = 20


def list_dropped_paths(event: QDropEvent) -> list[Path]:
    """Return the files and folders of a drop."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


class FolderField(QFrame):
    """Folders for one purpose, with the number of images in them."""

    changed = Signal()

    def __init__(
        self,
        title: str,
        hint: str,
        pictures: Pictures,
        parent: QWidget | None = None,
        purpose: Purpose = Purpose.GOOD,
    ) -> None:
        super().__init__(parent)
        self._hint, self._pictures = hint, pictures
        self.paths: tuple[Path, ...] = ()
        self.report: SurveyReport | None = None
        self.survey = FolderSurvey(self, purpose)
        self.survey.reported.connect(self._on_reported)
        take_files(self)
        self._drop_hint = DropHint(self)
        make_card(self)
        self._title = QLabel(title)
        set_role(self._title, bold=True)
        self.count = Badge()
        self._choose = QToolButton()
        self._choose.setText(self.tr("Folder…"))
        set_icon(self._choose, "folder")
        self._choose.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._choose.setAccessibleName(self.tr("Folder: %1").replace("%1", title))
        self._choose.setToolTip(self.tr("Choose a folder; folders and files can be dropped here as well"))
        self._choose.clicked.connect(self.choose_folder)
        self._clear = IconButton("close", self.tr("Take the folders away again"))
        make_tight(self._clear)
        self._clear.clicked.connect(self._on_clear)
        self.note = QLabel(hint, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_role(self.note, size=0.92, faint=True)
        self.warnings = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_role(self.warnings, size=0.92)
        self._lay_out()
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)
        self._show_report()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title)
        top.addStretch(1)
        for widget in (self.count, self._choose, self._clear):
            top.addWidget(widget)
        self._thumbnails = QHBoxLayout()
        self._labels = [QLabel() for _ in range(_SHOWN)]
        for label in self._labels:
            label.hide()
            self._thumbnails.addWidget(label)
        self._thumbnails.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self.note)
        layout.addWidget(self.warnings)
        layout.addLayout(self._thumbnails)

    def set_paths(self, paths: tuple[Path, ...]) -> None:
        """Take these folders and files in place of others."""
        self.paths, self.report = paths, None
        self._show_report()
        self.survey.start_reading(paths)
        self.changed.emit()

    def add_paths(self, paths: tuple[Path, ...]) -> None:
        """Take these folders and files besides those that are there."""
        self.set_paths(tuple(dict.fromkeys((*self.paths, *paths))))

    @Slot(object)
    def _on_reported(self, report: SurveyReport) -> None:
        self.report = report
        self._show_report()
        self.changed.emit()

    def _show_report(self) -> None:
        self._clear.setVisible(bool(self.paths))
        styles = Qt.ToolButtonStyle
        self._choose.setToolButtonStyle(
            styles.ToolButtonIconOnly if self.paths else styles.ToolButtonTextBesideIcon
        )
        self.count.setText(
            f"{len(self.report.listing.files):,}" if self.report else "…" if self.paths else ""
        )
        self.count.setVisible(bool(self.paths))
        self.setToolTip(escape_tooltip("\n".join(map(str, self.paths[:_LISTED]))))
        self.note.setText(join_clauses(self._list_remarks()) if self.paths else self._hint)
        warnings = self._list_warnings()
        self.warnings.setText("\n".join(f"⚠ {warning}" for warning in warnings))
        self.warnings.setVisible(bool(warnings))
        self._show_thumbnails()

    def _list_remarks(self) -> list[str]:
        named = [path.name or str(path) for path in self.paths[:_NAMED]]
        more = [f"… {len(self.paths) - _NAMED:,}"] if len(self.paths) > _NAMED else []
        remarks = [join_list([*named, *more])]
        if self.report is None:
            return remarks
        listing = self.report.listing
        if listing.passed_over:
            remarks.append(self.tr("%n other file(s) passed over", "", listing.passed_over))
        if not self.report.is_whole:
            text = self.tr("looking at them: %1 of %2").replace("%1", f"{self.report.looked_at:,}")
            remarks.append(text.replace("%2", f"{len(listing.files):,}"))
        return remarks

    def _list_warnings(self) -> list[str]:
        if self.report is None:
            return []
        listing = self.report.listing
        missing = [str(error) for error in listing.refused[:_NAMED]]
        nothing = [] if listing.files or missing else [self.tr("There is no image in it.")]
        return [*nothing, *missing, *self.report.warnings]

    def _shown_files(self) -> tuple[Path, ...]:
        """Return a few of the images, spread over all of them."""
        files = self.report.listing.files if self.report else ()
        return tuple(files[:: max(1, len(files) // _SHOWN)])[:_SHOWN]

    def _show_thumbnails(self) -> None:
        files = self._shown_files()
        for index, label in enumerate(self._labels):
            file = files[index] if index < len(files) else None
            pixmap = self._pictures.find_thumbnail(str(file)) if file else None
            label.setVisible(pixmap is not None and not pixmap.isNull())
            if pixmap is not None and not pixmap.isNull():
                label.setPixmap(fit_pixmap(pixmap, QSize(_SIDE, _SIDE)))

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:
        if path in map(str, self._shown_files()):
            self._show_thumbnails()

    @Slot()
    def choose_folder(self) -> bool:
        """Ask for a folder, and return whether one was chosen."""
        folder = self._ask_for_folder()
        if folder:
            self.set_paths((Path(folder),))
        return bool(folder)

    def add_folder(self) -> None:
        """Ask for one more folder."""
        folder = self._ask_for_folder()
        if folder:
            self.add_paths((Path(folder),))

    def _ask_for_folder(self) -> str:
        start = str(self.paths[0].parent) if self.paths else ""
        return QFileDialog.getExistingDirectory(self, self._title.text(), start)

    @Slot()
    def _on_clear(self) -> None:
        self.set_paths(())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if has_files(event):
            event.acceptProposedAction()
            self._drop_hint.show_text(self.tr("Take as: %1").replace("%1", self._title.text()))

    def dropEvent(self, event: QDropEvent) -> None:
        paths = list_dropped_paths(event)
        if paths:
            event.acceptProposedAction()
            self.set_paths(tuple(paths))
