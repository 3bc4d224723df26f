"""Help pages in other languages say what the page in English says: headings, links, commands, numbers."""

import re

import pytest
from test_help_pages import CODE, HEADING, HELP, LINK, OPTION, _anchors, _links, _options, _read
from typer.main import get_command

from anomaly_gui.cli.app import app
from anomaly_gui.gui.help.help_pages import find_file, find_original, find_pages, render_page
from anomaly_gui.language import list_languages, speak

TRANSLATED = sorted(path for path in HELP.glob("*/*.md"))
PAGES = pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: f"{page.parent.name}-{page.stem}")
FIGURE = re.compile(r"\d[\d,.]*\d|\d")


def _headings(page):
    return [len(marks) for marks, _ in HEADING.findall(CODE.sub("", _read(page)))]


def _commands(page):
    lines = re.findall(r"^ {4}(.+)$", _read(page), re.MULTILINE)
    return [line.split("  #")[0].rstrip() for line in lines]


def _rows(page):
    return [FIGURE.findall(line) for line in _read(page).splitlines() if line.startswith("| ")]


def test_the_first_steps_are_there_in_every_language():
    assert [path.parent.name for path in TRANSLATED if path.name == "first_steps.md"] == [
        language for language in list_languages() if language != "en"
    ]


@PAGES
def test_its_original_is_there_and_has_the_same_headings(page):
    original = find_original(page)
    assert original == HELP / page.name
    assert _headings(page) == _headings(original)


@PAGES
def test_every_link_leads_to_a_page_and_its_anchor(page):
    links = list(_links(page))
    assert [str(target) for target, _ in links if not target.is_file()] == []
    assert [(target, anchor) for target, anchor in links if anchor and anchor not in _anchors(target)] == []
    assert all(target.is_relative_to(HELP.resolve()) for target, _ in links)


@PAGES
def test_it_leads_where_its_original_leads(page):
    original = [link.removeprefix("../") for link in LINK.findall(CODE.sub("", _read(find_original(page))))]
    assert {link.removeprefix("../") for link in LINK.findall(CODE.sub("", _read(page)))} == set(original)


@PAGES
def test_it_has_the_anchors_of_its_original(page):
    original = find_original(page)
    html = render_page(_read(page), _read(original))
    assert {anchor for anchor in _anchors(original) if f'<a name="{anchor}">' not in html} == set()


@PAGES
def test_commands_options_and_figures_are_the_same(page):
    original = find_original(page)
    assert _commands(page) == _commands(original)
    assert set(OPTION.findall(_read(page))) == set(OPTION.findall(_read(original)))
    assert set(OPTION.findall(_read(page))) <= set(_options(get_command(app)))
    assert list(map(sorted, _rows(page))) == list(map(sorted, _rows(original)))


def test_pages_are_found_in_the_language_in_use():
    with speak("zh_CN"):
        pages = find_pages()
        assert find_file("first_steps.md") == HELP / "zh_CN" / "first_steps.md"
        assert find_file("window.md") == HELP / "window.md"
    assert [page.title for page in pages if page.file.parent != HELP] == ["第一步", "工位窗口"]
    assert [page.file.name for page in pages] == [page.file.name for page in find_pages()]
    assert find_file("first_steps.md") == HELP / "first_steps.md"
