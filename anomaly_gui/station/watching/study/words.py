"""What a study says, as sentences and tables: for the terminal, a page, and a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.watching.study.agreement import (
    EFFECTIVENESS,
    FALSE_ALARMS,
    MISSES,
    OperatorStudy,
    Rating,
    Study,
)
from anomaly_gui.wording import join_list, percent

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.metrics import Rate
    from anomaly_gui.station.watching.study.kappa import Kappa

_NONE = "–"


@dataclass(frozen=True)
class StudyTable:
    """A table of a study: its title, what its columns are, and its rows."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class StudyPage:
    """All that a page or a report shows of a study.

    Parameters
    ----------
    conclusion : in one sentence
    remarks : what numbers mean
    """

    title: str
    conclusion: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[StudyTable, ...]
    remarks: tuple[str, ...]


def describe_study(study: Study) -> StudyPage:
    """Return what a page shows of a study."""
    return StudyPage(
        title=translate("Attribute agreement study"),
        conclusion=_conclude(study),
        facts=_list_facts(study),
        tables=(_table_operators(study), _table_kappas(study)),
        remarks=_list_remarks(),
    )


def _conclude(study: Study) -> str:
    names = [one.name for one in study.operators if one.rating == study.rating]
    if study.rating == Rating.ACCEPTABLE:
        return translate("Everybody judges well enough: all are within AIAG's limits.")
    if study.rating == Rating.MARGINAL:
        return translate("Marginal, may be improved: {names}.", names=join_list(names))
    return translate("Not good enough, teach and try again: {names}.", names=join_list(names))


def _list_facts(study: Study) -> tuple[tuple[str, str], ...]:
    return (
        (translate("Parts"), f"{study.parts}"),
        (translate("Of them defects"), f"{study.defects}"),
        (translate("Operators"), f"{len(study.operators)}"),
        (translate("Trials"), f"{study.trials}"),
        (translate("All agreed"), _word_rate(study.agreed)),
        (translate("All judged rightly, every time"), _word_rate(study.effective)),
    )


def _table_operators(study: Study) -> StudyTable:
    header = (
        translate("Operator"),
        translate("Effectiveness"),
        translate("Misses"),
        translate("False alarms"),
        translate("Repeats"),
        translate("Rating"),
    )
    return StudyTable(translate("Against the standard"), header, tuple(map(_row_operator, study.operators)))


def _row_operator(one: OperatorStudy) -> tuple[str, ...]:
    repeated = _NONE if one.repeated is None else _word_rate(one.repeated)
    rates = (one.effective, one.misses, one.false_alarms)
    return one.name, *map(_word_rate, rates), repeated, one.rating.told


def _table_kappas(study: Study) -> StudyTable:
    rows = [
        (translate("{name}, own trials", name=one.name), *_word_kappa(one.within)) for one in study.operators
    ]
    rows += [
        (translate("{name}, standard", name=one.name), *_word_kappa(one.against_standard))
        for one in study.operators
    ]
    rows += [(join_list([first, second]), *_word_kappa(kappa)) for first, second, kappa in study.pairs]
    rows.append((translate("All operators"), *_word_kappa(study.between)))
    header = (translate("Agreement"), translate("Kappa"), translate("95 % interval"))
    return StudyTable(translate("Agreement beyond chance"), header, tuple(rows))


def _list_remarks() -> tuple[str, ...]:
    return (
        translate(
            "Acceptable: effectiveness from {effective}, misses up to {misses}, false alarms up to {alarms}. "
            "Marginal: from {effective2}, up to {misses2}, up to {alarms2}.",
            effective=percent(EFFECTIVENESS[0]),
            misses=percent(MISSES[0]),
            alarms=percent(FALSE_ALARMS[0]),
            effective2=percent(EFFECTIVENESS[1]),
            misses2=percent(MISSES[1]),
            alarms2=percent(FALSE_ALARMS[1]),
        ),
        translate(
            "Effectiveness and repeats count parts, misses and false alarms count answers; intervals are "
            "95 %, after Clopper and Pearson. Kappa: 1 is agreement throughout, 0 what chance makes; from "
            "0.75 it is good, below 0.4 poor. Its interval is found by drawing parts anew."
        ),
    )


def _word_rate(rate: Rate) -> str:
    """Write a rate with its counts and its interval."""
    return translate(
        "{share} ({count} of {total}; {low} to {high})",
        share=percent(rate.rate or 0, 1),
        count=rate.count,
        total=rate.total,
        low=percent(rate.low),
        high=percent(rate.high),
    )


def _word_kappa(kappa: Kappa | None) -> tuple[str, str]:
    if kappa is None or kappa.value is None or kappa.low is None or kappa.high is None:
        return _NONE, _NONE
    ends = translate("{low:.2f} to {high:.2f}", low=kappa.low, high=kappa.high)
    return f"{kappa.value:.2f}", ends
