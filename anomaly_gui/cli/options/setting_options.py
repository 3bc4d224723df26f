"""Options of commands, made from the settings that the library declares."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from anomaly_gui.detection.settings.declarations import Setting, read_declarations
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.language import mark, translate
from anomaly_gui.wording import join_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

SETTINGS_PANEL = mark("Settings")


def with_settings(
    names: Collection[str] | None = None, declared: type[TrainSettings] = TrainSettings
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for each of these settings; it gets them together as `settings`.

    Parameters
    ----------
    names : None: all of them
    declared : the dataclass that declares them
    """
    known = read_declarations(declared)
    chosen = tuple(known) if names is None else names

    def add_options(command: Callable[..., None]) -> Callable[..., None]:
        def run_command(**options: Any) -> None:
            requested = {name: options.pop(name) for name in chosen}
            command(**options, settings=declared(**requested))

        own = inspect.signature(command, eval_str=True).parameters
        parameters = [own[name] for name in own if name != "settings"]
        parameters += [_make_parameter(known[name]) for name in chosen]
        keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
        run_command.__name__, run_command.__doc__ = command.__name__, command.__doc__
        run_command.__annotations__ = {each.name: each.annotation for each in keywords}
        run_command.__signature__ = inspect.Signature(keywords)  # type: ignore[attr-defined]
        return run_command

    return add_options


def name_option(setting: str) -> str:
    """Return the option of a setting.

    >>> name_option("pixel_limit")
    '--pixel-limit'
    """
    return f"--{setting.replace('_', '-')}"


def _make_parameter(declared: Setting) -> inspect.Parameter:
    names = [name_option(name) for name in (declared.name, *declared.former_names)]
    option = typer.Option(
        *names,
        help=describe_setting(declared),
        metavar=_choose_metavar(declared),
        rich_help_panel=SETTINGS_PANEL,
    )
    kind: Any = Optional[declared.kind] if declared.default is None else declared.kind  # noqa: UP045 - at run time
    return inspect.Parameter(
        declared.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=declared.default,
        annotation=Annotated[kind, option],
    )


def _choose_metavar(declared: Setting) -> str:
    if declared.choices:
        return "|".join(declared.choices)
    return {int: "NUMBER", float: "NUMBER", str: "TEXT"}[declared.kind]


def describe_setting(declared: Setting) -> str:
    """Return what a setting is for, and what it takes, in the language in use."""
    told = translate(declared.help)
    if declared.low is None or declared.kind is str:
        return told
    unit = f" {translate(declared.unit)}" if declared.unit else ""
    if declared.high is None:
        return join_sentences(told, translate("At least {low:g}{unit}.", low=declared.low, unit=unit))
    reach = translate("From {low:g} to {high:g}{unit}.", low=declared.low, high=declared.high, unit=unit)
    return join_sentences(told, reach)
