"""The first scores are held against those the model was proven on, as soon as these can be had."""

import shutil
from functools import partial

import numpy as np
from drift_parts import BY, Board, OneJudge, make_parts, record_parts

from anomaly_gui.detection.model.model_file import digest_model
from anomaly_gui.errors import ModelFileError
from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.judging.judge import read_held_out
from anomaly_gui.station.judging.judged import Judged, StationVerdict
from anomaly_gui.station.watching import watch as watching
from anomaly_gui.station.watching.challenge_records import find_entry
from anomaly_gui.station.watching.drift import FIRST_SCORES, Drift
from anomaly_gui.station.watching.watch import Watch


def _watch(ledger, asked, board, held_out):
    return Watch(ledger, OneJudge(), board, asked, lambda: np.array(held_out))


def test_first_scores_are_held_against_those_the_model_was_proven_on(records):
    ledger, asked = records
    rng, board = np.random.default_rng(0), Board()
    watch = _watch(ledger, asked, board, rng.normal(2.0, size=100))
    for seq, judged in record_parts(ledger, make_parts(201, rejected=0)):
        watch.note_result(seq, judged)
    assert "promise may not hold" in board.alarms["first_scores"]
    board = Board()
    (parts, others) = make_parts(200, rejected=0), _watch(ledger, asked, board, rng.normal(size=100))
    others._drift = Drift()
    for part in parts:
        others.note_result(
            part.seq,
            Judged(Picture(asked.file, 1, 1, ""), StationVerdict.GOOD, BY, part.score, look=part.look),
        )
    assert board.alarms == {}


def test_first_scores_are_not_compared_with_another_model(records, model_file):
    ledger, asked = records
    board, model = Board(), asked.file.parent / "part.anomaly"
    sha256 = digest_model(shutil.copy(model_file, model))
    assert len(read_held_out(model, sha256))
    model.write_bytes(model.read_bytes() + b"\0")
    watch = Watch(ledger, OneJudge(), board, asked, partial(read_held_out, model, sha256))
    for seq, judged in record_parts(ledger, make_parts(201, rejected=0)):
        watch.note_result(seq, judged)
    assert board.alarms == {}
    entry = find_entry(ledger.engine, FIRST_SCORES)
    assert entry.before == BY.sha256
    assert "not compared" in entry.why
    assert "part.anomaly is another model by now" in entry.why


def test_scores_that_were_not_to_be_had_are_compared_later_and_after_a_start(records, monkeypatch):
    ledger, asked = records
    for name in ("_EVERY", "_AGAIN"):
        monkeypatch.setattr(watching, name, 0.0)
    faults = [ModelFileError("part.anomaly does not exist: check its name.")] * 3

    def read():
        if faults:
            raise faults.pop()
        return np.random.default_rng(0).normal(2.0, size=100)

    board, later = Board(), Board()
    watch = Watch(ledger, OneJudge(), board, asked, read)
    for seq, judged in record_parts(ledger, make_parts(201, rejected=0)):
        watch.note_result(seq, judged)
    watch.tend()
    again = Watch(ledger, OneJudge(), later, asked, read)
    again.tend()
    assert (faults, board.alarms, later.alarms) == ([], {}, {})
    entry = find_entry(ledger.engine, FIRST_SCORES)
    for one, its_board in ((watch, board), (again, later)):
        one.tend()
        assert "promise may not hold" in its_board.alarms["first_scores"]
    assert find_entry(ledger.engine, FIRST_SCORES) == entry
