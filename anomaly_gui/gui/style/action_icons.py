"""The icon of each action of the menus, by the name of what does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.gui.style.icons import set_icon

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

ACTION_ICONS = {
    # File
    "ask_and_make": "project",
    "open_recent": "clock",
    "duplicate": "copy",
    "_on_models": "compare",
    "ask_for_validation": "report",
    "ask_for_verdicts": "report",
    "print_validation_report": "print",
    "print_verdict_report": "print",
    "ask_for_defects": "folder-defect",
    "ask_for_good": "folder-good",
    "ask_and_open": "folder-open",
    "save_model": "save",
    "save": "save",
    "save_as": "save-as",
    "Updates.ask_for_good": "image-plus",
    "ask_for_images": "image",
    "ask_for_folder": "folder",
    "take_pasted": "paste",
    "remove_dropped": "trash",
    "export_table": "table",
    "export_plot": "plot",
    "close": "quit",
    # Edit
    "report_wrong": "flag",
    "toggle_excluded": "exclude",
    "take_out_selected": "image-minus",
    "go_to_next": "next",
    "go_to_previous": "previous",
    "go_to_next_wrong": "next-wrong",
    "GOOD": "good",
    "DEFECT": "defect",
    "NONE": "unlabelled",
    "_on_kind_triggered": "tag",
    # View
    "log_likelihoods": "bars",
    "sound": "sound",
    "model": "panel-left",
    "inspector": "panel-right",
    "images": "panel-bottom",
    "TRAIN": "train",
    "TUNE": "tune",
    "INSPECT": "inspect",
    "set_on_thumbnails": "grid",
    "toggle_map": "map",
    "toggle_split": "split",
    "toggle_full_screen": "full-screen",
    "toggle_lock": "lock",
    # Help
    "start_tour": "play",
    "show_keys": "keyboard",
    "copy_details": "copy",
    "_on_about": "info",
}


def give_icon(action: QAction, name: str) -> None:
    """Give an action its icon by the name of what does it, of a method with or without its class."""
    icon = ACTION_ICONS.get(name) or ACTION_ICONS.get(name.rpartition(".")[2])
    if icon:
        set_icon(action, icon)
