"""Scoring: what a model says of new images.

One generator lists, judges and refuses (`start_scoring`); who asks puts its results into a list (`score`), a
file (`scoring_run`), or a pipe (the window's worker).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anomaly_gui.detection.datasets.left_out_folders import not_counted
from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
from anomaly_gui.detection.images.folders import LeftOut, Purpose, list_images
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_judging import judge_images
from anomaly_gui.detection.model.image_result import ImageResult, refuse_image
from anomaly_gui.detection.model.promise_check import NumberParts, number_parts
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_clauses, join_list, join_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.images.folders import ImageListing
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_AT_ONCE = 2000  # files of which it is asked together whether they were judged before


@dataclass(frozen=True)
class ScoreRequest:
    """What to score.

    Parameters
    ----------
    model : what judges
    paths : folders and files
    threshold : in place of the model's own, or None
    stage : what the job is called while it goes on; "" for its usual name
    purpose : what the images are to be; it decides which folders are looked into
    with_fingerprint : whether it will be asked which images show one part
    with_nearest : whether the training images most like each one are looked for
    """

    model: Model
    paths: tuple[Path, ...]
    threshold: float | None = None
    stage: str = ""
    purpose: Purpose = Purpose.ANY
    with_fingerprint: bool = False
    with_nearest: bool = False

    @property
    def used_threshold(self) -> Threshold:
        """What the verdicts rest on."""
        own = self.model.threshold
        return own if self.threshold is None else own.moved_to(self.threshold)


@dataclass(frozen=True)
class Scoring:
    """A scoring that has begun.

    Parameters
    ----------
    listing : what was found in the folders
    threshold : what the verdicts rest on
    results : each file's place in the order of the files and its result, as soon as it is known; those of
        paths that could not even be listed come first, with the last places
    """

    listing: ImageListing
    threshold: Threshold
    results: Iterator[tuple[int, ImageResult]]


@dataclass(frozen=True)
class ScoreResult:
    """One result for every file, in the order of the files.

    Parameters
    ----------
    threshold : what the verdicts rest on
    images : what the model says of each
    passed_over, hidden : how many files of other kinds, and hidden ones, were not looked at
    left_out : folders that were not looked into
    number_parts : what tells which of the images show one part; see `promise_check.number_parts`
    """

    threshold: Threshold
    images: Sequence[ImageResult]
    passed_over: int
    hidden: int
    left_out: tuple[LeftOut, ...] = ()
    number_parts: NumberParts = number_parts

    @property
    def unreadable(self) -> tuple[ImageResult, ...]:
        """The files that could not be decoded."""
        return tuple(image for image in self.images if not image.readable)

    @property
    def not_judged(self) -> tuple[ImageResult, ...]:
        """The images without a verdict: unreadable, or unlike anything the model may judge."""
        return tuple(image for image in self.images if image.verdict == Verdict.CANNOT_JUDGE)


def score(
    request: ScoreRequest,
    progress: Progress,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
) -> ScoreResult:
    """Judge every image in the request's folders and files.

    Raises
    ------
    UserError : there is no image at all
    CancelledError : from `progress`
    """
    scoring = start_scoring(request, progress, runtime, cache)
    same, listing = SameFiles(), scoring.listing
    results = dict(scoring.results)
    images = tuple(same.add_remark(results[place]) for place in sorted(results))
    return ScoreResult(scoring.threshold, images, listing.passed_over, listing.hidden, listing.left_out)


def start_scoring(
    request: ScoreRequest,
    progress: Progress,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
    *,
    may_be_empty: bool = False,
    find_judged: Callable[[Mapping[int, Path]], Container[int]] | None = None,
) -> Scoring:
    """List the images of a request, and judge each when its result is asked for.

    Parameters
    ----------
    may_be_empty : whether folders without any image are no error
    find_judged : called with files by their places; tells which of them need no judging, since they were
        judged before: they have no result

    Raises
    ------
    UserError : there is no image at all
    CancelledError : from `progress`, here and from the results
    """
    listing, threshold = list_images(request.paths, request.purpose), request.used_threshold
    if not (may_be_empty or listing.files or listing.refused):
        raise refuse_empty(request, listing)
    progress.stage(request.stage or translate("Scoring"), len(listing.files))

    def judge_some(files: Sequence[Path]) -> Iterator[ImageResult]:
        return judge_images(
            request.model,
            files,
            progress,
            threshold=threshold,
            runtime=runtime,
            cache=cache,
            with_nearest=request.with_nearest,
            with_fingerprint=request.with_fingerprint,
        )

    return Scoring(listing, threshold, _judge_listed(listing, judge_some, find_judged))


def _judge_listed(
    listing: ImageListing,
    judge_some: Callable[[Sequence[Path]], Iterator[ImageResult]],
    find_judged: Callable[[Mapping[int, Path]], Container[int]] | None,
) -> Iterator[tuple[int, ImageResult]]:
    files = listing.files
    for place, error in enumerate(listing.refused, len(files)):
        yield place, refuse_image(error)
    if find_judged is None:
        yield from enumerate(judge_some(files))
    else:
        for first in range(0, len(files), _AT_ONCE):
            some = dict(enumerate(files[first : first + _AT_ONCE], first))
            judged = find_judged(some)
            new = {place: path for place, path in some.items() if place not in judged}
            yield from zip(new, judge_some(list(new.values())), strict=True)


def refuse_empty(request: ScoreRequest, listing: ImageListing) -> UserError:
    """Return that there is no image in what was to be scored, and what was left out of it."""
    where = join_list(request.paths)
    remarks = [describe_passed_over(listing.others), *not_counted(listing.left_out, request.purpose)]
    nothing = translate("There is no image in {where}: choose a folder with images.", where=where)
    return UserError(join_sentences(nothing, *remarks))


def say_same_file(first: object) -> str:
    """Say of an image that it has the bytes of another: a link to it, a copy, or another way to it."""
    return translate("same file as {first}", first=first)


class SameFiles:
    """Knows the images seen so far by their bytes, and remarks on what has the bytes of one of them."""

    def __init__(self) -> None:
        self._first: dict[str, Path] = {}

    def add_remark(self, image: ImageResult) -> ImageResult:
        """Return an image's result, with a remark where an earlier one has the same bytes."""
        if not image.sha256:
            return image
        first = self._first.setdefault(image.sha256, image.path)
        return image if first == image.path else remark_same_file(image, first)


def remark_same_file(image: ImageResult, first: Path) -> ImageResult:
    """Return an image's result with the remark that it has the bytes of an earlier one."""
    return replace(image, reason=join_clauses(filter(None, (image.reason, say_same_file(first)))))
