"""Drift: what changed is said, what did not is not, and all of it follows from the records."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from crew import add_crew
from drift_parts import Board, OneJudge, make_parts, record_parts
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.station.access.roles import AccessError
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.watching.drift import (
    EPOCH,
    LIGHT,
    REJECTED,
    SCORES,
    SHARPNESS,
    Drift,
    SeenPart,
)
from anomaly_gui.station.watching.drift_records import read_drift
from anomaly_gui.station.watching.drift_words import word_change, word_drift
from anomaly_gui.station.watching.look_chart import LookChart, find_beginning
from anomaly_gui.station.watching.reference import measure_reference
from anomaly_gui.station.watching.score_chart import compare_scores, measure_distance
from anomaly_gui.station.watching.share_chart import FIRST_BLOCKS, ShareChart
from anomaly_gui.station.watching.signing import watch_anew
from anomaly_gui.station.watching.watch import Watch

DARKER = 0.85


def feed(drift, parts):
    """Return the number of the first part after which each warning was there."""
    first = {}
    for part in parts:
        drift.note(part)
        for name in drift.list_changes():
            first.setdefault(name, part.seq)
    return first


@pytest.mark.parametrize("before", [250, 1500, 2500])
def test_darker_light_is_said_within_fifty_parts_with_the_moment(before):
    drift = Drift()
    assert feed(drift, make_parts(before)) == {}
    parts = make_parts(50, seed=1, start=before + 1, light=DARKER)
    assert feed(drift, parts)[LIGHT] <= before + 50
    change = drift.looks[LIGHT].change
    assert change.share == pytest.approx(-0.15, abs=0.03)
    assert abs([part.at for part in make_parts(before)[-9:] + parts].index(change.since) - 9) <= 5
    assert word_change(LIGHT, replace(change, share=-0.15)).startswith("The light changed: 15 % darker since")


def test_darker_light_is_said_of_parts_that_differ_much_in_how_bright_they_are():
    """As where parts are of all sizes: their mean brightness tells little, what is white on them a lot."""
    rng = np.random.default_rng(0)

    def make_sizes(numbers, light):
        for number in numbers:
            size = np.exp(0.3 * rng.normal())
            look = (60 * size * light, 40 * size * light, 0.4, 220 * light * np.exp(0.01 * rng.normal()))
            yield SeenPart(number, f"2026-11-26T10:42:{number % 60:02}.000Z", "good", rng.normal(), look)

    drift = Drift()
    assert feed(drift, make_sizes(range(1, 1001), 1.0)) == {}
    assert feed(drift, make_sizes(range(1001, 1051), DARKER))[LIGHT] <= 1050
    assert drift.looks[LIGHT].change is None
    change = drift.list_changes()[LIGHT]
    assert change.share == pytest.approx(-0.15, abs=0.02)
    said = list(word_drift(drift, {}))
    assert "darker" in said[0]
    assert any("Highlights" in sentence for sentence in said)


def test_pictures_without_highlights_are_watched_by_their_mean():
    drift = Drift()
    parts = make_parts(500) + make_parts(60, 1, 501, light=DARKER)
    found = feed(drift, [replace(part, look=(*part.look[:3], None)) for part in parts])
    assert found[LIGHT] <= 550
    assert drift.highlights.count_first == 0


def test_a_warning_goes_when_the_light_is_back():
    drift = Drift()
    feed(drift, make_parts(500))
    feed(drift, make_parts(100, 1, 501, light=1.25))
    assert drift.looks[LIGHT].change.share > 0.15
    feed(drift, make_parts(100, 2, 601))
    assert LIGHT not in drift.list_changes()


@pytest.mark.parametrize("share", [0.9, 0.6])
def test_light_that_creeps_is_said(share):
    drift = Drift()
    feed(drift, make_parts(1000))
    for number, light in enumerate(np.geomspace(1, share * 0.97, 2000)):
        drift.note(make_parts(1, 3 + number, 1001 + number, light=light)[0])
    assert drift.looks[LIGHT].change.share < -0.065


def test_blurred_pictures_are_said():
    drift = Drift()
    feed(drift, make_parts(500))
    assert set(feed(drift, make_parts(60, 1, 501, blur=0.6))) == {SHARPNESS}


@pytest.mark.parametrize("seed", range(3))
def test_a_line_where_nothing_changes_is_not_warned_of(seed):
    assert feed(Drift(), make_parts(10_000, seed)) == {}


def test_scores_that_fall_are_said_after_two_hundred_good_parts():
    drift = Drift()
    feed(drift, make_parts(900, rejected=0))
    first = feed(drift, make_parts(400, 1, 901, score=-1.5, rejected=0))
    assert set(first) == {SCORES}
    assert drift.scores.change.below > 0.8
    assert "below the median" in word_change(SCORES, drift.scores.change)


def test_more_rejects_are_said_and_fewer_than_usual_are_no_warning_by_chance():
    drift, before = Drift(), 200 * (FIRST_BLOCKS + 2)
    assert feed(drift, make_parts(before, rejected=0.02)) == {}
    assert set(feed(drift, make_parts(600, 1, before + 1, rejected=0.15))) == {REJECTED}
    assert word_change(REJECTED, drift.share.change).startswith("More parts are rejected since")


def test_blocks_that_differ_more_than_chance_widen_the_limits():
    def make_chart(rates):
        chart, rng, seq = ShareChart(), np.random.default_rng(5), 0
        for rate in rates:
            for _ in range(200):
                chart.note(seq, str(seq), rng.random() < rate)
                seq += 1
        chart.note(seq, str(seq), False)
        return chart

    calm, wild = make_chart([0.05] * FIRST_BLOCKS), make_chart([0.01, 0.09] * (FIRST_BLOCKS // 2))
    assert calm.limits.excess < 1.6
    assert wild.limits.excess > 2 * calm.limits.excess
    assert wild.limits.rate_block(0.15, 200) < calm.limits.rate_block(0.15, 200) / 2


def test_a_line_that_rejects_nothing_can_be_warned_of():
    drift, before = Drift(), 200 * (FIRST_BLOCKS + 1)
    assert feed(drift, make_parts(before, rejected=0)) == {}
    assert set(feed(drift, make_parts(401, 1, before + 1, rejected=0.1))) == {REJECTED}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([verdict.value for verdict in StationVerdict]),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none()
            | st.tuples(
                st.floats(0, 255), st.floats(0, 128), st.floats(0, 1e6), st.none() | st.floats(0, 255)
            ),
        ),
        max_size=20,
    ),
    st.integers(1, 60),
)
@settings(max_examples=50, deadline=None)
def test_whatever_parts_are_like_it_goes_on(kinds, times):
    drift = Drift()
    for number, (verdict, score, look) in enumerate(kinds * times):
        drift.note(SeenPart(number, "2026-11-26T10:42:00.000Z", verdict, score, look))
    for name, change in drift.list_changes().items():
        assert word_change(name, change)
    assert list(word_drift(drift, {}))


@given(st.lists(st.floats(1e-3, 1e3), min_size=200, max_size=400), st.floats(0.01, 0.3))
@settings(max_examples=50, deadline=None)
def test_limits_are_never_below_the_tolerance_nor_without_end(values, tolerance):
    chart = LookChart(tolerance)
    for value in values:
        chart.note("2026-11-26T10:42:00.000Z", value)
    assert tolerance <= chart.limit < 100
    assert 0 <= chart.reference.persistence <= 0.95


def test_the_distance_is_that_of_scipy_and_neighbours_alike_tell_less():
    rng = np.random.default_rng(0)
    first, last = rng.normal(size=200), rng.normal(1.2, size=200)
    assert measure_distance(first, last) == pytest.approx(ks_2samp(first, last).statistic)
    assert compare_scores(first, last, "") is not None
    assert compare_scores(first, rng.normal(0.2, size=200), "") is None
    slow = np.sort(last)  # each part like the one before
    assert compare_scores(first, slow, "") is None


def test_a_beginning_is_found_and_a_reference_bounds_what_is_far():
    values = np.r_[np.zeros(30), np.full(20, -0.16)] + 0.02 * np.random.default_rng(1).normal(size=50)
    assert abs(find_beginning(values, -1.0, 0.04) - 30) <= 1
    reference = measure_reference(np.r_[np.zeros(199), 50.0], 0.08)
    assert reference.bound(50.0) == pytest.approx(0.16)
    assert reference.spread < 0.05


def test_parts_alike_for_long_widen_the_limits_though_neighbours_hardly_are():
    rng, found = np.random.default_rng(0), []
    for _ in range(20):
        parts = 0.06 * rng.normal(size=200).repeat(50) + 0.2 * rng.normal(size=10_000)
        reference = measure_reference(parts[:1000], 0.08)
        average = np.convolve(parts - reference.centre, 0.05 * 0.95 ** np.arange(200), "valid")
        by_neighbours = replace(reference, wandering=0.0).spread_of_average
        found.append([reference.spread_of_average / average.std(), by_neighbours / average.std()])
    found, by_neighbours = np.mean(found, 0)
    assert by_neighbours < 0.75
    assert 0.9 < found < 1.2


def _watch(ledger, asked, board, held_out=()):
    return Watch(ledger, OneJudge(), board, asked, lambda: np.array(held_out))


def _write_rows(ledger, parts):
    """Record many parts at once: only what drift reads is as the station writes it."""
    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(result)")]
        fixed = dict.fromkeys(names, "") | {"threshold": 0.0, "is_challenge": 0, "is_simulated": 0}
        for part in parts:
            own = {"seq": part.seq, "link": part.seq, "id": str(part.seq), "hash": str(part.seq)}
            own |= {"at": part.at, "verdict": part.verdict, "score": part.score}
            own |= dict(zip(("brightness", "contrast", "sharpness", "highlights"), part.look, strict=True))
            row = {**fixed, **own}
            marks = ", ".join(f":{name}" for name in names)
            connection.execute(f"INSERT INTO result VALUES ({marks})", row)


def test_a_restart_tells_the_same_as_a_line_that_never_ended(records):
    ledger, _ = records
    parts = make_parts(5 * EPOCH) + make_parts(100, 1, 5 * EPOCH + 1, light=0.93)
    _write_rows(ledger, parts)
    whole = Drift()
    feed(whole, parts)
    again = read_drift(ledger.engine)
    for name, chart in whole.looks.items():
        assert again.looks[name].reference == chart.reference
        assert again.looks[name].share == pytest.approx(chart.share, abs=1e-9)
    assert (again.scores.first == whole.scores.first).all()
    assert again.scores.count == whole.scores.count
    assert again.share.limits == whole.share.limits
    assert again.share.last == whole.share.last
    assert list(again.list_changes()) == list(whole.list_changes())


def test_warnings_are_alarms_and_a_restart_does_not_repeat_them(records):
    ledger, asked = records
    board = Board()
    watch = _watch(ledger, asked, board)
    for seq, judged in record_parts(ledger, make_parts(230) + make_parts(60, 1, 231, light=DARKER)):
        watch.note_result(seq, judged)
    assert "15 % darker since" in board.alarms[LIGHT] or "14 % darker since" in board.alarms[LIGHT]
    ledger.record_alarm({"alarm": LIGHT, "at": "", "text": board.alarms[LIGHT], "is_active": True})
    said = CliRunner().invoke(app, ["station", "drift", str(asked.file)]).output
    assert board.alarms[LIGHT] in " ".join(said.split("\n"))
    assert "Brightness:" in said

    later = Board(dict(board.alarms))
    watch = _watch(ledger, asked, later)
    later.alarms[LIGHT] += " (as it was)"
    for seq, judged in record_parts(ledger, make_parts(1, 2, 291, light=DARKER)):
        watch.note_result(seq, judged)
    assert later.alarms[LIGHT].endswith("(as it was)")
    for seq, judged in record_parts(ledger, make_parts(120, 2, 292)):
        watch.note_result(seq, judged)
    assert LIGHT not in later.alarms


def test_challenges_are_no_parts(records):
    ledger, asked = records
    watch = _watch(ledger, asked, Board())
    for seq, judged in record_parts(ledger, make_parts(10), is_challenge=True):
        watch.note_result(seq, judged)
    assert watch._drift.looks[LIGHT].count_first == 0
    assert read_drift(ledger.engine).looks[LIGHT].count_first == 0


def test_an_engineer_takes_the_new_light_for_usual_and_so_does_another_model(records):
    ledger, asked = records
    board = Board()
    watch = _watch(ledger, asked, board)
    for seq, judged in record_parts(ledger, make_parts(230) + make_parts(60, 1, 231, light=DARKER)):
        watch.note_result(seq, judged)
    assert LIGHT in board.alarms
    add_crew(ledger.engine)
    with pytest.raises(AccessError):
        watch_anew(ledger.engine, "oli", "new lamp")
    watch_anew(ledger.engine, "eve", "new lamp")
    watch.tend()
    assert board.alarms == {}
    for seq, judged in record_parts(ledger, make_parts(260, 2, 291, light=DARKER)):
        watch.note_result(seq, judged)
    assert board.alarms == {}
    assert watch._drift.looks[LIGHT].count_first == 260
