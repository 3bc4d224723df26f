"""The benchmarks are no tests, but they have to start, and their README has to say what each one makes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "tests" / "benchmarks"
ROOMS = ("accuracy", "speed", "window")
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
    standalone = {"speed.anomalib_padim"}  # runs where the product is not installed
    assert {f"tests.benchmarks.{name}" for name in named | standalone} == set(_modules())


def test_what_a_benchmark_makes_is_a_chapter_of_a_page():
    assert len(LINKS) >= 20
    for title, page in LINKS:
        chapters = re.findall(r"^#+ (.+)$", (BENCHMARKS / page).read_text("utf-8"), re.MULTILINE)
        assert title in chapters, f"{page} has no chapter “{title}”"
