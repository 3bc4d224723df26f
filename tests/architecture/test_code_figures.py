"""The figures that keep the code readable: how full rooms are, how long functions, how plain their names."""

import ast
import statistics
from collections import Counter

import pytest
from source_code import PACKAGE, ROOT, SourceCode, find_circles

IN_A_ROOM, LOOSE = 16, 8  # files of a folder; files beside the rooms
MEDIAN, NINE_OF_TEN, LONGEST = 8, 20, 40  # lines of a function
LONG_FILE, LONG_FILES = 300, 4  # lines; how many files may have more
ONE_WORD = 0.25  # of the functions
METHODS = 20


@pytest.fixture(scope="module")
def code():
    return SourceCode()


@pytest.mark.parametrize("house", ["detection", "gui"])
def test_few_files_lie_beside_the_rooms(house):
    loose = sorted(path.name for path in (PACKAGE / house).glob("*.py"))
    assert len(loose) <= LOOSE, loose


@pytest.mark.parametrize("top", [PACKAGE, ROOT / "tests"], ids=["anomaly_gui", "tests"])
def test_no_room_is_too_full(top):
    folders = Counter(path.parent.relative_to(ROOT) for path in top.rglob("*.py"))
    assert {str(folder): count for folder, count in folders.items() if count > IN_A_ROOM} == {}


def test_every_room_says_what_it_is_for(code):
    silent = [
        str(path.parent.relative_to(ROOT))
        for path, tree in code.trees.items()
        if path.name == "__init__.py" and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_functions_are_short(code):
    lengths = sorted(function.lines for function in code.functions)
    assert statistics.median(lengths) <= MEDIAN
    assert lengths[int(0.9 * len(lengths))] <= NINE_OF_TEN


def test_no_function_is_long(code):
    assert [f"{one} ({one.lines} lines)" for one in code.functions if one.lines > LONGEST] == []


def test_few_files_are_long(code):
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in code.files}
    long = {path: lines for path, lines in lengths.items() if lines > LONG_FILE}
    assert len(long) <= LONG_FILES, long


def test_names_of_functions_say_what_is_done_to_what(code):
    chosen = [one for one in code.functions if not _is_given(one, code)]
    short = [str(one) for one in chosen if one.is_one_word]
    assert len(short) <= ONE_WORD * len(chosen), f"{len(short)} of {len(chosen)}: {short}"


def _is_given(function, code):
    """Tell whether a function's name was not ours to choose here."""
    of_protocol = function.owner is not None and function.name in code.protocol_methods
    return function.is_dunder or of_protocol or code.overrides_a_library(function)


def test_no_modules_import_each_other_not_even_for_types(code):
    assert find_circles({module: code.list_imports(module) for module in code.modules}) == []


@pytest.mark.parametrize("name", ["Session", "MainWindow"])
def test_the_classes_that_know_most_stay_small(code, name):
    _, node = code.classes[name]
    methods = [one.name for one in node.body if isinstance(one, ast.FunctionDef)]
    assert len(methods) <= METHODS, methods


def test_circles_are_found_where_there_are_some():
    graph = {1: {2}, 2: {3}, 3: {1, 4}, 4: set(), 5: {6, 4}, 6: {5}}
    assert sorted(map(sorted, find_circles(graph))) == [[1, 2, 3], [5, 6]]
