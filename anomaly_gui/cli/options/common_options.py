"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from anomaly_gui.detection.runtimes.protocol import RUNTIMES

JsonFile = Annotated[
    Optional[Path],  # noqa: UP045 - at run time
    typer.Option("--json", metavar="FILE", help="Write the result as JSON."),
]

InterestFile = Annotated[
    Optional[Path],  # noqa: UP045 - at run time
    typer.Option(
        "--interest",
        metavar="FILE",
        help="Region of interest: a JSON file with the shapes that count, or that are ignored.",
    ),
]

RuntimeName = Annotated[
    Optional[str],  # noqa: UP045 - at run time
    typer.Option(
        "--runtime",
        metavar="|".join(RUNTIMES),
        help="What runs the network; auto takes the fastest here.",
    ),
]

NoCache = Annotated[bool, typer.Option("--no-cache", help="Compute every feature anew, and cache none.")]

ClusterAddress = Annotated[
    Optional[str],  # noqa: UP045 - at run time
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Work on several processes or machines: local, auto (Dask on this machine), tcp://HOST:PORT or "
        "tls://HOST:PORT.",
    ),
]

CertificateFolder = Annotated[
    Optional[Path],  # noqa: UP045 - at run time
    typer.Option("--certificates", metavar="DIR", help="Certificates of the cluster, for tls://."),
]

PartsPlace = Annotated[
    Optional[str],  # noqa: UP045 - at run time
    typer.Option(
        "--parts",
        metavar="PLACE",
        help="Where workers write what they judged, as Parquet, to stay there: a folder that all reach, or "
        "an address such as s3://BUCKET/FOLDER.",
    ),
]
