"""The settings of a training as a form, built from the library's declarations."""

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

from anomaly_gui.detection.settings.choices import AUTOMATIC
from anomaly_gui.detection.settings.declarations import Setting, read_declarations
from anomaly_gui.detection.settings.detector_kinds import choose_backbone
from anomaly_gui.detection.settings.layers import parse_layers
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.gui.train.detector_choice import DetectorHint
from anomaly_gui.gui.train.number_fields import (
    SlidingNumber,
    make_number,
    make_real,
    read_number,
    show_number,
)
from anomaly_gui.gui.train.worded_choice import WordedChoice
from anomaly_gui.wording import title_of


class SettingsForm(QWidget):
    """Fields for every setting; most of them folded away.

    Parameters
    ----------
    declared : the dataclass that declares the settings
    """

    def __init__(self, parent: QWidget | None = None, declared: type[TrainSettings] = TrainSettings) -> None:
        super().__init__(parent)
        self._declared, self._settings = declared, read_declarations(declared)
        self.fields: dict[str, QWidget] = {}
        first, self._advanced = QFormLayout(), QWidget()
        rest = QFormLayout(self._advanced)
        self._forms = first, rest
        rest.setContentsMargins(0, 0, 0, 0)
        for name, setting in self._settings.items():
            if setting.level != "plot":
                self._add_field(name, setting)
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
        for name in ("detector", "backbone"):
            field = self.fields[name]
            if isinstance(field, QComboBox):
                field.currentTextChanged.connect(self._offer_layers)
                field.currentTextChanged.connect(self._forget_speed)
        self._offer_layers()

    def _add_field(self, name: str, setting: Setting) -> None:
        field = self.fields[name] = _make_field(setting)
        field.setToolTip(setting.help)
        form = self._forms[0 if setting.level == "basic" else 1]
        form.addRow(_word_title(setting), field)
        if isinstance(field, SlidingNumber):
            form.addRow(field.brings)
        if isinstance(field, QComboBox) and name == "detector":
            form.addRow(DetectorHint(field))

    @Slot(str)
    def _on_detector_chosen(self, detector: str) -> None:
        for name, field in self.fields.items():
            setting = self._settings[name]
            if setting.used_by:
                form = self._forms[0 if setting.level == "basic" else 1]
                form.setRowVisible(field, detector in setting.used_by)

    @Slot()
    def _offer_layers(self) -> None:
        """Offer the layers of the backbone; what it does not have gives way to what suits it."""
        backbone, detector = (str(_read_value(self.fields[name])) for name in ("backbone", "detector"))
        field, names = self.fields["layer"], choose_backbone(backbone, detector).layer_names
        if isinstance(field, QComboBox):
            chosen = field.currentText()
            field.clear()
            field.addItems([AUTOMATIC, *names])
            field.setCurrentText(chosen if set(parse_layers(chosen)) <= set(names) else AUTOMATIC)

    @Slot()
    def _forget_speed(self) -> None:
        self.show_speed("")

    def show_speed(self, text: str) -> None:
        """Show below the size how fast this machine judges with it; nothing where that is not known."""
        self.size_field.show_what_it_brings(text)

    @property
    def size_field(self) -> SlidingNumber:
        """The field that decides how fast images are judged."""
        field = self.fields["size"]
        if not isinstance(field, SlidingNumber):
            raise TypeError("the size is declared without steps")
        return field

    @Slot(bool)
    def _on_folded(self, shown: bool) -> None:
        self._advanced.setVisible(shown)
        self._fold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)

    def read_settings(self) -> TrainSettings:
        """Return what the fields say; raises ParameterError for what they cannot mean."""
        return self._declared(**{name: _read_value(field) for name, field in self.fields.items()})

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show other values."""
        for name, value in values.items():
            if name in self.fields:
                _set_value(self.fields[name], value)


def _word_title(declared: Setting) -> str:
    words = title_of(declared.name)
    return f"{words} ({declared.unit})" if declared.unit else words


def _make_field(declared: Setting) -> QWidget:
    if declared.words:
        return WordedChoice(declared)
    if declared.choices or declared.suggestions:
        combo = QComboBox()
        combo.addItems(list(declared.choices or declared.suggestions))
        combo.setEditable(not declared.choices)
        combo.setCurrentText(declared.default)
        return combo
    if declared.steps:
        return SlidingNumber(declared)
    if declared.kind is int:
        return make_number(declared)
    if declared.kind is float:
        return make_real(declared)
    return QLineEdit(str(declared.default))


def _read_value(field: QWidget) -> Any:
    if isinstance(field, WordedChoice | SlidingNumber):
        return field.read_value()
    if isinstance(field, QComboBox):
        return field.currentText()
    if isinstance(field, QSpinBox | QDoubleSpinBox):
        return read_number(field)
    return field.text() if isinstance(field, QLineEdit) else None


def _set_value(field: QWidget, value: Any) -> None:
    if isinstance(field, WordedChoice):
        field.set_value(str(value))
    elif isinstance(field, QComboBox):
        field.setCurrentText(str(value))
    elif isinstance(field, SlidingNumber):
        field.set_value(value)
    elif isinstance(field, QSpinBox | QDoubleSpinBox):
        show_number(field, value)
    elif isinstance(field, QLineEdit):
        field.setText(str(value))
