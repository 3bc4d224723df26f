"""Decoding: image files become pixels, rightly or not at all.

One way for training and scoring: both see the same pixels. What cannot be read rightly is refused with a
sentence that names what it is. Each format has a module; heavy decoders are imported when a file needs them.
"""

from anomaly_gui.detection.images.depth import DEPTHS, OWN_DEPTH, smallest_depth
from anomaly_gui.detection.images.kinds import ENDINGS, OTHER_ENDINGS, name_passed_over
from anomaly_gui.detection.images.loading import (
    DETAIL_SIDE,
    ImageFacts,
    ImageFile,
    LoadedImage,
    ReadingOptions,
    decode_full,
    decode_image,
    decode_small,
    image_facts,
    load_image,
    read_file,
)
from anomaly_gui.detection.images.pillow_files import FORMATS
from anomaly_gui.detection.images.refusals import DepthExceededError, ImageUnlikeError
from anomaly_gui.detection.images.set_depth import deeper, depth_text, find_depth

__all__ = [
    "DEPTHS",
    "DETAIL_SIDE",
    "ENDINGS",
    "FORMATS",
    "OTHER_ENDINGS",
    "OWN_DEPTH",
    "DepthExceededError",
    "ImageFacts",
    "ImageFile",
    "ImageUnlikeError",
    "LoadedImage",
    "ReadingOptions",
    "decode_full",
    "decode_image",
    "decode_small",
    "deeper",
    "depth_text",
    "find_depth",
    "image_facts",
    "load_image",
    "name_passed_over",
    "read_file",
    "smallest_depth",
]
