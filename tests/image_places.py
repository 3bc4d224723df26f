"""Places of images for tests: a folder as an object store, and drives that are away, in this process."""

import errno
import os
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from anomaly_gui.cluster.places import url_paths


class FolderPlace:
    """A file system whose buckets are the folders in one.

    Attributes
    ----------
    asked : how often each of its methods was called
    """

    def __init__(self, folder):
        from fsspec.implementations.dirfs import DirFileSystem
        from fsspec.implementations.local import LocalFileSystem

        self._system, self.asked = DirFileSystem(str(folder), LocalFileSystem()), Counter()

    def __getattr__(self, name):
        method = getattr(self._system, name)

        def ask(*arguments, **options):
            self.asked[name] += 1
            return method(*arguments, **options)

        return ask


@contextmanager
def folder_place(monkeypatch, folder):
    """Let s3:// stand for a folder; yield its file system."""
    place = FolderPlace(folder)
    with monkeypatch.context() as patch:
        patch.setattr(url_paths, "_open_system", lambda _: place)
        yield place


@contextmanager
def away(lost=()):
    """Let images not be read here, all of them or those of some names."""
    read = Path.read_bytes

    def read_or_not(path):
        if path.suffix == ".png" and (not lost or path.name in lost):
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return read(path)

    with mock.patch.object(Path, "read_bytes", read_or_not):
        yield
