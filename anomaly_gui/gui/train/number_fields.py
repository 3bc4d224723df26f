"""Fields for numbers of which none need be named: the lowest value stands for that, shown as "auto"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QSpinBox, QWidget

from anomaly_gui.detection.settings.choices import AUTOMATIC
from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.language import translate
from anomaly_gui.wording import per_cent, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.settings.declarations import Setting

_MOST = 2_000_000_000  # of a spin box
_STEP = 0.005  # of one for numbers that are not whole
_PERCENT_STEP = 0.5
_SETTLED = 400  # milliseconds after the last move


def make_number(declared: Setting) -> QSpinBox:
    """Return a spin box for whole numbers."""
    low, high = int(declared.low or 0), int(min(declared.high or _MOST, _MOST))
    number = QSpinBox()
    number.setGroupSeparatorShown(True)
    if declared.default is None:
        number.setSpecialValueText(translate(AUTOMATIC))
        low -= 1
    number.setRange(low, high)
    number.setValue(low if declared.default is None else declared.default)
    return number


def make_real(declared: Setting) -> QDoubleSpinBox:
    """Return a spin box for numbers that are not whole."""
    real, low = QDoubleSpinBox(), declared.low or 0.0
    real.setDecimals(4)
    real.setSingleStep(_STEP)
    if declared.default is None:
        real.setSpecialValueText(translate(AUTOMATIC))
        low -= _STEP
    real.setRange(low, declared.high or 1e9)
    real.setValue(low if declared.default is None else declared.default)
    return real


def read_number(field: QSpinBox | QDoubleSpinBox) -> float | None:
    """Return the number, or None where none is named."""
    is_auto = bool(field.specialValueText()) and field.value() == field.minimum()
    return None if is_auto else field.value()


def show_number(field: QSpinBox | QDoubleSpinBox, value: float | None) -> None:
    """Show a number, or that none is named."""
    shown = field.minimum() if value is None else value
    if isinstance(field, QSpinBox):
        field.setValue(int(shown))
    else:
        field.setValue(shown)


class PercentNumber(QDoubleSpinBox):
    """A share, 0 to 1, that people read and write in percent."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSuffix(per_cent(""))
        self.setDecimals(4)
        self.setSingleStep(_PERCENT_STEP)
        self.setRange(100 * (declared.low or 0.0), 100 * (1.0 if declared.high is None else declared.high))
        self.set_value(declared.default)

    def read_value(self) -> float:
        """Return the share."""
        return round(self.value() / 100, 12)  # 7 / 100 is the number that people mean by 7 %

    def set_value(self, share: float) -> None:
        """Show a share."""
        self.setValue(100 * share)

    def textFromValue(self, value: float) -> str:
        """Write no more digits than the number has."""
        return self.locale().toString(value, "f", self._count_decimals(value))

    @staticmethod
    def _count_decimals(value: float) -> int:
        return len(f"{value:.4f}".rstrip("0").partition(".")[2]) or 1


class SlidingNumber(QWidget):
    """A slider over a few values, the number itself beside it, and a label that says what it brings.

    Parameters
    ----------
    declared : has steps, between two words

    Attributes
    ----------
    brings : the label, for a row of its own below; hidden while it says nothing
    """

    settled = Signal()  # a person has moved to another value and rests there

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = declared.steps
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(self._steps) - 1)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.number = make_number(declared)
        self.brings = QLabel(wordWrap=True)
        self.brings.hide()
        set_role(self.brings, size=0.92, faint=True)
        fit_height(self.brings)
        self._resting = QTimer(self, singleShot=True, interval=_SETTLED)
        self._resting.timeout.connect(self.settled)
        for field in (self.slider, self.number):
            field.setAccessibleName(title_of(declared.name))
        self._lay_out(declared.ends)
        self._show_nearest()
        self.slider.valueChanged.connect(self._on_slid)
        self.number.valueChanged.connect(self._on_number_changed)

    def _lay_out(self, ends: Sequence[str]) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for words, field in zip(ends, (self.slider, self.number), strict=True):
            label = QLabel(translate(words))
            set_role(label, size=0.92, faint=True)
            layout.addWidget(label)
            layout.addWidget(field)
        layout.setStretchFactor(self.slider, 1)
        # room to spare is for the labels of the form, whose texts wrap
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def read_value(self) -> float | None:
        """Return the number, or None where none is named."""
        return read_number(self.number)

    def set_value(self, value: float | None) -> None:
        """Show a number, a step or not, or that none is named."""
        show_number(self.number, value)
        self._resting.stop()  # nobody asks what it brings

    def show_what_it_brings(self, text: str) -> None:
        """Show a sentence below the slider; hide an empty one."""
        if text != self.brings.text():  # what is laid out anew for nothing may keep a stale height
            self.brings.setText(text)
            self.brings.setVisible(bool(text))

    @Slot(int)
    def _on_slid(self, step: int) -> None:
        show_number(self.number, self._steps[step])

    @Slot()
    def _on_number_changed(self) -> None:
        self.show_what_it_brings("")
        self._show_nearest()
        self._resting.start()

    def _show_nearest(self) -> None:
        """Move the slider to the number, or next to it, without a word."""
        value = self.read_value()
        if value is None:
            step = self._steps.index(None)
        else:
            known = [(abs(one - value), step) for step, one in enumerate(self._steps) if one is not None]
            step = min(known)[1]
        was_blocked = self.slider.blockSignals(True)
        self.slider.setValue(step)
        self.slider.blockSignals(was_blocked)
