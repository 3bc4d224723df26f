"""Journals that earlier versions left on disk are read, word for word."""

from pathlib import Path

from anomaly_gui.gui.state.image_table import ImageLabel, Origin, Row
from anomaly_gui.gui.state.journal_record import read_journal

THRESHOLD = (
    '{"value": -5.5, "rule": "manual", "basis": "set by hand", "asked_rate": 0.01, "promised_rate": null, '
    '"sigmas": null, "expected": null, "unsure": 1.5, "warnings": []}'
)
LEFT_BEHIND = f"""\
{{"model": {{"file": "/parts/caps.anomaly", "is_new": false, "saved": {THRESHOLD}, "moves": []}}}}
{{"threshold": {THRESHOLD}}}
{{"rows": [["/line/1.png", -3.25, 0, 3, "", [2, 0], "abc", null]]}}
{{"rows": [["/line/2.png", null, 2, 3, "gone", [], "", null]]}}
{{"marks": [[0, 5], [2, 1]]}}
{{"marks": [[7], [1
"""


def test_a_journal_of_an_earlier_version_is_read_up_to_its_torn_line(tmp_path):
    file = tmp_path / "journal.jsonl"
    file.write_text(LEFT_BEHIND, "ascii")
    record = read_journal(file)
    assert (record.file, record.is_new) == (Path("/parts/caps.anomaly"), False)
    assert record.threshold == record.saved and record.threshold.unsure == 1.5
    assert record.rows == [
        Row(Path("/line/1.png"), -3.25, ImageLabel.NONE, Origin.DROPPED, "", (2, 0), None, "abc", None),
        Row(Path("/line/2.png"), None, ImageLabel.DEFECT, Origin.DROPPED, "gone"),
    ]
    assert record.labels == {0: ImageLabel.DEFECT, 5: ImageLabel.GOOD}
