"""What changed, in words: for alarms, and for who asks how the station is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from anomaly_gui.language import mark, translate
from anomaly_gui.station.watching.drift import CONTRAST, FIRST_SCORES, LIGHT, SHARPNESS, Drift
from anomaly_gui.station.watching.look_chart import Change
from anomaly_gui.station.watching.reference import FIRST_PARTS
from anomaly_gui.station.watching.score_chart import WINDOW, ScoreChange
from anomaly_gui.station.watching.share_chart import BLOCK, FIRST_BLOCKS
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from anomaly_gui.errors import UserError
    from anomaly_gui.station.watching.look_chart import LookChart
    from anomaly_gui.station.watching.score_chart import ScoreChart
    from anomaly_gui.station.watching.share_chart import ShareChange, ShareChart

_HIGHLIGHTS = "highlights"
_LESS = {
    LIGHT: mark("The light changed: {share} darker since {time}."),
    CONTRAST: mark("The contrast changed: {share} lower since {time}."),
    SHARPNESS: mark("The pictures are {share} less sharp since {time}: look at focus and glass."),
}
_MORE = {
    LIGHT: mark("The light changed: {share} brighter since {time}."),
    CONTRAST: mark("The contrast changed: {share} higher since {time}."),
    SHARPNESS: mark("The pictures are {share} sharper since {time}."),
}
_NOW_LESS = {
    LIGHT: mark("Brightness: {share} below the first {count:,} parts; a warning comes at {limit}."),
    CONTRAST: mark("Contrast: {share} below the first {count:,} parts; a warning comes at {limit}."),
    SHARPNESS: mark("Sharpness: {share} below the first {count:,} parts; a warning comes at {limit}."),
    _HIGHLIGHTS: mark("Highlights: {share} below the first {count:,} parts; a warning comes at {limit}."),
}
_NOW_MORE = {
    LIGHT: mark("Brightness: {share} above the first {count:,} parts; a warning comes at {limit}."),
    CONTRAST: mark("Contrast: {share} above the first {count:,} parts; a warning comes at {limit}."),
    SHARPNESS: mark("Sharpness: {share} above the first {count:,} parts; a warning comes at {limit}."),
    _HIGHLIGHTS: mark("Highlights: {share} above the first {count:,} parts; a warning comes at {limit}."),
}


def word_change(name: str, change: Change | ScoreChange | ShareChange, now: datetime | None = None) -> str:
    """Return the sentence of a warning.

    >>> from anomaly_gui.station.watching.look_chart import Change
    >>> moment = datetime.fromisoformat("2026-11-26T10:42:00+00:00")
    >>> word_change(LIGHT, Change(-0.15, "2026-11-26T10:42:00.000Z"), moment).split("since")[0]
    'The light changed: 15 % darker '
    """
    time = word_moment(change.since, now)
    if isinstance(change, Change):
        words = _LESS if change.share < 0 else _MORE
        return translate(words[name], share=percent(abs(change.share)), time=time)
    if isinstance(change, ScoreChange):
        return _word_scores(change, time)
    if change.share > change.usual:
        said = mark("More parts are rejected since {time}: {share}, against {usual} before.")
    else:
        said = mark("Fewer parts are rejected since {time}: {share}, against {usual} before.")
    return translate(said, time=time, share=percent(change.share, 1), usual=percent(change.usual, 1))


def _word_scores(change: ScoreChange, time: str) -> str:
    return translate(
        "The scores of good parts changed: of {count} since {time}, {below} are below the median of the "
        "first ones.",
        count=WINDOW,
        time=time,
        below=percent(change.below),
    )


def word_moment(at: str, now: datetime | None = None) -> str:
    """Return a moment of the records as a clock here shows it, with the day if it was another one."""
    moment = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone()
    today = (now or datetime.now().astimezone()).astimezone()
    return f"{moment:%H:%M}" if moment.date() == today.date() else f"{moment:%Y-%m-%d %H:%M}"


def word_drift(drift: Drift, active: Mapping[str, str]) -> Iterator[str]:
    """Yield how each chart is, warnings first.

    Parameters
    ----------
    active : texts of alarms that are on, by name: they know since when
    """
    changes = drift.list_changes()
    yield from (active.get(name) or word_change(name, change) for name, change in changes.items())
    if FIRST_SCORES in active:
        yield active[FIRST_SCORES]
    for name, chart in drift.looks.items():
        yield _word_look(name, chart)
    yield _word_look(_HIGHLIGHTS, drift.highlights)
    yield _word_score_chart(drift.scores)
    yield _word_share_chart(drift.share)


def _word_look(name: str, chart: LookChart) -> str:
    if chart.reference is None:
        return translate(
            "{name}: the first parts tell what is usual; {count:,} of {of:,} are known.",
            name=translate(_TITLES[name]),
            count=chart.count_first,
            of=FIRST_PARTS,
        )
    words = _NOW_LESS if chart.share < 0 else _NOW_MORE
    share, limit = percent(abs(chart.share), 1), percent(chart.limit_share)
    return translate(words[name], share=share, count=chart.reference.count, limit=limit)


def _word_score_chart(chart: ScoreChart) -> str:
    if chart.distance is None:
        return translate("Scores of good parts: {count:,} of the first {of:,} to compare are known.",
            count=chart.count if chart.first is None else WINDOW + chart.count, of=2 * WINDOW)  # fmt: skip
    return translate(
        "Scores of good parts: the last {count:,} differ from the first by {distance:.2f} "
        "(Kolmogorov-Smirnov, 0 to 1).",
        count=WINDOW,
        distance=chart.distance,
    )


def _word_share_chart(chart: ShareChart) -> str:
    if chart.limits is None or chart.last is None:
        return translate(
            "Rejected: {count:,} of the first {of:,} parts that tell what is usual are known.",
            count=BLOCK * chart.count_first,
            of=BLOCK * FIRST_BLOCKS,
        )
    return translate(
        "Rejected: {share} of the last {count:,}, usually {usual}; {sigmas:.1f} standard deviations of "
        "Laney's p' chart.",
        share=percent(chart.last, 1),
        count=BLOCK,
        usual=percent(chart.limits.share, 1),
        sigmas=chart.rated,
    )


_TITLES = {
    LIGHT: mark("Brightness"),
    CONTRAST: mark("Contrast"),
    SHARPNESS: mark("Sharpness"),
    _HIGHLIGHTS: mark("Highlights"),
}


def word_held_out(change: ScoreChange) -> str:
    """Return the sentence on first parts that score unlike the good images the model was proven on."""
    return translate(
        "The first {count:,} good parts score unlike the good images that the model was proven on: {below} "
        "are below the median of those. Its promise may not hold here.",
        count=WINDOW,
        below=percent(change.below),
    )


def word_not_compared(error: UserError) -> str:
    """Return the sentence on first parts that cannot be held against those good images."""
    return translate(
        "The first {count:,} good parts cannot be held against the good images that the model was proven "
        "on: {why} It is tried again.",
        count=WINDOW,
        why=error,
    )
