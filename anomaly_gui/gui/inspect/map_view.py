"""An image with its anomaly map over it: where the defect is, and how sure that is, on one fixed scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.figures.map_colours import HIGHEST, LIMIT, TABLES, TICKS, Palette
from anomaly_gui.gui.inspect.map_picture import MapPicture
from anomaly_gui.gui.style.parts import make_tight
from anomaly_gui.gui.widgets.map_layer import MapMode, MapSettings, to_rgba_image
from anomaly_gui.gui.widgets.style import faint_text_colour, set_role, text_colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.gui.inspect.map_picture import RegionLike

_BAR, _TICK = 10, 5  # pixels of the legend: height of the colours, and of a tick below
_GROUND = QColor(128, 128, 128)


class MapLegend(QWidget):
    """The colours and what they mean: the same for every map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, size=0.85)
        self.show_palette(Palette.WARM)
        self.setToolTip(
            self.tr("1.0: the level that only the promised share of good images exceeds anywhere")
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_palette(self, palette: Palette) -> None:
        """Show other colours."""
        self._colours = to_rgba_image(TABLES[palette][None])
        self.update()

    def sizeHint(self) -> QSize:
        text = self.fontMetrics()
        return QSize(len(TICKS) * text.horizontalAdvance("  0.5  "), _BAR + _TICK + text.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def x_of(self, value: float) -> float:
        """Return where a value is, in pixels from the left edge."""
        air = self.fontMetrics().horizontalAdvance("0.5") / 2 + 2
        return air + (self.width() - 2 * air) * value / HIGHEST

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        bar = QRectF(self.x_of(0), 1, self.x_of(HIGHEST) - self.x_of(0), _BAR)
        painter.fillRect(bar, _GROUND)  # what is transparent shows the picture
        painter.drawImage(bar, self._colours, QRectF(self._colours.rect()))
        for value in TICKS:
            self._draw_tick(painter, value)
        painter.end()

    def _draw_tick(self, painter: QPainter, value: float) -> None:
        x, is_limit = round(self.x_of(value)), value == LIMIT
        font = self.font()
        font.setBold(is_limit)
        painter.setFont(font)
        colour = text_colour() if is_limit else faint_text_colour()
        top = 0 if is_limit else _BAR + 1  # the tick at 1.0 crosses the bar
        painter.fillRect(x - is_limit, top, 1 + is_limit, _BAR + _TICK - top, colour)
        painter.setPen(colour)
        place = QRectF(x - 30, _BAR + _TICK, 60, self.fontMetrics().height())
        text = f"{value:.1f}".replace("0.0", "0") if value < HIGHEST else "2+"
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)


class MapControls(QWidget):
    """Buttons for the mode, the opacity, and the legend: one row, or two where there is little room."""

    def __init__(self, settings: MapSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.legend, self.why = MapLegend(), QLabel(wordWrap=True)
        set_role(self.why, size=0.9, faint=True)
        self.why.setIndent(6)
        self.why.setMinimumHeight(self.legend.sizeHint().height())  # the picture does not move
        self.why.hide()
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(4, 2, 4, 2)
        self._line.setSpacing(4)
        self._line.addLayout(self._make_controls())
        self._line.addWidget(self.legend, 1)
        self._line.addWidget(self.why, 1)
        settings.changed.connect(self._on_settings_changed)
        self._on_settings_changed()

    def _make_controls(self) -> QHBoxLayout:
        self._row = QHBoxLayout()
        self._row.setSpacing(2)
        self._group = QButtonGroup(self)
        self.mode_buttons: dict[MapMode, QToolButton] = {}
        self._add_button(MapMode.IMAGE, self.tr("Image"), self.tr("Show the image alone (M)"))
        self._add_button(MapMode.MAP, self.tr("Map"), self.tr("Show the map over the image (M)"))
        self._add_button(MapMode.SPLIT, self.tr("Split"), self.tr("Show the map to the right of a divider"))
        self._group.idClicked.connect(self._on_mode_clicked)
        self.cool_button = QToolButton()
        self.cool_button.setText(self.tr("Cool"))
        self.cool_button.setToolTip(self.tr("Draw the map in blue: for parts that are yellow or red"))
        self.cool_button.setCheckable(True)
        make_tight(self.cool_button)
        self.cool_button.clicked.connect(self._on_cool_clicked)
        self._row.addWidget(self.cool_button)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self.opacity.setMinimumWidth(32)
        self.opacity.setMaximumWidth(140)
        self.opacity.valueChanged.connect(self._on_opacity_changed)
        self._row.addSpacing(6)
        self._row.addWidget(self.opacity, 1)
        return self._row

    def _add_button(self, mode: MapMode, text: str, tip: str) -> None:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        make_tight(button)
        self.mode_buttons[mode] = button
        self._group.addButton(button, mode.value)
        self._row.addWidget(button)

    def show_why(self, why: str) -> None:
        """Say why there is no map, in place of the legend; nothing for the legend."""
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.legend.setVisible(not why)

    @Slot()
    def _on_settings_changed(self) -> None:
        self.mode_buttons[self._settings.mode].setChecked(True)
        self.cool_button.setChecked(self._settings.palette is Palette.COOL)
        self.legend.show_palette(self._settings.palette)
        percent = round(100 * self._settings.opacity)
        self.opacity.setToolTip(self.tr("How much the map covers: %1 %").replace("%1", str(percent)))
        self.opacity.blockSignals(True)
        self.opacity.setValue(percent)
        self.opacity.blockSignals(False)

    @Slot(int)
    def _on_mode_clicked(self, mode: int) -> None:
        self._settings.set_mode(MapMode(mode))

    @Slot(bool)
    def _on_cool_clicked(self, on: bool) -> None:
        self._settings.set_palette(Palette.COOL if on else Palette.WARM)

    @Slot(int)
    def _on_opacity_changed(self, percent: int) -> None:
        self._settings.set_opacity(percent / 100)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._row.minimumSize().width() + 8, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self._row.sizeHint().width() + self.legend.sizeHint().width() + 40
        directions = QBoxLayout.Direction
        is_wide = self.width() >= needed
        self._line.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        self._line.setSpacing(16 if is_wide else 4)


class MapView(QWidget):
    """A picture, the map over it, and how both are shown; without the controls if it is `compact`.

    Views that share their settings show the same mode, opacity and divider.
    """

    mode_changed = Signal(object)  # a MapMode
    region_clicked = Signal(int)  # its place among the regions shown

    def __init__(
        self, settings: MapSettings | None = None, parent: QWidget | None = None, *, compact: bool = False
    ) -> None:
        super().__init__(parent)
        self.settings = settings or MapSettings(parent=self)
        self._mode = self.settings.mode
        self.picture = MapPicture(self.settings)
        self.picture.region_clicked.connect(self.region_clicked)
        self.controls = MapControls(self.settings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.controls)
        self.controls.setVisible(not compact)
        self.settings.changed.connect(self._on_settings_changed)

    def show_image(self, image: QImage) -> None:
        """Show another picture, whole. A null image is none, and takes the map away, too.

        Another image keeps the map, as either may be ready first: show a null one before the next part's.
        """
        if image.isNull():
            self.show_map(None)
        self.picture.show_image(image)

    def show_map(
        self,
        anomaly_map: FloatArray | None,
        regions: Sequence[RegionLike] = (),
        why: str = "",
        *,
        outlined: int = 0,
    ) -> None:
        """Lay a map (rows, columns) over the picture, with boxes around its regions (pixels of the image).

        The first `outlined` of them are shown while the map is not, too. None is no map, and `why` the
        sentence that says so. Raises `ParameterError` for another shape.
        """
        self.picture.show_map(anomaly_map, regions, outlined=outlined)
        self.controls.show_why(why if anomaly_map is None else "")

    def set_mode(self, mode: MapMode) -> None:
        """Show the image, its map over it, or both side by side."""
        self.settings.set_mode(mode)

    @Slot()
    def toggle_map(self) -> None:
        """Show the image alone, or the map again."""
        self.set_mode(MapMode.MAP if self.settings.mode is MapMode.IMAGE else MapMode.IMAGE)

    @Slot()
    def _on_settings_changed(self) -> None:
        if self.settings.mode is not self._mode:
            self._mode = self.settings.mode
            self.mode_changed.emit(self._mode)
