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


def in_counts(rate: float) -> str:
    """Write a rate, 0 to 1, as people count.

    >>> in_counts(0.01), in_counts(0.0244), in_counts(1.0)
    ('1 of 100', '24 of 1,000', '100 of 100')
    """
    of = 100 if abs(100 * rate - round(100 * rate)) < 1e-9 else 1000
    return f"{round(rate * of):,} of {of:,}"
