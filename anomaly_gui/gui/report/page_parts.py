"""What reports are made of, as HTML for Qt's text documents: headings, tables, a gallery, signatures."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anomaly_gui.gui.report.score_picture import ScorePicture

translate = QCoreApplication.translate

_LINED = '<table class="lines" border="1" cellspacing="0" cellpadding="3" width="100%">'
_PLAIN = '<table class="gallery" cellspacing="0" cellpadding="4" width="100%">'
_ACROSS = 4  # pictures of a gallery beside each other
PICTURE_WIDTH = 148  # of a gallery's picture, in units of 1/96 inch
PLOT_WIDTH, PLOT_HEIGHT = 640, 250
DIGEST = "%DIGEST%"
"""Stands for the SHA-256 of the model's file, which is read when the report is written."""


@dataclass(frozen=True)
class Shown:
    """A picture of a gallery: its file, and the lines below it."""

    path: Path
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A report before it is written.

    Parameters
    ----------
    title : also the name of the document
    sections : HTML, each from a new page on; pictures are named picture-0, picture-1 ... and plot
    footer : one line at the foot of every page
    pictures : files, in order
    plot : what is drawn as the plot; None for none
    model : the file whose digest takes the place of `DIGEST`; None for one that is not saved
    """

    title: str
    sections: tuple[str, ...]
    footer: str
    pictures: tuple[Path, ...] = ()
    plot: ScorePicture | None = None
    model: Path | None = None


def make_heading(text: str, level: int = 2) -> str:
    """Return a heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def make_paragraph(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{escape(text)}</p>" if text else ""


def make_facts(facts: Iterable[tuple[str, str]]) -> str:
    """Return names and what they have beside them, without lines; what is empty is left out."""
    rows = "".join(
        f'<tr><td class="name" width="145">{escape(name)}</td><td>{_write_value(value)}</td></tr>'
        for name, value in facts
        if value
    )
    return f'<table cellspacing="0" cellpadding="2" width="100%">{rows}</table>'


def _write_value(value: str) -> str:
    """Return a value; a digest is one word that has to fit into its line, whichever letters it has."""
    return f'<span class="digest">{DIGEST}</span>' if value == DIGEST else escape(value)


def make_table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers_from: int = 99) -> str:
    """Return a table with lines; cells from a column on are aligned as numbers are."""

    def cell(kind: str, column: int, text: str) -> str:
        side = "right" if column >= numbers_from else "left"
        return f'<{kind} align="{side}">{escape(text)}</{kind}>'

    lines = [
        "<tr>" + "".join(cell(kind, column, text) for column, text in enumerate(line)) + "</tr>"
        for kind, line in (("th", header), *(("td", row) for row in rows))
    ]
    head = f"<thead>{lines[0]}</thead>"  # repeated on every page
    return _LINED + head + "".join(lines[1:]) + "</table>"


def make_gallery(shown: Sequence[Shown], first: int = 0) -> str:
    """Return pictures with their lines, a table a row: rows stay whole. The first is named picture-FIRST."""
    rows = []
    for start in range(0, len(shown), _ACROSS):
        cells = [
            f'<td width="25%" valign="top"><img src="picture-{first + index}" width="{PICTURE_WIDTH}"><br>'
            + "<br>".join(map(escape, shown[index].lines))
            + "</td>"
            for index in range(start, min(start + _ACROSS, len(shown)))
        ]
        filler = '<td width="25%"></td>' * (_ACROSS - len(cells))
        rows.append(f"{_PLAIN}<tr>{''.join(cells)}{filler}</tr></table>")
    return "".join(rows)


def make_plot(caption: str) -> str:
    """Return the plot with a sentence below it, which stay together."""
    image = f'<img src="plot" width="{PLOT_WIDTH}" height="{PLOT_HEIGHT}">'
    return f"{_PLAIN}<tr><td>{image}<br>{escape(caption)}</td></tr></table>"


def make_signatures() -> str:
    """Return room for those who sign."""
    header = (
        "",
        translate("Report", "Name"),
        translate("Report", "Date"),
        translate("Report", "Signature"),
    )
    names = (
        translate("Report", "Made by"),
        translate("Report", "Checked by"),
        translate("Report", "Released by"),
    )
    head = "".join(f'<th align="left">{escape(text)}</th>' for text in header)
    rows = "".join(
        f'<tr><td width="16%">{escape(name)}<br>&nbsp;<br>&nbsp;</td><td width="28%"></td>'
        f'<td width="18%"></td><td></td></tr>'
        for name in names
    )
    return make_heading(translate("Report", "Signatures")) + f"{_LINED}<tr>{head}</tr>{rows}</table>"
