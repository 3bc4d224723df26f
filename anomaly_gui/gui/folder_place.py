"""A place for folders of images: they can be dropped on it or chosen; it counts what is in them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.detection.folders import ImageListing, list_images
from anomaly_gui.gui.pictures import Pictures
from anomaly_gui.gui.style import set_role

_SHOWN = 4
_SIDE = 48


def dropped_paths(event: QDropEvent) -> list[Path]:
    """Return the files and folders of a drop."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


class _Listing(QRunnable):
    """Looks into folders beside the window: a slow drive must not stop it."""

    def __init__(self, signals: _Signals, paths: tuple[Path, ...]) -> None:
        super().__init__()
        self._signals, self._paths = signals, paths

    def run(self) -> None:
        self._signals.listed.emit(self._paths, list_images(self._paths))


class _Signals(QObject):
    listed = Signal(object, object)


class FolderPlace(QFrame):
    """Folders for one purpose, with the number of images in them."""

    changed = Signal()

    def __init__(self, title: str, hint: str, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint, self._pictures = hint, pictures
        self.paths: tuple[Path, ...] = ()
        self.listing: ImageListing | None = None
        self._signals = _Signals(self)
        self._signals.listed.connect(self._on_listed)
        self.setAcceptDrops(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._title = QLabel(title)
        set_role(self._title, bold=True)
        self.count = QLabel()
        set_role(self.count, bold=True)
        self._choose = QToolButton()
        self._choose.setText(self.tr("Folder…"))
        self._choose.setToolTip(self.tr("Choose a folder; folders and files can be dropped here as well"))
        self._choose.clicked.connect(self.choose)
        self._clear = QToolButton()
        self._clear.setText("✕")
        self._clear.setToolTip(self.tr("Take the folders away again"))
        self._clear.clicked.connect(self._on_clear)
        self.note = QLabel(hint, wordWrap=True)
        set_role(self.note, size=0.92, faint=True)
        self._lay_out()
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)
        self._show()

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
        layout.addLayout(self._thumbnails)

    def set_paths(self, paths: tuple[Path, ...]) -> None:
        """Take these folders and files in place of others."""
        self.paths, self.listing = paths, None
        self._show()
        if paths:
            QThreadPool.globalInstance().start(_Listing(self._signals, paths))
        self.changed.emit()

    @Slot(object, object)
    def _on_listed(self, paths: tuple[Path, ...], listing: ImageListing) -> None:
        if paths == self.paths:
            self.listing = listing
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        self._clear.setVisible(bool(self.paths))
        self.count.setText(f"{len(self.listing.files):,}" if self.listing else "…" if self.paths else "")
        self.setToolTip("\n".join(map(str, self.paths)))
        self.note.setText(self._remarks() or self._hint)
        self._show_thumbnails()

    def _remarks(self) -> str:
        if self.listing is None:
            return ", ".join(path.name for path in self.paths)
        remarks = [", ".join(path.name for path in self.paths)]
        if not self.listing.files:
            remarks.append(self.tr("no image in it"))
        if self.listing.passed_over:
            remarks.append(self.tr("%n other file(s) passed over", "", self.listing.passed_over))
        remarks += [str(error) for error in self.listing.refused[:3]]
        return "; ".join(remarks)

    def _shown_files(self) -> tuple[Path, ...]:
        """Return a few of the images, spread over all of them."""
        files = self.listing.files if self.listing else ()
        return files[:: max(1, len(files) // _SHOWN)][:_SHOWN]

    def _show_thumbnails(self) -> None:
        files = self._shown_files()
        for place, label in enumerate(self._labels):
            file = files[place] if place < len(files) else None
            pixmap = self._pictures.thumbnail(str(file)) if file else None
            label.setVisible(pixmap is not None and not pixmap.isNull())
            if pixmap is not None and not pixmap.isNull():
                label.setPixmap(pixmap.scaledToHeight(_SIDE) if pixmap.height() > _SIDE else pixmap)

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:
        if path in map(str, self._shown_files()):
            self._show_thumbnails()

    @Slot()
    def choose(self) -> None:
        """Ask for a folder."""
        start = str(self.paths[0].parent) if self.paths else ""
        folder = QFileDialog.getExistingDirectory(self, self._title.text(), start)
        if folder:
            self.set_paths((Path(folder),))

    @Slot()
    def _on_clear(self) -> None:
        self.set_paths(())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event)
        if paths:
            event.acceptProposedAction()
            self.set_paths(tuple(paths))
