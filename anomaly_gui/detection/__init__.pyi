from .anomaly_maps import AnomalyMap, Region
from .candidates import Candidate
from .comparison import CompareRequest, CompareResult, compare
from .evaluation import Evaluation, LabelledScore, evaluate_scores
from .features import LAYERS, FeatureSettings
from .folders import ImageListing, list_images
from .images import ReadingOptions, decode_full, load_image
from .interest import RegionOfInterest, Shape, read_interest
from .labelled_images import EvaluateRequest, EvaluateResult, evaluate
from .lying import Lying
from .model import Model
from .model_file import open_model, save_model
from .parameters import PARAMETERS, Parameter
from .runtimes import Runtime, default_runtime
from .scoring import ImageResult, ScoreRequest, ScoreResult, judge, score
from .self_check import judging_difference, load_model
from .settings import TrainSettings
from .thresholds import ExpectedFalseAlarms, Threshold, by_false_alarm_rate, by_sigma, with_expectation
from .training import TrainResult, train
from .training_sets import TrainRequest
from .worked_example import Example, unpack_mnist, unpack_sample

__all__ = [
    "LAYERS",
    "PARAMETERS",
    "AnomalyMap",
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
    "Lying",
    "Model",
    "Parameter",
    "ReadingOptions",
    "Region",
    "RegionOfInterest",
    "Runtime",
    "ScoreRequest",
    "ScoreResult",
    "Shape",
    "Threshold",
    "TrainRequest",
    "TrainResult",
    "TrainSettings",
    "by_false_alarm_rate",
    "by_sigma",
    "compare",
    "decode_full",
    "default_runtime",
    "evaluate",
    "evaluate_scores",
    "judge",
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
    "with_expectation",
]
