"""A small model file's content, and its members as any zip tool sees them."""

import zipfile

import numpy as np

MANIFEST = {"name": "Flaschenverschlüsse", "settings": {"size": 224, "share": 0.02, "layers": ["a", "b"]}}
ARRAYS = {
    "mean": np.arange(6, dtype=np.float32).reshape(2, 3),
    "few": np.array([1, 2], np.uint8),
    "kept": np.array([True, False]),
}


def members_of(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}
