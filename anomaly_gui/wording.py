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
    """Write a rate, 0 to 1, as people count: of a thousand only what is rarer than one of a hundred.

    >>> in_counts(0.01), in_counts(0.0244), in_counts(0.103), in_counts(0.002), in_counts(1.0)
    ('1 of 100', '2.4 of 100', '10 of 100', '2 of 1,000', '100 of 100')
    """
    of = 100 if rate == 0 or rate > 0.01 - 1e-9 else 1000
    count = round(rate * of, 1) if rate * of < 10 else round(rate * of)
    return f"{count:g} of {of:,}"


def duration(seconds: float) -> str:
    """Say how long something takes.

    >>> duration(7.4), duration(75), duration(4000)
    ('7 s', '1 min 15 s', '1 h 6 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    return f"{minutes} min {whole % 60} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def title_of(name: str) -> str:
    """Return what a setting is called where people see it.

    >>> title_of("pixel_limit")
    'Pixel limit'
    """
    return name.replace("_", " ").capitalize()


def name_setting(name: str, *, starts: bool = False) -> str:
    """Name a setting in a sentence, or where it starts one; each face finds its own words for it.

    >>> name_setting("pixel_limit"), name_setting("size", starts=True)
    ('the setting “Pixel limit”', 'The setting “Size”')
    """
    return f"{'The' if starts else 'the'} setting “{title_of(name)}”"
