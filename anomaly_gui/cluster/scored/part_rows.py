"""The results of a part as Parquet: one row for each image, with all that a result holds."""

from __future__ import annotations

import io
import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap, Region
from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import ImageResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.cluster.manifest import Part

EDITION = "1"
"""Of these rows: those of others are not read."""


def write_rows(part: Part, results: Sequence[ImageResult]) -> bytes:
    """Return the results of a part's images, or of the first of them, in their order, as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet

    rows = [_make_row(result) for result in results]
    schema = pa.schema(
        [
            ("path", pa.string()),
            ("score", pa.float64()),
            ("verdict", pa.string()),
            ("reason", pa.string()),
            ("readable", pa.bool_()),
            ("sha256", pa.string()),
            ("nearest", pa.list_(pa.int64())),
            ("regions", pa.string()),
            ("map", pa.binary()),
            ("map_of", pa.list_(pa.int64())),
            ("look", pa.list_(pa.float64())),
            ("vector", pa.binary()),
            ("fingerprint", pa.binary()),
        ],
        metadata={"edition": EDITION, "images": part.sha256},
    )
    file = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows, schema), file, compression="zstd")
    return file.getvalue()


def read_rows(part: Part, content: bytes, *, of_all: bool = True) -> list[ImageResult] | None:
    """Return the results of a part's images; None where the file is not whole, or of other images.

    Parameters
    ----------
    of_all : whether results of the first images only are none
    """
    rows = _read_columns(part, content, None, of_all=of_all)
    if rows is None:
        return None
    return [_restore_result(path, row) for path, row in zip(part.paths, rows, strict=of_all)]


def read_digests(part: Part, content: bytes) -> list[str] | None:
    """Return the SHA-256 of a part's images; None as of `read_rows`."""
    rows = _read_columns(part, content, ["sha256"], of_all=True)
    return None if rows is None else [row["sha256"] for row in rows]


def _read_columns(
    part: Part, content: bytes, columns: list[str] | None, *, of_all: bool
) -> list[dict[str, Any]] | None:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(io.BytesIO(content), columns=columns)
    except (pa.ArrowException, OSError):
        return None
    about = table.schema.metadata or {}
    if (about.get(b"edition"), about.get(b"images")) != (EDITION.encode(), part.sha256.encode()):
        return None
    if table.num_rows > len(part.paths) or (of_all and table.num_rows < len(part.paths)):
        return None
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _make_row(result: ImageResult) -> dict[str, Any]:
    its_map, look = result.map, result.look
    return {
        "path": str(result.path).encode("utf-8", "backslashreplace").decode(),  # for people; order tells
        "score": result.score,
        "verdict": result.verdict.value,
        "reason": result.reason,
        "readable": result.readable,
        "sha256": result.sha256,
        "nearest": list(result.nearest),
        "regions": json.dumps([astuple(region) for region in its_map.regions]) if its_map else None,
        "map": _pack(its_map.values) if its_map else None,
        "map_of": [its_map.width, its_map.height, int(its_map.by_places)] if its_map else None,
        "look": list(astuple(look)) if look else None,
        "vector": _pack(result.vector),
        "fingerprint": _pack(result.fingerprint),
    }


def _restore_result(path: Path, row: dict[str, Any]) -> ImageResult:
    return ImageResult(
        path=path,
        score=row["score"],
        verdict=Verdict(row["verdict"]),
        reason=row["reason"],
        readable=row["readable"],
        sha256=row["sha256"],
        nearest=tuple(row["nearest"]),
        map=_restore_map(row),
        look=Look(*row["look"]) if row["look"] else None,
        vector=_unpack(row["vector"]),
        fingerprint=_unpack(row["fingerprint"]),
    )


def _restore_map(row: dict[str, Any]) -> AnomalyMap | None:
    values = _unpack(row["map"])
    if values is None:
        return None
    width, height, by_places = row["map_of"]
    regions = tuple(Region(*region) for region in json.loads(row["regions"]))
    return AnomalyMap(values, regions, width, height, bool(by_places))


def _pack(values: Any) -> bytes | None:
    if values is None:
        return None
    file = io.BytesIO()
    np.save(file, np.asarray(values), allow_pickle=False)
    return file.getvalue()


def _unpack(content: bytes | None) -> Any:
    return None if content is None else np.load(io.BytesIO(content), allow_pickle=False)
