"""What the worker can be asked for, and what it answers: plain values that go through a pipe.

Every job that needs a model names its file. The worker keeps the last model it opened in memory; a worker
that died is replaced, and the new one opens the file again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.candidates.candidate import Candidate
    from anomaly_gui.detection.candidates.request import CompareRequest
    from anomaly_gui.detection.datasets.screening import Kind
    from anomaly_gui.detection.datasets.training_sets import TrainRequest
    from anomaly_gui.detection.judging.promise import Promise
    from anomaly_gui.detection.judging.suspects import SuspectImage
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import Model, ThresholdMove, TrainingRecord
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings
    from anomaly_gui.detection.worked_example import Example
    from anomaly_gui.progress import Epoch


@dataclass(frozen=True, eq=False)
class ModelView:
    """A model without what it learned: all a window shows of it.

    Parameters
    ----------
    file : where the worker keeps it
    warning : why this machine may judge differently, or None
    interest : the places of an image that count
    runtime : what runs the network here; `versions` tells what ran it in training
    """

    file: Path
    settings: FeatureSettings
    detector: str
    threshold: Threshold
    training: TrainingRecord
    created: str
    versions: Mapping[str, str]
    moves: tuple[ThresholdMove, ...]
    warning: str | None = None
    interest: RegionOfInterest = field(default_factory=RegionOfInterest)
    runtime: str = ""

    @classmethod
    def of(cls, model: Model, file: Path, runtime: str, warning: str | None = None) -> ModelView:
        """Return the view of a model that is kept in a file."""
        return cls(
            file=file,
            settings=model.detector.settings,
            detector=model.detector.kind,
            threshold=model.threshold,
            training=replace(model.training, vectors=model.training.vectors[:0]),
            created=model.created,
            versions=model.versions,
            moves=model.moves,
            warning=warning,
            interest=model.detector.plan.interest,
            runtime=runtime,
        )


@dataclass(frozen=True)
class TrainJob:
    """Train, and keep the model in the file `keep`. Answers with `Trained`."""

    request: TrainRequest
    keep: Path


@dataclass(frozen=True, eq=False)
class Trained:
    """A new model, what became of the known defects, and what the user should read.

    Parameters
    ----------
    advice : a sentence that recommends another detector (it is among the warnings, too), or None
    recommended : the detector that fits how the parts lie; None where that is not known
    reused : how many images' features were known from before
    suspects, suspects_left_out, kinds, alleged_copies, in_doubt, other_day : as of `TrainResult`
    """

    request: TrainRequest
    view: ModelView
    defects: tuple[ImageResult, ...]
    unreadable: tuple[tuple[Path, str], ...]
    duplicates: tuple[tuple[Path, Path], ...]
    notes: tuple[tuple[Path, str], ...]
    warnings: tuple[str, ...]
    seconds: float
    advice: str | None = None
    recommended: str | None = None
    reused: int = 0
    suspects: tuple[SuspectImage, ...] = ()
    suspects_left_out: bool = False
    kinds: tuple[Kind, ...] = ()
    alleged_copies: tuple[tuple[Path, Path], ...] = ()
    in_doubt: bool = False
    other_day: Promise | None = None


@dataclass(frozen=True)
class OpenJob:
    """Open a model file, check it, and keep a copy in the file `keep`. Answers with `ModelView`."""

    file: Path
    keep: Path


@dataclass(frozen=True)
class SaveJob:
    """Save the model of a file under another name, with this threshold and these moves. Answers with None."""

    model: Path
    threshold: Threshold
    moves: tuple[ThresholdMove, ...]
    file: Path


@dataclass(frozen=True)
class ScoreJob:
    """Score folders and files. Sends `Scored` as results come, and answers with `ScoringDone`."""

    model: Path
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Scored:
    """Some more results."""

    images: tuple[ImageResult, ...]


@dataclass(frozen=True)
class ScoringDone:
    """How many files of other kinds, and hidden ones, were not looked at; and sentences on folders."""

    passed_over: int
    hidden: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartsJob:
    """Tell which images show one part. Answers with a number for each of them."""

    model: Path
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class ReconstructJob:
    """Let an autoencoder make an image anew. Answers with `Reconstructed`."""

    model: Path
    path: Path


@dataclass(frozen=True, eq=False)
class Reconstructed:
    """An image and what a network makes of it.

    Parameters
    ----------
    image : as the network sees it, (size, size, 3) uint8
    reconstruction : of the same shape, in the image's brightness and contrast
    difference : where both are unlike each other, (cells, cells) float32, 1.0 at the model's level
    """

    image: ImageArray
    reconstruction: ImageArray
    difference: FloatArray


@dataclass(frozen=True)
class CompareJob:
    """Compare detectors, layers and sizes. Answers with `Compared`."""

    request: CompareRequest


@dataclass(frozen=True)
class Compared:
    """How each candidate does, the one to take and why, and how many images that rests on."""

    candidates: tuple[Candidate, ...]
    recommended: int
    recommendation: str
    normal: int
    anomalous: int
    seconds: float
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class SampleJob:
    """Write the sample's digits into a folder. Answers with the library's `Example`."""

    folder: Path


Job: TypeAlias = TrainJob | OpenJob | SaveJob | ScoreJob | PartsJob | ReconstructJob | CompareJob | SampleJob
Answer: TypeAlias = (
    "Trained | ModelView | ScoringDone | tuple[int, ...] | Reconstructed | Compared | Example | None"
)


@dataclass(frozen=True)
class Stage:
    """A stage began, of `total` steps, or of unknown length."""

    name: str
    total: int | None


@dataclass(frozen=True)
class Advanced:
    """So many steps of the stage are done in all."""

    done: int


@dataclass(frozen=True)
class Learning:
    """A network went through its images once more."""

    epoch: Epoch


@dataclass(frozen=True)
class Warned:
    """A sentence the user should read."""

    text: str


@dataclass(frozen=True, eq=False)
class Finished:
    """The job is done."""

    answer: Answer


@dataclass(frozen=True)
class Failed:
    """Something in the user's world stood in the way: one sentence."""

    sentence: str


@dataclass(frozen=True)
class Cancelled:
    """The job was stopped, as asked."""


@dataclass(frozen=True)
class Crashed:
    """A bug of ours, or the end of the worker's process: a report for the developers."""

    report: str


Message: TypeAlias = Stage | Advanced | Learning | Warned | Scored | Finished | Failed | Cancelled | Crashed
LAST: tuple[type, ...] = (Finished, Failed, Cancelled, Crashed)
"""Every job ends with exactly one of these."""
