"""Pictures that a camera takes when it is asked to: they are written to a folder, and go on from there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.capture.cameras.child import CameraJob
from anomaly_gui.station.capture.cameras.process import CameraProcess
from anomaly_gui.station.capture.cameras.source import CameraError
from anomaly_gui.station.capture.codes import CodeRule
from anomaly_gui.station.capture.folder import FolderCapture
from anomaly_gui.station.capture.photographer import Photographer
from anomaly_gui.station.capture.taken import TakenFolder
from anomaly_gui.station.capture.triggers.registry import make_triggers
from anomaly_gui.station.settings.trigger_settings import ChangeTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from anomaly_gui.station.capture.cameras.process import Heard
    from anomaly_gui.station.capture.decoding import FindTroubles
    from anomaly_gui.station.settings.camera_settings import CameraSettings
    from anomaly_gui.station.settings.station_settings import StationSettings


def open_capture(
    settings: StationSettings,
    is_settled: Callable[[Path, int, int], bool],
    find_troubles: FindTroubles,
    has_seen: Callable[[Path], bool],
) -> FolderCapture | CameraCapture:
    """Return what yields the pictures of a station.

    Parameters
    ----------
    has_seen : tells whether the records have a picture that was at a path
    """
    if settings.camera is None:
        return FolderCapture(settings.capture, is_settled, find_troubles)
    return CameraCapture(settings, settings.camera, is_settled, find_troubles, has_seen)


class CameraCapture(FolderCapture):
    """A folder that a camera's pictures are written to, the camera, and what lets it take them."""

    def __init__(
        self,
        settings: StationSettings,
        camera: CameraSettings,
        is_settled: Callable[[Path, int, int], bool],
        find_troubles: FindTroubles,
        has_seen: Callable[[Path], bool],
    ) -> None:
        folder = TakenFolder(settings.capture.folder)
        folder.make()
        super().__init__(settings.capture, is_settled, find_troubles)
        changes = [(one.name, one.settings) for one in settings.triggers]
        change = next(((name, one) for name, one in changes if isinstance(one, ChangeTrigger)), ("", None))
        job = CameraJob(camera, change[1])
        self.photographer = Photographer(job, folder, CodeRule(settings.capture.code_rule), change[0])
        self._triggers = list(
            make_triggers(settings.triggers, self.photographer.fire, self.photographer.scan)
        )
        self.photographer.start(has_seen)
        for trigger in self._triggers:
            trigger.start()

    @property
    def alarms(self) -> Mapping[str, str]:
        """What is wrong, by the name of its alarm; "" where nothing is."""
        deaf = next((one for one in self._triggers if one.trouble), None)
        told = translate("Trigger “{name}”: {why}", name=deaf.name, why=deaf.trouble) if deaf else ""
        return {**super().alarms, **self.photographer.list_troubles(), "trigger": told}

    def close(self) -> None:
        """End what runs: triggers first."""
        for trigger in self._triggers:
            trigger.close()
        self.photographer.close()
        super().close()


def try_camera(settings: CameraSettings) -> tuple[int, int]:
    """Open a camera as a station does, and return width and height of its frames; raises CameraError."""
    from queue import Empty, SimpleQueue

    heard: SimpleQueue[Heard] = SimpleQueue()
    camera = CameraProcess(CameraJob(settings), heard.put)
    until = time.monotonic() + 2 * settings.open_within
    try:
        while camera.size is None:
            camera.tend()
            try:
                camera.note(heard.get(timeout=0.05))
            except Empty:
                if time.monotonic() < until:
                    continue
                raise CameraError(camera.trouble or translate("The camera gives no frames.")) from None
            if camera.trouble:
                raise CameraError(camera.trouble)
        return camera.size
    finally:
        camera.close()


def try_triggers(settings: StationSettings) -> list[str]:
    """Return the names of the triggers, each of which can be reached; raises TriggerError."""
    for trigger in make_triggers(settings.triggers, _ignore, _ignore_code):
        trigger.reach()
    return [one.name for one in settings.triggers]


def _ignore(trigger: str, part: object = None, lot: object = None) -> None:
    """Take no picture: it is only tried whether it could be asked for."""


def _ignore_code(_code: str) -> None:
    """Note nothing."""
