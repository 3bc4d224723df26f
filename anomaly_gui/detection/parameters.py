"""The settings of a training, declared once: the command line and the window's forms are built from these."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.densities import NAMES
from anomaly_gui.detection.detectors import DETECTORS
from anomaly_gui.detection.detectors.choices import OBJECTIVES, SCORES
from anomaly_gui.detection.features import LARGEST_SIZE, NORMALIZATIONS, SMALLEST_SIZE
from anomaly_gui.detection.grids import FEWEST_CHANNELS, MOST_CHANNELS
from anomaly_gui.detection.images import DEPTHS
from anomaly_gui.detection.judging.suspects import CHOICES as SUSPECT_CHOICES
from anomaly_gui.detection.judging.suspects import LEAVE_OUT
from anomaly_gui.detection.learning.architectures import SIZES as LEARNED_SIZES
from anomaly_gui.detection.thresholds import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping


AUTO_DEPTH = "auto"


@dataclass(frozen=True)
class Parameter:
    """A setting: its field in `TrainSettings`, its option, what it takes, and a sentence on it.

    Parameters
    ----------
    name : field of `TrainSettings`
    option : on the command line, without the dashes
    kind : int, float or str
    default : value when nothing is said
    help : one sentence
    choices : the values a str may take; empty for any
    low, high : range of a number, both allowed
    unit : of a number
    """

    name: str
    option: str
    kind: type
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""


_ALL = (
    Parameter(
        "detector",
        "detector",
        str,
        "pooled",
        "What is judged: pooled, the image as a whole; positional, each place of parts that lie in place; "
        "texture, places of surfaces and of parts in any direction; both show where a defect is. autoencoder "
        "and deep-svdd learn their features from the good images, where ImageNet's fit badly.",
        DETECTORS,
    ),
    Parameter(
        "layer", "layer", str, "block4_conv3", "VGG16 layer whose output is used; several with commas."
    ),
    Parameter(
        "size", "size", int, 224, "Side of the square input of VGG16.", (), SMALLEST_SIZE, LARGEST_SIZE, "px"
    ),
    Parameter(
        "channels",
        "channels",
        int,
        100,
        "Numbers kept of each place (detectors positional and texture); texture takes three times as many "
        "where no place is fixed.",
        (),
        FEWEST_CHANNELS,
        MOST_CHANNELS,
    ),
    Parameter(
        "seed",
        "seed",
        int,
        0,
        "Which directions the features of places are reduced to; where features are learned, their chance.",
        (),
        0,
        2**31 - 1,
    ),
    Parameter(
        "normalization",
        "normalization",
        str,
        "hellinger",
        "What is done to the features: hellinger (square root, unit length) or none.",
        tuple(NORMALIZATIONS),
    ),
    Parameter(
        "density",
        "density",
        str,
        "shrunk",
        "How normal features are modelled: one shrunk Gaussian, or scikit-learn's mixture.",
        NAMES,
    ),
    Parameter("components", "components", int, 1, "Gaussians in the mixture (density gmm).", (), 1, 100),
    Parameter(
        "covariance",
        "covariance",
        str,
        "full",
        "Covariance of the mixture (density gmm).",
        ("full", "tied", "diag", "spherical"),
    ),
    Parameter(
        "learned_size",
        "learned-size",
        str,
        "auto",
        "Side of the square input of a learned network in pixels; auto: by the images, 128 at most "
        "(detectors autoencoder and deep-svdd).",
        ("auto", *map(str, LEARNED_SIZES)),
    ),
    Parameter("latent", "latent", int, 16, "Numbers a learned network makes of an image.", (), 2, 512),
    Parameter(
        "steps",
        "steps",
        int,
        3000,
        "Batches of 32 images a network is trained with, at most: it ends sooner once it gets no better.",
        (),
        10,
        10**7,
    ),
    Parameter(
        "learned_score",
        "learned-score",
        str,
        "combined",
        "What an autoencoder's score is: the density of its latent vectors, the reconstruction error, or the "
        "worse of both.",
        SCORES,
    ),
    Parameter(
        "objective",
        "objective",
        str,
        "one-class",
        "What deep-svdd is trained for: all good images near the centre, or all but a share within a radius.",
        OBJECTIVES,
    ),
    Parameter(
        "outside",
        "outside",
        float,
        0.1,
        "Share of good images that may lie beyond the radius (objective soft-boundary).",
        (),
        0.001,
        0.5,
    ),
    Parameter(
        "pretrain",
        "pretrain",
        str,
        "no",
        "Whether deep-svdd begins with the encoder of an autoencoder.",
        ("no", "yes"),
    ),
    Parameter(
        "weight_decay",
        "weight-decay",
        float,
        1e-4,
        "How strongly the weights of a learned network are drawn to 0.",
        (),
        0,
        1,
    ),
    Parameter("rule", "rule", str, "false-alarm-rate", "How the threshold is chosen.", RULES),
    Parameter(
        "false_alarm_rate",
        "false-alarm-rate",
        float,
        0.01,
        "Share of good parts that may be rejected: 0.01 is 1 % (rule false-alarm-rate).",
        (),
        1e-6,
        0.5,
    ),
    Parameter("sigmas", "sigmas", float, 3.0, "Standard deviations below the mean (rule sigma).", (), 0, 100),
    Parameter(
        "sigma_scores",
        "sigma-scores",
        str,
        "training",
        "The scores of which rule sigma takes mean and deviation.",
        ("training", "held-out"),
    ),
    Parameter("threshold", "threshold", float, None, "The threshold itself (rule manual)."),
    Parameter("unsure", "unsure", float, 0.0, "Half width of the band judged not sure, in score.", (), 0),
    Parameter(
        "group_by",
        "group-by",
        str,
        "auto",
        "Which images show one part: auto (near-copies are found), folder, one (all do), a regular "
        "expression on file names, or none.",
    ),
    Parameter(
        "depth",
        "depth",
        str,
        AUTO_DEPTH,
        "Bits that a camera uses of files of 16 bits; auto: told from the files.",
        (AUTO_DEPTH, *map(str, DEPTHS)),
    ),
    Parameter(
        "suspects",
        "suspects",
        str,
        LEAVE_OUT,
        "What becomes of good images unlike all others, such as black frames and foreign things: leave-out "
        "or keep. They are named in either case.",
        SUSPECT_CHOICES,
    ),
    Parameter(
        "pixel_limit", "pixel-limit", int, 200_000_000, "Larger images are refused.", (), 1, None, "pixels"
    ),
)

PARAMETERS: Mapping[str, Parameter] = MappingProxyType({parameter.name: parameter for parameter in _ALL})
"""Every setting of a training by its field in `TrainSettings`."""
