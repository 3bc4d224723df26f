"""All parts of a run, whatever ends on the way: what is finished is kept, and what kills workers is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar, overload

from anomaly_gui.cluster.engine import Failure
from anomaly_gui.cluster.manifest import Manifest, Part
from anomaly_gui.cluster.readable_files import ROUNDS, UnreadPart
from anomaly_gui.cluster.scored.part_rows import read_digests, read_rows, write_rows
from anomaly_gui.cluster.scored.unfinished_place import UnfinishedPlace
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate, translate_count
from anomaly_gui.wording import count_images

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.scored.judging_part import JudgePart, PartReport
    from anomaly_gui.progress import Progress

T = TypeVar("T")


@dataclass
class PartRun:
    """One run over a manifest.

    Parameters
    ----------
    engine : what runs the work
    work : what is done with each part
    manifest : the parts
    progress : told of images and failures

    Attributes
    ----------
    taken_over : how many images were in parts finished before
    ended_readers : images that end the process that reads them
    failures : how often parts failed
    """

    engine: Engine
    work: JudgePart
    manifest: Manifest
    progress: Progress
    taken_over: int = 0
    ended_readers: list[Path] = field(default_factory=list)
    failures: int = 0
    _replaced: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Work on all parts that are not finished.

        Raises
        ------
        UserError : parts fail again and again, or the scheduler has gone; what was finished is kept
        CancelledError : from the progress; likewise
        """
        waiting = self._take_over_finished()
        for _ in range(ROUNDS):
            waiting = self._try_parts(waiting)
            if not waiting:
                self._forget_unfinished()
                return
        raise UserError(
            translate_count(
                "{count:,} part of the images could not be worked on; what was finished is kept: mend what "
                "was said above, then give the same command again.",
                "{count:,} parts of the images could not be worked on; what was finished is kept: mend what "
                "was said above, then give the same command again.",
                len(waiting),
            )
        )

    def _take_over_finished(self) -> list[int]:
        """Count what was finished before; return the numbers of the other parts."""
        done, waiting = self.work.place.list_done(), []
        for number, part in enumerate(self.manifest):
            if part.name(self.work.identity) in done:
                self.taken_over += len(part.paths)
            else:
                waiting.append(number)
        self.progress.advance(self.taken_over)
        return waiting

    def _forget_unfinished(self) -> None:
        """Remove what was kept by workers that ended, or that were only taken for gone."""
        UnfinishedPlace(self.work.place.where).remove_all(self._list_names())

    def _list_names(self) -> Iterator[str]:
        """Yield the names of all parts, and those under which more was kept on the way."""
        for part in self.manifest:
            yield part.name(self.work.identity)
        yield from self._replaced

    def _try_parts(self, numbers: Sequence[int]) -> list[int]:
        """Work on parts; return those that failed."""
        failed: list[int] = []
        deadly: list[int] = []
        for place, outcome in self.engine.map_parts(self.work, _Chosen(self.manifest, numbers)):
            number = numbers[place]
            if isinstance(outcome, UnreadPart):
                self._check_unread(self.manifest[number], outcome)
                self._tell_failure(Failure(number, outcome.reason, ends_worker=False))
                failed.append(number)
            elif not isinstance(outcome, Failure):
                self._take_in(number, outcome)
            elif outcome.ends_worker:
                deadly.append(number)
            else:
                self._tell_failure(replace(outcome, number=number))
                failed.append(number)
        for number in deadly:
            failed += [] if self._halve(self.manifest[number]) else [number]
        return failed

    def _take_in(self, number: int, report: PartReport) -> None:
        if report.was_damaged:
            self.progress.warn(
                translate(
                    "What had been judged of part {number:,} was damaged: all of it was judged again.",
                    number=number + 1,
                )
            )
        self.progress.advance(len(self.manifest[number].paths))

    def _check_unread(self, part: Part, outcome: UnreadPart) -> None:
        """Find out whether files that a worker could not read can be read here."""
        self._replaced.append(part.name(self.work.identity))  # where they cannot, it gets another name
        self.manifest.readable.check(part.first + place for place in outcome.places)

    def _tell_failure(self, failure: Failure) -> None:
        self.failures += 1
        self.progress.fail(failure.say())

    def _halve(self, part: Part) -> bool:
        """Work on a part that ends workers by halves, down to the image; return whether all is known now."""
        self.failures += 1
        self.progress.fail(
            translate(
                "Workers end over {images} from {path} on: they are halved until it is known which it is.",
                images=count_images(len(part.paths)),
                path=part.paths[0],
            )
        )
        found = self._find_deadly(part)
        if found is None:
            return False
        self.work.place.write(part.name(self.work.identity), write_rows(part, found))
        self.progress.advance(len(part.paths))
        return True

    def _find_deadly(self, part: Part) -> list[ImageResult] | None:
        """Return the results of a part that ends workers, or None where one half failed otherwise."""
        if len(part.paths) == 1:
            self.ended_readers.append(part.paths[0])
            return [_record_deadly(part.paths[0])]
        results: list[ImageResult] = []
        middle = part.first + len(part.paths) // 2
        for first, end in ((part.first, middle), (middle, part.first + len(part.paths))):
            half = self.manifest.hand_out(self.manifest.cut(first, end))
            self._replaced.append(half.name(self.work.identity))
            ((_, outcome),) = self.engine.map_parts(self.work, [half])
            if isinstance(outcome, UnreadPart):
                self._check_unread(half, outcome)
                outcome = Failure(0, outcome.reason, ends_worker=False)
            if isinstance(outcome, Failure) and not outcome.ends_worker:
                self._tell_failure(replace(outcome, number=self.manifest.locate(first)[0]))
                return None
            found = self._find_deadly(half) if isinstance(outcome, Failure) else self._read(half)
            if found is None:
                return None
            results += found
        return results

    def _read(self, part: Part) -> list[ImageResult] | None:
        content = self.work.place.read(part.name(self.work.identity))
        return None if content is None else read_rows(part, content)

    def read_results(self) -> Iterator[ImageResult]:
        """Yield the results of all images, in their order; a part at a time is in memory.

        Raises
        ------
        UserError : a part that was finished is not there any more, or not whole
        """
        for number in range(len(self.manifest)):
            yield from self.read_part(number)

    def read_part(self, number: int) -> list[ImageResult]:
        """Return the results of a part; raises as `read_results`."""
        part = self.manifest[number]
        return self._require(part, self._read(part))

    def read_digests(self, number: int) -> list[str]:
        """Return the SHA-256 of a part's images, empty where a file could not be read; raises likewise."""
        part = self.manifest[number]
        content = self.work.place.read(part.name(self.work.identity))
        return self._require(part, None if content is None else read_digests(part, content))

    def _require(self, part: Part, found: list[T] | None) -> list[T]:
        if found is not None:
            return found
        where = f"{self.work.place.where}/{part.name(self.work.identity)}.*"
        raise UserError(
            translate(
                "The results of {images} from {path} on are damaged or gone: remove {where}, then "
                "give the same command again.",
                images=count_images(len(part.paths)),
                path=part.paths[0],
                where=where,
            )
        )

    def remove_results(self) -> None:
        """Remove the results of parts: of this run, and of those before it that it went on from."""
        self.work.place.remove_all()


class _Chosen(Sequence[Part]):
    """Some parts of a manifest, made as they are handed out."""

    def __init__(self, manifest: Manifest, numbers: Sequence[int]) -> None:
        self._manifest, self._numbers = manifest, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Part: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Part, ...]: ...

    def __getitem__(self, index: int | slice) -> Part | tuple[Part, ...]:
        """Return a part, or some of them."""
        if isinstance(index, slice):
            return tuple(self._hand_out(number) for number in self._numbers[index])
        return self._hand_out(self._numbers[index])

    def _hand_out(self, number: int) -> Part:
        return self._manifest.hand_out(self._manifest[number])


def _record_deadly(path: Path) -> ImageResult:
    reason = translate("ends the reader: the process that reads it does not survive it; take it out")
    return ImageResult(path, None, Verdict.CANNOT_JUDGE, reason, readable=False)
