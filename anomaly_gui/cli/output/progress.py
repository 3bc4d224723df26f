"""Progress bars in a terminal; nothing but warnings where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

from anomaly_gui.cli.options.option_words import with_options
from anomaly_gui.language import translate, translate_count

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Task, TaskID

    from anomaly_gui.progress import Epoch


class _Rate(ProgressColumn):
    """How many steps are done in a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


class _Failures(ProgressColumn):
    """How many pieces of the work failed, where any did."""

    def render(self, task: Task) -> Text:
        count = task.fields["failures"]
        return Text(translate_count("{count:,} failure", "{count:,} failures", count) if count else "")


class TerminalProgress:
    """A `Progress` of rich's bars on stderr, with rate, time left and failures.

    Attributes
    ----------
    warnings : what it said
    """

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            _Failures(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._failures = 0
        self.warnings: tuple[str, ...] = ()

    def __enter__(self) -> TerminalProgress:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._finish_bars()
        self._bars.stop()

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin a new bar; one of unknown length is done when the next begins."""
        self._finish_bars()
        self._failures = 0
        self._task = self._bars.add_task(name, total=total, failures=0)

    def _finish_bars(self) -> None:
        for task in self._bars.tasks:
            if task.total is None:
                self._bars.update(task.id, total=1, completed=1)

    def advance(self, steps: int = 1) -> None:
        """Move the bar on."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def fail(self, text: str) -> None:
        """Count a failure beside the bar, and print the sentence."""
        self._failures += 1
        if self._task is not None:
            self._bars.update(self._task, failures=self._failures)
        self.warn(text)

    def epoch(self, epoch: Epoch) -> None:
        """Show the losses beside the bar."""
        if self._task is not None:
            self._bars.update(
                self._task,
                description=translate(
                    "{name}: epoch {number:,} of {total:,}, loss {loss:.4g}, on images not learned from "
                    "{held_out_loss:.4g} (best in epoch {best:,})",
                    name=epoch.name,
                    number=epoch.number,
                    total=epoch.of,
                    loss=epoch.loss,
                    held_out_loss=epoch.held_out_loss,
                    best=epoch.best,
                ),
            )

    def stops_early(self) -> bool:
        """Never: in a terminal `--steps` says how long a network learns."""
        return False

    def warn(self, text: str) -> None:
        """Print the sentence above the bars."""
        sentence = with_options(text)
        self.warnings += (sentence,)
        self._bars.console.print(sentence, style="yellow", highlight=False, markup=False, soft_wrap=True)
