"""The benchmarks are no tests, but they have to start, and their README has to say what each one makes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.turns import measure_command, run_in_turns

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "tests" / "benchmarks"
ROOMS = ("accuracy", "cluster", "speed", "station", "window")
FILES = [path for room in ROOMS for path in sorted((BENCHMARKS / room).glob("[a-z]*.py"))]
README = (BENCHMARKS / "README.md").read_text("utf-8")
LINKS = re.findall(r"\[([^\]]+)\]\(([^)]+\.md)\)", README)


def _modules():
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES]


@pytest.mark.skipif(os.name == "nt", reason="some ask for the peak of memory, as POSIX tells it")
def test_every_benchmark_can_be_imported():
    code = "import importlib, sys; [importlib.import_module(name).main for name in sys.argv[1:]]"
    command = [sys.executable, "-c", code, *_modules()]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_the_readme_has_a_row_for_every_benchmark_and_for_no_other():
    rows = re.findall(r"^\| `(\w+\.py)` \|", README, re.MULTILINE)
    assert sorted(rows) == sorted(path.name for path in FILES)


def test_every_command_of_the_readme_starts_a_benchmark():
    named = set(re.findall(r"`benchmarks\.(\w+\.\w+)", README))
    standalone = {"speed.anomalib_models"}  # runs where the product is not installed
    assert {f"tests.benchmarks.{name}" for name in named | standalone} == set(_modules())


def test_what_a_benchmark_makes_is_a_chapter_of_a_page():
    assert len(LINKS) >= 20
    for title, page in LINKS:
        chapters = re.findall(r"^#+ (.+)$", (BENCHMARKS / page).read_text("utf-8"), re.MULTILINE)
        assert title in chapters, f"{page} has no chapter “{title}”"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other units")
def test_a_process_is_told_its_own_memory_and_not_that_of_who_measures_it():
    here = bytearray(200_000_000)
    usage = measure_command((sys.executable, "-S", "-c", "there = bytearray(80_000_000)"))
    assert 80 < usage.peak_mb < 140
    assert here
    assert 0 < usage.seconds < 60


def test_a_command_that_fails_ends_a_benchmark():
    failing = (sys.executable, "-S", "-c", "raise SystemExit(3)")
    assert measure_command(failing, accepted=(0, 3)).seconds > 0
    with pytest.raises(SystemExit, match="SystemExit"):
        measure_command(failing)


def test_every_round_begins_with_another_way_and_runs_all_of_them():
    order = []
    ways = {name: (lambda name=name: order.append(name)) for name in "ab"}
    run_in_turns(ways, 2)
    assert "".join(order) == "abba"
