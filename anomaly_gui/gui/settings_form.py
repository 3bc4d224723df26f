"""The settings of a training as a form, built from the engine's declared parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.detection.detectors import AUTOENCODER, DEEP_SVDD, LEARNED, POOLED, POSITIONAL, TEXTURE
from anomaly_gui.detection.features import LAYERS
from anomaly_gui.detection.parameters import PARAMETERS, Parameter
from anomaly_gui.detection.settings import TrainSettings
from anomaly_gui.gui.detector_choice import DetectorHint
from anomaly_gui.gui.worded_choice import WORDS, WordedChoice
from anomaly_gui.wording import title_of

_FIRST = ("detector", "layer", "false_alarm_rate")
_NOT_HERE = ("threshold", "unsure")  # they are set in the plot
_MOST = 2_000_000_000  # of a spin box

_ON_VGG16, _WITH_PLACES = (POOLED, POSITIONAL, TEXTURE), (POSITIONAL, TEXTURE)
_USED_BY: Mapping[str, tuple[str, ...]] = {
    "layer": _ON_VGG16,
    "size": _ON_VGG16,
    "normalization": _ON_VGG16,
    "channels": _WITH_PLACES,
    "seed": (*_WITH_PLACES, *LEARNED),
    "density": (POOLED, DEEP_SVDD),
    "components": (POOLED, DEEP_SVDD),
    "covariance": (POOLED, DEEP_SVDD),
    "learned_size": LEARNED,
    "latent": LEARNED,
    "steps": LEARNED,
    "weight_decay": LEARNED,
    "learned_score": (AUTOENCODER,),
    "objective": (DEEP_SVDD,),
    "outside": (DEEP_SVDD,),
    "pretrain": (DEEP_SVDD,),
}
"""Settings that not every detector uses; the others need not be looked at."""


class SettingsForm(QWidget):
    """Fields for every setting; most of them folded away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QWidget] = {}
        first, self._advanced = QFormLayout(), QWidget()
        rest = QFormLayout(self._advanced)
        self._forms = first, rest
        rest.setContentsMargins(0, 0, 0, 0)
        for name, parameter in PARAMETERS.items():
            if name in _NOT_HERE:
                continue
            field = self.fields[name] = _field(parameter)
            field.setToolTip(parameter.help)
            (first if name in _FIRST else rest).addRow(_title(parameter), field)
            if isinstance(field, QComboBox) and name == "detector":
                first.addRow(DetectorHint(field))
        self._fold = QToolButton()
        self._fold.setText(self.tr("Advanced"))
        self._fold.setCheckable(True)
        self._fold.setAutoRaise(True)
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.toggled.connect(self._on_folded)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(first)
        layout.addWidget(self._fold)
        layout.addWidget(self._advanced)
        self._on_folded(False)
        detector = self.fields["detector"]
        if isinstance(detector, QComboBox):
            detector.currentTextChanged.connect(self._on_detector_chosen)
            self._on_detector_chosen(detector.currentText())

    @Slot(str)
    def _on_detector_chosen(self, detector: str) -> None:
        for name, detectors in _USED_BY.items():
            form = self._forms[0 if name in _FIRST else 1]
            form.setRowVisible(self.fields[name], detector in detectors)

    @Slot(bool)
    def _on_folded(self, shown: bool) -> None:
        self._advanced.setVisible(shown)
        self._fold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)

    def settings(self) -> TrainSettings:
        """Return what the fields say; raises ParameterError for what they cannot mean."""
        return TrainSettings(**{name: _value(field) for name, field in self.fields.items()})

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show other values."""
        for name, value in values.items():
            if name in self.fields:
                _set_value(self.fields[name], value)


def _title(parameter: Parameter) -> str:
    words = title_of(parameter.name)
    return f"{words} ({parameter.unit})" if parameter.unit else words


def _field(parameter: Parameter) -> QWidget:
    if parameter.name in WORDS:
        return WordedChoice(parameter)
    if parameter.choices or parameter.name == "layer":
        combo = QComboBox()
        combo.addItems(list(parameter.choices or LAYERS))
        combo.setEditable(parameter.name == "layer")
        combo.setCurrentText(parameter.default)
        return combo
    if parameter.kind is int:
        number = QSpinBox()
        number.setRange(int(parameter.low or 0), int(min(parameter.high or _MOST, _MOST)))
        number.setGroupSeparatorShown(True)
        number.setValue(parameter.default)
        return number
    if parameter.kind is float:
        real = QDoubleSpinBox()
        real.setDecimals(4)
        real.setSingleStep(0.005)
        real.setRange(parameter.low or 0.0, parameter.high or 1e9)
        real.setValue(parameter.default)
        return real
    return QLineEdit(str(parameter.default))


def _value(field: QWidget) -> Any:
    if isinstance(field, WordedChoice):
        return field.value()
    if isinstance(field, QComboBox):
        return field.currentText()
    if isinstance(field, QSpinBox | QDoubleSpinBox):
        return field.value()
    return field.text() if isinstance(field, QLineEdit) else None


def _set_value(field: QWidget, value: Any) -> None:
    if isinstance(field, WordedChoice):
        field.set_value(str(value))
    elif isinstance(field, QComboBox):
        field.setCurrentText(str(value))
    elif isinstance(field, QSpinBox | QDoubleSpinBox):
        field.setValue(value)
    elif isinstance(field, QLineEdit):
        field.setText(str(value))
