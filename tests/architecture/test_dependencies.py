import ast
import re
import sys
from pathlib import Path

import anomaly_gui

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest brings it there

PACKAGE = Path(anomaly_gui.__file__).parent
OF_ANOTHER_NAME = {"scikit_learn": "sklearn", "pillow": "PIL", "pyside6_essentials": "PySide6"}
BROUGHT_BY_TENSORFLOW = {"keras"}


def _imported():
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (name.name.split(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]


def test_what_is_imported_is_declared():
    """A package that only a developer's tool brings is missing on the user's machine."""
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.match(r"[\w-]+", line)[0].lower().replace("-", "_") for line in project["dependencies"]}
    declared = {OF_ANOTHER_NAME.get(name, name) for name in names} | BROUGHT_BY_TENSORFLOW
    foreign = set(_imported()) - set(sys.stdlib_module_names) - {"anomaly_gui"}
    assert foreign - declared == set()
    assert "PIL" in foreign
