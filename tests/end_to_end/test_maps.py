"""Detectors with maps as they are used from the command line."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from command_line import run
from PIL import Image

from anomaly_gui.cli.output.map_files import MapWriter
from anomaly_gui.cli.output.score_files import describe_map
from anomaly_gui.detection.model.image_result import AS_A_WHOLE
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.scoring import ScoreRequest
from anomaly_gui.detection.scoring_run import ScoringRun, score_into
from anomaly_gui.progress import SilentProgress

WIDTH, HEIGHT = 96, 72
MARK = (slice(33, 45), slice(54, 66))  # rows and columns of the defects
SETTINGS = ["--size", "64", "--channels", "50", "--false-alarm-rate", "0.1", "--group-by", "none"]
RIGHT_HALF = {"shapes": [{"kind": "rectangle", "points": [[0.5, 0], [1, 1]], "keep": False}]}


def _part(rng):
    """Return a frame with a bar across, always in one place, (HEIGHT, WIDTH, 3) uint8."""
    pixels = rng.normal(60, 5, (HEIGHT, WIDTH, 3))
    pixels[10:62, 12:84] += 80
    pixels[20:52, 24:72] -= 50
    pixels[34:38, 12:84] += 90
    return pixels.clip(0, 255).astype(np.uint8)


def _save(folder, count, seed, mark=False):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    for index in range(count):
        pixels = _part(rng)
        if mark:
            grain = rng.choice([-25, 25], pixels[MARK].shape[:2])[..., None]
            pixels[MARK] = (pixels[MARK] + grain).clip(0, 255)
        Image.fromarray(pixels).save(folder / f"部品_{index}.png")
    return folder


def _save_mask(path, size=(HEIGHT, WIDTH)):
    path.parent.mkdir(parents=True, exist_ok=True)
    mask = np.zeros(size, np.uint8)
    mask[MARK] = 255
    Image.fromarray(mask).save(path)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A category laid out as MVTec AD is, and models with and without maps."""
    place = tmp_path_factory.mktemp("maps")
    _save(place / "train" / "good", 24, 0)
    _save(place / "test" / "good", 6, 1)
    _save(place / "test" / "scratch", 4, 2, mark=True)
    for index in range(4):
        _save_mask(place / "ground_truth" / "scratch" / f"部品_{index}_mask.png")
    for name, *told in (
        ("places", "--detector", "positional"),
        ("surface", "--detector", "texture"),
        ("any", "--detector", "auto"),
        ("whole", "--detector", "pooled"),
    ):
        out = ("--out", place / f"{name}.anomaly", "--json", place / f"{name}.json")
        ran = run("train", place / "train" / "good", *out, *SETTINGS, *told)
        assert ran.returncode == 0, ran.stderr
    return place


def _json(path):
    return json.loads(path.read_text("utf-8"))


def _refused(ran, said):
    assert ran.returncode == 2, ran.stderr
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert ran.stdout == ""


def test_train_says_which_detector_it_took(place):
    assert _json(place / "places.json")["detector"] == "positional"
    assert _json(place / "surface.json")["detector"] == "texture"
    assert _json(place / "places.json")["parts_lie"] == "unknown"  # at 64 pixels


def test_info_says_which_detector_a_model_has(place):
    ran = run("info", place / "places.anomaly")
    assert ran.returncode == 0, ran.stderr
    assert "positional" in ran.stdout
    assert "scores its reference images as the one that trained it" in ran.stdout


def test_a_map_that_cannot_be_written_costs_itself_only(place, tmp_path):
    images, maps, out = tmp_path / "in", tmp_path / "maps", tmp_path / "s.json"
    images.mkdir()
    source = sorted((place / "test").rglob("*.png"))[0]
    for name in ("a" * 240, "b"):
        (images / f"{name}.png").write_bytes(source.read_bytes() + name.encode())
    (maps / "00001_b.overlay.jpg").mkdir(parents=True)  # in the way
    ran = run("score", place / "places.anomaly", images, "--maps", maps, "--json", out)
    assert ran.returncode == 3
    long, blocked = _json(out)["images"]
    assert (maps / long["map"]).is_file()
    assert "map" not in blocked and blocked["score"] is not None
    assert "b.png cannot be written" in _json(out)["warnings"][-1]


def test_a_map_that_was_lost_is_tried_again_when_the_scoring_goes_on(place, tmp_path):
    model, maps, images = open_model(place / "places.anomaly"), tmp_path / "maps", place / "test" / "good"
    (maps / "00001_部品_1.overlay.jpg").mkdir(parents=True)  # in the way

    def go_on(progress):
        """Return how many results were taken over, and how many maps were lost."""
        writer, run = MapWriter(maps, model.pixel_limit, progress), ScoringRun(tmp_path / "run", "same")
        more, runtime = partial(describe_map, writer=writer), default_runtime()
        try:
            score_into(run, ScoreRequest(model, (images,)), progress, runtime, None, more)
        finally:
            run.close(delete=False)
        return run.taken_over, writer.lost

    assert go_on(SilentProgress()) == (0, 1)
    assert go_on(SilentProgress()) == (5, 1)
    (maps / "00001_部品_1.overlay.jpg").rmdir()
    assert go_on(SilentProgress()) == (5, 0)
    assert len(list(maps.glob("*.overlay.jpg"))) == 6
    assert go_on(SilentProgress()) == (6, 0)


@pytest.mark.parametrize("model", ["any", "places", "surface", "whole"])
def test_every_defect_has_a_place_or_is_unlike_as_a_whole_wherever_the_threshold_is(place, tmp_path, model):
    out, table = tmp_path / "s.json", tmp_path / "s.csv"
    lenient = ("--threshold", "1e9", "--json", out, "--csv", table)
    ran = run("score", place / f"{model}.anomaly", place / "test" / "good", *lenient)
    assert ran.returncode == 0, ran.stderr
    images = _json(out)["images"]
    assert [one["verdict"] for one in images] == ["defect"] * 6
    if model == "whole":
        assert [(one.get("regions"), one["reason"]) for one in images] == [(None, "")] * 6
        return
    assert [bool(one["regions"]) != (AS_A_WHOLE in one["reason"]) for one in images] == [True] * 6
    assert table.read_text("utf-8-sig").count(AS_A_WHOLE) == sum(not one["regions"] for one in images)
    strict = ("--threshold", "-1e9", "--json", out)
    assert run("score", place / f"{model}.anomaly", place / "test" / "good", *strict).returncode == 0
    assert AS_A_WHOLE not in out.read_text("utf-8")


@pytest.mark.parametrize("model", ["places", "surface"])
def test_score_writes_maps_and_says_where_defects_are(place, tmp_path, model):
    out, maps = tmp_path / "s.json", tmp_path / "maps" / "of today"
    ran = run("score", place / f"{model}.anomaly", place / "test", "--maps", maps, "--json", out)
    assert ran.returncode == 0, ran.stderr
    images = _json(out)["images"]
    assert len(images) == 10
    assert sorted(path.name for path in maps.iterdir()) == sorted(
        name for image in images for name in (image["overlay"], image["map"])
    )
    for image in images:
        assert Path(image["path"]).stem in image["map"]
        with Image.open(maps / image["overlay"]) as overlay:
            assert overlay.size == (WIDTH, HEIGHT)
        values = np.load(maps / image["map"], allow_pickle=False)
        assert (values.shape, values.dtype) == ((224, 224), np.float32)
        assert np.isfinite(values).all() and values.min() >= 0
        _check_regions(image["regions"], values)
        if "scratch" in image["path"]:
            assert image["verdict"] == "defect"
            row, column = np.unravel_index(values.argmax(), values.shape)
            _check_found(row * HEIGHT / 224, column * WIDTH / 224, image["regions"][0])


def _check_regions(regions, values):
    for region in regions:
        assert 0 <= region["x"] < region["x"] + region["width"] <= WIDTH
        assert 0 <= region["y"] < region["y"] + region["height"] <= HEIGHT
        assert 1 <= region["area"] <= region["width"] * region["height"] + 1
        assert 1 <= region["peak"] <= 1.5 * values.max()  # between cells a peak is lower than at its own
    if not regions:
        assert values.max() <= 1.001


def _check_found(row, column, region):
    """Where the map is highest lies in the defect, or a cell beside it, and in the first region."""
    rows, columns = MARK
    assert rows.start - 9 <= row <= rows.stop + 9
    assert columns.start - 12 <= column <= columns.stop + 12
    assert region["x"] <= column <= region["x"] + region["width"]
    assert region["y"] <= row <= region["y"] + region["height"]
    assert region["width"] * region["height"] < 0.8 * WIDTH * HEIGHT


def test_an_overlay_is_coloured_most_where_the_defect_is(place, tmp_path):
    ran = run("score", place / "places.anomaly", place / "test" / "scratch", "--maps", tmp_path / "maps")
    assert ran.returncode == 0, ran.stderr
    for index in range(4):
        (overlay,) = (tmp_path / "maps").glob(f"{index:05}_*.overlay.jpg")
        with Image.open(overlay) as over, Image.open(place / f"test/scratch/部品_{index}.png") as image:
            changed = np.abs(np.asarray(over).astype(int) - np.asarray(image)).max(axis=2)
        assert changed[MARK].mean() > 50
        assert changed[MARK].mean() > 2 * max(changed[:8].mean(), changed[:, :12].mean())


def test_maps_on_good_images_are_mostly_clear(place, tmp_path):
    out = tmp_path / "s.json"
    ran = run("score", place / "places.anomaly", place / "test" / "good", "--json", out)
    assert ran.returncode == 0, ran.stderr
    assert sum(bool(image["regions"]) for image in _json(out)["images"]) <= 2


@pytest.mark.parametrize("inside", ["test/maps", "test/good/maps", "test", "test/../test/maps"])
def test_maps_are_not_written_where_they_would_be_scored(place, monkeypatch, inside):
    monkeypatch.chdir(place)
    before = sorted(place.rglob("*"))
    _refused(run("score", "places.anomaly", "test", "--maps", inside), "whose images are scored")
    assert sorted(place.rglob("*")) == before


def test_maps_are_not_written_where_they_would_be_scored_by_another_name_of_it(place, tmp_path, monkeypatch):
    images = _save(tmp_path / "test", 2, 3)
    monkeypatch.chdir(images)
    ran = run("score", place / "places.anomaly", "../test", "--maps", "maps")
    _refused(ran, "whose images are scored")
    assert not (images / "maps").exists()


def test_a_model_without_maps_says_so(place, tmp_path):
    before = sorted(tmp_path.iterdir())
    ran = run("score", place / "whole.anomaly", place / "test", "--maps", tmp_path / "maps")
    _refused(ran, "has no maps")
    ran = run(
        *("evaluate", place / "whole.anomaly", "--mvtec", place, "--masks", place / "ground_truth"),
        *("--json", tmp_path / "e.json"),
    )
    _refused(ran, "no maps to compare with masks")
    assert sorted(tmp_path.iterdir()) == before


def test_a_model_without_maps_is_evaluated_on_mvtec_without_masks(place, tmp_path):
    ran = run("evaluate", place / "whole.anomaly", "--mvtec", place, "--json", tmp_path / "e.json")
    assert ran.returncode == 0, ran.stderr
    result = _json(tmp_path / "e.json")
    assert (result["pixel_auroc"], result["aupro"], result["n_masks"]) == (None, None, 0)


@pytest.mark.parametrize("model", ["places", "surface"])
def test_evaluate_finds_the_masks_of_mvtec(place, tmp_path, model):
    ran = run("evaluate", place / f"{model}.anomaly", "--mvtec", place, "--json", tmp_path / "e.json")
    assert ran.returncode == 0, ran.stderr
    result = _json(tmp_path / "e.json")
    assert (result["n_masks"], result["unusable_masks"]) == (4, [])
    assert result["auroc"] == 1.0
    assert 0.9 < result["pixel_auroc"] <= 1
    assert 0.6 < result["aupro"] <= 1
    assert "4 masks" in ran.stdout


def _evaluate(place, masks, out, *told):
    test = place / "test"
    return run(
        *("evaluate", place / "places.anomaly", "--normal", test / "good", "--anomalous", test / "scratch"),
        *("--masks", masks, "--json", out, *told),
    )


def test_evaluate_with_masks_given(place, tmp_path):
    for index in range(4):
        _save_mask(tmp_path / "masks" / f"部品_{index}.png")
    ran = _evaluate(place, tmp_path / "masks", tmp_path / "e.json")
    assert ran.returncode == 0, ran.stderr
    result = _json(tmp_path / "e.json")
    mvtec = tmp_path / "mvtec.json"
    run("evaluate", place / "places.anomaly", "--mvtec", place, "--json", mvtec)
    for name in ("pixel_auroc", "aupro", "n_masks"):
        assert result[name] == _json(mvtec)[name]


def test_missing_masks_and_masks_of_a_wrong_size_are_said(place, tmp_path):
    masks = tmp_path / "masks"
    _save_mask(masks / "scratch" / "部品_0_mask.png")
    _save_mask(masks / "scratch" / "部品_1_mask.png", (HEIGHT + 1, WIDTH))
    ran = _evaluate(place, masks, tmp_path / "e.json")
    assert ran.returncode == 3, ran.stderr
    result = _json(tmp_path / "e.json")
    assert result["n_masks"] == 1
    assert result["pixel_auroc"] > 0.9
    (wrong,) = result["unusable_masks"]
    assert wrong["path"].endswith("部品_1_mask.png")
    assert "96 x 73" in wrong["reason"]
    assert any("2 defects have no mask" in warning for warning in result["warnings"])
    for said in ("96 x 73", "2 defects have no mask"):
        assert said in " ".join(ran.stderr.split())


def test_without_any_mask_nothing_is_said_of_pixels(place, tmp_path):
    (tmp_path / "masks").mkdir()
    ran = _evaluate(place, tmp_path / "masks", tmp_path / "e.json")
    assert ran.returncode == 0, ran.stderr
    result = _json(tmp_path / "e.json")
    assert (result["pixel_auroc"], result["aupro"], result["n_masks"]) == (None, None, 0)
    assert "Pixels" not in ran.stdout


def test_a_folder_of_masks_that_is_not_there_is_one_sentence(place, tmp_path):
    _refused(_evaluate(place, tmp_path / "gone", tmp_path / "e.json"), "gone is not a folder")
    assert not (tmp_path / "e.json").exists()


def test_what_is_ignored_is_not_judged(place, tmp_path):
    interest, model, out = tmp_path / "roi.json", tmp_path / "m.anomaly", tmp_path / "s.json"
    interest.write_text(json.dumps(RIGHT_HALF), "utf-8")
    ran = run(
        *("train", place / "train" / "good", "--out", model, "--detector", "positional", *SETTINGS),
        *("--interest", interest),
    )
    assert ran.returncode == 0, ran.stderr
    ran = run("score", model, place / "test", "--json", out, "--maps", tmp_path / "maps")
    assert ran.returncode == 0, ran.stderr
    images = _json(out)["images"]
    good = [image["score"] for image in images if "good" in image["path"]]
    hidden = [image["score"] for image in images if "scratch" in image["path"]]
    assert np.median(hidden) > min(good) - np.std(good)
    for image in images:
        values = np.load(tmp_path / "maps" / image["map"])
        assert values[:, :112].max() > 0
        assert values[:, 196:].max() == 0  # farther into it than maps are smoothed


BAD_REGIONS = {
    "no JSON": ("shapes", "is not a JSON file"),
    "another content": ('{"shape": []}', "is not a region of interest"),
    "an unknown shape": ('{"shapes": [{"kind": "star", "points": [[0, 0], [1, 1]], "keep": true}]}', "star"),
    "nothing left": (
        '{"shapes": [{"kind": "rectangle", "points": [[0, 0], [1, 1]], "keep": false}]}',
        "leaves nothing that counts",
    ),
}


@pytest.mark.parametrize("kind", BAD_REGIONS)
def test_a_bad_region_of_interest_is_one_sentence(place, tmp_path, kind):
    content, said = BAD_REGIONS[kind]
    (tmp_path / "roi.json").write_text(content, "utf-8")
    ran = run(
        *("train", place / "train" / "good", "--out", tmp_path / "m.anomaly", "--detector", "positional"),
        *(*SETTINGS, "--interest", tmp_path / "roi.json"),
    )
    _refused(ran, said)
    assert "roi.json" in ran.stderr
    assert not (tmp_path / "m.anomaly").exists()


def test_a_size_too_small_for_maps_is_one_sentence(place, tmp_path):
    ran = run(
        *("train", place / "train" / "good", "--out", tmp_path / "m.anomaly", "--detector", "positional"),
        *("--size", "56"),
    )
    _refused(ran, "--size cannot be 56")
