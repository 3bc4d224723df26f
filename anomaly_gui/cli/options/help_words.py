"""What Typer says by itself, and the help of commands, in the language in use."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from anomaly_gui.cli.options.setting_options import SETTINGS_PANEL, describe_setting
from anomaly_gui.detection.settings.train_settings import SETTINGS
from anomaly_gui.language import ENGLISH, find_language, keep, mark, translate, translate_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_UsageError: Any = typer.BadParameter.__mro__[1]  # Typer has a copy of Click, under a name of its own
_OPTIONS, _ARGUMENTS = mark("[OPTIONS]"), mark("COMMAND [ARGS]...")
_HELP = mark("Show this message and exit.")
_OF_TYPER = {
    "DEFAULT_STRING": mark("[default: {}]"),
    "REQUIRED_LONG_STRING": mark("[required]"),
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"),
    "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"),
    "ERRORS_PANEL_TITLE": mark("Error"),
    "ABORTED_TEXT": mark("Aborted."),
    "RICH_HELP": mark("Try [blue]'{command_path} {help_option}'[/] for help."),
}
_SAID_BY_TYPER = (
    keep("Usage: {usage}"),
    keep("No such option: {option}"),
    keep("{message} (Possible options: {options})"),
    keep("No such option: {option} Did you mean {other}?"),
    keep("No such command {name}."),
    keep("No such command {name}. Did you mean {other}?"),
    keep("Missing command."),
    keep("Missing option {name}."),
    keep("Missing argument {name}."),
    keep("Option {name} requires an argument."),
    keep("Option {name} requires {count} arguments."),
    keep("Option {name} does not take a value."),
    keep("Got unexpected extra argument(s) ({arguments})"),
    keep("Got unexpected extra argument ({argument})"),
    keep("Got unexpected extra arguments ({arguments})"),
    keep("Invalid value for {name}: {why}"),
    keep("Input should be a valid integer, unable to parse string as an integer"),
    keep("Input should be a valid number, unable to parse string as a number"),
    keep("Input should be greater than or equal to {low}"),
    keep("Input should be less than or equal to {high}"),
)


class WordedCommand(TyperCommand):
    """A command whose help and mistakes are told in the language in use."""

    def get_usage(self, ctx: Any) -> str:
        """Return the line that says how it is used."""
        return _translate_usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help."""
        return _word_help_option(super().get_help_option(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was given."""
        with _translate_mistakes():
            return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print its help."""
        with _word_commands([self]):
            super().format_help(ctx, formatter)


class WordedGroup(TyperGroup):
    """All commands, likewise."""

    def get_usage(self, ctx: Any) -> str:
        """Return the line that says how they are used."""
        return _translate_usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help."""
        return _word_help_option(super().get_help_option(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was given."""
        with _translate_mistakes():
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was named."""
        with _translate_mistakes():
            return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help of all."""
        with _word_commands([self, *self.commands.values()]):
            super().format_help(ctx, formatter)


def translate_typer() -> None:
    """Let Typer's titles and hints be in the language in use from now on."""
    if find_language() != ENGLISH:
        for name, text in _OF_TYPER.items():
            if hasattr(rich_utils, name):
                setattr(rich_utils, name, translate(text))
        _let_lines_break()


def _let_lines_break() -> None:
    """Let a line of a table break anywhere: Chinese has no spaces, and Rich would cut it short."""
    make_text = getattr(rich_utils, "_make_rich_text", None)
    if make_text is not None:

        def make_breaking_text(**values: Any) -> Any:
            made = make_text(**values)
            made.overflow = "fold"
            return made

        rich_utils._make_rich_text = make_breaking_text


def _translate_usage(usage: str) -> str:
    said = translate_kept(usage)
    return said.replace(_OPTIONS, translate(_OPTIONS)).replace(_ARGUMENTS, translate(_ARGUMENTS))


def _word_help_option(option: Any) -> Any:
    if option is not None:
        option.help = translate(_HELP)
    return option


@contextmanager
def _translate_mistakes() -> Iterator[None]:
    try:
        yield
    except _UsageError as error:
        if find_language() != ENGLISH and type(error).__name__ != "NoArgsIsHelpError":
            said = translate_kept(error.format_message())
            error.format_message = lambda: said
        raise


@contextmanager
def _word_commands(commands: Iterable[Any]) -> Iterator[None]:
    """Put the help of commands and of their options into words, and back."""
    before: list[tuple[Any, str, Any]] = []
    if find_language() != ENGLISH:
        for command in commands:
            before += _word_command(command)
    try:
        yield
    finally:
        for thing, name, value in before:
            setattr(thing, name, value)


def _word_command(command: Any) -> Iterator[tuple[Any, str, Any]]:
    """Translate the help of a command; yield what was there before."""
    yield command, "help", command.help
    command.help = translate_paragraphs(command.help or "")
    for option in command.params:
        panel = getattr(option, "rich_help_panel", None)
        yield option, "help", option.help
        yield option, "rich_help_panel", panel
        is_setting = panel == SETTINGS_PANEL and option.name in SETTINGS
        option.help = (
            describe_setting(SETTINGS[option.name]) if is_setting else option.help and translate(option.help)
        )
        option.rich_help_panel = panel and translate(panel)


def translate_paragraphs(text: str) -> str:
    """Translate each paragraph of a command's help."""
    return "\n\n".join(map(translate, text.split("\n\n")))
