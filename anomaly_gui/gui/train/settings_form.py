"""The settings of a training as a form, built from the library's declarations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.detection.runtimes.protocol import explain_missing_tensorflow, is_installed
from anomaly_gui.detection.settings.backbones import BACKBONES
from anomaly_gui.detection.settings.choices import AUTOMATIC
from anomaly_gui.detection.settings.declarations import Setting, read_declarations
from anomaly_gui.detection.settings.detector_kinds import LEARNED, choose_backbone
from anomaly_gui.detection.settings.layers import parse_layers
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.gui.help.help_places import give_term, set_help
from anomaly_gui.gui.train.detector_choice import DetectorHint
from anomaly_gui.gui.train.number_fields import (
    PercentNumber,
    SlidingNumber,
    make_number,
    make_real,
    read_number,
    show_number,
)
from anomaly_gui.gui.train.worded_choice import WordedChoice
from anomaly_gui.gui.widgets.expert_fold import ExpertFold
from anomaly_gui.language import translate
from anomaly_gui.wording import title_of


class SettingsForm(QWidget):
    """Fields for every setting; what an expert knows of is folded away, and automatic until somebody looks.

    Parameters
    ----------
    declared : the dataclass that declares the settings
    """

    def __init__(self, parent: QWidget | None = None, declared: type[TrainSettings] = TrainSettings) -> None:
        super().__init__(parent)
        self._declared, self._settings = declared, read_declarations(declared)
        self.fields: dict[str, QWidget] = {}
        first, self.expert = QFormLayout(), ExpertFold()
        self._forms = first, self.expert.form
        for name, setting in self._settings.items():
            if setting.level != "plot":
                self._add_field(name, setting)
        self._fold = self.expert.button
        self.expert.reset_wanted.connect(self._on_reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(first)
        layout.addWidget(self.expert)
        layout.addStretch(1)
        for name, slots in (
            ("detector", (self._on_detector_chosen, self._offer_layers, self._forget_speed)),
            ("backbone", (self._offer_layers, self._forget_speed)),
        ):
            field = self.fields[name]
            if isinstance(field, QComboBox):
                for slot in slots:
                    field.currentTextChanged.connect(slot)
        self._mark_what_cannot_be_learned()
        self._on_detector_chosen()
        self._offer_layers()
        for field in self.fields.values():
            _signal_of(field).connect(self._show_changes)
        self._show_changes()

    def _add_field(self, name: str, setting: Setting) -> None:
        field = self.fields[name] = _make_field(setting)
        form, label = self._forms[0 if setting.level == "basic" else 1], QLabel(_word_title(setting))
        label.setBuddy(field)
        for widget in (label, field):
            widget.setToolTip(translate(setting.help))
            if setting.term:
                set_help(widget, give_term(setting.term))
        form.addRow(label, field)
        if isinstance(field, SlidingNumber):
            form.addRow(field.brings)
        if isinstance(field, WordedChoice) and name == "detector":
            form.addRow(DetectorHint(field))

    def _mark_what_cannot_be_learned(self) -> None:
        field = self.fields["detector"]
        if isinstance(field, WordedChoice) and not is_installed("tensorflow"):
            why = explain_missing_tensorflow(self.tr("Learning features"))
            for name in LEARNED:
                field.disable_value(name, why)

    @Slot()
    def _on_detector_chosen(self) -> None:
        detector = _read_value(self.fields["detector"])
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

    @Slot()
    def _show_changes(self) -> None:
        """Say beside the fold what in it is not automatic any more: nothing decides unseen."""
        changed = [_word_title(self._settings[name]) for name in self._list_changed()]
        self.expert.show_changes(changed)

    def _list_changed(self) -> list[str]:
        return [
            name
            for name, field in self.fields.items()
            if self._settings[name].level == "expert"
            and not _is_same(_read_value(field), self._settings[name].default)
        ]

    @Slot()
    def _on_reset(self) -> None:
        self.set_values({name: self._settings[name].default for name in self._list_changed()})

    def _fit_backbone(self) -> None:
        """Take the backbone that has the layers named, where none is named and the automatic one has not."""
        detector, layers = (str(_read_value(self.fields[name])) for name in ("detector", "layer"))
        if _read_value(self.fields["backbone"]) != AUTOMATIC or layers.strip() == AUTOMATIC:
            return
        wanted = set(parse_layers(layers))
        if wanted <= set(choose_backbone(AUTOMATIC, detector).layer_names):
            return
        for name, backbone in BACKBONES.items():
            if wanted <= set(backbone.layer_names):
                _set_value(self.fields["backbone"], name)
                return

    def read_settings(self) -> TrainSettings:
        """Return what the fields say; raises ParameterError for what they cannot mean."""
        self._fit_backbone()
        return self._declared(**{name: _read_value(field) for name, field in self.fields.items()})

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show other values."""
        for name, value in values.items():
            if name in self.fields:
                _set_value(self.fields[name], value)


def _word_title(declared: Setting) -> str:
    words = translate(declared.title) if declared.title else title_of(declared.name)
    return f"{words} ({translate(declared.unit)})" if declared.unit else words


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
    if declared.as_percent:
        return PercentNumber(declared)
    if declared.kind is float:
        return make_real(declared)
    return QLineEdit(str(declared.default))


def _read_value(field: QWidget) -> Any:
    if isinstance(field, WordedChoice | SlidingNumber | PercentNumber):
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
    elif isinstance(field, SlidingNumber | PercentNumber):
        field.set_value(value)
    elif isinstance(field, QSpinBox | QDoubleSpinBox):
        show_number(field, value)
    elif isinstance(field, QLineEdit):
        field.setText(str(value))


def _signal_of(field: QWidget) -> Any:
    """Return the signal that says that a field has another value."""
    if isinstance(field, SlidingNumber):
        return field.number.valueChanged
    if isinstance(field, QAbstractSpinBox):
        return field.valueChanged  # type: ignore[attr-defined] # both kinds of spin boxes have it
    return field.currentTextChanged if isinstance(field, QComboBox) else field.textChanged  # type: ignore[attr-defined]


def _is_same(value: Any, default: Any) -> bool:
    if isinstance(value, float) and isinstance(default, float | int):
        return math.isclose(value, default, rel_tol=1e-6, abs_tol=5e-5)  # fields show four decimals
    return bool(value == default)
