"""Tables of what was measured: for each kind, the worst and the mean over kinds, and what advice costs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.judging.metrics import Rate
from tests.benchmarks.common import print_table
from tests.benchmarks.many_parts.candidates import PartsCandidate
from tests.benchmarks.many_parts.results import candidate_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmarks.many_parts.results import Record

_RATES = ("0.01", "0.02")


def group_records(records: Iterable[Record]) -> dict[tuple[str, str, PartsCandidate], list[Record]]:
    """Return the records of all seeds by kind, count and candidate."""
    grouped: dict[tuple[str, str, PartsCandidate], list[Record]] = defaultdict(list)
    for record in records:
        grouped[record["kind"], record["count"], candidate_of(record)].append(record)
    return grouped


def find_regrets(records: Iterable[Record]) -> dict[tuple[str, str], list[float]]:
    """Return by kind and count, for each seed, the best AUROC minus that of what training recommends.

    What is recommended is the advised detector at its defaults; a split without it has no regret.
    """
    splits: dict[tuple[str, str, int], list[Record]] = defaultdict(list)
    for record in records:
        splits[record["kind"], record["count"], record["seed"]].append(record)
    regrets: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (kind, count, _), tried in splits.items():
        taken = [one["auroc"] for one in tried if candidate_of(one) == PartsCandidate(one["advised"])]
        if taken:
            regrets[kind, count].append(max(one["auroc"] for one in tried) - taken[0])
    return regrets


def summarize_kinds(
    records: Iterable[Record], count: str
) -> dict[PartsCandidate, dict[str, dict[str, float]]]:
    """Return for each candidate and kind the means over seeds of what was measured with a count."""
    found: dict[PartsCandidate, dict[str, dict[str, float]]] = defaultdict(dict)
    for (kind, its_count, candidate), those in group_records(records).items():
        if its_count == count:
            found[candidate][kind] = average_records(those)
    return found


def average_records(records: Sequence[Record]) -> dict[str, float]:
    """Return means of records; of pixels only where there were masks, NaN without."""
    names = ("auroc", "pixel_auroc", "aupro", "fit_seconds", "images_per_second", "megabytes")
    means = {name: _average([one[name] for one in records]) for name in names}
    for rate in _RATES:
        of_rate = [one["rates"][rate] for one in records]
        means[f"promised {rate}"] = _average([one["promised"] for one in of_rate])
        for name in ("found", "false_alarms"):
            means[f"{name} {rate}"] = _average([one[name]["rate"] for one in of_rate])
    return means


def _average(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else float("nan")


def print_kind(kind: str, records: Sequence[Record]) -> None:
    """Print the table of a kind."""
    rows = []
    for (_, count, candidate), those in sorted(
        group_records(records).items(), key=lambda item: (item[0][1] == "all", int(item[1][0]["learned"]))
    ):
        mean = average_records(those)
        rows.append(
            (
                count,
                candidate,
                f"{mean['auroc']:.3f}",
                *(_describe_rate(those, rate, name) for rate in _RATES for name in ("found", "false_alarms")),
                _as_text(mean["pixel_auroc"]),
                _as_text(mean["aupro"]),
                f"{mean['fit_seconds']:.1f}",
                _as_text(mean["images_per_second"], 1),
                f"{mean['megabytes']:.1f}",
            )
        )
    advised = sorted({str(one["advised"]) for one in records})
    print_table(
        f"{kind}: recommended {', '.join(advised)}",
        (
            "good images",
            "candidate",
            "AUROC",
            "found at 1 %",
            "false alarms",
            "found at 2 %",
            "false alarms",
            "pixel AUROC",
            "AUPRO",
            "fit, s",
            "images/s",
            "MB",
        ),
        rows,
    )


def _describe_rate(records: Sequence[Record], rate: str, name: str) -> str:
    """Return a mean rate over seeds, and the interval of so many of one test set."""
    of_rate = [one["rates"][rate][name] for one in records]
    total = round(_average([one["total"] for one in of_rate]))
    mean = Rate.of(round(_average([one["count"] for one in of_rate])), total)
    return f"{100 * (mean.rate or 0):.0f} ({100 * mean.low:.0f} to {100 * mean.high:.0f})"


def _as_text(value: float, digits: int = 3) -> str:
    return "" if np.isnan(value) else f"{value:.{digits}f}"


def print_over_kinds(records: Sequence[Record], counts: Iterable[str]) -> None:
    """Print, for each count, the mean and the worst kind of every candidate, over kinds that all have."""
    for count in counts:
        summary = summarize_kinds(records, count)
        if not summary:
            continue
        kinds = set.intersection(*(set(of_kinds) for of_kinds in summary.values()))
        rows = [_row_over_kinds(name, of_kinds, kinds) for name, of_kinds in summary.items() if kinds]
        print_table(
            f"{count} good images, {len(kinds)} kinds",
            (
                "candidate",
                "mean AUROC",
                "worst AUROC",
                "found at 2 %",
                "worst",
                "false alarms at 2 %",
                "pixel AUROC",
                "AUPRO",
            ),
            sorted(rows, key=lambda row: row[1], reverse=True),
        )
        _print_regrets(records, count)


def _row_over_kinds(
    candidate: PartsCandidate, of_kinds: dict[str, dict[str, float]], kinds: set[str]
) -> tuple[str, ...]:
    def values(name: str) -> list[float]:
        return [of_kinds[kind][name] for kind in sorted(kinds)]

    worst = min(kinds, key=lambda kind: of_kinds[kind]["auroc"])
    pixels = [
        [value for value in values(name) if not np.isnan(value)] or [float("nan")]
        for name in ("pixel_auroc", "aupro")
    ]
    return (
        str(candidate),
        f"{np.mean(values('auroc')):.4f}",
        f"{of_kinds[worst]['auroc']:.3f} ({worst})",
        f"{100 * np.mean(values('found 0.02')):.0f} %",
        f"{100 * np.min(values('found 0.02')):.0f} %",
        f"{100 * np.mean(values('false_alarms 0.02')):.1f} %",
        *(_as_text(float(np.mean(those))) for those in pixels),
    )


def _print_regrets(records: Sequence[Record], count: str) -> None:
    regrets = {kind: values for (kind, its), values in find_regrets(records).items() if its == count}
    if not regrets:
        return
    means = {kind: float(np.mean(values)) for kind, values in regrets.items()}
    advised = {one["kind"]: one["advised"] for one in records if one["count"] == count}
    rows = [(kind, advised[kind], f"{mean:.3f}") for kind, mean in means.items()]
    rows += [
        ("mean", "", f"{np.mean(list(means.values())):.3f}"),
        ("worst", "", f"{max(means.values()):.3f}"),
    ]
    print_table(
        f"{count} good images: what is recommended, and its regret", ("kind", "recommended", "regret"), rows
    )
