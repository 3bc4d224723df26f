"""A scoring that was cut off goes on where it was, and judges nothing twice."""

import os
from dataclasses import replace

import pytest
from parts import save_parts

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.scoring_run import More, ScoringRun, score_into
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import UserError
from anomaly_gui.progress import CancelledError, SilentProgress

QUIET = SilentProgress()


@pytest.fixture(scope="module")
def runtime():
    return default_runtime()


@pytest.fixture(scope="module")
def model(tmp_path_factory, runtime):
    good = save_parts(tmp_path_factory.mktemp("run") / "good", 24)
    settings = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)
    return train(TrainRequest((good,), settings=settings), QUIET, runtime).model


@pytest.fixture
def images(tmp_path):
    save_parts(tmp_path / "images", 300, 1)
    save_parts(tmp_path / "images" / "bent", 20, 2, defect=True)
    (tmp_path / "images" / "broken.png").write_bytes(b"")
    return tmp_path / "images"


class Cut(SilentProgress):
    """Cancels after so many images."""

    def __init__(self, after):
        self.left = after

    def advance(self, steps=1):
        self.left -= steps
        if self.left < 0:
            raise CancelledError


class Judged(list):
    """What was judged anew; of some images something is lost each time."""

    lost = ()

    def note(self, place, image):
        self.append(image.path)
        return More({}, is_whole=image.path not in self.lost)


def _go(tmp_path, model, paths, runtime, progress=QUIET, identity="same", lost=()):
    """Score into a run, and return it with what was judged anew."""
    run, judged = ScoringRun(tmp_path / "run", identity), Judged()
    judged.lost = lost
    try:
        score_into(run, ScoreRequest(model, tuple(paths)), progress, runtime, None, judged.note)
        return list(run.read_rows()), judged, run.taken_over
    finally:
        run.close(delete=False)


def _assert_near(scores, others):
    """The same images in batches of another length score the same but for rounding."""
    assert [score is None for score in scores] == [score is None for score in others]
    known = [(one, other) for one, other in zip(scores, others, strict=True) if one is not None]
    assert [one for one, _ in known] == pytest.approx([other for _, other in known], rel=1e-4)


def test_it_says_what_scoring_says(tmp_path, model, images, runtime):
    rows, _, _ = _go(tmp_path, model, [images, tmp_path / "gone.png"], runtime)
    expected = score(ScoreRequest(model, (images, tmp_path / "gone.png")), QUIET, runtime).images
    assert [row.path for row in rows] == [image.path for image in expected]
    assert [row.verdict for row in rows] == [image.verdict for image in expected]
    assert [row.reason for row in rows] == [image.reason for image in expected]
    _assert_near([row.score for row in rows], [image.score for image in expected])
    assert [row.readable for row in rows] == [image.readable for image in expected]


def test_a_run_that_was_cut_off_goes_on_and_judges_nothing_twice(tmp_path, model, images, runtime):
    with pytest.raises(CancelledError):
        _go(tmp_path, model, [images], runtime, Cut(300))
    rows, judged, taken_over = _go(tmp_path, model, [images], runtime)
    assert 0 < taken_over <= 300
    assert taken_over + len(judged) == 321 == len(rows)
    assert len(set(judged)) == len(judged)
    whole = tmp_path / "whole"
    whole.mkdir()
    others = _go(whole, model, [images], runtime)[0]
    assert [(row.path, row.verdict) for row in rows] == [(row.path, row.verdict) for row in others]
    _assert_near([row.score for row in rows], [row.score for row in others])


def test_files_that_changed_or_came_or_went_are_heeded(tmp_path, model, images, runtime):
    _go(tmp_path, model, [images], runtime)
    (images / "part_3.png").write_bytes((images / "bent" / "part_1.png").read_bytes())
    (images / "part_5.png").unlink()
    save_parts(images / "more", 2, 7)
    rows, judged, taken_over = _go(tmp_path, model, [images], runtime)
    assert {path.relative_to(images).as_posix() for path in judged} == {
        "part_3.png",
        "more/part_0.png",
        "more/part_1.png",
        "broken.png",
    }
    assert len(rows) == 322 == taken_over + len(judged)
    verdicts = {row.path.relative_to(images).as_posix(): row.verdict for row in rows}
    assert "part_5.png" not in verdicts
    assert verdicts["part_3.png"] == verdicts["bent/part_1.png"] == "defect"


def test_a_file_of_the_same_size_with_another_time_is_judged_again(tmp_path, model, images, runtime):
    _go(tmp_path, model, [images], runtime)
    os.utime(images / "part_9.png", ns=(1, 1))
    _, judged, _ = _go(tmp_path, model, [images], runtime)
    assert images / "part_9.png" in judged


def test_an_image_of_which_something_was_lost_is_judged_again(tmp_path, model, images, runtime):
    lost = images / "part_9.png"
    _go(tmp_path, model, [images], runtime, lost=(lost,))
    rows, judged, taken_over = _go(tmp_path, model, [images], runtime)
    assert set(judged) == {lost, images / "broken.png"}
    assert len(rows) == 321 == taken_over + len(judged)
    assert lost not in _go(tmp_path, model, [images], runtime)[1]


def test_another_model_takes_nothing_over(tmp_path, model, images, runtime):
    _go(tmp_path, model, [images], runtime)
    _, judged, taken_over = _go(tmp_path, model, [images], runtime, identity="another")
    assert (taken_over, len(judged)) == (0, 321)


def test_a_damaged_run_is_begun_anew(tmp_path, model, images, runtime):
    (tmp_path / "run").write_bytes(b"no run at all" * 999)
    rows, _, taken_over = _go(tmp_path, model, [images], runtime)
    assert (taken_over, len(rows)) == (0, 321)


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        ScoringRun(tmp_path / "no folder" / "run", "x")


def test_what_it_is_asked_for(tmp_path, model, images, runtime):
    run = ScoringRun(tmp_path / "run", "x")
    moved = model.threshold.moved_to(-1e9)
    score_into(run, ScoreRequest(replace(model, threshold=moved), (images,)), QUIET, runtime)
    assert run.count_verdicts() == {"good": 320, "cannot judge": 1}
    assert list(run.read_suspicious()) == []
    assert (
        [row.path.name for row in run.read_not_judged()]
        == ["broken.png"]
        == [row.path.name for row in run.read_unreadable()]
    )
    run.close(delete=True)
    assert not list(tmp_path.glob("run*"))
