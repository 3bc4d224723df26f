"""The help pages, from the Markdown files that are shipped to HTML as Qt's text browser shows it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from anomaly_gui.language import find_language
from anomaly_gui.paths import resource

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

INDEX = "index.md"

_LINK = re.compile(r"\]\((?P<page>\w+\.md)\)")
_TITLE = re.compile(r"^# (?P<title>.+)$", re.MULTILINE)
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|px|[KMG]B|m?s|pixels|megapixels|bits)(?!\w))")
_OPTION = re.compile(r"(?<![\w-])--[\w-]+")
_NO_BREAK, _FIRM_HYPHEN = "\N{NO-BREAK SPACE}", "\N{NON-BREAKING HYPHEN}"
_TABLE = '<table border="1" cellspacing="0" cellpadding="5">'
_CODE = '<table cellspacing="0" cellpadding="8"><tr><td class="code">'


@dataclass(frozen=True)
class HelpPage:
    """A page: its file, and its title."""

    file: Path
    title: str


def find_pages() -> tuple[HelpPage, ...]:
    """Return all pages: the index, then those it links to in their order."""
    index = resource("help", INDEX)
    names = _LINK.findall(index.read_text("utf-8"))
    return tuple(_read_page(find_file(name)) for name in dict.fromkeys((INDEX, *names)))


def find_file(name: str) -> Path:
    """Return the file of a page: a translation into the language in use, or else the page in English."""
    translated = resource("help").joinpath(find_language(), name)
    return translated if translated.is_file() else resource("help", name)


def find_original(file: Path) -> Path:
    """Return the page in English that a page is a translation of; itself where it is none."""
    original = file.parent.with_name(file.name)
    return original if original.is_file() else file


def render_page(text: str, original: str = "") -> str:
    """Return a page's Markdown as HTML, with an anchor at every heading.

    Qt's own reader of Markdown makes no anchors, and tables without lines. Numbers and their units stay on
    one line, and so do options. A translation has the anchors of its original: links lead to either.

    >>> render_page("## Not sure")
    '<h2><a name="not-sure"></a>Not sure</h2>\\n'
    >>> render_page("## 待定", original="## Not sure")
    '<h2><a name="not-sure"></a>待定</h2>\\n'
    """
    reader = _make_reader()
    tokens = reader.parse(text)
    _add_anchors(tokens, _list_anchors(reader.parse(original or text)))
    for token in tokens:
        for child in token.children or ():
            _hold_together(child)
    return str(reader.renderer.render(tokens, reader.options, {}))


def restore_hyphens(text: str) -> str:
    """Return text that was copied from a page as it stands in the Markdown.

    >>> restore_hyphens("\\u2011\\u2011unsure")
    '--unsure'
    """
    return text.replace(_FIRM_HYPHEN, "-")


def make_anchor(heading: str) -> str:
    """Return the anchor of a heading, as GitHub names it.

    >>> make_anchor("`nu`: How far, and why?")
    'nu-how-far-and-why'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _read_page(file: Path) -> HelpPage:
    found = _TITLE.search(file.read_text("utf-8"))
    return HelpPage(file, found["title"] if found else file.stem)


def _make_reader() -> MarkdownIt:
    from markdown_it import MarkdownIt  # late: only who asks for help needs it

    reader = MarkdownIt("commonmark").enable("table")
    reader.add_render_rule("table_open", lambda *_: _TABLE)
    reader.add_render_rule("code_block", _render_code)
    reader.add_render_rule("fence", _render_code)
    return reader


def _render_code(_: object, tokens: list[Token], index: int, *__: object) -> str:
    from markdown_it.common.utils import escapeHtml

    return f"{_CODE}<pre>{escapeHtml(tokens[index].content.rstrip())}</pre></td></tr></table>\n"


def _hold_together(token: Token) -> None:
    """Keep numbers with their units, and options in one piece: Qt breaks lines behind hyphens."""
    if token.type == "text":
        token.content = _BEFORE_UNIT.sub(_NO_BREAK, token.content)
    elif token.type == "code_inline":
        token.content = _OPTION.sub(lambda option: option[0].replace("-", _FIRM_HYPHEN), token.content)


def _list_anchors(tokens: list[Token]) -> list[str]:
    """Return the anchor of every heading; the second of one name gets a number, as on GitHub."""
    seen: Counter[str] = Counter()
    anchors = []
    for inline in _find_headings(tokens):
        anchor = make_anchor("".join(child.content for child in inline.children or ()))
        anchors.append(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return anchors


def _add_anchors(tokens: list[Token], anchors: list[str]) -> None:
    """Put an anchor into every heading."""
    from markdown_it.token import Token

    for inline, anchor in zip(_find_headings(tokens), anchors, strict=True):
        assert inline.children is not None
        inline.children.insert(0, Token("html_inline", "", 0, content=f'<a name="{anchor}"></a>'))


def _find_headings(tokens: list[Token]) -> list[Token]:
    return [inline for opening, inline in pairwise(tokens) if opening.type == "heading_open"]
