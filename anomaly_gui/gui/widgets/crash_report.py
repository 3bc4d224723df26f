"""A bug of ours, told: what happened, a button to copy it, and the file it was written to."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

import PySide6
from platformdirs import user_log_path
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

import anomaly_gui

if TYPE_CHECKING:
    from types import TracebackType

_log = logging.getLogger("anomaly_gui")


def log_file() -> Path:
    """Return where reports are kept."""
    return user_log_path("anomaly-gui", appauthor=False) / "anomaly-gui.log"


def start_log() -> None:
    """Write reports to a file of bounded size from now on; do without where there is no place for it."""
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _log.addHandler(handler)


def report_on(error: BaseException) -> str:
    """Return what developers need to know of an error."""
    return "".join(traceback.format_exception(error))


def log_report(report: str) -> str:
    """Log a report, and return it with what it ran on."""
    whole = (
        f"Anomaly GUI {anomaly_gui.__version__}, Python {platform.python_version()}, "
        f"PySide6 {PySide6.__version__}, {platform.platform()}\n\n{report}"
    )
    _log.error(whole)
    return whole


def show_report(report: str, parent: QWidget | None = None) -> None:
    """Log a report and show it with a button that copies it. Nothing that was made is lost by it."""
    whole = log_report(report)
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Critical)
    box.setWindowTitle(QCoreApplication.translate("CrashReport", "A mistake of ours"))
    box.setText(
        QCoreApplication.translate(
            "CrashReport",
            "Something went wrong inside the program. Your model, threshold and labels are still here.",
        )
    )
    box.setInformativeText(
        QCoreApplication.translate("CrashReport", "The report is kept in %1.").replace("%1", str(log_file()))
    )
    box.setDetailedText(whole)
    copy = box.addButton(
        QCoreApplication.translate("CrashReport", "Copy report"), QMessageBox.ButtonRole.ActionRole
    )
    box.addButton(QMessageBox.StandardButton.Close)
    box.exec()
    if box.clickedButton() is copy:
        QGuiApplication.clipboard().setText(whole)


def install_hook() -> None:
    """Show a report for every error that nobody expected; of one in another thread, only log it."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        sys.__excepthook__(kind, error, trace)
        if threading.current_thread() is threading.main_thread():
            show_report(report_on(error))
        else:  # no other may make a window
            log_report(report_on(error))

    sys.excepthook = show
