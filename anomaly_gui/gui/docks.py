"""What stands around the window's middle: the panel for models, the inspector, and the images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QStyle, QTabWidget, QWidget

from anomaly_gui.gui.inspect.inspector import Inspector
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.train.model_panel import ModelPanel
from anomaly_gui.gui.tune.gallery import Gallery
from anomaly_gui.gui.tune.table_view import ImagesTable

if TYPE_CHECKING:
    from anomaly_gui.gui.work.window_services import WindowServices

_IMAGES_HEIGHT = 330  # pixels: both rows of the gallery
_IMAGES_SHARE = 0.36  # of the window's height: the plot has the rest


class Docks(QObject):
    """Adds the docks to a window, and shows those that belong to a page."""

    def __init__(self, window: QMainWindow, services: WindowServices) -> None:
        super().__init__(window)
        self._window, self._session = window, services.session
        session, pictures, corrections = services.session, services.pictures, services.corrections
        self.panel = ModelPanel(session, pictures, corrections)
        self.inspector = Inspector(
            session,
            pictures,
            corrections,
            services.maps.settings,
            services.workshop.reconstruct_image,
            services.remarks,
        )
        self.gallery = Gallery(session, pictures, services.badges)
        self.gallery.score_requested.connect(services.intake.ask_for_images)
        self.table = ImagesTable(session)
        self._add_docks()

    def _add_docks(self) -> None:
        images = QTabWidget()
        images.setDocumentMode(True)
        images.addTab(self.gallery, self.tr("Gallery"))
        images.addTab(self.table, self.tr("Table"))
        window, area = self._window, Qt.DockWidgetArea
        self.model_dock = self._add_dock("model", self.tr("Model"), self.panel, area.LeftDockWidgetArea)
        self.inspector_dock = self._add_dock(
            "inspector", self.tr("Inspector"), _WholeWidth(self.inspector), area.RightDockWidgetArea
        )
        self.images_dock = self._add_dock("images", self.tr("Images"), images, area.BottomDockWidgetArea)
        window.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, area.RightDockWidgetArea)
        window.resizeDocks([self.model_dock, self.inspector_dock], [320, 300], Qt.Orientation.Horizontal)
        window.resizeDocks([self.images_dock], [260], Qt.Orientation.Vertical)

    def _add_dock(self, name: str, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(content)
        self._window.addDockWidget(area, dock)
        return dock

    @property
    def all_docks(self) -> tuple[QDockWidget, ...]:
        """Every dock, from left to right."""
        return self.model_dock, self.inspector_dock, self.images_dock

    def show_mode(self, mode: Mode) -> None:
        """Show the docks of a page."""
        has_model = self._session.model is not None
        self.model_dock.setVisible(mode is Mode.TRAIN)
        self.inspector_dock.setVisible(mode is not Mode.INSPECT and has_model)
        self.images_dock.setVisible(mode is not Mode.INSPECT and has_model)
        QTimer.singleShot(0, self._make_room_for_images)  # when the layouts have settled

    @Slot()
    def _make_room_for_images(self) -> None:
        wanted = min(_IMAGES_HEIGHT, int(_IMAGES_SHARE * self._window.height()))
        if self.images_dock.isVisible() and self.images_dock.height() < wanted:
            self._window.resizeDocks([self.images_dock], [wanted], Qt.Orientation.Vertical)


class _WholeWidth(QScrollArea):
    """Scrolls where a low screen has not the height that its content needs; in width there is always room."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return QSize(self._content.minimumSizeHint().width() + bar, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another width where the content needs one."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
