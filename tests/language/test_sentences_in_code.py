"""Every sentence a user may read is looked up in a catalogue; what is said to programmers is not."""

import ast
import re
from pathlib import Path

import pytest

import anomaly_gui

PACKAGE = Path(anomaly_gui.__file__).parent
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if (PACKAGE / "gui") not in path.parents)
LOOKED_UP = {"translate", "translate_count", "keep", "mark", "mark_count"}
DECLARED = {"declare_setting", "DetectorKind", "Option", "Argument", "Typer"}  # found by what they declare
OF_BUGS = {"ValueError", "TypeError", "RuntimeError", "NotImplementedError"}
NO_SENTENCES = {"_words_in", "compile", "findall", "execute"}
OF_FEW_WORDS = {  # what these are given is a sentence even if it has two words
    *("UserError", "ImageRefusedError", "ParameterError", "TrainingError", "ModelFileError"),
    *("stage", "warn", "print_line", "list_files", "echo"),
}
THREE_WORDS = re.compile(r"(\0|[A-Za-z]+)[,;:]? [a-z]+[,;:]? ([a-z]+|\0)")
SQL = re.compile(r"\s*(CREATE|SELECT|\0 WHERE|score)")
TWO_WORDS = re.compile(r"[A-Za-z]{2,}\S* \S")
NOT_SAID = {  # beside CREATE TABLE and SELECT
    "anomaly-gui \0": "the version",
    "\0 of \0": "names of columns",
    "images to be tested": "kinds of folders in JSON",
    "what was thrown away, or thumbnails": "kinds of folders in JSON",
    "premature end of jpeg": "a decoder's words",
    "input stream too small": "a decoder's words",
    "it has no directory that can be read": "said in parentheses of a damaged file",
    "its directories cannot be told apart": "said in parentheses of a damaged file",
    "good of another day": "the name of a folder",
    "outside lower center": "a place in matplotlib's words",
    "\0 in light \0.\0": "a key of the cache",
    "\0 x \0": "a size",
    "keras \0, tensorflow \0": "a runtime and its version",
    "sudo \0 install \0": "a command",
}


def name_called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def text_of(literal):
    """Return what a literal says, with nothing in its placeholders."""
    if isinstance(literal, ast.Constant):
        return literal.value if isinstance(literal.value, str) else ""
    return "".join(each.value if isinstance(each, ast.Constant) else "\0" for each in literal.values)


def find_sentences(node, pattern=THREE_WORDS, known=frozenset()):
    """Yield line and text of sentences that no catalogue knows."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue  # says what stands before it
        if isinstance(child, ast.Call):
            name = name_called(child)
            if name not in LOOKED_UP | DECLARED | OF_BUGS | NO_SENTENCES:
                yield from find_sentences(child, TWO_WORDS if name in OF_FEW_WORDS else pattern, known)
        elif isinstance(child, (ast.JoinedStr, ast.Constant)) and pattern.search(text_of(child)):
            text = text_of(child)
            if (
                text not in known
                and text not in NOT_SAID
                and not re.match(r"\s*(CREATE|SELECT|\0 WHERE|score)", text)
            ):
                yield child.lineno, text
        else:
            yield from find_sentences(child, pattern, known)


def list_marked(tree):
    """Return texts that are marked elsewhere in a file, and told again as keys."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_called(node) == "mark")
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_sentences_are_looked_up(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert list(find_sentences(tree, known=list_marked(tree))) == []


@pytest.mark.parametrize(
    "code",
    [
        'raise UserError("no such")',
        'raise UserError(f"{path} is a folder: choose another.")',
        'raise ImageRefusedError(path, f"is {kind}")',
        'progress.stage("Fitting it")',
        'return f"{count:,} images of {parts}"',
        'print_line(f"{translate(name)} is too large")',
    ],
)
def test_a_sentence_that_is_not_is_found(code):
    assert list(find_sentences(ast.parse(f"def some(): {code}")))


def test_placeholders_are_filled_in_after_the_sentence_was_looked_up():
    """An f-string would be put together before, and no catalogue could know it."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name_called(node) in LOOKED_UP and node.args:
                assert not isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)), f"{path}:{node.lineno}"


def test_nothing_is_looked_up_before_the_language_is_known():
    """At import the language may be another one; `mark` or `keep` it there, and look it up when it is "
    "said."""
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        inside = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            for node in ast.walk(function)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_called(node) in ("translate", "translate_count"):
                assert id(node) in inside, f"{path}:{node.lineno}"
