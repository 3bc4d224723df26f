"""Frames of each kind of camera: real peers where there can be any, and the sentence where there is none."""

import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.station.capture.cameras import opencv
from anomaly_gui.station.capture.cameras.genicam import GenicamSource, shape_frame
from anomaly_gui.station.capture.cameras.registry import open_source
from anomaly_gui.station.capture.cameras.source import CameraError
from anomaly_gui.station.settings.camera_settings import (
    GenicamSettings,
    SimulatedSettings,
    StreamSettings,
    UsbSettings,
)


@pytest.fixture(scope="module")
def producer():
    """The GenTL producer with simulated cameras that comes with the library of GenICam."""
    genicam = pytest.importorskip("genicam")
    pytest.importorskip("harvesters")
    found = list(Path(genicam.__file__).parent.glob("*.cti"))
    assert found, "the library brings no producer any more"
    return found[0]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_rtsp_gives_frames_that_differ(rtsp, transport):
    with closing(open_source(StreamSettings(rtsp.address, transport))) as source:
        frames = [source.read_frame() for _ in range(5)]
    assert {frame.shape for frame in frames} == {(240, 320, 3)}
    assert not np.array_equal(frames[0], frames[-1])


def test_motion_jpeg_comes_as_red_green_blue(stream):
    with closing(open_source(StreamSettings(stream.address))) as source:
        frame = source.read_frame()
    assert frame.shape == (120, 160, 3)
    red, _, blue = frame.reshape(-1, 3).max(axis=0)
    assert red > 150 > blue


def test_a_stream_that_ends_is_a_fault(stream):
    with closing(open_source(StreamSettings(stream.address))) as source:
        source.read_frame()
        stream.is_over = True
        with pytest.raises(CameraError, match="gives no more frames"):
            for _ in range(100):
                source.read_frame()


def test_a_password_is_in_the_address_and_in_no_sentence(tmp_path, monkeypatch):
    (tmp_path / "password").write_text("p@ss/word\n")
    settings = StreamSettings("rtsp://127.0.0.1:9/s", user="ada", password_file=tmp_path / "password")
    tried = []
    monkeypatch.setattr(opencv, "_load_opencv", lambda: _NoCamera(tried))
    with pytest.raises(CameraError) as caught:
        open_source(settings)
    assert tried == ["rtsp://ada:p%40ss%2Fword@127.0.0.1:9/s"]
    assert "ss" not in str(caught.value).replace("rtsp://127.0.0.1:9/s", "")


class _NoCamera:
    CAP_FFMPEG = CAP_PROP_OPEN_TIMEOUT_MSEC = CAP_PROP_READ_TIMEOUT_MSEC = 0

    def __init__(self, tried):
        self._tried = tried

    def VideoCapture(self, address, *_):  # noqa: N802
        self._tried.append(address)
        return self

    def isOpened(self):  # noqa: N802
        return False

    def release(self):
        pass


@pytest.mark.parametrize("device", [97, "/dev/video97"])
def test_a_camera_that_is_not_there_is_said(device):
    pytest.importorskip("cv2")
    with pytest.raises(CameraError, match=r"The camera .*97 cannot be opened"):
        open_source(UsbSettings(device))


def test_a_property_that_opencv_does_not_know_is_said(stream):
    pytest.importorskip("cv2")
    with closing(open_source(StreamSettings(stream.address))) as source:
        source.set_properties({"buffersize": 1.0})
        with pytest.raises(CameraError, match="no property “exposre”"):
            source.set_properties({"exposre": 1.0})


@pytest.mark.parametrize(("kind", "more"), [("RGBa8", (3,)), ("Mono8", ())])
def test_genicam_by_a_producer_of_its_own_library(producer, kind, more):
    settings = GenicamSettings(producer, "VikyTL_DEV_green", {"PixelFormat": kind, "Width": 320})
    with closing(GenicamSource(settings)) as source:
        frames = []
        until = time.monotonic() + 20
        while len(frames) < 2 or np.array_equal(frames[0], frames[-1]):  # the ball moves
            frames.append(source.read_frame())
            assert time.monotonic() < until
    assert {(frame.shape[1:], frame.dtype) for frame in frames} == {((320, *more), np.dtype(np.uint8))}


@pytest.mark.parametrize(
    ("device", "nodes", "said"),
    [("nobody", {}, "finds no camera “nobody”"), ("", {"Colour": 1}, "no node “Colour”")],
)
def test_what_genicam_does_not_find_is_said(producer, device, nodes, said):
    with pytest.raises(CameraError, match=said):
        GenicamSource(GenicamSettings(producer, device, nodes))


def test_a_file_that_is_no_producer_is_said(producer, tmp_path):
    (tmp_path / "no.cti").write_bytes(b"no")
    with pytest.raises(CameraError, match="cannot be opened"):
        GenicamSource(GenicamSettings(tmp_path / "no.cti"))


def test_pixel_formats_become_grey_and_colour():
    mono = shape_frame("Mono12", np.array([0, 4095, 16, 1], np.uint16), 2, 2)
    assert mono.tolist() == [[0, 65520], [256, 16]]
    blue = shape_frame("BGRa8", np.array([9, 5, 1, 255] * 4, np.uint8), 2, 2)
    assert blue.shape == (2, 2, 3)
    assert blue[0, 0].tolist() == [1, 5, 9]
    with pytest.raises(CameraError, match=r"sends Confidence8.*Mono8"):
        shape_frame("Confidence8", np.zeros(4, np.uint8), 2, 2)


@pytest.mark.parametrize(("kind", "red"), [("BayerRG8", (0, 0)), ("BayerBG8", (1, 1)), ("BayerGR8", (0, 1))])
def test_a_mosaic_becomes_the_colour_it_is_of(kind, red):
    pytest.importorskip("cv2")
    mosaic = np.full((16, 16), 10, np.uint8)
    mosaic[red[0] :: 2, red[1] :: 2] = 200
    middle = shape_frame(kind, mosaic.ravel(), 16, 16)[8, 8]
    assert middle.tolist() == [200, 10, 10]


def test_simulated_shows_each_picture_in_turn(tmp_path):
    for number in range(3):
        Image.new("L", (20, 10), number).save(tmp_path / f"{number}.png")
    with closing(open_source(SimulatedSettings(tmp_path, rate=200, hold=0.05))) as source:
        shown = [int(source.read_frame()[0, 0]) for _ in range(60)]
    in_turn = [one for one, before in zip(shown, [None, *shown], strict=False) if one != before]
    assert in_turn[:4] == [0, 1, 2, 0]


def test_a_simulated_camera_without_pictures_is_unplugged(tmp_path):
    with pytest.raises(CameraError, match="no pictures to show"):
        open_source(SimulatedSettings(tmp_path / "away"))
