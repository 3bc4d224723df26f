"""Attribute agreement: numbers against AIAG's example, scikit-learn and statsmodels; files people fill in."""

import csv
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.errors import UserError
from anomaly_gui.station.watching.study.agreement import Answers, Rating, study_agreement
from anomaly_gui.station.watching.study.files import read_answers, read_standard, write_plan
from anomaly_gui.station.watching.study.kappa import measure_cohen, measure_fleiss
from anomaly_gui.station.watching.study.words import describe_study

SHAPES = st.tuples(st.integers(2, 30), st.integers(2, 6))


@given(SHAPES.flatmap(lambda shape: st.tuples(arrays(bool, shape), arrays(bool, shape))))
@settings(max_examples=100, deadline=None)
def test_kappa_of_cohen_is_that_of_scikit_learn(pair):
    first, second = pair
    ours = measure_cohen(first, second)
    if len({*first.ravel(), *second.ravel()}) < 2:
        assert ours.value is None
        return
    assert ours.value == pytest.approx(cohen_kappa_score(first.ravel(), second.ravel()), abs=1e-9)
    assert -1 <= ours.low <= ours.value <= ours.high <= 1 + 1e-9


@given(SHAPES.flatmap(lambda shape: arrays(bool, shape)))
@settings(max_examples=100, deadline=None)
def test_kappa_of_fleiss_is_that_of_statsmodels(answers):
    ours = measure_fleiss(answers)
    if answers.all() or not answers.any():
        assert ours.value is None
        return
    assert ours.value == pytest.approx(fleiss_kappa(aggregate_raters(answers.astype(int))[0]), abs=1e-9)
    assert ours.low <= ours.value <= ours.high


def test_an_interval_covers_as_often_as_it_says():
    chosen, covered = np.random.default_rng(3), 0
    truth = 0.64  # of answers right with 0.9 on halves: 2 * (0.9 ** 2 + 0.1 ** 2) - 1
    for _ in range(200):
        is_defect = chosen.random(60) < 0.5
        first, second = (is_defect[:, None] ^ (chosen.random((60, 2)) < 0.1) for _ in range(2))
        kappa = measure_cohen(first, second)
        covered += kappa.low <= truth <= kappa.high
    assert 180 <= covered <= 198


def _answer(operators=2, parts=20, trials=3, wrong=()):
    is_defect = np.arange(parts) < parts // 4
    said = np.broadcast_to(is_defect[None, :, None], (operators, parts, trials)).copy()
    for place in wrong:
        said[place] ^= True
    names = tuple(f"P{number}" for number in range(parts))
    return Answers(names, tuple("ABCDEFG"[:operators]), is_defect, said)


def test_whoever_never_errs_is_acceptable():
    study = study_agreement(_answer())
    first = study.operators[0]
    assert (first.effective.rate, first.misses.rate, first.false_alarms.rate) == (1, 0, 0)
    assert (first.within.value, first.against_standard.value, study.between.value) == (1, 1, 1)
    assert study.rating == Rating.ACCEPTABLE
    assert "Everybody" in describe_study(study).conclusion


def test_counts_are_those_of_the_manual():
    """AIAG's appraiser A: 42 of 50 parts, 3 of 48 and 5 of 102 answers: 84 %, 6.3 % and 4.9 %."""
    is_defect = np.arange(50) < 16
    said = np.broadcast_to(is_defect[:, None], (50, 3)).copy()
    said[[0, 1, 2], 0] ^= True
    said[[20, 21, 22, 23, 24], 1] ^= True
    study = study_agreement(Answers(tuple(map(str, range(50))), ("A",), is_defect, said[None]))
    one = study.operators[0]
    assert (one.effective.count, one.effective.rate) == (42, 0.84)
    assert (one.misses.count, one.misses.total) == (3, 48)
    assert (one.false_alarms.count, one.false_alarms.total) == (5, 102)
    assert one.rating == Rating.UNACCEPTABLE
    assert (one.repeated.count, study.agreed.count, study.effective.count) == (42, 42, 42)
    assert (one.effective.low, one.effective.high) == pytest.approx((0.7089, 0.9283), abs=1e-4)


def test_the_worst_operator_is_named():
    study = study_agreement(_answer(3, wrong=[(1, 19, 0), (1, 18, 0), (1, 17, 0)]))
    assert [one.rating for one in study.operators] == [
        Rating.ACCEPTABLE,
        Rating.MARGINAL,
        Rating.ACCEPTABLE,
    ]
    page = describe_study(study)
    assert page.conclusion == "Marginal, may be improved: B."
    assert len(page.tables[1].rows) == 3 + 3 + 3 + 1


def test_one_trial_has_no_repeats():
    study = study_agreement(_answer(trials=1))
    assert study.operators[0].repeated is None
    assert study.operators[0].within is None
    assert describe_study(study).tables[0].rows[0][4] == "–"
    assert study_agreement(_answer(1, trials=1)).between is None


@pytest.fixture
def parts_file(tmp_path):
    rows = [f"P{number},{'defect' if number % 3 == 0 else 'good'}" for number in range(12)]
    (tmp_path / "parts.csv").write_text("\n".join(["part,standard", *rows]), "utf-8")
    return tmp_path / "parts.csv"


def _fill_in(plan, standard, err=0.0, delimiter=","):
    chosen = random.Random(1)
    with plan.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        said = standard[row["part"]] ^ (chosen.random() < err)
        row["answer"] = "Defect" if said else " good "
    with plan.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def test_a_plan_has_every_answer_once_in_orders_of_its_own(tmp_path, parts_file):
    standard = read_standard(parts_file)
    plan = tmp_path / "plan.csv"
    assert write_plan(plan, list(standard), ["Anna", "Bo"], 3, 7) == 72
    rows = list(csv.DictReader(plan.read_text("utf-8-sig").splitlines()))
    orders = [tuple(row["part"] for row in rows[start : start + 12]) for start in range(0, 72, 12)]
    assert len(set(orders)) == 6
    assert {tuple(sorted(order)) for order in orders} == {tuple(sorted(standard))}
    assert "defect" not in plan.read_text("utf-8-sig"), "who judges should not know"
    again = tmp_path / "again.csv"
    write_plan(again, list(standard), ["Anna", "Bo"], 3, 7)
    assert again.read_bytes() == plan.read_bytes()
    with pytest.raises(UserError, match="once"):
        write_plan(again, list(standard), ["Anna", "Anna"], 3, 7)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_the_commands_from_plan_to_report(tmp_path, parts_file, delimiter):
    plan, table, numbers = (tmp_path / name for name in ("plan.csv", "table.csv", "numbers.json"))
    run = CliRunner().invoke
    told = ["--operator", "Anna", "--operator", "王", "--csv", str(plan)]
    made = run(app, ["station", "study", "plan", str(parts_file), *told])
    assert made.exit_code == 0, made.output
    _fill_in(plan, read_standard(parts_file), 0.1, delimiter)
    words = ["station", "study", "report", str(parts_file), str(plan)]
    said = run(app, [*words, "--csv", str(table), "--json", str(numbers)])
    assert said.exit_code == 0, said.output
    assert "Against the standard" in said.output
    found = json.loads(numbers.read_text("utf-8"))
    assert (found["parts"], found["trials"]) == (12, 3)
    assert [one["name"] for one in found["operators"]] == ["Anna", "王"]
    assert "Kappa" in table.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("P3,", "P99,", "the part P99 is not one of them"),
        ("Defect", "bad", "bad is no answer: write good or defect"),
        ("Defect", "", "nothing is in the column answer"),
        ("answer", "said", "has no columns answer"),
        ("1,Anna,P3", "2,Anna,P3", "answered in a row before"),
    ],
)
def test_what_is_wrong_with_answers_is_said_with_its_row(tmp_path, parts_file, old, new, said):
    plan, standard = tmp_path / "plan.csv", read_standard(parts_file)
    write_plan(plan, list(standard), ["Anna"], 2, 1)
    _fill_in(plan, standard)
    text = plan.read_text("utf-8")
    assert old in text
    plan.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(UserError) as raised:
        read_answers(plan, standard)
    assert said in str(raised.value)


def test_an_answer_that_is_missing_is_named(tmp_path, parts_file):
    plan, standard = tmp_path / "plan.csv", read_standard(parts_file)
    write_plan(plan, list(standard), ["Anna"], 2, 1)
    _fill_in(plan, standard)
    plan.write_text("\n".join(plan.read_text("utf-8").splitlines()[:-1]), "utf-8")
    with pytest.raises(UserError, match=r"Anna did not judge part P.* in trial 2"):
        read_answers(plan, standard)


@pytest.mark.parametrize("text", ["", "part,standard\nP1,good", "part,standard\nP1,good\nP1,defect", "x\n"])
def test_standards_that_are_none(tmp_path, text):
    (tmp_path / "parts.csv").write_text(text, "utf-8")
    with pytest.raises(UserError):
        read_standard(tmp_path / "parts.csv")


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_whatever_a_file_holds_is_read_or_said(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("wild") / "answers.csv"
    file.write_bytes(b"operator,trial,part,answer\n" + content)
    try:
        found = read_answers(file, {"P1": True, "P2": False})
    except UserError:
        return
    assert found.said_defect.shape[1] == 2


def test_names_that_spreadsheets_take_for_formulas_come_back(tmp_path, parts_file):
    parts_file.write_text(parts_file.read_text("utf-8").replace("P0,", "-7,").replace("P1,", "=A1,"), "utf-8")
    plan, standard = tmp_path / "plan.csv", read_standard(parts_file)
    write_plan(plan, list(standard), ["+Anna"], 1, 1)
    text = plan.read_text("utf-8-sig").replace(",\r\n", ",good\r\n").replace(",\n", ",good\n")
    plan.write_text(text, "utf-8")
    found = read_answers(plan, standard)
    assert (found.operators, found.parts) == (("+Anna",), tuple(standard))
