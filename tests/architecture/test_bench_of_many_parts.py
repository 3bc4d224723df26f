"""The arithmetic of the bench of many parts: splits, regret, and going on where a run was stopped."""

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.accuracy import parts
from tests.benchmarks.many_parts.candidates import VARIANTS, PartsCandidate, fit_size, list_candidates
from tests.benchmarks.many_parts.pixels import SIDE, shrink_masks
from tests.benchmarks.many_parts.report import find_regrets, summarize_kinds
from tests.benchmarks.many_parts.results import Results
from tests.benchmarks.many_parts.splits import EVERY, SplitName, choose_to_learn, list_splits
from tests.benchmarks.part_kinds import PartKind

POOLED, POSITIONAL = PartsCandidate("pooled"), PartsCandidate("positional")


def _record(auroc, advised="pooled"):
    none = {"count": 0, "total": 4, "rate": 0.0, "low": 0.0, "high": 0.6}
    rates = {rate: {"promised": 0.1, "false_alarms": none, "found": none} for rate in ("0.01", "0.02")}
    names = ("pixel_auroc", "aupro", "fit_seconds", "images_per_second", "megabytes")
    return {"auroc": auroc, "advised": advised, "rates": rates, **dict.fromkeys(names)}


def test_no_part_is_learned_from_and_judged():
    numbers = np.array([0, 0, 1, 2, 3, 4, 4, 0, 3, 5])
    pool, unseen = np.arange(7), np.arange(7, 10)
    for split in list_splits(("2", EVERY), 5, len(pool)):
        chosen = choose_to_learn(pool, unseen, numbers, split)
        assert len(chosen)
        assert not set(numbers[chosen]) & set(numbers[unseen])


def test_a_seed_fixes_a_split_and_few_images_are_among_many():
    pool, unseen, numbers = np.arange(40), np.arange(40, 50), np.arange(50)
    chosen = {
        (seed, count): choose_to_learn(pool, unseen, numbers, SplitName(seed, count)).tolist()
        for seed in (0, 1)
        for count in ("10", "20", EVERY)
    }
    assert chosen[0, "10"] == choose_to_learn(pool, unseen, numbers, SplitName(0, "10")).tolist()
    assert set(chosen[0, "10"]) < set(chosen[0, "20"]) < set(chosen[0, EVERY]) == set(pool)
    assert chosen[0, "10"] != chosen[1, "10"]


def test_regret_is_what_the_recommended_one_lacks_to_the_best(tmp_path):
    results = Results(tmp_path / "results.jsonl")
    for seed, aurocs in enumerate([(0.8, 0.9), (0.95, 0.75)]):
        for candidate, auroc in zip((POOLED, POSITIONAL), aurocs, strict=True):
            results.add("rings", SplitName(seed, "10"), candidate, _record(auroc))
    records = results.list_records(["rings"], [POOLED, POSITIONAL])
    assert find_regrets(records) == {("rings", "10"): [pytest.approx(0.1), 0.0]}
    assert summarize_kinds(records, "10")[POSITIONAL]["rings"]["auroc"] == pytest.approx(0.825)
    assert not find_regrets(results.list_records(["rings"], [POSITIONAL]))


def test_results_outlive_a_run_that_was_stopped_in_the_middle_of_a_line(tmp_path):
    file, split = tmp_path / "results.jsonl", SplitName(0, "all")
    Results(file).add("rings", split, POOLED, _record(0.9))
    with file.open("a") as unfinished:
        unfinished.write('{"kind": "rin')
    results = Results(file)
    assert ("rings", split, POOLED) in results
    assert ("rings", split, POSITIONAL) not in results
    results.add("rings", split, POSITIONAL, _record(0.8))
    assert ("rings", split, POSITIONAL) in Results(file)


def test_layers_and_variants_are_tried_with_what_uses_them_alone():
    layers = [(), ("block4_pool",)]
    found = list_candidates(
        ["pooled", "positional"], layers, [224], ["vgg16"], ["hellinger", "none"], ["", "ridge 0.1"]
    )
    assert [one.detector for one in found].count("pooled") == 4
    assert [one.variant for one in found if one.detector == "positional"] == ["", "ridge 0.1"]


def test_a_variant_holds_only_while_it_is_applied():
    (module, name, value) = VARIANTS["ridge 0.05"].constants[0]
    before = getattr(module, name)
    with VARIANTS["ridge 0.05"].applied():
        assert getattr(module, name) == value != before
    assert getattr(module, name) == before


def test_a_defect_smaller_than_a_pixel_stays_in_a_small_mask(tmp_path):
    mask = np.zeros((4 * SIDE, 4 * SIDE), np.uint8)
    mask[5, 9] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    assert np.argwhere(shrink_masks([tmp_path / "mask.png"])).tolist() == [[1, 2]]


def _write_kind(folder):
    rng = np.random.default_rng(0)
    files = []
    for number in range(40):
        image = np.clip(rng.normal(120, 20, (64, 64)), 0, 255).astype(np.uint8)
        if number >= 32:
            image[20:40, 20:40] = 255
        files.append(folder / f"{number:03}.png")
        Image.fromarray(image).save(files[-1])
    return PartKind("squares", tuple(files[:20]), tuple(files[20:32]), tuple(files[32:]), 64, None, "none")


def test_a_second_start_measures_only_what_is_missing(tmp_path, monkeypatch):
    kind = _write_kind(tmp_path)
    given = parts.read_options(
        ["--sets", str(tmp_path), "--work", str(tmp_path), "--counts", "14,all", "--seeds", "1"]
    )
    results = Results(tmp_path / "parts.jsonl")
    parts.measure_kind(kind, [POOLED], given, results)
    tried = []
    monkeypatch.setattr(parts, "try_candidate", lambda one, *rest: (tried.append(one), _record(0.5))[1])
    again = Results(tmp_path / "parts.jsonl")
    parts.measure_kind(kind, [POOLED, POSITIONAL], given, again)
    assert tried == [POSITIONAL, POSITIONAL]
    first = again.list_records(["squares"], [POOLED])
    assert [one["count"] for one in first] == ["14", "all"]
    assert [one["auroc"] for one in first] == [1.0, 1.0]
    assert fit_size(224, kind) == 64
