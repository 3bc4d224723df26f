"""The report of a shift: counts, yield by the hour, what was rejected and why, alarms, and what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.gui.report.model_facts import describe_making
from anomaly_gui.gui.report.page_parts import (
    Report,
    make_facts,
    make_heading,
    make_paragraph,
    make_signatures,
    make_table,
)
from anomaly_gui.gui.station.feed.moments import write_day
from anomaly_gui.gui.station.report.shift_facts import CAME
from anomaly_gui.language import translate_kept
from anomaly_gui.station.judging.judged import YIELDING, StationVerdict
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from anomaly_gui.gui.station.report.shift_facts import Listed, ModelUse, ShiftFacts
    from anomaly_gui.station.ledger.audit_reading import AuditRow

translate = QCoreApplication.translate


def describe_shift(name: str, facts: ShiftFacts) -> Report:
    """Return the report of what happened at a station."""
    title = translate("ShiftReport", "Shift report of %1").replace("%1", name)
    first = (
        make_heading(title, 1),
        make_facts(_list_facts(facts)),
        make_heading(translate("ShiftReport", "Verdicts")),
        _tabulate_counts(facts.counts),
        make_heading(translate("ShiftReport", "By the hour")),
        _tabulate_hours(facts),
        make_heading(translate("ShiftReport", "What was not good, and why")),
        _tabulate_reasons(facts),
    )
    second = (
        make_heading(translate("ShiftReport", "Models")),
        _tabulate_models(facts.models),
        make_heading(translate("ShiftReport", "Alarms: %1").replace("%1", f"{facts.came:,}")),
        _tabulate_alarms(facts.alarms),
        make_heading(translate("ShiftReport", "What was done: %1").replace("%1", f"{facts.changes.count:,}")),
        _tabulate_changes(facts.changes),
        make_heading(translate("ShiftReport", "Proof")),
        _describe_proof(facts),
        make_signatures(),
    )
    return Report(title, ("".join(first), "".join(second)), f"{title}, {_write_span(facts)}")


def _list_facts(facts: ShiftFacts) -> list[tuple[str, str]]:
    site, line, station = facts.names
    wanted = facts.span.wanted
    return [
        *describe_making(),
        (translate("ShiftReport", "Station"), ", ".join(filter(None, (site, line, station)))),
        (translate("ShiftReport", "Time"), _write_span(facts)),
        (translate("ShiftReport", "Part"), wanted.part or ""),
        (translate("ShiftReport", "Lot"), wanted.lot or ""),
        (translate("ShiftReport", "Parts"), f"{facts.counts.total():,}"),
        (
            translate("ShiftReport", "Parts of the challenge"),
            f"{facts.challenges:,}" * bool(facts.challenges),
        ),
        (translate("ShiftReport", "Yield"), _write_yield(facts.counts)),
    ]


def _write_span(facts: ShiftFacts) -> str:
    since, until = facts.span.since, facts.span.until
    return f"{since:%Y-%m-%d %H:%M} – {until:%Y-%m-%d %H:%M %z}"


def _write_yield(counts: Counter[StationVerdict]) -> str:
    judged = sum(counts[verdict] for verdict in YIELDING)
    return _write_rate(counts[StationVerdict.GOOD], judged) if judged else ""


def _write_rate(count: int, total: int) -> str:
    """Return a share with the interval in which the true one lies."""
    rate = Rate.of(count, total)
    if rate.rate is None:
        return ""
    text = translate("ShiftReport", "%1 (%2 to %3)").replace("%1", percent(rate.rate, 2))
    return text.replace("%2", percent(rate.low, 2)).replace("%3", percent(rate.high, 2))


def _tabulate_counts(counts: Counter[StationVerdict]) -> str:
    header = (
        translate("ShiftReport", "Verdict"),
        translate("ShiftReport", "Parts"),
        translate("ShiftReport", "Share, with the interval of 95 %"),
    )
    total = counts.total()
    rows = [
        (verdict.told, f"{counts[verdict]:,}", _write_rate(counts[verdict], total))
        for verdict in StationVerdict
    ]
    return make_table(header, rows, numbers_from=1)


def _tabulate_hours(facts: ShiftFacts) -> str:
    if not facts.hours:
        return make_paragraph(translate("ShiftReport", "None."))
    header = (
        translate("ShiftReport", "Hour"),
        *(verdict.told for verdict in StationVerdict),
        translate("ShiftReport", "Yield"),
    )
    rows = [
        (f"{hour:%Y-%m-%d %H:%M}", *(f"{counts[one]:,}" for one in StationVerdict), _write_share(counts))
        for hour, counts in facts.hours.items()
    ]
    return make_table(header, rows, numbers_from=1)


def _write_share(counts: Counter[StationVerdict]) -> str:
    judged = sum(counts[verdict] for verdict in YIELDING)
    return percent(counts[StationVerdict.GOOD] / judged, 1) if judged else "–"


def _tabulate_reasons(facts: ShiftFacts) -> str:
    if not facts.reasons.rows:
        return make_paragraph(translate("ShiftReport", "None."))
    header = (
        translate("ShiftReport", "Verdict"),
        translate("ShiftReport", "Remark"),
        translate("ShiftReport", "Parts"),
    )
    silent = translate("ShiftReport", "a place stands out")
    rows = [(verdict.told, reason or silent, f"{count:,}") for verdict, reason, count in facts.reasons.rows]
    most = translate("ShiftReport", "The most frequent %1 of %2.")
    return _tell_left_out(facts.reasons, most) + make_table(header, rows, numbers_from=2)


def _tabulate_models(models: Sequence[ModelUse]) -> str:
    if not models:
        return make_paragraph(translate("ShiftReport", "None."))
    return "".join(make_facts(_list_model(model)) for model in models)


def _list_model(model: ModelUse) -> list[tuple[str, str]]:
    band = f" ± {model.band:.4g}" if model.band else ""
    return [
        (translate("ShiftReport", "Model"), model.name),
        ("SHA-256", model.sha256),
        (translate("ShiftReport", "Threshold"), f"{model.threshold:.8g}{band}"),
        (translate("ShiftReport", "Parts"), f"{model.count:,}"),
    ]


def _tell_left_out(listed: Listed[Any], text: str) -> str:
    """Return how many there are, where the list has not room for all."""
    shown = len(listed.rows)
    if shown == listed.count:
        return ""
    return make_paragraph(text.replace("%1", f"{shown:,}").replace("%2", f"{listed.count:,}"))


def _tabulate_alarms(alarms: Listed[AuditRow]) -> str:
    if not alarms.rows:
        return make_paragraph(translate("ShiftReport", "None."))
    header = (
        translate("ShiftReport", "Time"),
        translate("ShiftReport", "Alarm"),
        translate("ShiftReport", "What it said"),
    )
    came, went = translate("ShiftReport", "came"), translate("ShiftReport", "went")
    rows = [
        (write_day(row.at), f"{row.before}: {came if row.after == CAME else went}", row.why)
        for row in alarms.rows
    ]
    newest = translate("ShiftReport", "The newest %1 of %2 entries.")
    return _tell_left_out(alarms, newest) + make_table(header, rows)


def _tabulate_changes(changes: Listed[AuditRow]) -> str:
    if not changes.rows:
        return make_paragraph(translate("ShiftReport", "None."))
    header = (
        translate("ShiftReport", "Time"),
        translate("ShiftReport", "Who"),
        translate("ShiftReport", "What"),
        translate("ShiftReport", "Before"),
        translate("ShiftReport", "After"),
        translate("ShiftReport", "Why"),
    )
    rows = [
        (
            write_day(row.at),
            f"{row.who} ({row.role})" if row.role else row.who,
            row.what,
            _shorten(row.before),
            _shorten(row.after),
            translate_kept(row.why),
        )
        for row in changes.rows
    ]
    newest = translate("ShiftReport", "The newest %1 of %2 entries.")
    return _tell_left_out(changes, newest) + make_table(header, rows)


def _shorten(text: str) -> str:
    """Return the beginning of a digest, which has no room in a column."""
    return f"{text[:12]}…" if len(text) > 40 and " " not in text else text


def _describe_proof(facts: ShiftFacts) -> str:
    number, digest = facts.end
    text = translate(
        "ShiftReport",
        "Each row of the records holds the hash of the row before it. With the last one below, `anomaly-gui "
        "station verify` proves later that nothing was changed, and nothing cut off.",
    )
    rows = [
        (translate("ShiftReport", "Last row"), f"{number:,}"),
        (translate("ShiftReport", "Its hash"), digest),
    ]
    return make_paragraph(text) + make_facts(rows)
