"""Which candidate to take: by known defects where they tell more than chance, else the automatic detector."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.judging.choosing import JudgedImages, choose_candidate
from anomaly_gui.detection.settings.choices import AUTO
from anomaly_gui.language import translate
from anomaly_gui.wording import join_sentences, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.candidates.candidate import Candidate, CandidateScores
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.judging.choosing import Choice
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_AS_GOOD = 0.005  # AUROC: candidates this near to the best are ranked by what they find
_CHANCE = 0.5


@dataclass(frozen=True)
class Compared:
    """What a comparison found by known defects.

    Parameters
    ----------
    choice : settings that make a training take what it recommends
    why : in words
    """

    choice: Mapping[str, str | int | None]
    why: str


@dataclass(frozen=True)
class Advice:
    """What a training says of its detector.

    Parameters
    ----------
    choice : settings that make a training take what is recommended; None where nothing is known
    says : a sentence for who took another one; None where it fits
    """

    choice: Mapping[str, str | int | None] | None
    says: str | None


def advise_training(
    settings: TrainSettings, placement: Placement, compared: Compared | None, *, is_measured: bool
) -> Advice:
    """Return what to say of the detector of these settings: by measurement where there is one.

    Parameters
    ----------
    compared : what a comparison on the same good images found
    is_measured : whether known defects of this training say how good its detector is: no guess outranks that
    """
    if compared is not None:
        fits = _takes_choice(settings, compared.choice)
        return Advice(
            compared.choice,
            None if fits else translate("Detectors were compared on these images. {why}", why=compared.why),
        )
    guessed = guess_detector(placement)
    choice = None if guessed is None else {"detector": guessed}
    if not is_measured or settings.detector == AUTO:
        return Advice(choice, placement.advice(settings.detector))
    return Advice(
        None, translate("Whether another detector tells these known defects better, a comparison measures.")
    )


def guess_detector(placement: Placement) -> str | None:
    """Return the detector to take where nothing was measured; None where nothing is known."""
    return placement.recommended


def _takes_choice(settings: TrainSettings, choice: Mapping[str, str | int | None]) -> bool:
    """Tell whether settings are those of a choice already, whichever way they are written."""
    chosen = replace(settings, **choice)  # type: ignore[arg-type]
    if chosen.detector != settings.detector:
        return False
    if chosen.detector == AUTO:
        return True
    of_both = [(one.features, one.learned_size) for one in (chosen, settings)]
    return of_both[0] == of_both[1]


def choose_by_defects(
    candidates: Sequence[Candidate],
    scores: Sequence[CandidateScores],
    parts: Mapping[Path, int],
) -> Choice | None:
    """Return what known defects say of candidates; None where too few tell, or none chooses for itself.

    Candidates are compared on the images that all of them have scores of.

    Parameters
    ----------
    parts : of files, a number for each: those of one number show one part
    """
    default = next((k for k, one in enumerate(candidates) if one.detector == AUTO), None)
    if default is None:
        return None
    good = _stack_scores([one.good for one in scores], parts)
    return choose_candidate(good, _stack_scores([one.defects for one in scores], parts), default)


def _stack_scores(scores: Sequence[Mapping[Path, float]], parts: Mapping[Path, int]) -> JudgedImages:
    files = [file for file in scores[0] if all(file in one for one in scores)]
    values = np.array([[one[file] for file in files] for one in scores]).reshape(len(scores), -1)
    return JudgedImages(values, np.array([parts[file] for file in files], np.int64))


def recommend_candidate(
    candidates: Sequence[Candidate],
    placement: Placement,
    settings: TrainSettings,
    choice: Choice | None = None,
) -> tuple[Candidate, str]:
    """Return the candidate to take, and why in words.

    By known defects: the automatic detector, unless they show that another is better beyond chance. Of
    candidates whose AUROC is nearly the highest, those that can promise the lowest false-alarm rate, for
    learned features leave fewer good images to promise by; and of these that which finds most. Without
    defects nothing is ranked by accuracy: the detector is the one that a training recommends.

    Parameters
    ----------
    choice : what known defects say of these candidates, by number; None where there are too few
    """
    ranked = [one for one in candidates if one.auroc is not None]
    if not ranked:
        chosen = _find_nearest(candidates, placement, settings)
        return chosen, _unranked_words(chosen, placement)
    default = next((one for one in ranked if one.detector == AUTO), None)
    beyond_chance = choice is not None and choice.is_beyond_chance
    best = _find_best(ranked) if default is None or beyond_chance else default
    if default is None:
        return best, _ranked_words(best)
    return best, join_sentences(_ranked_words(best), describe_choice(candidates, choice))


def _find_best(ranked: Sequence[Candidate]) -> Candidate:
    """Return that which finds most, of those that promise the least and are as good as the best."""
    highest = max(one.auroc or 0.0 for one in ranked)
    as_good = [one for one in ranked if one.auroc is not None and one.auroc >= highest - _AS_GOOD]
    return max(
        as_good,
        key=lambda one: (
            -(one.threshold.promised_rate or 0.0),
            one.found.count if one.found else 0,
            one.images_per_second,
        ),
    )


def _find_nearest(
    candidates: Sequence[Candidate], placement: Placement, settings: TrainSettings
) -> Candidate:
    """Return the candidate of the detector that a training recommends, the nearest to some settings."""
    wanted = guess_detector(placement) or AUTO
    return min(
        (one for one in candidates if one.detector == wanted),
        key=lambda one: (
            one.backbone != settings.declared_backbone.name,
            abs(one.size - settings.used_size),
            one.layers != settings.features.layers,
        ),
        default=candidates[0],
    )


def describe_choice(candidates: Sequence[Candidate], choice: Choice | None) -> str:
    """Say what known defects show: which candidate is better than the default, and by how much."""
    if choice is None:
        return translate("Too few known defects, or good parts, to choose another one by: give more.")
    best, default = candidates[choice.best], candidates[choice.default]
    of_best, of_default = choice.aurocs[choice.best], choice.aurocs[choice.default]
    if choice.is_beyond_chance:
        return translate(
            "Chosen by {defects:,} known defects: {best} has AUROC {of_best} against {of_default} of "
            "{default}; on images that had no part in the choice it gains {gain}.",
            defects=choice.defects,
            best=best,
            of_best=of_best,
            of_default=of_default,
            default=default.detector,
            gain=choice.gain,
        )
    if of_best.low <= _CHANCE:
        return translate(
            "No candidate tells these {defects:,} known defects from good images beyond chance.",
            defects=choice.defects,
        )
    if choice.best == choice.default:
        return translate(
            "By {defects:,} known defects no other is better: AUROC {of_best}.",
            defects=choice.defects,
            of_best=of_best,
        )
    return translate(
        "By {defects:,} known defects no other is better than {default} beyond chance: the best, "
        "{best}, has AUROC {of_best} against {of_default}; on images that had no part in the choice "
        "it gains {gain}.",
        defects=choice.defects,
        default=default.detector,
        best=best,
        of_best=of_best,
        of_default=of_default,
        gain=choice.gain,
    )


def _ranked_words(best: Candidate) -> str:
    if best.found is None or best.auroc is None:
        raise ValueError("only what was measured is ranked")
    rate = best.threshold.promised_rate or 0.0
    return translate(
        "Take {best}: at {rate} promised false alarms it found {count:,} of {total:,} defects (AUROC "
        "{auroc:.3f}). Judge it on images that had no part in this choice.",
        best=best,
        rate=percent(rate, 1),
        count=best.found.count,
        total=best.found.total,
        auroc=best.auroc,
    )


def _unranked_words(chosen: Candidate, placement: Placement) -> str:
    how = placement.description
    return translate(
        "Without known defects nothing can be ranked by accuracy: good images tell how often a model "
        "would raise a false alarm, not which defects it would miss. {how} Take {chosen}, and give "
        "known defects as soon as there are some.",
        how=how,
        chosen=chosen,
    )
