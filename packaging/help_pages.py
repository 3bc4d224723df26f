"""Bring what is made in the help pages up to date: run it after a setting or a room changed.

    .venv/bin/python packaging/help_pages.py [--check]

Writes the table of settings into resources/help/command_line.md, from their declaration, and draws the
picture of the rooms. With --check nothing is written; exit code 1 says that something is out of date.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from rooms_picture import draw_picture

from anomaly_gui.cli.options.setting_options import name_option
from anomaly_gui.detection.settings.train_settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from anomaly_gui.detection.settings.declarations import Setting

PAGES = Path(__file__).resolve().parent.parent / "resources" / "help"
BEGIN, END = "<!-- settings of train: begin -->", "<!-- settings of train: end -->"


def write_number(number: float) -> str:
    """Return a number in full.

    >>> write_number(1e-06), write_number(200_000_000), write_number(3.0)
    ('0.000001', '200,000,000', '3')
    """
    return f"{Decimal(str(number)).normalize():,f}"


def describe_values(setting: Setting) -> str:
    """Say in a few words what a setting takes."""
    if setting.choices:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    if setting.kind is str:
        return "text"
    unit = f" {setting.unit}" if setting.unit else ""
    if setting.low is None:
        return "a number"
    if setting.high is None:
        return f"{write_number(setting.low)} or more{unit}"
    return f"{write_number(setting.low)} to {write_number(setting.high)}{unit}"


def describe_default(setting: Setting) -> str:
    """Say what holds where nothing is given."""
    if setting.default is None:
        return ""
    return f"`{setting.default}`" if setting.kind is str else write_number(setting.default)


def describe_former(setting: Setting) -> str:
    """Say which options of earlier versions are still taken for it."""
    names = ", ".join(f"`{name_option(name)}`" for name in setting.former_names)
    return f" Earlier: {names}." if names else ""


def make_table(settings: Iterable[Setting]) -> str:
    """Return the table of settings in Markdown, a line each."""
    lines = ["| option | takes | default | what it is |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{name_option(each.name)}` | {describe_values(each)} | {describe_default(each)} "
        f"| {each.help}{describe_former(each)} |"
        for each in settings
    ]
    return "\n".join(lines)


def replace_table(page: str, table: str) -> str:
    """Return a page with another table between its two marks.

    >>> replace_table(f"a\\n{BEGIN}\\nold\\n{END}\\nb", "new").splitlines()[2]
    'new'
    """
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def make_files() -> Mapping[Path, str]:
    """Return the text of every file that is made, as it should be."""
    page = PAGES / "command_line.md"
    return {
        page: replace_table(page.read_text("utf-8"), make_table(SETTINGS.values())),
        PAGES / "pictures" / "rooms.svg": draw_picture(),
    }


def is_as(path: Path, text: str) -> bool:
    """Tell whether a file is there and holds a text."""
    return path.is_file() and path.read_text("utf-8") == text


def main() -> None:
    """Write what is out of date, or say it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    checks_only = parser.parse_args().check
    stale = {path: text for path, text in make_files().items() if not is_as(path, text)}
    for path, text in stale.items():
        print(f"{path.name} is out of date" if checks_only else f"{path.name} written")
        if not checks_only:
            path.write_text(text, "utf-8")
    sys.exit(1 if checks_only and stale else 0)


if __name__ == "__main__":
    main()
