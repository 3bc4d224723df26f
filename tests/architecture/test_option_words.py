"""The library's sentences are shown in the window as well: only the command line knows options."""

import ast
import re
from pathlib import Path

import pytest

import anomaly_gui
from anomaly_gui.cli.options.option_words import with_options
from anomaly_gui.cli.options.setting_options import name_option
from anomaly_gui.detection.settings.train_settings import SETTINGS
from anomaly_gui.wording import name_setting

ROOT = Path(anomaly_gui.__file__).parent
ROOMS = ("detection", "worker", "gui", "figures")
OPTION = re.compile(r"(?<![\w-])--\w")


def _texts(tree):
    """Return every literal that is no docstring."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    assert any(isinstance(node, holders) for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_that_a_window_may_show_names_an_option(room):
    files = [*(ROOT / room).rglob("*.py"), *ROOT.glob("[a-z]*.py")]
    said = {text for file in files for text in _texts(ast.parse(file.read_text("utf-8")))}
    assert len(said) > 50
    assert {text for text in said if OPTION.search(text)} == set()


@pytest.mark.parametrize("name", SETTINGS)
def test_the_command_line_names_every_setting_by_its_option(name):
    option = name_option(name)
    assert with_options(f"{name_setting(name, starts=True)} cannot be 0.") == f"{option} cannot be 0."
    assert with_options(f"Raise {name_setting(name)} then.") == f"Raise {option} then."


def test_the_command_line_says_how_to_give_defects():
    assert "known defects: give their folder (--anomalous)." in with_options(
        "The rule best-f1 needs known defects: give their folder."
    )
