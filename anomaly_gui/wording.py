"""How numbers, counts, durations, lists and settings are put into words."""

from collections.abc import Iterable

from anomaly_gui.language import mark, translate, translate_count


def percent(share: float, decimals: int = 0) -> str:
    """Write a share as a percentage.

    >>> percent(0.0125, decimals=1)
    '1.2 %'
    """
    return per_cent(f"{100 * share:.{decimals}f}")


def per_cent(number: str) -> str:
    """Write a number of hundredths, already in digits, as a percentage.

    >>> per_cent("0.01")
    '0.01 %'
    """
    return translate("{number} %", number=number)


def in_counts(rate: float) -> str:
    """Write a rate, 0 to 1, as people count: of a thousand only what is rarer than one of a hundred.

    >>> in_counts(0.01), in_counts(0.0244), in_counts(0.103), in_counts(0.002), in_counts(1.0)
    ('1 of 100', '2.4 of 100', '10 of 100', '2 of 1,000', '100 of 100')
    """
    of = 100 if rate == 0 or rate > 0.01 - 1e-9 else 1000
    count = round(rate * of, 1) if rate * of < 10 else round(rate * of)
    return translate("{count:g} of {of:,}", count=count, of=of)


def count_images(count: int) -> str:
    """Write a number of images.

    >>> count_images(1), count_images(1200)
    ('1 image', '1,200 images')
    """
    return translate_count("{count:,} image", "{count:,} images", count)


def count_good_images(count: int) -> str:
    """Write a number of good images."""
    return translate_count("{count:,} good image", "{count:,} good images", count)


def count_parts(count: int) -> str:
    """Write a number of parts."""
    return translate_count("{count:,} part", "{count:,} parts", count)


def duration(seconds: float) -> str:
    """Say how long something takes.

    >>> duration(7.4), duration(75), duration(4000)
    ('7 s', '1 min 15 s', '1 h 6 min')
    """
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return translate("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return translate("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return translate("{seconds} s", seconds=rest)


def join_list(items: Iterable[object]) -> str:
    """Write a list.

    >>> join_list(["vgg16", "auto"])
    'vgg16, auto'
    """
    return _join(mark("{first}, {second}"), map(str, items))


def join_clauses(items: Iterable[str]) -> str:
    """Write a list of parts of a sentence, which may be lists themselves.

    >>> join_clauses(["2 like a, b", "3 like c"])
    '2 like a, b; 3 like c'
    """
    return _join(mark("{first}; {second}"), items)


def join_sentences(*sentences: str | None) -> str:
    """Write sentences one after the other, without those that are empty.

    >>> join_sentences("It is so.", None, "It is not.")
    'It is so. It is not.'
    """
    return _join(mark("{first} {second}"), filter(None, sentences))


def _join(template: str, items: Iterable[str]) -> str:
    whole = ""
    for item in items:
        whole = translate(template, first=whole, second=item) if whole else item
    return whole


def explain_os_error(error: OSError) -> str:
    """Return the system's words on an error.

    >>> explain_os_error(FileNotFoundError(2, "No such file or directory"))
    'No such file or directory'
    """
    return translate(error.strerror) if error.strerror else str(error)


def title_of(name: str) -> str:
    """Return what a setting is called where people see it.

    >>> title_of("pixel_limit")
    'Pixel limit'
    """
    return translate(make_title(name))


def make_title(name: str) -> str:
    """Return the English title of a setting."""
    return name.replace("_", " ").capitalize()


def name_setting(name: str, *, starts: bool = False) -> str:
    """Name a setting in a sentence, or where it starts one; each face finds its own words for it.

    >>> name_setting("pixel_limit"), name_setting("size", starts=True)
    ('the setting “Pixel limit”', 'The setting “Size”')
    """
    if starts:
        return translate("The setting “{title}”", title=title_of(name))
    return translate("the setting “{title}”", title=title_of(name))
