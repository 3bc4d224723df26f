"""The pages of the window."""

from enum import IntEnum


class Mode(IntEnum):
    """The pages of the window, in the order of the work."""

    TRAIN = 0
    TUNE = 1
    INSPECT = 2
