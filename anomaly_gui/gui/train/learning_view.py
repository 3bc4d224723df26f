"""How the training of a network goes: its loss after every epoch, the best so far, and how to stop there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.label_colours import label_colour
from anomaly_gui.gui.widgets.style import base_colour, faint_text_colour, set_role, text_colour

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from anomaly_gui.gui.work.tasks import Task
    from anomaly_gui.progress import Epoch

_HEIGHT = 150  # pixels of the plot
_AXIS = 46  # pixels: numbers like 0.0005
_TICKS = ((1,), (1, 3), (1, 2, 5), tuple(range(1, 10)), tuple(np.arange(10, 100) / 10))
_FEWEST, _MOST = 3, 6  # ticks
_EPOCH_WIDTH = 44  # pixels a number of an epoch takes
_FIRST_EPOCHS = 5  # the axis has room for from the start


class LossAxis(pg.AxisItem):
    """Names a few round losses; pyqtgraph's own logarithmic axis writes one over the other when it is low."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: ARG002 - pyqtgraph's signature
        """Return the ticks between two decimal logarithms."""
        return [(1.0, round_values(minVal, maxVal))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002 - pyqtgraph's signature
        """Write losses, of which the decimal logarithms are given."""
        return [f"{10**value:.3g}" for value in values]


class EpochAxis(pg.AxisItem):
    """Names whole epochs only: there is none between two, and at first there are but a few."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Return a few whole numbers of the range, so far apart that they can be read."""
        room = max(1.0, (maxVal - minVal) * _EPOCH_WIDTH / max(size, 1.0))
        step = next(
            digit * 10**power for power in range(12) for digit in (1, 2, 5) if digit * 10**power >= room
        )
        first = -(-max(minVal, 0) // step)
        return [(step, (np.arange(first, maxVal // step + 1) * step).tolist())]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002 - pyqtgraph's signature
        """Write whole numbers."""
        return [f"{value:,.0f}" for value in values]


def round_values(low: float, high: float) -> list[float]:
    """Return the decimal logarithms of a few round numbers between two.

    >>> [round(10**value, 3) for value in round_values(-1.5, 0.5)]
    [0.1, 0.3, 1.0, 3.0]
    >>> [round(10**value, 3) for value in round_values(-1.0, -0.98)]
    [0.1, 0.102, 0.105]
    """
    if not low < high:
        return []
    decades = np.arange(np.floor(low), np.ceil(high) + 1)
    for mantissas in _TICKS:
        values = np.add.outer(decades, np.log10(mantissas)).ravel()
        inside = values[(values >= low) & (values <= high)]
        if len(inside) >= _FEWEST:
            return list(map(float, inside[:: -(-len(inside) // _MOST)]))
    return list(map(float, np.linspace(low, high, _FEWEST)))


class LearningView(QWidget):
    """Follows tasks; shown while one of them has a network that learns."""

    stop_requested = Signal()
    appeared = Signal()  # also for the curves of another network

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: QObject | None = None
        self.epochs: list[Epoch] = []
        self.stands = QLabel(wordWrap=True)
        self.legend = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        set_role(self.legend, size=0.92)
        self._make_plot()
        self.stop_button = QPushButton(self.tr("Stop here and keep the best"))
        self.stop_button.setToolTip(
            self.tr(
                "End the learning now. The network takes the weights of its best epoch, "
                "and the training goes on to the threshold."
            )
        )
        self.stop_button.clicked.connect(self._on_stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.stands, self.plot, self.legend, self.stop_button):
            layout.addWidget(widget)
        self.apply_colours()
        self.hide()

    def _make_plot(self) -> None:
        self.plot = pg.PlotWidget(axisItems={"left": LossAxis("left"), "bottom": EpochAxis("bottom")})
        self.plot.setFixedHeight(_HEIGHT)
        self.plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # the wheel scrolls the panel
        self.plot.hideButtons()
        self.plot.getPlotItem().setContentsMargins(0, 8, 10, 0)  # room for the outermost numbers
        self.plot.setLabel("bottom", self.tr("epoch"))
        self.plot.getAxis("left").setWidth(_AXIS)
        self.plot.setLogMode(y=True)
        self._learned = self.plot.plot([], [], connect="finite")
        self._held_out = self.plot.plot([], [], connect="finite")
        self._best = self.plot.plot([], [], pen=None, symbol="d", symbolSize=11)

    def apply_colours(self) -> None:
        """Take the colours of the system's scheme."""
        faint, held_out = faint_text_colour(), label_colour(ImageLabel.GOOD)
        self.plot.setBackground(base_colour())
        for name in ("left", "bottom"):
            self.plot.getAxis(name).setPen(faint)
            self.plot.getAxis(name).setTextPen(text_colour())
        self._learned.setPen(pg.mkPen(faint, width=1.5, style=Qt.PenStyle.DashLine))
        self._held_out.setPen(pg.mkPen(held_out, width=2))
        self._best.setSymbolBrush(held_out)
        self._best.setSymbolPen(pg.mkPen(text_colour()))
        text = self.tr("Loss on images %1 it learns from, %2 kept from it; %3 best")
        symbols = (("- -", faint), ("━", held_out), ("◆", held_out))
        for number, (symbol, colour) in enumerate(symbols, 1):
            drawn = f'<span style="color:{colour.name()}"><b>{symbol}</b></span>&nbsp;'
            text = text.replace(f"%{number} ", drawn)
        self.legend.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "stop_button"):
            self.apply_colours()

    def follow_task(self, task: Task) -> None:
        """Show what the network of a task learns, if it has one."""
        task.learned.connect(self._on_learned)
        task.ended.connect(self._on_ended)

    @Slot(object)
    def _on_learned(self, epoch: Epoch) -> None:
        is_new = self.sender() is not self._task or not self._continues(epoch)
        if is_new:
            self._task, self.epochs = self.sender(), []
            self.stop_button.setEnabled(True)
        self.epochs.append(epoch)
        self._show_epochs()
        self.show()
        if is_new:
            self.appeared.emit()

    def _continues(self, epoch: Epoch) -> bool:
        last = self.epochs[-1] if self.epochs else None
        return last is not None and last.name == epoch.name and last.number < epoch.number

    def _show_epochs(self) -> None:
        last = self.epochs[-1]
        text = self.tr("epoch %1 of %2, best so far: epoch %3")
        for position, number in enumerate((last.number, last.of, last.best), 1):
            text = text.replace(f"%{position}", f"{number:,}")
        self.stands.setText(text)
        self.plot.setXRange(0, max(_FIRST_EPOCHS, last.number))
        numbers = np.array([one.number for one in self.epochs])
        held_out = _drop_undrawable([one.held_out_loss for one in self.epochs])
        self._learned.setData(numbers, _drop_undrawable([one.loss for one in self.epochs]))
        self._held_out.setData(numbers, held_out)
        is_best = (numbers == last.best) & np.isfinite(held_out)
        self._best.setData(numbers[is_best], held_out[is_best])

    @Slot()
    def _on_stop(self) -> None:
        self.stop_button.setEnabled(False)
        self.stop_requested.emit()

    @Slot()
    def _on_ended(self) -> None:
        if self.sender() is self._task:
            self._task, self.epochs = None, []
            self.hide()


def _drop_undrawable(losses: list[float]) -> np.ndarray:
    """Return losses with NaN for what has no place on a logarithmic axis."""
    values = np.array(losses)
    values[~(values > 0)] = np.nan
    return values
