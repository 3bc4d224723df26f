"""Why an image cannot be used: what goes wrong while one is decoded, as a sentence that says what to do."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PIL import Image

from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from pathlib import Path

# What decoders raise on damaged files; OSError holds UnidentifiedImageError, ValueError holds UnicodeError
# and tifffile's errors, RuntimeError those of imagecodecs and NotImplementedError. Their parsers are written
# by hand, so most kinds of failure can come out of them.
DECODING_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    MemoryError,
    RuntimeError,
    AssertionError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_CUT = ("truncated", "premature end of jpeg", "input stream too small")  # decoders' words for it
_LONGEST_DETAIL = 120  # characters of a decoder's own words


class DepthExceededError(ImageRefusedError):
    """A file of 16 bits does not fit the depth that a set of images uses.

    Parameters
    ----------
    path, reason : as of `ImageRefusedError`
    bits : that would hold its values
    """

    def __init__(self, path: Path, reason: str, bits: int) -> None:
        super().__init__(path, reason)
        self.bits = bits

    def __reduce__(self) -> tuple[type[DepthExceededError], tuple[Path, str, int]]:  # type: ignore[override]
        return type(self), (self.path, self.reason, self.bits)


class FileUnreachableError(ImageRefusedError):
    """The bytes of a file cannot be had: the fault of its drive, or of who reads, rather than of the file."""


class ImageUnlikeError(ImageRefusedError):
    """An image is whole, and of a shape or size that a model may not judge; its pixels were not decoded.

    Parameters
    ----------
    path, reason : as of `ImageRefusedError`
    sha256 : of the file's bytes
    """

    def __init__(self, path: Path, reason: str, sha256: str) -> None:
        super().__init__(path, reason)
        self.sha256 = sha256

    def __reduce__(self) -> tuple[type[ImageUnlikeError], tuple[Path, str, str]]:  # type: ignore[override]
        return type(self), (self.path, self.reason, self.sha256)


@contextmanager
def refuse_errors(path: Path) -> Iterator[None]:
    """Turn what goes wrong while an image is decoded or resized into a refusal."""
    try:
        yield
    except DECODING_ERRORS as error:
        raise ImageRefusedError(path, _explain_error(error)) from error


def _explain_error(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return translate("needs more memory than there is; close other programs, or make the image smaller")
    said = " ".join(str(error).split())
    if isinstance(error, EOFError) or any(words in said.lower() for words in _CUT):
        return translate("ends too early; copy it again")
    if "MAX_TEXT" in said:  # Pillow's guard against metadata that unpacks to gigabytes
        return translate("holds overlong metadata; save it again without any")
    said = "".join(character for character in said if character.isprintable())
    return (
        translate("is damaged ({detail}); copy it again", detail=said[:_LONGEST_DETAIL])
        if said
        else translate("is damaged; copy it again")
    )
