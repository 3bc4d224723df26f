"""What the names of folders say of the images in them: one list for all who look into folders."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum


class FolderKind(Enum):
    """What a folder holds, by its name."""

    OTHER = "other"
    GOOD = "good parts"
    DEFECT = "defects"
    TEST = "images to be tested"
    MASKS = "masks"
    BIN = "what was thrown away, or thumbnails"


def _words_in(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BINS = re.compile(
    r"""
    \#recycle | @recycle | @recently-?snapshot | \$recycle\.bin | recycle[rd]? | recycle[ ]?bin
    | network[ ]recycle[ ]bin([ ]\d+)? | \.?trash(es|box)?([-_.].*)? | trash[ ]?can | network[ ]trash[ ]folder
    | papierkorb | @eadir | @synoeastream | @syno.* | @tmp | @sharebin | \.@.* | \.?thumb(s|nail|nails)?
    | [\#~.@]snapshots? | \.zfs | lost\+found | found\.\d+ | system[ ]volume[ ]information | temporary[ ]items
    | \.temporaryitems | thevolumesettingsfolder | \.appledouble | __macosx | \$orphanfiles
    """,
    re.VERBOSE,
)

_GOOD = _words_in("""
    good goods ok okay oks normal normals pass passed io gut gutteil gutteile conforming conform bon
    bons bueno buenos buono buoni 良品 正常 合格 合格品 양품 정상
""")
_DEFECT = _words_in("""
    abnormal abnormals abnormality anomalies anomalous anomaly bad bads bend bent bents broken burr
    burrs chipped contaminated contamination contaminations corroded corrosion crack cracked cracks
    damage damaged damages defect defective defectives defects deformed dent dented dents fail failed
    fails failure failures fault faults faulty flaw flaws ko misplaced missing ng nio niok nok
    nonconforming notgood notok outlier outliers porosity reject rejected rejects rust rusty scrap
    scrapped scratch scratched scratches stain stained stains torn ausschuss defekt defekte fehler
    fehlerhaft kratzer riss risse schlecht schlechtteil schlechtteile défaut défauts defaut defauts
    mauvais rebut malo malos defecto defectos difetto difetti scarto scarti
    不良 不良品 异常 異常 缺陷 不合格 불량 불량품
""")
_TEST = _words_in("""
    test tests testing tested tester testset validation validate valid val eval evaluation evaluate
    inference predict prediction unlabeled unlabelled unsorted totest prüfen zuprüfen 测试 テスト
""")
_MASKS = _words_in("""
    mask masks groundtruth groundtruths gt label labels annotation annotations segmentation
    segmentations maske masken 掩膜 マスク
""")
_TRAIN = _words_in("train training trainset learn learning calibration")
_FILLERS = _words_in("""
    set sets data dataset image images img imgs picture pictures photo photos part parts sample samples
    file files folder new old all pixel the of to be and bilder teile
""")
_SHOWING = _words_in("good ok normal")  # as in test_good, which is still to be tested
_DENIALS = _words_in("no not non without free ohne kein keine sans sin senza frei")

MASK_SUFFIXES = ("_mask", "_label", "_gt", "_masks", "_labels", "_groundtruth", "_ground_truth", "_seg")
"""How the name of a mask goes on after that of its image, in small letters."""


def classify_folder(name: str) -> FolderKind:
    """Return what a folder's name says of its images.

    Defects are recognised by any word of the name, what is to be tested and masks by all of them.

    >>> [classify_folder(name).name for name in ("OK", "NG_2024", "Kratzer tief", "not good", "defect-free")]
    ['GOOD', 'DEFECT', 'DEFECT', 'DEFECT', 'GOOD']
    >>> [classify_folder(name).name for name in ("test", "GroundTruth", "test bench 3", "#recycle")]
    ['TEST', 'MASKS', 'OTHER', 'BIN']
    """
    plain = unicodedata.normalize("NFC", name).strip()
    if _BINS.fullmatch(plain.casefold()):
        return FolderKind.BIN
    words = frozenset(_words_of_name(plain))
    whole, joined = words - _FILLERS or words, "".join(_words_of_name(plain))
    for kind, matches in (
        (FolderKind.MASKS, whole <= _MASKS or "groundtruth" in joined),
        (FolderKind.DEFECT, joined in _DEFECT or _tells_defects(words)),
        (FolderKind.TEST, joined in _TEST or bool(whole & _TEST and whole - _SHOWING <= _TEST)),
        (FolderKind.GOOD, whole <= _GOOD or _is_free(words)),
    ):
        if matches and words:
            return kind
    return FolderKind.OTHER


def is_to_learn_from(name: str) -> bool:
    """Tell a folder that by a word of its name holds good parts, or images to learn from.

    >>> is_to_learn_from("Training_2"), is_to_learn_from("good_monday"), is_to_learn_from("dent")
    (True, True, False)
    """
    words = frozenset(_words_of_name(name))
    return bool(words & (_TRAIN | _GOOD)) or _is_free(words)


def is_mask_of(stem: str, others: frozenset[str]) -> bool:
    """Tell whether a file is by its name the mask of one beside it.

    >>> is_mask_of("Part0_label", frozenset({"part0"}))
    True
    """
    small = stem.casefold()
    return any(small.endswith(suffix) and small[: -len(suffix)] in others for suffix in MASK_SUFFIXES)


def _words_of_name(name: str) -> list[str]:
    """Return the words of a name in small letters, without numbers; "GroundTruth" has two."""
    parted = re.sub(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])", " ", name)
    parted = re.sub(
        r"\bi\.\s?o\.?", " io ", re.sub(r"\bn\.\s?i\.\s?o\.?", " nio ", parted, flags=re.I), flags=re.I
    )
    return [word for word in re.split(r"[\W\d_]+", parted.casefold()) if word]


def _tells_defects(words: frozenset[str]) -> bool:
    """Tell defects by a word that stands for them, unless it is denied, or by a good one that is."""
    return bool(words & (_GOOD if words & _DENIALS else _DEFECT))


def _is_free(words: frozenset[str]) -> bool:
    """Tell a name such as "defect-free"."""
    return "fehlerfrei" in words or bool(words & _DENIALS and words & _DEFECT)
