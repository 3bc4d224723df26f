"""The README and the help pages: links, anchors, pictures, options and words lead somewhere and are true."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from anomaly_gui.cli.app import app
from anomaly_gui.gui.help.help_pages import find_pages, make_anchor, render_page
from anomaly_gui.paths import resource

ROOT = Path(__file__).parents[2]
HELP = resource("help")
README = ROOT / "README.md"
PAGES = sorted(HELP.glob("*.md"))
DOCUMENTS = [README, *PAGES]
CODE = re.compile(r"^ {4,}.*$|`[^`]*`", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)]+)\)")
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
OF_EVERY_COMMAND = {"--help"}
REPLACED = (
    r"near-cop(y|ies)|fine grain|one pose|\blying\b|\blies\b|shaken?|\bclassroom\b|\breckon\w*|\btold\b"
    r"|other day's|odd images?"
)


def name(path):
    return path.name


def _read(path):
    return path.read_text("utf-8")


def _anchors(path):
    counts, found = Counter(), set()
    for _, heading in HEADING.findall(_read(path)):
        anchor = make_anchor(heading)
        found.add(f"{anchor}-{counts[anchor]}" if counts[anchor] else anchor)
        counts[anchor] += 1
    return found


def _links(path):
    """Return the relative links of a page: target and anchor."""
    targets = LINK.findall(CODE.sub("", _read(path)))
    for target in targets:
        if not re.match(r"https?:|mailto:", target):
            file, _, anchor = target.partition("#")
            yield (path.parent / file).resolve() if file else path.resolve(), anchor


def _options(command):
    yield from (text for parameter in command.params for text in (*parameter.opts, *parameter.secondary_opts))
    for part in getattr(command, "commands", {}).values():
        yield from _options(part)


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_every_link_and_picture_leads_to_a_file_and_its_anchor(page):
    links = list(_links(page))
    assert links, "a page without a link is a dead end"
    assert [str(target) for target, _ in links if not target.is_file()] == []
    assert [
        (target.name, anchor) for target, anchor in links if anchor and anchor not in _anchors(target)
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_pages_link_only_to_what_an_installation_has(page):
    assert [str(target) for target, _ in _links(page) if not target.is_relative_to(HELP.resolve())] == []


def test_every_page_can_be_reached_from_the_index():
    reached, waiting = set(), [(HELP / "index.md").resolve()]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [target for target, _ in _links(page) if target.suffix == ".md"]
    assert {page.resolve() for page in PAGES} - reached == set()
    assert {page.file.resolve() for page in find_pages()} == {page.resolve() for page in PAGES}


def test_every_picture_of_the_pages_is_shown():
    shown = {target for page in DOCUMENTS for target, _ in _links(page)}
    assert {path.name for path in (HELP / "pictures").iterdir() if path.resolve() not in shown} == set()


def test_the_readme_is_short():
    assert 6_000 <= README.stat().st_size <= 8_000


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_has_one_title_and_an_anchor_at_every_heading(page):
    levels = [len(marks) for marks, _ in HEADING.findall(CODE.sub("", _read(page)))]
    assert levels.count(1) == 1
    html = render_page(_read(page))
    assert {anchor for anchor in _anchors(page) if f'<a name="{anchor}">' not in html} == set()


def test_the_glossary_has_each_term_once():
    terms = [text for marks, text in HEADING.findall(_read(HELP / "glossary.md")) if marks == "###"]
    assert len(terms) >= 30
    assert [term for term, times in Counter(map(str.lower, terms)).items() if times > 1] == []


def test_every_term_is_explained():
    sections = re.split(r"^### .+$", _read(HELP / "glossary.md"), flags=re.MULTILINE)[1:]
    assert [text for text in sections if len(text.split("\n## ")[0].split()) < 4] == []


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_every_option_named_is_one_of_the_command_line(page):
    there = set(_options(get_command(app))) | OF_EVERY_COMMAND
    assert set(OPTION.findall(_read(page))) - there == set()


def _list_commands(command, path=()):
    """Return the words of every command that does something."""
    parts = getattr(command, "commands", {})
    found = (_list_commands(part, (*path, word)) for word, part in parts.items())
    return [words for some in found for words in some] if parts else [" ".join(path)]


def test_every_command_and_option_is_on_some_page():
    pages = "".join(map(_read, PAGES))
    commands = _list_commands(get_command(app))
    assert len(commands) > 30
    assert [words for words in commands if f"{words} " not in pages and f"{words}`" not in pages] == []
    assert {option for option in _options(get_command(app)) if option[:2] == "--"} - set(
        OPTION.findall(pages)
    ) == set()


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_every_file_named_is_there(page):
    named = re.findall(r"`((?:resources|packaging|tests)/[\w./-]+)`", _read(page))
    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_replaced_words_are_gone(page):
    assert [found[0] for found in re.finditer(REPLACED, _read(page), re.IGNORECASE)] == []


def test_thresholds_are_called_honest_once():
    assert sum(len(re.findall("honest", _read(page), re.IGNORECASE)) for page in DOCUMENTS) == 1


def test_what_is_made_in_the_pages_is_up_to_date():
    """Run `packaging/help_pages.py` where this fails: a setting or a room changed."""
    run = subprocess.run(
        [sys.executable, ROOT / "packaging" / "help_pages.py", "--check"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (run.returncode, run.stdout) == (0, ""), run.stderr


def test_every_setting_stands_in_the_table():
    command = get_command(app)
    assert isinstance(command, typer.core.TyperGroup)
    settings = {
        option.opts[0]
        for option in command.commands["train"].params
        if getattr(option, "rich_help_panel", None) == "Settings"
    }
    rows = set(re.findall(r"^\| `(--[\w-]+)` \|", _read(HELP / "command_line.md"), re.MULTILINE))
    assert len(settings) > 20
    assert settings == rows
