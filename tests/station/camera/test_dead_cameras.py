"""A camera that is dead in any way is noticed within 3 seconds, and taken up again within 10."""

import os
import signal
import time
from contextlib import contextmanager
from queue import Empty, SimpleQueue

import pytest
from line import make_picture
from PIL import Image

from anomaly_gui.station.capture.camera import try_camera
from anomaly_gui.station.capture.cameras.child import CameraJob, Taken
from anomaly_gui.station.capture.cameras.process import CameraProcess
from anomaly_gui.station.capture.cameras.source import CameraError
from anomaly_gui.station.capture.notes import Note, read_png_note
from anomaly_gui.station.settings.camera_settings import (
    SIMULATED,
    STREAM,
    CameraSettings,
    SimulatedSettings,
    StreamSettings,
)

ALARMED, BACK = 3.0, 10.0  # seconds


class Watched:
    """A camera's process, and what it said."""

    def __init__(self, settings):
        self._heard = SimpleQueue()
        self.camera = CameraProcess(CameraJob(settings), self._heard.put)
        self.taken = []

    def work_until(self, is_so, seconds):
        """Return after how many seconds it is so."""
        began = time.monotonic()
        while not is_so():
            assert time.monotonic() - began < seconds, self.camera.trouble or "nothing was noticed"
            self.camera.tend()
            try:
                said = self.camera.note(self._heard.get(timeout=0.02))
            except Empty:
                continue
            if isinstance(said, Taken):
                self.taken.append(said)
        return time.monotonic() - began

    def wait_for_trouble(self):
        return self.work_until(lambda: self.camera.trouble, ALARMED)

    def wait_for_frames(self, seconds=BACK):
        return self.work_until(lambda: self.camera.size and not self.camera.trouble, seconds)


@contextmanager
def watched(settings):
    one = Watched(settings)
    try:
        one.wait_for_frames(20)
        yield one
    finally:
        one.camera.close()


@pytest.fixture
def shown(tmp_path):
    folder = tmp_path / "shown"
    folder.mkdir()
    for number in range(2):
        Image.fromarray(make_picture(seed=number)).save(folder / f"{number}.png")
    return folder


def _simulate(folder, **more):
    return CameraSettings(SIMULATED, SimulatedSettings(folder, 50, 0.1), frozen_after=0, **more)


def _stream(server, **more):
    return CameraSettings(STREAM, StreamSettings(server.address), **more)


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV])
def test_a_process_that_ends_or_hangs(shown, number):
    with watched(_simulate(shown)) as one:
        os.kill(one.camera.number, number)
        one.wait_for_trouble()
        one.wait_for_frames()


def test_a_process_that_cannot_be_started_is_said_and_tried_again(shown, short_of_memory):
    one = Watched(_simulate(shown))
    try:
        with short_of_memory():
            one.wait_for_trouble()
            assert "cannot be started (Cannot allocate memory)" in one.camera.trouble
        one.wait_for_frames(20)
    finally:
        one.camera.close()


def test_a_camera_that_is_unplugged_and_plugged_in_again(shown):
    with watched(_simulate(shown)) as one:
        shown.rename(shown.with_name("away"))
        one.wait_for_trouble()
        assert "no pictures to show" in one.camera.trouble
        shown.with_name("away").rename(shown)
        one.wait_for_frames()


@pytest.mark.parametrize(
    ("fault", "said"),
    [("is_frozen", "very same frame"), ("is_silent", "gives no"), ("is_over", "no more frames")],
)
def test_a_stream_that_goes_wrong(stream, fault, said):
    pytest.importorskip("cv2")
    with watched(_stream(stream)) as one:
        setattr(stream, fault, True)
        one.wait_for_trouble()
        assert said in one.camera.trouble
        until = time.monotonic() + 3  # it stays noticed, however often the stream is opened
        one.work_until(lambda: time.monotonic() > until or not one.camera.trouble, 4)
        assert one.camera.trouble
        setattr(stream, fault, False)
        one.wait_for_frames()


def test_a_server_of_rtsp_that_goes_away(rtsp):
    with watched(_stream(rtsp)) as one:
        rtsp.stop()
        one.wait_for_trouble()
        time.sleep(0.5)
        rtsp.start()
        one.wait_for_frames()


def test_no_picture_is_one_of_a_frozen_camera(stream):
    """Asked in the seconds before the freeze is noticed, it gives nothing: the part is another one."""
    pytest.importorskip("cv2")
    with watched(_stream(stream, skip=0)) as one:
        one.camera.take_picture(Note("first", part="7"))
        one.work_until(lambda: one.taken, 5)
        assert read_png_note(one.taken[0].data).part == "7"
        stream.is_frozen = True
        until = time.monotonic() + 0.5
        one.work_until(lambda: time.monotonic() > until, 1)
        one.camera.take_picture(Note("second"))
        one.wait_for_trouble()
        assert len(one.taken) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_hangs_is_not_waited_for_however_much_is_asked(shown):
    with watched(_simulate(shown)) as one:
        os.kill(one.camera.number, signal.SIGSTOP)
        began = time.monotonic()
        for number in range(5000):
            one.camera.take_picture(Note(f"{number}" * 20))
        assert time.monotonic() - began < 1
        one.wait_for_trouble()
        one.wait_for_frames()


def test_trying_a_camera_says_its_size_or_what_is_wrong(shown, tmp_path):
    assert try_camera(_simulate(shown)) == (48, 48)
    with pytest.raises(CameraError, match="no pictures to show"):
        try_camera(_simulate(tmp_path / "nowhere"))
