"""Attribute agreement: do people judge parts as the standard does, as each other, and as they did before?

After AIAG, Measurement Systems Analysis, 4th edition (2010), chapter III section C.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.language import mark, translate
from anomaly_gui.station.watching.study.kappa import Kappa, measure_cohen, measure_fleiss

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray


class Rating(str, Enum):
    """What AIAG's limits say."""

    ACCEPTABLE = "acceptable"
    MARGINAL = "marginal"
    UNACCEPTABLE = "unacceptable"

    @property
    def told(self) -> str:
        """The word as people read it."""
        return translate(_TOLD[self])

    __hash__ = str.__hash__


_TOLD = {
    Rating.ACCEPTABLE: mark("acceptable"),
    Rating.MARGINAL: mark("marginal"),
    Rating.UNACCEPTABLE: mark("unacceptable"),
}
_ORDER = list(Rating)
EFFECTIVENESS, MISSES, FALSE_ALARMS = (0.90, 0.80), (0.02, 0.05), (0.05, 0.10)
"""AIAG's limits: of what is acceptable, and of what is marginal."""
_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Answers:
    """What people said of parts.

    Parameters
    ----------
    parts, operators : names
    is_defect : (parts,) what the parts are
    said_defect : (operators, parts, trials)
    """

    parts: tuple[str, ...]
    operators: tuple[str, ...]
    is_defect: BoolArray
    said_defect: BoolArray


@dataclass(frozen=True)
class OperatorStudy:
    """How one operator judges.

    Parameters
    ----------
    repeated : parts judged alike in all trials; None where there was one trial
    effective : parts judged rightly in all trials
    misses, false_alarms : answers on defects that said good, and on good parts that said defect
    within : kappa of the trials, None where there was one
    against_standard : kappa of all answers and the standard
    """

    name: str
    repeated: Rate | None
    effective: Rate
    misses: Rate
    false_alarms: Rate
    within: Kappa | None
    against_standard: Kappa
    rating: Rating


@dataclass(frozen=True)
class Study:
    """An attribute agreement study.

    Parameters
    ----------
    pairs : kappa of each two operators, by their names
    between : kappa of all answers of all operators; None where there is one answer a part
    agreed : parts on which all answers of all operators are alike
    effective : parts that all judged rightly every time
    rating : that of the worst operator
    """

    parts: int
    defects: int
    trials: int
    operators: tuple[OperatorStudy, ...]
    pairs: tuple[tuple[str, str, Kappa], ...]
    between: Kappa | None
    agreed: Rate
    effective: Rate
    rating: Rating


def study_agreement(answers: Answers) -> Study:
    """Return what the answers tell.

    Raises
    ------
    ValueError : there are no parts of one kind, or shapes do not fit
    """
    operators, parts, trials = answers.said_defect.shape
    defects = int(answers.is_defect.sum())
    if not 0 < defects < parts or answers.is_defect.shape != (parts,) or not operators * trials:
        raise ValueError("a study needs operators, trials, and parts of both kinds")
    studied = tuple(
        _study_operator(name, said, answers.is_defect)
        for name, said in zip(answers.operators, answers.said_defect, strict=True)
    )
    every = answers.said_defect.transpose(1, 0, 2).reshape(parts, -1)
    return Study(
        parts=parts,
        defects=defects,
        trials=trials,
        operators=studied,
        pairs=tuple(
            (answers.operators[a], answers.operators[b], measure_cohen(*answers.said_defect[[a, b]]))
            for a, b in combinations(range(operators), 2)
        ),
        between=measure_fleiss(every) if every.shape[1] > 1 else None,
        agreed=_rate(_are_alike(every)),
        effective=_rate(_are_right(every, answers.is_defect)),
        rating=max((one.rating for one in studied), key=_ORDER.index),
    )


def _study_operator(name: str, said: BoolArray, is_defect: BoolArray) -> OperatorStudy:
    """Return how one operator judges, by (parts, trials)."""
    is_repeated = said.shape[1] > 1
    effective = _rate(_are_right(said, is_defect))
    misses, false_alarms = _rate(~said[is_defect]), _rate(said[~is_defect])
    return OperatorStudy(
        name=name,
        repeated=_rate(_are_alike(said)) if is_repeated else None,
        effective=effective,
        misses=misses,
        false_alarms=false_alarms,
        within=measure_fleiss(said) if is_repeated else None,
        against_standard=measure_cohen(said, np.broadcast_to(is_defect[:, None], said.shape)),
        rating=rate_operator(effective.rate or 0, misses.rate or 0, false_alarms.rate or 0),
    )


def rate_operator(effective: float, misses: float, false_alarms: float) -> Rating:
    """Return the worst of what the three limits say.

    >>> [rate_operator(*shares).value for shares in ((0.9, 0.02, 0.05), (0.84, 0.063, 0.049), (0.9, 0.03, 0))]
    ['acceptable', 'unacceptable', 'marginal']
    """
    ratings = (
        _rate_share(-effective, (-EFFECTIVENESS[0], -EFFECTIVENESS[1])),
        _rate_share(misses, MISSES),
        _rate_share(false_alarms, FALSE_ALARMS),
    )
    return max(ratings, key=_ORDER.index)


def _rate_share(share: float, limits: tuple[float, float]) -> Rating:
    acceptable, marginal = limits
    if share <= acceptable + _EXACT:
        return Rating.ACCEPTABLE
    return Rating.MARGINAL if share <= marginal + _EXACT else Rating.UNACCEPTABLE


def _are_alike(said: BoolArray) -> BoolArray:
    alike: BoolArray = (said == said[:, :1]).all(1)
    return alike


def _are_right(said: BoolArray, is_defect: BoolArray) -> BoolArray:
    right: BoolArray = (said == is_defect[:, None]).all(1)
    return right


def _rate(which: BoolArray) -> Rate:
    return Rate.of(int(which.sum()), which.size)
