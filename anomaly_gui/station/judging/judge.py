"""Judge pictures with one model."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_judging import judge_images
from anomaly_gui.detection.model.model_file import digest_model, open_model
from anomaly_gui.detection.model.self_check import judge_reference, judging_difference
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.errors import ModelFileError
from anomaly_gui.language import translate
from anomaly_gui.progress import SilentProgress
from anomaly_gui.station.capture.decoding import find_trouble
from anomaly_gui.station.judging.judged import Judged, JudgedBy, StationVerdict, make_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.images.look import Look
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.station.capture.picture import Picture

_READERS = 2
_VERDICTS = {
    Verdict.GOOD: StationVerdict.GOOD,
    Verdict.DEFECT: StationVerdict.DEFECT,
    Verdict.NOT_SURE: StationVerdict.UNSURE,
    Verdict.CANNOT_JUDGE: StationVerdict.CANNOT_JUDGE,
}


class Judge:
    """A model that judges pictures.

    Attributes
    ----------
    by : what its verdicts rest on
    at_once : how many pictures suit the network together
    seconds : what one picture takes, about
    """

    def __init__(self, model: Model, by: JudgedBy, runtime: Runtime, seconds: float) -> None:
        self._model, self._runtime, self.by, self.seconds = model, runtime, by, seconds
        self.at_once = model.detector.plan.features.batch_size

    def judge_pictures(self, pictures: Sequence[Picture]) -> Iterator[Judged]:
        """Yield the verdict of each picture, in order, as soon as it is known; whatever fails is an error."""
        pending = list(pictures)
        while pending:
            if pending[0].trouble:
                picture = pending.pop(0)
                yield make_fault(picture, self.by, picture.trouble)
                continue
            whole = [one for one in pending if not one.trouble]
            together = pending[: len(whole)] if len(whole) == len(pending) else pending[:1]
            for judged in self._judge_together(together):
                pending.pop(0)
                yield judged

    def find_troubles(self, files: Sequence[tuple[Path, bytes]]) -> Iterator[str]:
        """Yield of each picture's path and bytes why it is not whole, or ""."""
        with ThreadPoolExecutor(_READERS, "read") as readers:
            yield from readers.map(lambda pair: find_trouble(*pair), files)

    def take_trouble(self) -> str:
        """Return "": judging ends with the process it is in."""
        return ""

    def _judge_together(self, pictures: Sequence[Picture]) -> Iterator[Judged]:
        """Yield what is known up to the first fault; of a picture that is alone, the fault."""
        began, done = time.perf_counter(), 0
        contents = {one.path: one.data for one in pictures}
        try:
            with closing(
                judge_images(
                    self._model,
                    list(contents),
                    SilentProgress(),
                    runtime=self._runtime,
                    contents=contents,
                )
            ) as results:
                for picture, result in zip(pictures, results, strict=True):
                    yield self._word_result(picture, result, time.perf_counter() - began)
                    done += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the part has the verdict "error"
            if done < len(pictures):
                yield from self._judge_alone(pictures[done:], error)

    def _judge_alone(self, pictures: Sequence[Picture], error: Exception) -> Iterator[Judged]:
        """Yield the verdicts of pictures of which one, nobody knows which, is at fault."""
        if len(pictures) == 1:
            yield make_fault(pictures[0], self.by, f"{type(error).__name__}: {error}")
            return
        for picture in pictures:
            yield from self._judge_together([picture])

    def _word_result(self, picture: Picture, result: ImageResult, seconds: float) -> Judged:
        return Judged(
            picture=picture,
            verdict=_VERDICTS[result.verdict] if result.readable else StationVerdict.ERROR,
            by=self.by,
            score=result.score,
            milliseconds={**picture.milliseconds, "judge": round(1000 * seconds, 2)},
            look=None if result.look is None else _list_measures(result.look),
            reason=result.explanation,
            regions=tuple((r.x, r.y, r.x + r.width, r.y + r.height) for r in result.marked),
        )


def _list_measures(look: Look) -> tuple[float, float, float, float | None]:
    return look.brightness, look.contrast, look.sharpness, look.highlights


def open_judge(file: Path, runtime_name: str | None = None) -> Judge:
    """Open a model and let it judge once, so that the first part waits for nothing.

    Raises
    ------
    ModelFileError : it cannot be read, or this machine would judge differently than the one that trained it
    """
    runtime, sha256 = default_runtime(runtime_name), digest_model(file)
    model = open_model(file)
    if difference := judging_difference(model, runtime):
        raise ModelFileError(f"{file}: {difference}")
    began = time.perf_counter()
    judge_reference(model, runtime)
    seconds = time.perf_counter() - began
    threshold = model.threshold
    by = JudgedBy(sha256, file.name, threshold.value, threshold.unsure or None)
    return Judge(model, by, runtime, seconds)


def read_held_out(file: Path, sha256: str) -> FloatArray:
    """Return the scores of good images under fits without them: how others are to be judged.

    Raises
    ------
    ModelFileError : it cannot be read, or is not the model of this digest any more
    """
    if digest_model(file) != sha256:
        raise ModelFileError(translate("{path} is another model by now.", path=file))
    training = open_model(file).training
    held_out: FloatArray = training.held_out[training.judged]
    return held_out
