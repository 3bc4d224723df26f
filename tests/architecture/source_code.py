"""The product's source code as tests look at it: files, functions, classes and imports, nothing of it run."""

import ast
import importlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "anomaly_gui"


@dataclass(frozen=True)
class Function:
    """A function or method; `owner` is the name of its class, None for a function of a module."""

    where: str
    owner: str | None
    node: ast.FunctionDef | ast.AsyncFunctionDef

    @property
    def name(self):
        return self.node.name

    @property
    def lines(self):
        return self.node.end_lineno - self.node.lineno + 1

    @property
    def is_dunder(self):
        return self.name.startswith("__") and self.name.endswith("__")

    @property
    def is_one_word(self):
        name = self.name.strip("_")
        return "_" not in name and name == name.lower()

    def __str__(self):
        return f"{self.where}: {self.owner + '.' if self.owner else ''}{self.name}"


class SourceCode:
    """All modules of the package, parsed once."""

    def __init__(self, package=PACKAGE):
        self.files = sorted(package.rglob("*.py"))
        self.trees = {path: ast.parse(path.read_text("utf-8")) for path in self.files}
        self.modules = {_name_module(path, package.parent): tree for path, tree in self.trees.items()}

    @cached_property
    def functions(self):
        found = []
        for path, tree in self.trees.items():
            _collect_functions(tree, str(path.relative_to(ROOT)), None, found)
        return found

    @cached_property
    def classes(self):
        """Every class by its name, with the module that it is in; no two have one name where it matters."""
        return {
            node.name: (module, node)
            for module, tree in self.modules.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
        }

    @cached_property
    def protocol_methods(self):
        """The names of the methods that protocols ask for: who follows one cannot choose them."""
        return {
            function.name
            for _, node in self.classes.values()
            if any("Protocol" in ast.unparse(base) for base in node.bases)
            for function in node.body
            if isinstance(function, ast.FunctionDef)
        }

    def overrides_a_library(self, function):
        """Tell whether a method stands in for one of a class of Qt's, or of another library."""
        return function.owner is not None and function.name in self._library_names(function.owner)

    @cache  # noqa: B019 - there is one for all tests
    def _library_names(self, name):
        module, node = self.classes[name]
        names = set()
        for base in map(ast.unparse, node.bases):
            of_base = self._library_names(base) if base in self.classes else None
            names |= of_base if of_base is not None else set(dir(_import_base(base, self.modules[module])))
        return names

    def list_imports(self, module):
        """Return the modules of the package that a module imports, anywhere in it and for types, too."""
        found = set()
        for node in ast.walk(self.modules[module]):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= {name if name in self.modules else node.module for name in whole}
        return (found & set(self.modules)) - {module}


def _name_module(path, root):
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _collect_functions(node, where, owner, found):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            _collect_functions(child, where, child.name, found)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(Function(where, owner, child))
            _collect_functions(child, where, None, found)
        else:
            _collect_functions(child, where, owner, found)


def _import_base(base, tree):
    """Return the class of another library that a module knows under a name, None for what is no class."""
    first, _, rest = base.partition(".")
    for node in ast.walk(tree):
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            if (alias.asname or alias.name) != first:
                continue
            if isinstance(node, ast.Import):
                return getattr(importlib.import_module(alias.name), rest, None)
            return getattr(importlib.import_module(node.module), alias.name, None)
    return None


def find_circles(graph):
    """Return the sets of nodes that lead to each other: strongly connected, found as Tarjan does."""
    numbers, lowest, waiting, circles = {}, {}, [], []

    def visit(node):
        numbers[node] = lowest[node] = len(numbers)
        waiting.append(node)
        for following in graph[node]:
            if following not in numbers:
                visit(following)
            if following in waiting:
                lowest[node] = min(lowest[node], lowest[following])
        if lowest[node] == numbers[node]:
            at = waiting.index(node)
            circle, waiting[at:] = set(waiting[at:]), []
            circles.extend([circle] if len(circle) > 1 else [])

    for node in graph:
        if node not in numbers:
            visit(node)
    return circles
