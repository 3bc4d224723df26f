"""The settings of a training, declared: names, ranges, defaults, help."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.backbones import BACKBONES
from anomaly_gui.detection.settings.choices import (
    AUTO,
    AUTO_DEPTH,
    AUTOENCODER,
    AUTOMATIC,
    COMBINED,
    COVARIANCES,
    DEEP_SVDD,
    DENSITIES,
    DEPTHS,
    FALSE_ALARM_RATE,
    FOLDER,
    INDEPENDENT,
    KEEP,
    LEARNED_SCORES,
    LEAVE_OUT,
    MANUAL,
    NETWORK_SIZES,
    NORMALIZATIONS,
    OBJECTIVES,
    OF_TRAINING,
    ONE,
    ONE_CLASS,
    RULES,
    SHRUNK,
    SIGMA_SCORES,
    SUSPECT_CHOICES,
)
from anomaly_gui.detection.settings.declarations import Setting, declare_setting, read_declarations
from anomaly_gui.detection.settings.detector_kinds import DETECTORS, LEARNED, choose_backbone
from anomaly_gui.detection.settings.feature_settings import (
    FLATTEST,
    LARGEST_SIZE,
    SMALLEST_SIZE,
    TALLEST,
    FeatureSettings,
)
from anomaly_gui.detection.settings.grid_settings import FEWEST_CHANNELS, MOST_CHANNELS, GridSettings
from anomaly_gui.detection.settings.layers import parse_layers
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.settings.backbones import Backbone

_ON_BACKBONE = tuple(name for name in DETECTORS if name not in LEARNED)
_WITH_CELLS = tuple(name for name in _ON_BACKBONE if DETECTORS[name].has_map)
_WITH_VARIANTS = tuple(name for name in _ON_BACKBONE if DETECTORS[name].learns_variants)
_LAYER_NAMES = tuple(dict.fromkeys(name for one in BACKBONES.values() for name in one.layer_names))
_WITH_DENSITY = tuple(kind.name for kind in DETECTORS.values() if kind.has_density)


@dataclass(frozen=True)
class TrainSettings:
    """How to train. Each field says what it is for, and what it takes (see `SETTINGS`).

    Raises
    ------
    ParameterError : a value out of range, an unknown name, or the rule manual without a threshold
    """

    detector: str = declare_setting(
        AUTO,
        "What is judged: auto, whatever suits the good images; pooled, the image as a whole; positional, "
        "each cell of parts in a fixed place; "
        "texture, cells of surfaces and of parts in any direction; both show where a defect is. autoencoder "
        "and deep-svdd learn their features from the good images, where ImageNet's fit badly.",
        title="What is judged",
        choices=tuple(DETECTORS),
        words={name: kind.title for name, kind in DETECTORS.items()},
        in_comparison=False,
    )
    backbone: str = declare_setting(
        AUTOMATIC,
        "The network whose features are used, trained on ImageNet: vgg16, or one of the efficientnet-lite, "
        "which take a fraction of the time. auto: efficientnet-lite2 for the detector auto, else vgg16.",
        title="Network",
        term="backbone",
        choices=(AUTOMATIC, *BACKBONES),
        words={AUTOMATIC: AUTOMATIC, **{name: one.title for name, one in BACKBONES.items()}},
        in_comparison=False,
    )
    layer: str = declare_setting(
        AUTOMATIC,
        "Layer of the backbone whose output is used; several with commas. auto: what suits the backbone "
        "(block4_conv3 of vgg16).",
        term="layer",
        suggestions=(AUTOMATIC, *_LAYER_NAMES),
        used_by=_ON_BACKBONE,
    )
    size: int | None = declare_setting(
        None,
        "Side of the square input of the backbone; of another shape, of a square with as many pixels. Where "
        "none is named: 224, and for the detector auto 320, or twice what the images have if that is less.",
        steps=(160, 224, None, 448, 640),
        ends=("Faster", "Finer"),
        low=SMALLEST_SIZE,
        high=LARGEST_SIZE,
        unit="px",
        level="basic",
        used_by=_ON_BACKBONE,
        in_comparison=False,
    )
    proportions: float | None = declare_setting(
        None,
        "Height over width of the input of the backbone. Where none is named: that of the images for the "
        "detector auto, else a square.",
        low=FLATTEST,
        high=TALLEST,
        used_by=_ON_BACKBONE,
        in_comparison=False,
    )
    images_per_second: float | None = declare_setting(
        None,
        "Images to judge a second on this machine: the finest size that does is taken, a lighter backbone "
        "where it must be. That is measured on good images before training. None named: no limit.",
        low=0.01,
        high=10_000,
        used_by=_ON_BACKBONE,
        in_comparison=False,
    )
    channels: int | None = declare_setting(
        None,
        "Numbers of each cell (detectors positional and texture); texture takes three times as many where no "
        "place is fixed. Where none are named, as many as suit the backbone (100 of vgg16, 150 of "
        "efficientnet-lite).",
        term="channel",
        low=FEWEST_CHANNELS,
        high=MOST_CHANNELS,
        used_by=_WITH_CELLS,
    )
    seed: int = declare_setting(
        0,
        "Which directions the features of cells are reduced to; where features are learned, their chance.",
        low=0,
        high=2**31 - 1,
        used_by=(*_WITH_CELLS, *LEARNED),
    )
    variants: int | None = declare_setting(
        None,
        "Variants of each good image that are learned beside it, so that light changes no verdict: in other "
        "light (exposure, gamma, a slow shade), from the third on turned and shifted a little too. Where "
        "none are named: 2, and of few images up to 5; 0 learns the images alone.",
        term="variant",
        low=0,
        high=20,
        used_by=_WITH_VARIANTS,
        in_comparison=False,
    )
    normalization: str = declare_setting(
        AUTOMATIC,
        "What is done to the features: hellinger (square root, unit length) or none; auto: what suits the "
        "backbone (hellinger for vgg16; features of efficientnet-lite may be negative).",
        term="Hellinger map",
        choices=(AUTOMATIC, *NORMALIZATIONS),
        used_by=_ON_BACKBONE,
    )
    density: str = declare_setting(
        SHRUNK,
        "How normal features are modelled: one shrunk Gaussian, or scikit-learn's mixture.",
        term="density",
        choices=DENSITIES,
        used_by=_WITH_DENSITY,
    )
    components: int = declare_setting(
        1, "Gaussians in the mixture (density gmm).", low=1, high=100, used_by=_WITH_DENSITY
    )
    covariance: str = declare_setting(
        "full", "Covariance of the mixture (density gmm).", choices=COVARIANCES, used_by=_WITH_DENSITY
    )
    learned_size: str = declare_setting(
        "auto",
        "Side of the square input of a learned network in pixels; auto: by the images, 128 at most "
        "(detectors autoencoder and deep-svdd).",
        choices=("auto", *map(str, NETWORK_SIZES)),
        used_by=LEARNED,
    )
    latent_size: int = declare_setting(
        16,
        "Numbers a learned network makes of an image.",
        term="latent size",
        low=2,
        high=512,
        used_by=LEARNED,
        former_names=("latent",),
    )
    steps: int = declare_setting(
        3000,
        "Batches of 32 images a network is trained with, at most: it ends sooner once it gets no better.",
        low=10,
        high=10**7,
        used_by=LEARNED,
    )
    learned_score: str = declare_setting(
        COMBINED,
        "What an autoencoder's score is: the density of its latent vectors, the reconstruction error, or the "
        "worse of both.",
        term="reconstruction error",
        choices=LEARNED_SCORES,
        used_by=(AUTOENCODER,),
    )
    objective: str = declare_setting(
        ONE_CLASS,
        "What deep-svdd is trained for: all good images near the centre, or all but a share within a radius.",
        term="Deep SVDD",
        choices=OBJECTIVES,
        used_by=(DEEP_SVDD,),
    )
    nu: float = declare_setting(
        0.1,
        "Share of good images that may lie beyond the radius (objective soft-boundary).",
        term="nu",
        low=0.001,
        high=0.5,
        used_by=(DEEP_SVDD,),
        former_names=("outside",),
    )
    pretrain: str = declare_setting(
        "no",
        "Whether deep-svdd begins with the encoder of an autoencoder.",
        choices=("no", "yes"),
        used_by=(DEEP_SVDD,),
    )
    weight_decay: float = declare_setting(
        1e-4, "How strongly the weights of a learned network are drawn to 0.", low=0, high=1, used_by=LEARNED
    )
    rule: str = declare_setting(
        FALSE_ALARM_RATE, "How the threshold is chosen.", choices=RULES, in_comparison=False
    )
    false_alarm_rate: float = declare_setting(
        0.01,
        "Share of good parts that may be rejected: 0.01 is 1 % (rule false-alarm-rate).",
        title="False alarms",
        term="false alarm",
        low=1e-6,
        high=0.5,
        as_percent=True,
        level="basic",
    )
    sigmas: float = declare_setting(
        3.0, "Standard deviations below the mean (rule sigma).", low=0, high=100, in_comparison=False
    )
    sigma_scores: str = declare_setting(
        OF_TRAINING,
        "The scores of which rule sigma takes mean and deviation.",
        choices=SIGMA_SCORES,
        in_comparison=False,
    )
    threshold: float | None = declare_setting(
        None, "The threshold itself (rule manual).", level="plot", in_comparison=False
    )
    unsure: float = declare_setting(
        0.0, "Half width of the band judged not sure, in score.", low=0, level="plot", in_comparison=False
    )
    group_by: str = declare_setting(
        AUTOMATIC,
        "Which images show one part: auto (near-duplicates are found), folder, one (all do), a regular "
        "expression on file names, or none.",
        term="group",
        words={
            AUTOMATIC: "near-duplicates",
            INDEPENDENT: "nothing: all differ",
            ONE: "all show one part",
            FOLDER: "folder",
        },
    )
    suspects: str = declare_setting(
        LEAVE_OUT,
        "What becomes of good images unlike all others, such as black frames and foreign things: leave-out "
        "or keep. They are named in either case.",
        term="suspect",
        choices=SUSPECT_CHOICES,
        words={LEAVE_OUT: "leave out", KEEP: "keep"},
    )
    depth: str = declare_setting(
        AUTO_DEPTH,
        "Bits that a camera uses of files of 16 bits; auto: found from the files.",
        term="bit depth",
        choices=(AUTO_DEPTH, *map(str, DEPTHS)),
        in_comparison=False,
    )
    pixel_limit: int = declare_setting(200_000_000, "Larger images are refused.", low=1, unit="pixels")

    def __post_init__(self) -> None:
        own = SETTINGS if type(self) is TrainSettings else read_declarations(type(self))
        for name, declared in own.items():
            declared.check_value(getattr(self, name))
        check_group_rule(self.group_by)
        if (self.rule == MANUAL) != (self.threshold is not None):
            raise ParameterError(
                translate("A threshold and the rule manual go together: give both or neither.")
            )
        _ = self.features
        if self.detector in _WITH_CELLS:
            _ = self.grid

    @property
    def features(self) -> FeatureSettings:
        """How an image becomes a feature vector."""
        network = self.declared_backbone
        layers = network.default_layers if self.layer.strip() == AUTOMATIC else parse_layers(self.layer)
        how = network.normalization if self.normalization == AUTOMATIC else self.normalization
        proportions = 1.0 if self.proportions is None else self.proportions
        return FeatureSettings(layers, self.used_size, how, self.used_depth, network.name, proportions)

    @property
    def declared_backbone(self) -> Backbone:
        """The backbone asked for, or the detector's."""
        return choose_backbone(self.backbone, self.detector)

    @property
    def used_size(self) -> int:
        """The size asked for, or the detector's."""
        return DETECTORS[self.detector].size if self.size is None else self.size

    @property
    def used_variants(self) -> int | None:
        """How many variants are learned of each good image; None: as many as suit."""
        return self.variants if self.detector in _WITH_VARIANTS else 0

    @property
    def used_depth(self) -> int | None:
        """Bits used of files of 16 bits; None where none was named and none found."""
        return None if self.depth == AUTO_DEPTH else int(self.depth)

    @property
    def grid(self) -> GridSettings:
        """How the cells of an image become features."""
        network = self.declared_backbone
        channels = network.cell_channels if self.channels is None else self.channels
        how, proportions = network.cell_normalization, self.features.proportions
        return GridSettings(self.used_size, channels, self.seed, network.name, how, proportions)

    def with_depth(self, depth: int | None) -> TrainSettings:
        """Return the settings with a depth; None changes nothing."""
        return self if depth is None else replace(self, depth=str(depth))


SETTINGS: Mapping[str, Setting] = read_declarations(TrainSettings)
"""Every setting of a training by its field in `TrainSettings`."""


def check_group_rule(rule: str) -> None:
    """Raise ParameterError unless `rule` is "auto", "none", "one", "folder" or a regular expression."""
    try:
        re.compile(rule)
    except re.error as error:
        raise ParameterError(
            translate(
                "cannot be {rule!r}: it is no valid regular expression ({error}).", rule=rule, error=error
            ),
            "group_by",
        ) from error
