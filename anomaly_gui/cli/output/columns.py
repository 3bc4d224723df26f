"""Columns of text in a terminal, in which Chinese characters take the room of two others."""

from rich.cells import cell_len


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
