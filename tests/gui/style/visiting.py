"""The states of a window that a walk visits: pages, what they ask now and then, dialogs."""

from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from anomaly_gui.detection.candidates.candidate import Candidate
from anomaly_gui.detection.comparison import CompareResult
from anomaly_gui.detection.datasets.image_sets import SetSummary
from anomaly_gui.detection.datasets.screening import Kind
from anomaly_gui.detection.detectors.placement.placement import IN_PLACE, Placement
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.detection.judging.promise import BROKEN, Promise
from anomaly_gui.detection.judging.suspects import SuspectImage
from anomaly_gui.detection.judging.thresholds import HELD_OUT, Threshold
from anomaly_gui.gui.help.help_window import get_help_window
from anomaly_gui.gui.help.key_sheet import KeySheet
from anomaly_gui.gui.inspect.operator.pin_dialog import PinDialog
from anomaly_gui.gui.interest.editor import RegionEditor
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.style.page_fade import PageFade
from anomaly_gui.gui.train.comparison_view import ComparisonView
from anomaly_gui.gui.tune.gallery import Show
from anomaly_gui.gui.work.projects.models_dialog import ProjectModels
from anomaly_gui.progress import Epoch

SIZE = 1366, 768


def settle(window):
    """Wait until a window shows its page, and no page before shines through."""
    window.resize(*SIZE)
    QTest.qWait(250)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # a busy machine may be late with them
    while any(fade.isVisible() for fade in window.findChildren(PageFade)):
        QTest.qWait(20)


def visit_pages(window):
    """Yield the name of each page of a window with a model, when it is there."""
    session = window.session
    session.select_rows((int(session.table.shown_rows[-1]),))
    window.panel.good.set_paths((session.table.paths[0].parent,))
    for mode in Mode:
        window.show_mode(mode)
        settle(window)
        yield mode.name
    window.show_mode(Mode.TUNE)
    window.center.tabs.setCurrentIndex(1)
    window.docks.images_dock.widget().setCurrentIndex(1)
    settle(window)
    yield "ROC and table"
    window.center.tabs.setCurrentIndex(0)
    window.docks.images_dock.widget().setCurrentIndex(0)
    for show in Show:
        window.docks.gallery.show_view(show)
        settle(window)
        yield show.name


def visit_questions(window):
    """Yield what the pages of a window show now and then."""
    for visit in (_open_expert, _ask_all, _break_promise, _ask_what_it_is, _learn, _lock):
        with visit(window):
            settle(window)
            yield visit.__name__


@contextmanager
def _open_expert(window):
    window.show_mode(Mode.TRAIN)
    expert = window.panel.form.expert
    expert.button.setChecked(True)
    expert.show_changes(("Layer", "Density"))
    yield
    expert.button.setChecked(False)
    expert.show_changes(())


@contextmanager
def _ask_all(window):
    """Ask what a training may ask, with the two answers of a question that is in doubt."""
    window.show_mode(Mode.TRAIN)
    result = window.retraining.last
    paths = [record.path for record in result.view.training.images]
    findings = replace(
        result.findings,
        suspects=tuple(SuspectImage(path, "it is black") for path in paths[:3]),
        suspects_left_out=True,
        kinds=(Kind(tuple(paths[:12])), Kind(tuple(paths[12:]))),
        alleged_copies=((paths[0], paths[1]),),
    )
    request = replace(result.request, settings=replace(result.request.settings, group_by="auto"))
    window.panel.questions.ask_about(replace(result, request=request, findings=findings), {})
    yield
    window.panel.questions.clear_questions()


@contextmanager
def _break_promise(window):
    window.show_mode(Mode.TUNE)
    watch = window.services.watch
    watch.promise = Promise(BROKEN, 0.01, 12, 12.0, 12, 12, 1e-9, "brighter by 22 %")
    watch.changed.emit()
    yield
    watch.promise = None
    watch.changed.emit()


@contextmanager
def _ask_what_it_is(window):
    window.services.corrections.answer_wanted.emit((int(window.session.table.shown_rows[-1]),))
    yield
    window.session.selection_changed.emit()


class _Learning(QObject):
    """The signals of a task."""

    title = "Training"
    staged = Signal(str, int)
    advanced = Signal(int)
    learned = Signal(object)
    ended = Signal()


@contextmanager
def _learn(window):
    window.show_mode(Mode.TRAIN)
    task = _Learning(window)
    for follower in (window.panel.learning, window.panel.busy):
        follower.follow_task(task)
    task.staged.emit("Learning", 40)
    for number in range(1, 5):
        task.learned.emit(Epoch("Learning", number, 40, 1 / number, 0.5, 1))
        task.advanced.emit(number)
    yield
    task.ended.emit()


@contextmanager
def _lock(window):
    window.show_mode(Mode.INSPECT)
    window.services.operator._set_locked(True)
    yield
    window.services.operator._set_locked(False)
    window.showNormal()


def list_dialogs(window):
    """Return the dialogs of a window with a model."""
    services = window.services
    unlock, lock = (
        QCoreApplication.translate("OperatorActions", text)
        for text in (
            "The operator's view is locked. Type its PIN to leave it.",
            "Choose the PIN that unlocks this view. It is asked for whenever somebody leaves it.",
        )
    )
    return {
        "models": ProjectModels(services.session, services.project, services.projects, window),
        "keys": KeySheet(window.menuBar(), window),
        "PIN": PinDialog(window, "Unlock", unlock, lambda pin: pin, is_new=False),
        "new PIN": PinDialog(window, "Set the PIN", lock, lambda pin: pin, is_new=True),
        "comparison": ComparisonView(_make_comparison(), window.panel.form, window),
    }


def list_other_windows(window):
    """Return windows that need no model."""
    picture = QImage(64, 64, QImage.Format.Format_RGB888)
    picture.fill(Qt.GlobalColor.gray)
    pages = get_help_window()
    pages.show_page("window.md")
    return {"region of interest": RegionEditor(picture, None, window), "help": pages}


def visit_tour(window):
    """Yield the number of each step of the guided first run, whose card is shown by then."""
    window.help.start_tour()
    tour = window.help.tour
    for number in range(len(tour._steps)):
        QTest.qWait(150)
        yield number
        tour._go_on()


def _make_comparison():
    threshold = Threshold(-5.0, "false-alarm-rate", HELD_OUT, asked_rate=0.01, promised_rate=0.01)
    found = zip(("pooled", "positional", "texture"), (20, 33, 9), strict=True)
    candidates = tuple(
        Candidate(name, ("block4_conv3",), 224, 0.9, 0.9, Rate.of(count, 40), threshold, 12.5, 9.0)
        for name, count in found
    )
    return CompareResult(
        candidates=candidates,
        recommended=candidates[1],
        recommendation="Take positional, block4_conv3, 224 px: it found 33 of 40 defects.",
        normal=SetSummary(300, (), (), ()),
        anomalous=SetSummary(40, (), (), ()),
        groups=Groups(np.arange(300), "by test"),
        placement=Placement(IN_PLACE),
        skipped=(),
        seconds=12.0,
    )
