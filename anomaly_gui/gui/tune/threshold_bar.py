"""What the threshold does, in counts, and the rules that set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.detection.judging.promise import BROKEN
from anomaly_gui.errors import ParameterError
from anomaly_gui.gui.style.tokens import NARROW, TIGHT
from anomaly_gui.gui.tune.promise_strip import PromiseStrip
from anomaly_gui.gui.widgets.flow_layout import FlowLayout
from anomaly_gui.gui.widgets.score_steps import choose_step, set_steps
from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.wording import join_sentences, per_cent, percent

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.metrics import Rate
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.image_counts import ImageCounts
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.promise_watch import PromiseWatch


class ThresholdBar(QWidget):
    """Counts that follow the line, a field for the number, and a button for each rule."""

    def __init__(
        self, session: Session, watch: PromiseWatch, remarks: Remarks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._watch, self._remarks = session, watch, remarks
        self.kinds = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.counts = QLabel(wordWrap=True)
        set_role(self.counts, size=1.1, bold=True)
        fit_height(self.counts)
        self.origin = QLabel(wordWrap=True)
        set_role(self.origin, faint=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(NARROW, TIGHT, NARROW, TIGHT)
        layout.setSpacing(TIGHT)
        self.promise = PromiseStrip(watch)
        layout.addWidget(self.counts)
        layout.addWidget(self.kinds)
        layout.addWidget(self.promise)
        self._tuning = QWidget()
        tuning = QVBoxLayout(self._tuning)
        tuning.setContentsMargins(0, 0, 0, 0)
        tuning.setSpacing(TIGHT)
        tuning.addLayout(self._make_rules())
        tuning.addLayout(self._make_values())
        tuning.addWidget(self.origin)
        layout.addWidget(self._tuning)
        for signal in (session.images_added, session.images_replaced):
            signal.connect(self._fit_steps)
        for signal in (session.images_added, session.images_replaced, session.labels_changed):
            signal.connect(self.refresh)
        session.thresholds.changed.connect(self.refresh)
        watch.changed.connect(self.refresh)
        remarks.changed.connect(self.refresh)
        session.thresholds.previewed.connect(self._on_previewed)
        self._name_fields()
        self.refresh()

    def show_rules(self, *, are_shown: bool) -> None:
        """Show what sets the threshold, or the counts alone."""
        self._tuning.setVisible(are_shown)

    def _make_rules(self) -> FlowLayout:
        self.rate = QDoubleSpinBox(decimals=2, minimum=0.01, maximum=50, value=1, suffix=per_cent(""))
        self.rate_button = QPushButton(self.tr("Allowed false alarms"))
        self.rate_button.setToolTip(self.tr("The default rule: so many of the good parts may be rejected"))
        self.rate_button.clicked.connect(self._on_rate_clicked)
        self.sigmas = QDoubleSpinBox(decimals=1, minimum=0, maximum=100, value=3)
        self.sigma_button = QPushButton(self.tr("Mean − k σ"))
        self.sigma_button.setToolTip(
            self.tr("The textbook rule on training scores: it promises nothing; see what is to expect")
        )
        self.sigma_button.clicked.connect(self._on_sigma_clicked)
        self.f1_button = QPushButton(self.tr("Best F1"))
        self.f1_button.setToolTip(self.tr("From the labels: needs good images and defects"))
        self.f1_button.clicked.connect(self._on_f1_clicked)
        return FlowLayout(
            QLabel(self.tr("Set by:")),
            self.rate_button,
            self.rate,
            self.sigma_button,
            self.sigmas,
            self.f1_button,
        )

    def _make_values(self) -> FlowLayout:
        self.value = QDoubleSpinBox(decimals=2, minimum=-1e12, maximum=1e12)
        self.value.setKeyboardTracking(False)
        self.value.setToolTip(self.tr("The threshold as log-likelihood: images below it are judged defect"))
        self.value.valueChanged.connect(self._on_value_changed)
        self.unsure = QDoubleSpinBox(decimals=1, minimum=0, maximum=1e12, prefix="± ")
        self.unsure.setSpecialValueText(self.tr("off"))
        self.unsure.setKeyboardTracking(False)
        self.unsure.setToolTip(
            self.tr("Within so much of the threshold the verdict is: not sure. Drag its lines in the plot")
        )
        self.unsure.valueChanged.connect(self._on_unsure_changed)
        for field in (self.value, self.unsure):
            field.setMinimumWidth(110)
            field.setMaximumWidth(130)
        self.calibrated_button = QPushButton(self.tr("Back to the calibrated threshold"))
        self.calibrated_button.setToolTip(self.tr("The threshold the training chose"))
        self.calibrated_button.clicked.connect(self._session.thresholds.return_to_calibrated)
        return FlowLayout(
            QLabel(self.tr("Threshold (log-likelihood)")),
            self.value,
            QLabel(self.tr("Not sure within")),
            self.unsure,
            self.calibrated_button,
        )

    def _name_fields(self) -> None:
        """Give the fields the names that are read aloud."""
        for field, name in (
            (self.rate, self.rate_button.text()),
            (self.sigmas, self.tr("k of the rule mean − k σ")),
            (self.value, self.tr("Threshold")),
            (self.unsure, self.tr("Not sure within")),
        ):
            field.setAccessibleName(name)

    @property
    def _controls(self) -> tuple[QWidget, ...]:
        fields = (self.rate, self.sigmas, self.value, self.unsure)
        return (*fields, self.rate_button, self.sigma_button, self.f1_button, self.calibrated_button)

    @Slot()
    def _fit_steps(self) -> None:
        step = choose_step(self._session.table.scores)
        for field in (self.value, self.unsure):
            set_steps(field, step)

    @Slot()
    def refresh(self) -> None:
        """Show the threshold in use."""
        threshold = self._session.threshold
        for control in self._controls:
            control.setEnabled(threshold is not None)
        counts = self._session.count_images()
        if threshold is None or counts is None:
            self.counts.setText(self.tr("No model yet."))
            self.origin.setText("")
            return
        self.f1_button.setEnabled(counts.misses.total > 0 and counts.false_alarms.total > 0)
        self.calibrated_button.setEnabled(threshold != self._session.thresholds.calibrated)
        self._show_values(threshold)
        self._show_counts(counts)
        self._show_kinds()
        expected = (
            self.tr("To expect: %1.").replace("%1", str(threshold.expected)) if threshold.expected else ""
        )
        origin = self.tr("Rule %1, from: %2.").replace("%1", threshold.rule).replace("%2", threshold.origin)
        promise = self._watch.promise
        outcome = str(promise) if promise is not None and promise.outcome != BROKEN else ""
        self.origin.setText(join_sentences(origin, expected, outcome))

    @Slot(object)
    def _on_previewed(self, threshold: Threshold) -> None:
        counts = self._session.count_images(threshold)
        if counts is not None:
            self._show_counts(counts)
        self._show_values(threshold)

    def _show_values(self, threshold: Threshold) -> None:
        for field, value in ((self.value, threshold.value), (self.unsure, threshold.unsure)):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)

    def _show_counts(self, counts: ImageCounts) -> None:
        parts = [
            self.tr("false alarms %1").replace("%1", self._describe_rate(counts.false_alarms)),
            self.tr("misses %1").replace("%1", self._describe_rate(counts.misses)),
            self.tr("not sure %1").replace("%1", self._describe_unsure(counts)),
        ]
        if counts.not_judged:
            parts.append(self.tr("cannot judge %1").replace("%1", f"{counts.not_judged:,}"))
        self.counts.setText(" · ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts))

    def _show_kinds(self) -> None:
        """Say of each kind of defect how many are found."""
        texts = []
        for kind, (found, of) in self._remarks.count_kinds().items():
            text = self.tr("%1: %2 of %3 found").replace("%2", f"{found:,}").replace("%3", f"{of:,}")
            texts.append(text.replace("%1", kind))
        self.kinds.setText(" · ".join(text.replace(" ", "\N{NO-BREAK SPACE}") for text in texts))
        self.kinds.setVisible(bool(texts))

    def _describe_unsure(self, counts: ImageCounts) -> str:
        """Say how many of those judged "not sure" are good and defects: they are no wrong ones."""
        if not counts.unsure_good and not counts.unsure_defects:
            return f"{counts.not_sure:,}"
        text = self.tr("%1 (%2 good, %3 defects)").replace("%1", f"{counts.not_sure:,}")
        text = text.replace("%2", f"{counts.unsure_good:,}")
        return text.replace("%3", f"{counts.unsure_defects:,}")

    def _describe_rate(self, rate: Rate) -> str:
        """Say a rate as people need it: counts first, then the interval of the true rate."""
        if not rate.total:
            return "–"
        text = (
            self.tr("%1 of %2 (%3 to %4)").replace("%1", f"{rate.count:,}").replace("%2", f"{rate.total:,}")
        )
        return text.replace("%3", f"{100 * rate.low:.1f}").replace("%4", percent(rate.high, 1))

    @Slot(float)
    def _on_value_changed(self, value: float) -> None:
        self._session.thresholds.set_value(value)

    @Slot(float)
    def _on_unsure_changed(self, value: float) -> None:
        self._session.thresholds.set_unsure(value)

    @Slot()
    def _on_rate_clicked(self) -> None:
        try:
            self._session.thresholds.set_by_false_alarm_rate(self.rate.value() / 100)
        except ParameterError as error:
            self.origin.setText(str(error))

    @Slot()
    def _on_sigma_clicked(self) -> None:
        self._session.thresholds.set_by_sigma(self.sigmas.value())

    @Slot()
    def _on_f1_clicked(self) -> None:
        table = self._session.table
        rows = table.shown_rows[table.is_labelled[table.shown_rows]]
        self._session.thresholds.set_by_best_f1(table.scores[rows], table.name_labels(rows))
