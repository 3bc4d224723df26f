import sys
from pathlib import Path

import pytest
from camera_peers import MotionJpeg, RtspServer

sys.path.append(str(Path(__file__).parents[1] / "outputs"))  # the broker


@pytest.fixture
def stream():
    """A camera of the network that sends pictures one by one over HTTP."""
    with MotionJpeg() as server:
        yield server


@pytest.fixture
def rtsp():
    """A server of RTSP."""
    with RtspServer() as server:
        yield server
