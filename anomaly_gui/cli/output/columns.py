"""Columns of text in a terminal, in which Chinese characters take the room of two others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def pad_right(text: str, width: int) -> str:
    """Return a text with spaces behind it up to a width in cells.

    >>> pad_right("检测器", 8) + "|", pad_right("size", 8) + "|"
    ('检测器  |', 'size    |')
    """
    return text + " " * (width - cell_len(text))


def pad_left(text: str, width: int) -> str:
    """Return a text with spaces before it up to a width in cells.

    >>> pad_left("尺寸", 6)
    '  尺寸'
    """
    return " " * (width - cell_len(text)) + text


def align_columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows of one length as lines, each column as wide as its widest cell.

    >>> list(align_columns([("part", "yield"), ("a", "98 %")]))
    ['part  yield', 'a     98 %']
    """
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(pad_right(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
