"""Results for others: tables and a report, of what is asked for."""

import csv
import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser

import pyarrow.parquet as pq
import pytest
from line import make_line
from made_records import BEGAN, SECOND, fill_ledger
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.errors import UserError
from anomaly_gui.station.ledger.reading import ResultFilter
from anomaly_gui.station.ledger.summary import summarize_results

COUNT = 8000
START = datetime.fromtimestamp(BEGAN // SECOND, timezone.utc)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    line = make_line(tmp_path_factory.mktemp("line"), "part.anomaly")
    fill_ledger(line.ledger, COUNT)
    return line


def export(line, *options):
    return CliRunner().invoke(app, ["station", "export", str(line.file), *map(str, options)])


def read_csv(file):
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def _write(seconds):
    return (START + timedelta(seconds=seconds)).isoformat()


@pytest.mark.parametrize(
    ("options", "condition"),
    [
        ((), "1"),
        (("--part", "part 7"), "part = 'part 7'"),
        (("--lot", "lot 0", "--verdict", "defect", "--verdict", "unsure"), "verdict IN ('defect', 'unsure')"),
        (("--from", _write(100), "--to", _write(200)), "seq >= 100 AND seq < 200"),
        (("--verdict", "error"), "verdict = 'error'"),
    ],
)
def test_tables_have_what_is_asked_for_in_order(made, tmp_path, options, condition):
    done = export(made, "--csv", tmp_path / "a.csv", "--parquet", tmp_path / "a.parquet", *options)
    assert done.exit_code == 0, done.output
    expected = [row[0] for row in made.ask(f"SELECT seq FROM result WHERE {condition} ORDER BY seq")]
    assert [int(row["seq"]) for row in read_csv(tmp_path / "a.csv")] == expected
    assert pq.read_table(tmp_path / "a.parquet")["seq"].to_pylist() == expected


class _Page(HTMLParser):
    """The tables of a page by their titles, and whether it asks for another file."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.links, self._title, self._tag = {}, [], "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._tag = tag
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag == "tr":
            self.tables.setdefault(self._title, []).append([])

    def handle_data(self, data):
        if self._tag == "h2":
            self._title = data
        elif self._tag in ("td", "th"):
            self.tables[self._title][-1].append(data)
        self._tag = ""


def test_the_report_counts_as_the_records_do(made, tmp_path):
    file = tmp_path / "report.html"
    assert export(made, "--report", file).exit_code == 0
    text = file.read_text("utf-8")
    page = _Page(text)
    counts = dict(made.ask("SELECT verdict, COUNT(*) FROM result GROUP BY verdict"))
    (_, row) = page.tables["Verdicts"]
    words = ("good", "defect", "unsure", "cannot_judge", "error")
    assert row[1:7] == [f"{counts.get(word, 0):,}" for word in words] + [f"{COUNT:,}"]
    assert re.fullmatch(r"9\d\.\d\d % \(9\d\.\d\d % to 9\d\.\d\d %\)", row[7])
    judged = sum(counts.get(word, 0) for word in words[:3])
    assert judged < COUNT
    assert row[7].startswith(f"{100 * counts['good'] / judged:.2f} %")
    hours = page.tables["By hour, UTC"][1:]
    assert sum(int(hour[6].replace(",", "")) for hour in hours) == COUNT
    assert len(hours) == made.ask("SELECT COUNT(DISTINCT substr(at, 1, 13)) FROM result")[0][0]
    assert made.ask(f"SELECT hash FROM result WHERE seq = {COUNT}")[0][0] in text
    assert page.links == []


def test_the_report_counts_challenges_apart_and_trusts_no_text(tmp_path):
    line = make_line(tmp_path / "line", "part.anomaly")
    fill_ledger(line.ledger, 20, has_hashes=False)
    with closing(sqlite3.connect(line.ledger)) as records:
        records.execute("UPDATE result SET is_challenge = 1 WHERE seq <= 5")
        records.execute("UPDATE result SET verdict = 'defect', reason = '<script>x</script>' WHERE seq > 15")
        records.execute("UPDATE result SET shift = 'early & late' WHERE seq > 10")
        records.execute("INSERT INTO outbox VALUES ('mes', 1, 1, NULL, 'ACKED', '', '')")
        records.execute("INSERT INTO outbox VALUES ('mes', 2, 2, NULL, 'PENDING', '', NULL)")
        records.commit()
    summary = summarize_results(line.ledger, ResultFilter())
    assert (summary.challenges, summary.counts.total()) == (5, 15)
    assert {shift: counts.total() for shift, counts in summary.shifts.items()} == {
        None: 5,
        "early & late": 10,
    }
    assert summary.reasons[0] == ("defect", "<script>x</script>", 5)
    assert [(one.name, one.arrived, one.waiting) for one in summary.outputs] == [("mes", 1, 1)]
    assert export(line, "--report", tmp_path / "report.html").exit_code == 0
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "<script>" not in text
    assert "early &amp; late" in text


def test_a_report_of_nothing(made, tmp_path):
    done = export(made, "--report", tmp_path / "report.html", "--part", "nobody's")
    assert done.exit_code == 0, done.output
    assert "part nobody&#x27;s" in (tmp_path / "report.html").read_text("utf-8")


def test_a_time_that_is_none_is_refused(made, tmp_path):
    with pytest.raises(UserError, match="--from: “noon” is no time"):
        raise export(made, "--csv", tmp_path / "a.csv", "--from", "noon").exception


def test_a_time_without_a_zone_is_that_of_this_computer(made, tmp_path):
    local = (START + timedelta(seconds=7990)).astimezone().replace(tzinfo=None).isoformat()
    assert export(made, "--csv", tmp_path / "a.csv", "--from", local).exit_code == 0
    assert len(read_csv(tmp_path / "a.csv")) == 11
