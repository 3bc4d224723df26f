"""What several commands say: of thresholds, of files that could not be used, and the same as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from anomaly_gui.cli.options.option_words import with_options
from anomaly_gui.detection.settings.choices import FALSE_ALARM_RATE
from anomaly_gui.language import translate, translate_count
from anomaly_gui.wording import join_list, per_cent, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.candidates.known_defects import DefectFindings
    from anomaly_gui.detection.datasets.outside_part import OutsidePart
    from anomaly_gui.detection.images.folders import LeftOut
    from anomaly_gui.detection.judging.choosing import Estimate
    from anomaly_gui.detection.judging.metrics import Rate
    from anomaly_gui.detection.judging.promise import Promise
    from anomaly_gui.detection.judging.thresholds import ExpectedFalseAlarms, Threshold
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import Model

INCOMPLETE = 3
"""Exit code when the work was done, but not for every image."""


def print_line(text: str = "") -> None:
    """Print a line to stdout."""
    typer.echo(with_options(text))


def describe_threshold(threshold: Threshold) -> str:
    """Say what the threshold is, by which rule, from which scores, and what to expect of it."""
    rule = threshold.rule
    if threshold.rule == FALSE_ALARM_RATE and threshold.asked_rate is not None:
        rule += " " + per_cent(f"{100 * threshold.asked_rate:g}")
    if threshold.sigmas is not None:
        rule += f" {threshold.sigmas:g}"
    lines = [
        translate(
            "Threshold {value:.6g}, rule {rule}, from: {origin}.",
            value=threshold.value,
            rule=rule,
            origin=threshold.origin,
        )
    ]
    if threshold.unsure:
        lines.append(translate("Within {unsure:g} of it the verdict is: not sure.", unsure=threshold.unsure))
    if threshold.expected:
        lines.append(translate("To expect: {expected}.", expected=threshold.expected))
    return "\n".join(lines)


def describe_network(model: Model, runtime: str) -> str:
    """Name the backbone, where there is one, and what runs it."""
    plan = model.detector.plan
    return runtime if plan.network else join_list([plan.features.declared_backbone.title, runtime])


def threshold_to_json(threshold: Threshold) -> dict[str, Any]:
    """Return the same as values."""
    return {
        "threshold": threshold.value,
        "rule": threshold.rule,
        "threshold_from": threshold.basis,
        "asked_false_alarm_rate": threshold.asked_rate if threshold.rule == FALSE_ALARM_RATE else None,
        "promised_false_alarm_rate": threshold.promised_rate,
        "expected_false_alarms": expected_to_json(threshold.expected),
        "unsure": threshold.unsure,
    }


def expected_to_json(expected: ExpectedFalseAlarms | None) -> dict[str, Any] | None:
    """Return the expected false alarms as values."""
    if expected is None:
        return None
    return {
        "rate": expected.rate,
        "interval": [expected.low, expected.high],
        "parts": expected.parts,
        "images": expected.images,
        "text": str(expected),
    }


def promise_to_json(promise: Promise | None) -> dict[str, Any] | None:
    """Return what became of a promised rate of false alarms as values."""
    if promise is None:
        return None
    return {
        "outcome": promise.outcome,
        "promised": promise.rate,
        "parts": promise.parts,
        "false_alarms": promise.false_alarms,
        "images": promise.images,
        "rejected": promise.rejected,
        "chance": promise.chance,
        "difference": promise.difference,
        "text": str(promise),
    }


def defects_to_json(found: DefectFindings) -> dict[str, Any] | None:
    """Return how well known defects are told by a model, and what they chose, as values."""
    if found.auroc is None:
        return None
    weighing = found.weighing
    return {
        "auroc": estimate_to_json(found.auroc),
        "opinions": None
        if weighing is None
        else {
            name: estimate_to_json(one)
            for name, one in zip(("joined", *weighing.names), weighing.choice.aurocs, strict=True)
        },
        "chosen": None if weighing is None else weighing.chosen or "joined",
        "gain": None if weighing is None else estimate_to_json(weighing.choice.gain),
        "text": found.measured,
    }


def estimate_to_json(estimate: Estimate) -> list[float]:
    """Return a number, and the ends of its interval."""
    return [estimate.value, estimate.low, estimate.high]


def outside_to_json(outside: OutsidePart | None) -> dict[str, Any] | None:
    """Return how many defects are told by what lies beside the part as values."""
    if outside is None:
        return None
    return {"defects": outside.outside.count, "of": outside.outside.total, "text": str(outside)}


def describe_rate(rate: Rate) -> str:
    """Say a rate in counts, then in per cent with its interval."""
    if rate.rate is None:
        return translate("none to count")
    share, low, high = (percent(value, 1) for value in (rate.rate, rate.low, rate.high))
    return translate(
        "{count:,} of {total:,} ({share}; {low} to {high})",
        count=rate.count,
        total=rate.total,
        share=share,
        low=low,
        high=high,
    )


def reasons_to_json(files: Iterable[Any]) -> list[dict[str, str]]:
    """Return path and reason of files that could not be used."""
    return [{"path": str(file.path), "reason": with_options(file.reason)} for file in files]


def duplicates_to_json(pairs: Iterable[tuple[Path, Path]]) -> list[dict[str, str]]:
    """Return files with the bytes of others."""
    return [{"path": str(copy), "same_as": str(first)} for copy, first in pairs]


def regions_to_json(image: ImageResult) -> dict[str, Any]:
    """Return the regions where an image is unlike good ones; nothing where there is no map."""
    return {} if image.map is None else {"regions": [asdict(region) for region in image.marked]}


def list_files(title: str, files: Sequence[Any]) -> None:
    """Print path and reason of files that could not be used to stderr."""
    if not files:
        return
    typer.echo(translate("{title} ({count:,}):", title=title, count=len(files)), err=True)
    for file in files:
        typer.echo(with_options(describe_file(file)), err=True)


def describe_file(file: Any) -> str:
    """Return path and reason of a file in a list."""
    return translate("  {path}: {note}", path=file.path, note=file.reason)


def describe_suspects(count: int, *, left_out: bool) -> str:
    """Say how many good images are unlike the others, and what became of them."""
    if not left_out:
        return translate("Unlike the others: {count:,}.", count=count)
    return translate(
        "Left out, as unlike the other good images (--suspects keep learns from them): {count:,}.",
        count=count,
    )


def left_out_to_json(left_out: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """Return the folders that were left out, with what they hold by their names."""
    return [
        {
            "path": str(one.path),
            "name": one.name,
            "images": one.images,
            "kind": one.kind.value,
            "beside": one.beside,
        }
        for one in left_out
    ]


def describe_repeats(count: int) -> str | None:
    """Say how many names were given more than once, or return None."""
    if not count:
        return None
    names = translate_count("{count:,} name or link", "{count:,} names and links", count)
    return translate(
        "Given more than once: {names}; each image has one line for each of its names.", names=names
    )


def describe_passed_over(passed_over: int, hidden: int) -> str | None:
    """Say how many files were not looked at, or return None."""
    if not passed_over and not hidden:
        return None
    others, unseen = (
        translate_count("{count:,} file of another kind", "{count:,} files of other kinds", passed_over),
        translate_count("{count:,} hidden file or folder", "{count:,} hidden files and folders", hidden),
    )
    return translate("Passed over: {others}, {unseen}.", others=others, unseen=unseen)


def end_command(incomplete: bool) -> None:
    """End the command: with exit code 3 when some images could not be used."""
    if incomplete:
        raise typer.Exit(INCOMPLETE)
