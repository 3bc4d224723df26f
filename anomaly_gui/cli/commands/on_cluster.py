"""What commands do alike where they work on a cluster."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from anomaly_gui.cluster.opening import AUTO, LOCAL, check_address, open_engine
from anomaly_gui.cluster.places.url_paths import as_path, is_url
from anomaly_gui.cluster.result_place import ResultPlace
from anomaly_gui.cluster.scoring import open_cluster
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.paths import is_special

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from anomaly_gui.cli.commands.engine import Engine as Tools
    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.scoring import Cluster

PARTS = ".parts"
"""What is added to the name of the first result file, for the folder where workers write meanwhile."""


@dataclass(frozen=True)
class ClusterOptions:
    """What a command was told of the cluster it should work on.

    Parameters
    ----------
    address : as of `open_engine`
    certificates : folder, or None
    parts : where workers write, or None: beside the result
    """

    address: str
    certificates: Path | None
    parts: str | None


def read_cluster_options(
    address: str | None, certificates: Path | None, parts: str | None, inputs: Iterable[Path]
) -> ClusterOptions | None:
    """Return what was told of a cluster; None where none is asked for.

    Raises
    ------
    UserError : no such cluster, or images at an address without one
    """
    if address is None:
        if any(is_url(path.as_posix()) for path in inputs):
            raise UserError(
                translate("Images at an address are read with --cluster: --cluster auto uses this machine.")
            )
        return None
    check_address(address)
    if parts is not None:
        as_path(parts)  # an address with a password is refused before anything is written
    return ClusterOptions(address, certificates, parts)


@contextmanager
def use_cluster(
    options: ClusterOptions,
    model: Path,
    results: Iterable[Path | None],
    tools: Tools,
    named_runtime: str | None,
) -> Iterator[Cluster]:
    """Open the cluster that was asked for; what workers wrote beside a result goes once that is whole.

    Raises
    ------
    UserError : as of `open_cluster`; or it is not told where workers on other machines may write
    """
    files = (Path(os.path.realpath(path)) for path in results if path is not None and not is_special(path))
    first = next(files, None)
    with tempfile.TemporaryDirectory(prefix="anomaly-gui-") as passing:
        if options.parts is not None:
            place = ResultPlace(
                options.parts if is_url(options.parts) else str(Path(options.parts).absolute())
            )
        elif first is not None:
            place = ResultPlace(str(first.with_name(first.name + PARTS)))
        elif options.address in (LOCAL, AUTO):
            place = ResultPlace(passing)
        else:
            raise UserError(
                translate("Say where workers may write: --parts PLACE, or a result file that all can reach.")
            )
        with open_cluster(
            options.address,
            model,
            place,
            tools.runtime,
            _tell,
            named_runtime=named_runtime,
            certificates=options.certificates,
        ) as cluster:
            yield cluster


@contextmanager
def use_engine(options: ClusterOptions, out: Path | None = None) -> Iterator[tuple[Engine, Path]]:
    """Open the engine that was asked for, with the folder where its workers keep features meanwhile.

    Parameters
    ----------
    out : the result, beside which that folder is where none was named; None: workers keep nothing

    Raises
    ------
    UserError : as of `open_engine`; or the place named is no folder
    """
    if options.parts is not None and is_url(options.parts):
        raise UserError(
            translate(
                "{place} cannot hold what workers keep while a model is made: name a folder that all of them "
                "can reach.",
                place=options.parts,
            )
        )
    beside = Path(tempfile.gettempdir()) if out is None else Path(os.path.realpath(out))
    folder = Path(options.parts).absolute() if options.parts else beside.with_name(beside.name + PARTS)
    with open_engine(options.address, None, _tell, certificates=options.certificates) as engine:
        yield engine, folder


def _tell(sentence: str) -> None:
    typer.echo(sentence, err=True)
