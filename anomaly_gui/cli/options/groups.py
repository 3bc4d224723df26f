"""Groups of commands, with their help as people read it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import typer

from anomaly_gui.cli.options.help_words import WordedCommand, WordedGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def make_group(commands: Mapping[str, Callable[..., None]]) -> typer.Typer:
    """Return a group of commands, by their names."""
    group = typer.Typer(cls=WordedGroup, no_args_is_help=True)
    add_commands(group, commands)
    return group


def add_commands(group: typer.Typer, commands: Mapping[str, Callable[..., None]]) -> None:
    """Add commands to a group, by their names."""
    for name, command in commands.items():
        group.command(name, cls=WordedCommand, help=_unwrap_help(command))(command)


def _unwrap_help(command: Callable[..., None]) -> str:
    """Return a docstring's paragraphs, each on one line: the terminal's width is not the source's."""
    paragraphs = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(text.split()) for text in paragraphs)
