"""Which part of an image's way the time goes into, in words for who uses the machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from anomaly_gui.language import mark, translate
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

READ, DECODE = mark("read and hash"), mark("decode")
RESIZE, LOOK = mark("resize"), mark("brightness and sharpness")
NETWORK, FEATURES = mark("network"), mark("features")
DENSITY, DISTANCES, MAPS = mark("density"), mark("distances"), mark("score and map")
RESULTS, MAP_FILES = mark("results"), mark("map files")
WAITING = mark("waiting")
"""The parts of an image's way, and what is left of the cores."""

IN_THREADS = (READ, DECODE, RESIZE, LOOK, MAP_FILES)
"""What is done in threads, for several images at once; the other parts come one after the other."""

_MUCH_WAITING = 0.25  # of the cores
_SMALLER = mark("a smaller size would be faster")

_SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        READ: mark("Reading the files"),
        DECODE: mark("Decoding"),
        RESIZE: mark("Making the images smaller"),
        LOOK: mark("Measuring brightness and sharpness"),
        NETWORK: mark("The network"),
        FEATURES: mark("Making features of what the network yields"),
        DENSITY: mark("Comparing with good parts"),
        DISTANCES: mark("Comparing each place with good parts"),
        MAPS: mark("Drawing up the maps"),
        RESULTS: mark("Writing the results"),
        MAP_FILES: mark("Writing the pictures of the maps"),
    }
)
_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        READ: mark("smaller files or a faster drive would be faster"),
        DECODE: mark("smaller or less compressed files would be judged faster"),
        RESIZE: mark("smaller images would be judged faster"),
        LOOK: _SMALLER,
        NETWORK: mark("a light backbone or a smaller size would be faster"),
        FEATURES: _SMALLER,
        DENSITY: mark("fewer layers would be faster"),
        DISTANCES: _SMALLER,
        MAPS: mark("the detector pooled, which has no maps, would be faster"),
        RESULTS: mark("a faster drive for the results would be faster"),
        MAP_FILES: mark("judging without them would be faster"),
    }
)


@dataclass(frozen=True)
class PartSpeed:
    """What a part of an image's way takes.

    Parameters
    ----------
    part : one of the names above
    milliseconds : an image, on the wall's clock, alone; of what is done in threads, in one of them
    core_milliseconds : of the cores, an image
    share : of the time of all cores, other programs' aside, while images go the whole way
    """

    part: str
    milliseconds: float
    core_milliseconds: float
    share: float = 0.0


@dataclass(frozen=True)
class Bottleneck:
    """The part that most of the time goes into.

    Parameters
    ----------
    part : its name, or `WAITING`
    share : of the time
    sentence : in words
    """

    part: str
    share: float
    sentence: str


def share_out(
    parts: Sequence[PartSpeed], milliseconds: float, cores: int, others: float = 0.0
) -> tuple[PartSpeed, ...]:
    """Return the parts with their shares of the cores' time, and `WAITING` with what is left of it.

    Parameters
    ----------
    milliseconds : that an image takes the whole way, on the wall's clock
    others : milliseconds of cores that other programs took meanwhile: they were not to be had
    """
    used = sum(part.core_milliseconds for part in parts)
    there = max(used, cores * milliseconds - others)
    shared = [replace(part, share=part.core_milliseconds / there) for part in parts]
    idle = there - used
    return (*shared, PartSpeed(WAITING, idle / cores, idle, idle / there))


def find_bottleneck(parts: Sequence[PartSpeed], milliseconds: float, *, is_light: bool) -> Bottleneck:
    """Return where the time goes.

    While the cores are busy, that is the part that takes most of them. Where they wait, the parts that come
    one after the other are what they wait for, and the longest of these counts. Where neither explains the
    time, something outside the program does.

    Parameters
    ----------
    parts : of `share_out`
    milliseconds : that an image takes the whole way
    is_light : whether the backbone is a light one
    """
    work = [part for part in parts if part.part != WAITING]
    waiting = sum(part.share for part in parts if part.part == WAITING)
    if waiting <= _MUCH_WAITING:
        largest = max(work, key=lambda part: part.share)
        return _describe(largest.part, largest.share, is_light=is_light)
    in_turn = [part for part in work if part.part not in IN_THREADS]
    if sum(part.milliseconds for part in in_turn) < milliseconds / 2:
        return _describe(WAITING, waiting, is_light=is_light)
    longest = max(in_turn, key=lambda part: part.milliseconds)
    return _describe(longest.part, min(1.0, longest.milliseconds / milliseconds), is_light=is_light)


def _describe(part: str, share: float, *, is_light: bool) -> Bottleneck:
    if part == WAITING:
        sentence = translate(
            "The processor waits for {share} of the time: look whether the drive is slow.",
            share=percent(share),
        )
        return Bottleneck(part, share, sentence)
    advice = _SMALLER if is_light and part == NETWORK else _ADVICE[part]
    values = {"what": translate(_SUBJECTS[part]), "share": percent(share), "advice": translate(advice)}
    if share >= 0.5:
        return Bottleneck(
            part, share, translate("{what} takes most of the time ({share}): {advice}.", **values)
        )
    sentence = translate("{what} takes the largest part of the time ({share}): {advice}.", **values)
    return Bottleneck(part, share, sentence)
