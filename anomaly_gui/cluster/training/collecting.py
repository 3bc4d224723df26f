"""What a worker does with a part of images first: reads them, and writes their features to a part file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

import anomaly_gui
from anomaly_gui.cluster.engine import WorkerRefusedError, check_version
from anomaly_gui.cluster.readable_files import UnreadPart, find_lost
from anomaly_gui.cluster.training.part_store import forget_part, keep_unfinished, read_facts, write_part
from anomaly_gui.cluster.training.steady_runtime import steady_runtime
from anomaly_gui.detection.features.cached_features import describe_recipe
from anomaly_gui.detection.features.collection import collect_features
from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.images.decoding.refusals import DepthExceededError
from anomaly_gui.detection.images.look import NUMBERS as LOOK
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import ENGLISH, translate, use_language
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.cluster.training.image_parts import ImagePart
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.runtimes.protocol import Runtime

IMAGES_A_PART = 128
DIGEST = 32  # bytes
_VERSION = 2
"""Raised with every change of what a part file holds."""

_TOLERANCE = 1e-3  # of the largest feature of a reference, by which workers may differ


@dataclass(frozen=True, eq=False)
class PartFacts:
    """What a part file holds, for whoever gathers parts.

    Parameters
    ----------
    key : the name of the part
    which : (rows,) index in the part of each image that has a row
    digests, sizes, looks, seen : of these; see `RecordColumns` and `Collection`
    notes : remarks on some of them, by index
    fingerprint : length of a fingerprint; 0 where there is none
    refused : files that could not be read
    copies : (index, index) of files with the bytes of an earlier one of the part, and that one
    """

    key: str
    which: IntArray
    digests: ImageArray
    sizes: IntArray
    looks: FloatArray
    seen: BoolArray
    notes: dict[int, tuple[str, ...]]
    fingerprint: int
    refused: tuple[ImageRefusedError, ...]
    copies: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class CollectPart:
    """Reads a part and writes its features, unless that was done before.

    Parameters
    ----------
    folder : where part files lie
    plan, pixel_limit, with_fingerprints : see `collect_features`
    runtime : the name that was asked for, or None
    agreed : what every worker has to make of images drawn by chance
    language : what reasons are told in
    """

    folder: Path
    plan: Plan
    pixel_limit: int
    with_fingerprints: bool
    runtime: str | None
    agreed: Agreed
    language: str = ENGLISH

    def __call__(self, part: ImagePart) -> PartFacts | UnreadPart:
        """Return the facts of a part.

        Raises
        ------
        WorkerRefusedError : this worker has another version, makes other features of the same pixels, or does
            not reach what others do
        UserError : the folder cannot be written to
        """
        use_language(self.language)
        key = self._find_key(part)
        known = read_facts(self.folder, key)
        if known is None:
            runtime = _start_runtime(self.runtime)
            self.agreed.check(self.plan, runtime)
            known = self._collect(part, key, runtime)
        if isinstance(known, UnreadPart):
            return known
        return _restore_facts(key, known, part)

    def _find_key(self, part: ImagePart) -> str:
        """Return a digest of all that decides the features; files by their names, sizes and times."""
        values = [
            _VERSION,
            describe_recipe(self.plan, self.agreed.runtime),
            self.plan.features.layers,
            self.plan.features.normalization,
            _digest_directions(self.plan),
            self.pixel_limit,
            self.with_fingerprints,
            part.describe(),
            sorted(part.ending),
            self.language,
        ]
        return hashlib.sha256(json.dumps(values).encode("utf-8", "surrogatepass")).hexdigest()[:40]

    def _collect(self, part: ImagePart, key: str, runtime: Runtime) -> dict[str, Any] | UnreadPart:
        files = part.list_to_read()
        every = replace(part, ending=frozenset(), unreadable=frozenset())
        so_far = self._find_key(every)  # the same before and after it is known which files are not to be had
        with keep_unfinished(self.folder, so_far) as cache:
            images = collect_features(
                files,
                self.plan,
                self.pixel_limit,
                runtime,
                SilentProgress(),
                with_fingerprints=self.with_fingerprints,
                cache=cache,
                shown=0,  # see `ReadSamples`
            )
        lost = find_lost(images.refused, part.files, part.unreadable, part.readable)
        if lost is not None:
            return lost
        facts = _describe_facts(images, part)
        write_part(self.folder, key, _list_arrays(images), facts)
        forget_part(self.folder, so_far)
        return facts


@dataclass(frozen=True, eq=False)
class Agreed:
    """What every worker has to make of the same pixels: features of different ones are no one model's.

    Parameters
    ----------
    runtime : the name of what runs the network
    vectors : (images, features) of pixels drawn by chance
    version : of this program
    """

    runtime: str
    vectors: FloatArray
    version: str

    @classmethod
    def find(cls, plan: Plan, runtime: Runtime) -> Agreed:
        """Return what this machine makes of them."""
        return cls(plan.runs_on(runtime), _draw_features(plan, runtime), anomaly_gui.__version__)

    def check(self, plan: Plan, runtime: Runtime) -> None:
        """Raise WorkerRefusedError where this machine has another version, or makes others of them."""
        check_version(self.version)
        own = plan.runs_on(runtime)
        if own != self.runtime:
            raise WorkerRefusedError(
                translate(
                    "A worker would run the network with {own}, the others with {others}: install the same "
                    "on all, or name one with --runtime.",
                    own=own,
                    others=self.runtime,
                )
            )
        off = float(np.abs(_draw_features(plan, runtime) - self.vectors).max())
        if off > _TOLERANCE * float(np.abs(self.vectors).max()):
            raise WorkerRefusedError(
                translate("A worker makes other features of the same pixels than the machine that asks.")
            )


_drawn: dict[tuple[str, str, tuple[str, ...]], FloatArray] = {}


def _draw_features(plan: Plan, runtime: Runtime) -> FloatArray:
    """Return the features of pixels drawn by chance; each process computes them once a plan."""
    name = plan.runs_on(runtime)
    key = (describe_recipe(plan, name), plan.features.normalization, plan.features.layers)
    if key not in _drawn:
        pixels = np.random.default_rng(0).integers(0, 256, (1, *plan.features.shape, 3), np.uint8)
        _drawn[key] = extract_features(pixels, plan, runtime).vectors
    return _drawn[key]


@lru_cache(maxsize=1)
def _start_runtime(name: str | None) -> Runtime:
    return steady_runtime(name)


def _digest_directions(plan: Plan) -> str | None:
    return None if plan.grid is None else hashlib.sha256(plan.grid.directions.tobytes()).hexdigest()


def _list_arrays(images: Collection) -> dict[str, np.ndarray]:
    """Return what is written of the images of a part."""
    arrays: dict[str, np.ndarray] = {"vectors": np.asarray(images.vectors, np.float32)}
    fingerprints = images.fingerprints
    if fingerprints.has_fingerprint.any():
        arrays["fingerprints"] = np.asarray(fingerprints.rows[: len(images.records)])
    if images.cells is not None and len(images.cells):
        cells = [each.astype(np.float16) for _, each in images.cells.read_batches()]
        arrays["cells"] = np.concatenate(cells)
    return {name: values for name, values in arrays.items() if values.size}


def _describe_facts(images: Collection, part: ImagePart) -> dict[str, Any]:
    """Return JSON values."""
    places = {file: index for index, file in enumerate(part.files)}
    records = images.records
    return {
        "which": [places[one.path] for one in records],
        "digests": "".join(one.sha256 for one in records),
        "sizes": [[one.width, one.height] for one in records],
        "looks": images.looks.tolist(),
        "seen": images.fingerprints.has_fingerprint.tolist(),
        "notes": [[places[one.path], list(one.notes)] for one in records if one.notes],
        "fingerprint": int(images.fingerprints.rows.shape[1]),
        "refused": [[places[one.path], one.reason, getattr(one, "bits", None)] for one in images.refused],
        "copies": [[places[copy], places[first]] for copy, first in images.duplicates],
    }


def _restore_facts(key: str, known: dict[str, Any], part: ImagePart) -> PartFacts:
    refused = [_restore_refusal(part.files[place], *why) for place, *why in known["refused"]]
    ends = translate("ends the reader: the process that reads it does not survive it; take it out")
    refused += [ImageRefusedError(part.files[index], ends) for index in sorted(part.ending)]
    return PartFacts(
        key,
        np.array(known["which"], np.int64),
        np.frombuffer(bytes.fromhex(known["digests"]), np.uint8).reshape(-1, DIGEST),
        np.array(known["sizes"], np.int32).reshape(-1, 2),
        np.array(known["looks"], np.float32).reshape(-1, LOOK),
        np.array(known["seen"], np.bool_),
        {place: tuple(said) for place, said in known["notes"]},
        known["fingerprint"],
        tuple(refused),
        tuple((copy, first) for copy, first in known["copies"]),
    )


def _restore_refusal(file: Path, reason: str, bits: int | None) -> ImageRefusedError:
    return ImageRefusedError(file, reason) if bits is None else DepthExceededError(file, reason, bits)
