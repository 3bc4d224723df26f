"""Whether what tells known defects lies on the part, or beside it."""

import json

import numpy as np
import pytest
from command_line import run
from PIL import Image, ImageDraw

from anomaly_gui.detection.datasets.outside_part import PartOnGround, can_be_most
from anomaly_gui.detection.images.region_of_interest import read_interest

SIDE = 96
STICKER, DENT = (86, 86), (48, 48)  # x, y
SETTINGS = ["--detector", "positional", "--layer", "block2_pool", "--size", "64", "--group-by", "none"]


def _draw_part(rng, *, sticker=False, dent=False):
    """Return a disc near the middle of a noisy ground, (SIDE, SIDE, 3) uint8."""
    picture = Image.new("L", (SIDE, SIDE), 60)
    draw = ImageDraw.Draw(picture)
    x, y = 48 + rng.uniform(-4, 4, 2)
    draw.ellipse((x - 24, y - 24, x + 24, y + 24), fill=170)
    if dent:
        draw.ellipse((DENT[0] - 6, DENT[1] - 6, DENT[0] + 6, DENT[1] + 6), fill=60)
    if sticker:
        draw.rectangle((STICKER[0] - 6, STICKER[1] - 6, STICKER[0] + 6, STICKER[1] + 6), fill=250)
    noisy = np.asarray(picture, float)[..., None] + rng.normal(0, 4, (SIDE, SIDE, 3))
    return noisy.clip(0, 255).astype(np.uint8)


def _save(folder, count, seed, **drawn):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    for number in range(count):
        Image.fromarray(_draw_part(rng, **drawn)).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("outside")
    _save(place / "good", 20, 0)
    _save(place / "other good", 8, 1)
    _save(place / "stickers", 8, 2, sticker=True)
    _save(place / "dents", 8, 3, dent=True)
    return place


def _train(place, defects, *more):
    out, told = place / "m.anomaly", place / "m.json"
    words = ("--anomalous", place / defects, "--out", out, "--json", told, *SETTINGS, *more)
    ran = run("train", place / "good", *words)
    assert ran.returncode == 0, ran.stderr
    return json.loads(told.read_text("utf-8")), ran.stderr


def test_a_sticker_beside_the_part_is_said_by_train_and_evaluate_and_a_dent_is_not(place):
    told, said = _train(place, "stickers")
    assert (told["outside_part"]["defects"], told["outside_part"]["of"]) == (8, 8)
    assert "Most of what tells defects lies outside the part (8 of 8 known defects): draw a region" in said
    for defects, count in (("stickers", 8), ("dents", None)):
        out = place / "e.json"
        both = ("--normal", place / "other good", "--anomalous", place / defects, "--json", out)
        assert run("evaluate", place / "m.anomaly", *both).returncode == 0
        found = json.loads(out.read_text("utf-8"))["outside_part"]
        assert (found["defects"] if found else None) == count


def test_with_dents_or_a_region_nothing_is_said(place):
    assert _train(place, "dents")[0]["outside_part"] is None
    region = place / "region.json"
    middle = {"kind": "rectangle", "points": [[0.2, 0.2], [0.8, 0.8]], "keep": True}
    region.write_text(json.dumps({"shapes": [middle]}))
    assert read_interest(region)
    assert _train(place, "stickers", "--interest", region)[0]["outside_part"] is None


def _find(folder):
    return PartOnGround.find(sorted(folder.iterdir()), 10**9, None)


def test_most_is_more_than_half_beyond_chance(place):
    part, files = _find(place / "stickers"), sorted((place / "dents").iterdir())
    corner, middle = (0.02, 0.5), (0.5, 0.5)
    assert part.judge_places(dict.fromkeys(files, middle)) is None
    assert part.judge_places(dict.fromkeys(files, corner)).outside.count == 8
    assert part.judge_places({**dict.fromkeys(files, corner), files[0]: middle, files[1]: middle}) is None
    assert not can_be_most(5)


def test_surfaces_and_several_pieces_have_no_main_part(tmp_path):
    rng = np.random.default_rng(0)
    for kind in ("surface", "pieces", "plain"):
        (tmp_path / kind).mkdir()
    for number in range(12):
        surface = (
            128 + 40 * np.sin(np.arange(SIDE) / rng.uniform(4, 9))[None] + rng.normal(0, 12, (SIDE, SIDE))
        )
        pieces = rng.normal(60, 4, (SIDE, SIDE))
        for x, y in rng.integers(5, 80, (6, 2)):
            pieces[y : y + 10, x : x + 10] += 120
        for kind, pixels in (("surface", surface), ("pieces", pieces), ("plain", rng.normal(60, 1, (8, 8)))):
            grey = pixels.clip(0, 255).astype(np.uint8)
            Image.fromarray(grey).save(tmp_path / kind / f"{number}.png")
    assert [_find(tmp_path / kind) for kind in ("surface", "pieces", "plain")] == [None, None, None]


def test_files_that_went_away_say_nothing(tmp_path):
    assert PartOnGround.find([tmp_path / "gone.png"], 10**9, None) is None
    assert PartOnGround.find([], 10**9, None) is None
