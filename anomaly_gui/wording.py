"""How numbers are put into words, the same everywhere."""


def percent(share: float, decimals: int = 0) -> str:
    """Write a share as a percentage.

    >>> percent(0.0125, decimals=1)
    '1.2 %'
    """
    return f"{100 * share:.{decimals}f} %"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    >>> counted(1, "file"), counted(1200, "file"), counted(2, "copy", "copies")
    ('1 file', '1,200 files', '2 copies')
    """
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"
