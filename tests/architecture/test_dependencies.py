import ast
import re
import sys
from itertools import chain
from pathlib import Path

import anomaly_gui

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest brings it there

PACKAGE = Path(anomaly_gui.__file__).parent
OF_ANOTHER_NAME = {
    "scikit_learn": "sklearn",
    "pillow": "PIL",
    "pyside6_essentials": "PySide6",
    "mnn": "MNN",
    "markdown_it_py": "markdown_it",
    "tensorflow_cpu": "tensorflow",
    "paho_mqtt": "paho",
    "argon2_cffi": "argon2",
    "opencv_python_headless": "cv2",
    "zxing_cpp": "zxingcpp",
    "s3fs": "botocore",  # which brings it
}
BROUGHT = {"smbprotocol": "smbclient"}  # a second module of a package
OPTIONAL = {"tensorflow", "keras"}


def _imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def _imported():
    for path in PACKAGE.rglob("*.py"):
        yield from _imports_of(path)


def test_what_is_imported_is_declared():
    """A package that only a developer's tool brings is missing on the user's machine."""
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.match(r"[\w-]+", line)[0].lower().replace("-", "_") for line in lines}
    declared = {OF_ANOTHER_NAME.get(name, name) for name in names}
    declared |= {module for name, module in BROUGHT.items() if name in names}
    foreign = set(_imported()) - set(sys.stdlib_module_names) - {"anomaly_gui"}
    assert foreign - declared == set()
    assert "PIL" in foreign


def test_what_not_every_installation_has_is_imported_by_one_module_only():
    users = {path.name for path in PACKAGE.rglob("*.py") if OPTIONAL & set(_imports_of(path))}
    assert users == {"keras_runtime.py"}
