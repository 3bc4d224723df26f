from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.judging.thresholds import Threshold
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.gui.state.image_counts import ImageCounter
from anomaly_gui.gui.state.image_table import (
    ImageLabel,
    ImageTable,
    Origin,
    Row,
)

ROWS = st.lists(
    st.tuples(st.none() | st.floats(-100, 100), st.sampled_from(ImageLabel), st.sampled_from(Origin)),
    max_size=60,
)


def _table(rows):
    table = ImageTable()
    table.append_rows([Row(Path(f"{place}.png"), *row) for place, row in enumerate(rows)])
    return table


@given(ROWS, st.floats(-100, 100), st.floats(0, 20))
def test_counts_agree_with_a_recount(rows, value, unsure):
    table = _table(rows)
    threshold = Threshold(value, "manual", "set by hand", unsure=unsure)
    counts = ImageCounter(table, np.arange(len(table))).count_at(value, unsure)
    verdicts = [table.find_verdict(row, threshold) for row in range(len(table))]
    judged = [(score, label) for score, label, _ in rows if score is not None]
    count = lambda label, verdict: sum(  # noqa: E731
        one[1] == label and said == verdict for one, said in zip(rows, verdicts, strict=True)
    )
    assert counts.false_alarms.count == count(ImageLabel.GOOD, Verdict.DEFECT)
    assert counts.misses.count == count(ImageLabel.DEFECT, Verdict.GOOD)
    assert counts.unsure_good == count(ImageLabel.GOOD, Verdict.NOT_SURE)
    assert counts.unsure_defects == count(ImageLabel.DEFECT, Verdict.NOT_SURE)
    assert counts.misses.total == sum(label == ImageLabel.DEFECT for _, label in judged)
    codes = table.find_verdict_codes(np.arange(len(table)), threshold)
    assert [VERDICTS[code] for code in codes] == verdicts
    assert counts.not_sure == verdicts.count("not sure")
    assert counts.not_judged == verdicts.count(Verdict.CANNOT_JUDGE)
    assert counts.total == len(rows)
    wrong = table.find_wrong(value, unsure)
    assert int(wrong.sum()) == counts.false_alarms.count + counts.misses.count
    assert [table.is_wrong(row, value, unsure) for row in range(len(table))] == wrong.tolist()


@given(st.lists(ROWS, max_size=6))
def test_a_table_grown_in_pieces_is_the_whole(pieces):
    table, rows = ImageTable(), [row for piece in pieces for row in piece]
    for piece in pieces:
        table.append_rows([Row(Path(f"{len(table) + place}.png"), *row) for place, row in enumerate(piece)])
    assert [table.read_row(place) for place in range(len(table))] == [
        Row(Path(f"{place}.png"), *row) for place, row in enumerate(rows)
    ]


@given(ROWS, st.sets(st.sampled_from(Origin)))
def test_only_the_origins_asked_for_go(rows, origins):
    table = _table(rows)
    left = table.without_origins(origins)
    kept = [table.read_row(place) for place in range(len(table)) if rows[place][2] not in origins]
    assert [left.read_row(place) for place in range(len(left))] == kept


def test_good_images_count_once_and_only_if_a_model_was_not_made_of_them():
    look = Look(100.0, 20.0, 0.5, 0.0)
    rows = [
        Row(Path("learned"), 1.0, ImageLabel.GOOD, Origin.DROPPED, sha256="a"),
        Row(Path("new"), 1.0, ImageLabel.GOOD, Origin.DROPPED, sha256="b", look=look),
        Row(Path("copy of new"), 1.0, ImageLabel.GOOD, Origin.DROPPED, sha256="b"),
        Row(Path("defect"), 1.0, ImageLabel.DEFECT, Origin.KNOWN_DEFECTS, sha256="c"),
        Row(Path("not judged"), None, ImageLabel.GOOD, Origin.DROPPED, sha256="d"),
        Row(Path("not read"), 1.0, ImageLabel.GOOD, Origin.DROPPED),
    ]
    table = ImageTable(known=["a"])
    table.append_rows(rows)
    assert table.unseen_good.tolist() == [1]
    assert [table.read_row(place) for place in range(len(rows))] == rows
    left = table.without_origins([Origin.KNOWN_DEFECTS])
    assert [left.paths[row].name for row in left.unseen_good] == ["new"]
    assert left.read_row(1).look == look
    table.set_labels(np.array([3]), ImageLabel.GOOD)
    assert table.unseen_good.tolist() == [1, 3]
