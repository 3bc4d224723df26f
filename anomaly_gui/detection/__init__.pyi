from .candidates.candidate import Candidate
from .candidates.request import CompareRequest
from .comparison import CompareResult, compare
from .datasets.train_request import TrainRequest
from .datasets.updates.update_request import UpdateRequest
from .detectors.anomaly_maps import AnomalyMap, Region
from .detectors.placement.placement import Placement
from .evaluating import EvaluateRequest, EvaluateResult, evaluate
from .image_judging import judge_images
from .images.folders import ImageListing, list_images
from .images.loading import ReadingOptions, decode_full, load_image
from .images.region_of_interest import RegionOfInterest, Shape, read_interest
from .judging.evaluation import Evaluation, LabelledScore, evaluate_scores
from .judging.thresholds import (
    ExpectedFalseAlarms,
    Threshold,
    by_false_alarm_rate,
    by_sigma,
    with_expectation,
)
from .model.image_result import ImageResult
from .model.model import Model
from .model.model_file import open_model, save_model
from .model.self_check import judging_difference, load_model
from .runtimes.protocol import Runtime, default_runtime
from .scoring import ScoreRequest, ScoreResult, score
from .settings.backbones import BACKBONES, Backbone
from .settings.declarations import Setting
from .settings.feature_settings import FeatureSettings
from .settings.train_settings import SETTINGS, TrainSettings
from .training import TrainResult, train
from .updating import UpdateResult, update_model
from .worked_example import Example, unpack_mnist, unpack_sample

__all__ = [
    "BACKBONES",
    "SETTINGS",
    "AnomalyMap",
    "Backbone",
    "Candidate",
    "CompareRequest",
    "CompareResult",
    "EvaluateRequest",
    "EvaluateResult",
    "Evaluation",
    "Example",
    "ExpectedFalseAlarms",
    "FeatureSettings",
    "ImageListing",
    "ImageResult",
    "LabelledScore",
    "Model",
    "Placement",
    "ReadingOptions",
    "Region",
    "RegionOfInterest",
    "Runtime",
    "ScoreRequest",
    "ScoreResult",
    "Setting",
    "Shape",
    "Threshold",
    "TrainRequest",
    "TrainResult",
    "TrainSettings",
    "UpdateRequest",
    "UpdateResult",
    "by_false_alarm_rate",
    "by_sigma",
    "compare",
    "decode_full",
    "default_runtime",
    "evaluate",
    "evaluate_scores",
    "judge_images",
    "judging_difference",
    "list_images",
    "load_image",
    "load_model",
    "open_model",
    "read_interest",
    "save_model",
    "score",
    "train",
    "unpack_mnist",
    "unpack_sample",
    "update_model",
    "with_expectation",
]
