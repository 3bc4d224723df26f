"""The report of a station as a page: one file that any browser shows and prints, and that needs no other."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.language import translate
from anomaly_gui.paths import resource
from anomaly_gui.results import write_text
from anomaly_gui.station.judging.judged import YIELDING, StationVerdict
from anomaly_gui.station.times import now_utc
from anomaly_gui.wording import join_list, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.station.ledger.summary import Counts, Summary

Cell = str | int | None


def write_report(summary: Summary, asked: Sequence[str], file: Path) -> None:
    """Write the page; UserError where it cannot be.

    Parameters
    ----------
    asked : in words, which results were asked for; empty: all
    """
    write_text(file, "".join(_write_page(summary, asked)))


def _write_page(summary: Summary, asked: Sequence[str]) -> Iterator[str]:
    title = escape(translate("Report of {station}", station=", ".join(summary.names) or "-"))
    yield f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title>'
    style = resource("station_report.css").read_text("utf-8")
    yield f"<style>{style}</style></head>\n<body>\n<h1>{title}</h1>\n"
    yield _write_lines(_describe_span(summary, asked))
    yield _write_counts(translate("Verdicts"), translate("parts"), {translate("all"): summary.counts})
    shifts = {shift or translate("(none named)"): counts for shift, counts in summary.shifts.items()}
    yield _write_counts(translate("By shift"), translate("shift"), shifts)
    hours = {f"{hour.replace('T', ' ')}:00": counts for hour, counts in summary.hours.items()}
    yield _write_counts(translate("By hour, UTC"), translate("hour"), hours)
    yield from _write_lists(summary)
    yield _write_proof(summary)
    yield "</body></html>\n"


def _describe_span(summary: Summary, asked: Sequence[str]) -> Iterator[str]:
    yield translate("Written at {at}.", at=now_utc())
    yield translate("Results: {which}.", which=join_list(asked) if asked else translate("all"))
    if summary.last:
        yield translate(
            "The first was recorded at {first}, the last at {last}.", first=summary.first, last=summary.last
        )
    if summary.challenges:
        yield translate("{count:,} parts of a challenge are in none of the counts.", count=summary.challenges)


def _write_counts(title: str, key: str, rows: Mapping[str, Counts]) -> str:
    """Return a table of verdicts, with the share of good parts among those judged, and its 95 % interval."""
    verdicts = list(StationVerdict)
    header = [key, *(verdict.told for verdict in verdicts), translate("all"), translate("yield")]
    lines: list[list[Cell]] = [
        [name, *(counts[verdict] for verdict in verdicts), counts.total(), _describe_yield(counts)]
        for name, counts in rows.items()
    ]
    return _write_table(title, header, lines)


def _describe_yield(counts: Counts) -> str:
    rate = Rate.of(counts[StationVerdict.GOOD], sum(counts[one] for one in YIELDING))
    if rate.rate is None:
        return "-"
    return translate(
        "{rate} ({low} to {high})",
        rate=percent(rate.rate, 2),
        low=percent(rate.low, 2),
        high=percent(rate.high, 2),
    )


def _write_lists(summary: Summary) -> Iterator[str]:
    yield _write_table(
        translate("Most frequent reasons"),
        [translate("verdict"), translate("reason"), translate("parts")],
        [[verdict.told, reason or "-", count] for verdict, reason, count in summary.reasons],
    )
    yield _write_table(
        translate("Models"),
        [translate("model"), "SHA-256", translate("threshold"), translate("parts")],
        [[one.name, one.sha256, f"{one.threshold:.6g}", one.count] for one in summary.models],
    )
    yield _write_table(
        translate("Outputs, of all messages so far"),
        [translate("output"), translate("arrived"), translate("waiting")],
        [[one.name, one.arrived, one.waiting] for one in summary.outputs],
    )


def _write_proof(summary: Summary) -> str:
    told = translate(
        "The records had {count:,} rows. The hash of the last is below; `anomaly-gui station verify` checks "
        "that none before it was changed.",
        count=summary.links,
    )
    signature = translate("Date, name, signature: ____________________________")
    title = escape(translate("Proof"))
    return (
        f"<h2>{title}</h2>\n<p>{escape(told)}</p>\n<p><code>{escape(summary.head)}</code></p>\n"
        f'<p class="signature">{escape(signature)}</p>\n'
    )


def _write_lines(lines: Iterable[str]) -> str:
    return "<p>" + "<br>\n".join(escape(line) for line in lines) + "</p>\n"


def _write_table(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table under a title; columns of numbers are those of its first row."""
    if not rows:
        return f"<h2>{escape(title)}</h2>\n<p>{escape(translate('none'))}</p>\n"
    kinds = [' class="number"' if isinstance(cell, int) else "" for cell in rows[0]]
    head = "".join(f"<th{kind}>{escape(name)}</th>" for name, kind in zip(header, kinds, strict=True))
    body = "".join(f"<tr>{_write_row(row, kinds)}</tr>\n" for row in rows)
    return f"<h2>{escape(title)}</h2>\n<table>\n<tr>{head}</tr>\n{body}</table>\n"


def _write_row(row: Sequence[Cell], kinds: Sequence[str]) -> str:
    texts = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row)
    return "".join(f"<td{kind}>{escape(text)}</td>" for text, kind in zip(texts, kinds, strict=True))
