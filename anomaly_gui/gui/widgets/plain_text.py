"""Names of files and people's words, shown as they are: Qt takes & and < in them for its own signs."""

from __future__ import annotations

import html


def escape_tooltip(text: str) -> str:
    """Return a tooltip that shows a text as it is: a name with tags in it would be drawn as rich text.

    >>> escape_tooltip("<b>.png"), escape_tooltip("a.png")
    ('<qt>&lt;b&gt;.png</qt>', 'a.png')
    """
    if "<" not in text and "&" not in text:
        return text
    lines = html.escape(text).replace("\n", "<br>")
    return f"<qt>{lines}</qt>"


def escape_title(text: str) -> str:
    """Return the title of a menu's entry, a button or a tab that shows a text as it is.

    >>> escape_title("nuts & bolts")
    'nuts && bolts'
    """
    return text.replace("&", "&&")
