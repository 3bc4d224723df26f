"""What a file is by its first bytes or its ending, and what to do with one that is not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import mark, mark_count, translate, translate_count
from anomaly_gui.wording import join_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENDINGS_OF = {
    "PNG": (".png", ".apng"),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "BMP": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff", ".btf", ".tf8"),
    "WEBP": (".webp",),
    "PNM": (".pgm", ".ppm", ".pbm", ".pnm"),
    "GIF": (".gif",),
    "JPEG 2000": (".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx"),
    "AVIF": (".avif", ".avifs"),
}
ENDINGS = frozenset(ending for endings in ENDINGS_OF.values() for ending in endings)
"""Endings of the files that are read as images, in small letters."""

_RAW = mark("a camera's raw file")
_EXPORT = mark(mark("export it as JPEG or PNG"))
_SAVE = mark("save it as PNG")
_CONVERT = mark(mark("export it as TIFF or PNG with the camera's program"))
_PICTURE = mark("save its pages as PNG")
_STILL = mark("save single pictures of it as PNG")
_EXPORT_PNG, _EXPORT_TIFF = mark("export it as PNG"), mark("export it as TIFF")
_UNPACK = mark("unpack it")
_ADVICE = {
    _EXPORT: mark_count("export it as JPEG or PNG", "export them as JPEG or PNG"),
    _SAVE: mark_count("save it as PNG", "save them as PNG"),
    _CONVERT: mark_count(
        "export it as TIFF or PNG with the camera's program",
        "export them as TIFF or PNG with the camera's program",
    ),
    _PICTURE: mark_count("save its pages as PNG", "save their pages as PNG"),
    _STILL: mark_count("save single pictures of it as PNG", "save single pictures of them as PNG"),
    _EXPORT_PNG: mark_count("export it as PNG", "export them as PNG"),
    _EXPORT_TIFF: mark_count("export it as TIFF", "export them as TIFF"),
    _UNPACK: mark_count("unpack it", "unpack them"),
}
"""What to do with one file, and with several."""

_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    mark("a HEIC photo"): (_EXPORT, (".heic", ".heif", ".hif")),
    _RAW: (
        _CONVERT,
        (
            *(".raw", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".dng", ".orf"),
            *(".rw2", ".raf", ".pef", ".srw", ".x3f", ".3fr", ".iiq", ".kdc", ".dcr", ".mrw", ".erf"),
        ),
    ),
    mark("a DICOM file"): (_EXPORT_PNG, (".dcm", ".dicom")),
    mark("a Photoshop file"): (_SAVE, (".psd", ".psb")),
    mark("a PDF document"): (_PICTURE, (".pdf",)),
    mark("a drawing"): (_SAVE, (".svg", ".svgz", ".eps", ".ps", ".ai", ".wmf", ".emf")),
    mark("a video"): (
        _STILL,
        (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".wmv", ".mpg", ".mpeg", ".flv", ".seq"),
    ),
    mark("a JPEG XL image"): (_EXPORT, (".jxl",)),
    mark("a JPEG XR image"): (_EXPORT, (".jxr", ".wdp", ".hdp")),
    mark("a JPEG-LS image"): (_SAVE, (".jls",)),
    mark("an OpenEXR image"): (_SAVE, (".exr",)),
    mark("an HDR image"): (_SAVE, (".hdr",)),
    mark("a floating-point image"): (_SAVE, (".pfm",)),
    mark("a PAM image"): (_SAVE, (".pam",)),
    mark("a Targa image"): (_SAVE, (".tga",)),
    mark("an icon"): (_SAVE, (".ico", ".cur", ".icns")),
    mark("a FITS image"): (_SAVE, (".fits", ".fts")),
    mark("a microscope's file"): (
        _EXPORT_TIFF,
        (".czi", ".lif", ".nd2", ".oib", ".oif", ".vsi", ".zvi"),
    ),
    mark("an array of numbers"): (_SAVE, (".npy", ".npz", ".mat", ".h5", ".hdf5")),
    mark("an image of a rare format"): (
        _SAVE,
        (".pcx", ".qoi", ".dds", ".xcf", ".ras", ".sgi", ".iff", ".kra"),
    ),
    mark("an archive"): (_UNPACK, (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")),
}
_BY_ENDING = {ending: kind for kind, (_, endings) in _KINDS.items() for ending in endings}
OTHER_ENDINGS = frozenset(_BY_ENDING)
"""Endings of files that are no images that are read, and yet worth a word."""

# Kinds by what a file has at an offset; the first that fits.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"8BPS", "a Photoshop file"),
    (0, b"%PDF", "a PDF document"),
    (0, b"%!PS", "a drawing"),
    (0, b"\xc5\xd0\xd3\xc6", "a drawing"),
    (128, b"DICM", "a DICOM file"),
    (0, b"\xff\x0a", "a JPEG XL image"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL image"),
    (0, b"II\xbc", "a JPEG XR image"),
    (0, b"FUJIFILMCCD-RAW", _RAW),
    (0, b"IIRO", _RAW),
    (0, b"IIRS", _RAW),
    (0, b"MMOR", _RAW),
    (0, b"IIU\0", _RAW),
    (0, b"FOVb", _RAW),
    (0, b"\0MRM", _RAW),
    (6, b"HEAPCCDR", _RAW),
    (0, b"v/1\x01", "an OpenEXR image"),
    (0, b"#?R", "an HDR image"),
    (0, b"PF\n", "a floating-point image"),
    (0, b"Pf\n", "a floating-point image"),
    (0, b"P7\n", "a PAM image"),
    (0, b"\0\0\1\0", "an icon"),
    (0, b"\0\0\2\0", "an icon"),
    (0, b"icns", "an icon"),
    (0, b"SIMPLE  =", "a FITS image"),
    (0, b"ZISRAWFILE", "a microscope's file"),
    (0, b"\x93NUMPY", "an array of numbers"),
    (0, b"\x89HDF", "an array of numbers"),
    (0, b"MATLAB 5.0", "an array of numbers"),
    (0, b"qoif", "an image of a rare format"),
    (0, b"DDS ", "an image of a rare format"),
    (0, b"gimp xcf", "an image of a rare format"),
    (8, b"AVI ", "a video"),
    (0, b"\x1a\x45\xdf\xa3", "a video"),
    (0, b"\0\0\1\xba", "a video"),
    (0, b"\x30\x26\xb2\x75", "a video"),
    (0, b"PK\3\4", "an archive"),
    (0, b"\x1f\x8b", "an archive"),
    (0, b"7z\xbc\xaf", "an archive"),
    (0, b"Rar!", "an archive"),
)
# Brands of ISO base media files, which stand behind "ftyp" (ISO 14496-12).
_BRANDS = {
    "a HEIC photo": (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"),
    _RAW: (b"crx ",),
}
_AVIF_BRANDS = (b"avif", b"avis")
_STARTS = {
    "PNG": (b"\x89PNG",),
    "JPEG": (b"\xff\xd8\xff",),
    "BMP": (b"BM",),
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "GIF": (b"GIF8",),
    "JPEG 2000": (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"),
    "PNM": tuple(b"P%d" % number for number in range(1, 7)),
}
_DIB_STARTS = tuple(bytes((size, 0, 0, 0)) for size in (40, 52, 56, 64, 108, 124))
_PNM = re.compile(rb"P[1-6][\s#]")
_DRAWING = re.compile(rb"\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)[^\0]*<?svg[\s>]", re.IGNORECASE)


def detect_format(data: bytes) -> str | None:
    """Return the name of the format that a file's first bytes are those of, or None for what is not read."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return "AVIF" if any(brand in _AVIF_BRANDS for brand in _read_brands(data)) else None
    if data[:4] in _DIB_STARTS and data[12:14] == b"\1\0":  # a BMP without the file's own header
        return "BMP"
    for name, starts in _STARTS.items():
        if data.startswith(starts) and (name != "PNM" or _PNM.match(data)):
            return name
    return None


def refuse_kind(path: Path, data: bytes) -> ImageRefusedError:
    """Return why a file of none of the formats is not read: by what it is, else by what it is named."""
    kind = _kind_of(data)
    named = _BY_ENDING.get(path.suffix.lower())
    if kind is None and named == _RAW:
        reason = translate(
            "is {kind}, which does not say how its pixels are stored; {advice}",
            kind=translate(_RAW),
            advice=translate(_CONVERT),
        )
        return ImageRefusedError(path, reason)
    if kind is None and not _is_text(data):
        kind = named
    if kind is not None:
        return ImageRefusedError(path, _say_not_read(kind))
    return ImageRefusedError(path, _say_misnamed(path.suffix))


def refuse_raw_file(path: Path) -> ImageRefusedError:
    """Return why a camera's raw file, which looks like TIFF, is not read."""
    return ImageRefusedError(path, _say_not_read(_RAW))


def _say_not_read(kind: str) -> str:
    advice = translate(_KINDS[kind][0])
    return translate("is {kind}, which is not read; {advice}", kind=translate(kind), advice=advice)


def _say_misnamed(ending: str) -> str:
    if not ending:
        return translate(
            "is not a PNG, JPEG, TIFF or other image that is read, though it is named as one; take it out of "
            "the folder"
        )
    return translate(
        "is not a PNG, JPEG, TIFF or other image that is read, though its name ends in {ending}; take it out "
        "of the folder",
        ending=ending,
    )


def describe_passed_over(endings: Mapping[str, int]) -> str:
    """Return a sentence on files that were passed over and may be pictures, by their endings; "" for none.

    >>> describe_passed_over({".heic": 3, ".txt": 5})
    '3 .heic files are not read: export them as JPEG or PNG.'
    """
    said = []
    for ending, count in sorted(endings.items(), key=lambda pair: -pair[1]):
        kind = _BY_ENDING.get(ending.lower())
        if kind is not None:
            singular, plural = _ADVICE[_KINDS[kind][0]]
            said.append(
                translate_count(
                    "{count:,} {ending} file is not read: {advice}.",
                    "{count:,} {ending} files are not read: {advice}.",
                    count,
                    ending=ending,
                    advice=translate_count(singular, plural, count),
                )
            )
    return join_sentences(*said)


def _kind_of(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        brands = _read_brands(data)
        return next((kind for kind, known in _BRANDS.items() if set(known) & set(brands)), "a video")
    for offset, signature, kind in _SIGNATURES:
        if data[offset : offset + len(signature)] == signature:
            return kind
    return "a drawing" if _DRAWING.match(data[:4096]) else None


def _read_brands(data: bytes) -> list[bytes]:
    """Return the brands of an ISO base media file, the major one first."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    return [data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))]


def _is_text(data: bytes) -> bool:
    start = data[:512].decode("latin-1")
    return all(letter.isprintable() or letter.isspace() for letter in start)
