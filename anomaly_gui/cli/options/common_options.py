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
