"""Images in places with an address, such as s3://bucket/folder: paths that are read over the network.

The library reads a `UrlPath` as it reads any path. Credentials are those of the environment of the process
that reads, or none; they are never part of an address.
"""

from __future__ import annotations

import os
import re
import stat
import time
from functools import lru_cache
from pathlib import Path, PosixPath, WindowsPath
from typing import TYPE_CHECKING, Any, TypeVar

from anomaly_gui.cluster.places.shared_folders import SharedFolders
from anomaly_gui.detection.runtimes.protocol import is_installed
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PACKAGES = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs", "smb": "smbprotocol"}
"""What each kind of address needs, which is the name of its extra too, but for the package's own name."""

_URL = re.compile(rf"({'|'.join(PACKAGES)}):[/\\]+(.*)", re.DOTALL)
_SIGNED = re.compile(r"[?&](sig|signature|x-(amz|goog)-(signature|security-token))=", re.IGNORECASE)
_TRIES, _FIRST_PAUSE = 6, 0.2  # seconds before the second try; each pause is twice the one before
_LASTING = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)

_Concrete: Any = WindowsPath if os.name == "nt" else PosixPath


class PlaceError(UserError):
    """A place on the network does not answer, or not as it should; later it may."""


class UrlPath(_Concrete):  # type: ignore[misc]
    """The path of an address: its text is the address, and its bytes come from there."""

    def __str__(self) -> str:
        return _restore(super().__str__().replace("\\", "/"))

    def __fspath__(self) -> str:
        return str(self)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:  # noqa: ARG002 - there are no links
        """Return kind and size; raises FileNotFoundError, PermissionError and `PlaceError`."""
        found = ask_place(str(self), lambda system, path: system.info(path))
        kind = stat.S_IFDIR if found["type"] == "directory" else stat.S_IFREG
        return make_status(found.get("size") or 0, kind)

    def read_bytes(self) -> bytes:
        """Return the content; raises as `stat`."""
        content: bytes = ask_place(str(self), lambda system, path: system.cat_file(path))
        return content

    def resolve(self, strict: bool = False) -> UrlPath:  # noqa: ARG002 - as of a path
        """Return itself: there are no links."""
        return self


def as_path(named: str | Path) -> Path:
    """Return what a name stands for: a path, or one of an address.

    >>> str(as_path(Path("s3:/bucket/part.png")))
    's3://bucket/part.png'

    Raises
    ------
    UserError : an address with a name and a password in it, or a signature; or what it needs is not installed
    """
    text = named.as_posix() if isinstance(named, Path) else named
    match = _URL.fullmatch(text)
    if match is None:
        return Path(named)
    scheme, place = match.groups()
    if "@" in place.partition("/")[0] or _SIGNED.search(place):
        raise UserError(
            translate(
                "Leave name and password out of addresses ({scheme}://): the environment holds them.",
                scheme=scheme,
            )
        )
    if not is_installed(PACKAGES[scheme]):
        raise UserError(
            translate(
                "{scheme}:// needs {package}, which this installation does without: install it with "
                '`pip install "anomaly-gui[{scheme}]"`.',
                scheme=scheme,
                package=PACKAGES[scheme],
            )
        )
    path: Path = UrlPath(f"{scheme}:/{place}")
    return path


def is_url(path: Path | str) -> bool:
    """Tell what lies at an address.

    >>> is_url("s3://bucket/part.png"), is_url("C:/part.png")
    (True, False)
    """
    return _URL.fullmatch(str(path)) is not None


def make_status(size: int, kind: int = stat.S_IFREG) -> os.stat_result:
    """Return what `stat` does of something of a kind, with so many bytes."""
    return os.stat_result((kind | 0o444, 0, 0, 1, 0, 0, size, 0, 0, 0))


def _restore(text: str) -> str:
    """Return an address with both strokes, of which paths keep one."""
    match = _URL.fullmatch(text)
    return f"{match[1]}://{match[2]}" if match else text


def ask_place(url: str, ask: Callable[[Any, str], T]) -> T:
    """Return what a file system answers about an address, after trying again where it fails for a while.

    Parameters
    ----------
    ask : called with the file system and the path in it

    Raises
    ------
    FileNotFoundError, PermissionError : that will not change
    PlaceError : it fails again and again
    """
    tries_left, pause = _TRIES, _FIRST_PAUSE
    while True:
        try:
            system, path = _open_system(url.partition(":")[0]), url.partition("://")[2]
            return ask(system, path)
        except _LASTING:
            raise
        except Exception as error:  # noqa: BLE001 - each of these packages has errors of its own
            tries_left -= 1
            if not tries_left:
                raise PlaceError(_explain(url, error)) from None  # what they say may hold addresses with keys
        time.sleep(pause)
        pause *= 2


def _explain(url: str, error: Exception) -> str:
    return translate(
        "{url} does not answer as it should ({kind}): check the network and the credentials of the "
        "environment, and give the same command again.",
        url=url,
        kind=type(error).__name__,
    )


@lru_cache(maxsize=8)
def _open_system(scheme: str) -> Any:
    if scheme == "smb":
        return SharedFolders()
    if (
        scheme == "gs"
    ):  # or it asks, before each question, for a kind of bucket that only accounts may ask for
        os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
    import fsspec

    options: dict[str, Any] = {"use_listings_cache": False}
    if scheme == "s3" and not _has_s3_credentials():
        options["anon"] = True
    return fsspec.filesystem(scheme, **options)


def _has_s3_credentials() -> bool:
    from botocore.session import Session

    return Session().get_credentials() is not None
