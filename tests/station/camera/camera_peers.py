"""Cameras that are real peers: an RTSP server by GStreamer, motion JPEG over HTTP, a GenTL producer."""

import io
import socket
import subprocess
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

PYTHON = "/usr/bin/python3"  # the system's: GStreamer's Python comes with it
PARTS = "gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly"
SERVER = """
import sys

import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

VIDEO = "videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=240,framerate=25/1"
CODE = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=12 ! rtph264pay name=pay0 pt=96"

Gst.init(None)
for part in ("videotestsrc", "x264enc", "rtph264pay"):
    if Gst.ElementFactory.find(part) is None:
        sys.exit(f"{part} is not installed")
if sys.argv[1] == "try":
    sys.exit(0)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( {VIDEO} ! {CODE} )")
factory.set_shared(True)
server.get_mount_points().add_factory("/h264", factory)
server.attach(None)
print("ready", flush=True)
GLib.MainLoop().run()
"""


@cache
def has_gstreamer():
    """Tell whether the RTSP server can be had here."""
    try:
        return subprocess.run([PYTHON, "-c", SERVER, "try"], capture_output=True).returncode == 0
    except OSError:
        return False


def find_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RtspServer:
    """A server that runs while the block does; `stop` and `start` in it."""

    def __init__(self):
        if not has_gstreamer():
            pytest.skip(f"GStreamer's RTSP server is not installed: apt-get install {PARTS}")
        self._port = find_port()
        self.address = f"rtsp://127.0.0.1:{self._port}/h264"
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        command = [PYTHON, "-c", SERVER, str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdout.readline() == b"ready\n"

    def stop(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
        self._process = None


class MotionJpeg:
    """Sends frames as many cheap cameras do.

    Attributes
    ----------
    is_frozen : whether it sends the very same frame
    is_silent : whether it keeps the connection and sends nothing
    is_over : whether it ends each stream
    """

    def __init__(self, rate=25):
        self.is_frozen = self.is_silent = self.is_over = False
        self._rate, self._count = rate, 0
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                try:
                    camera.send_frames(self.wfile)
                except OSError:
                    return

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/video"
        self._ended = False

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended = True
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def send_frames(self, file):
        while not (self.is_over or self._ended):
            time.sleep(1 / self._rate)
            if self.is_silent:
                continue
            self._count += not self.is_frozen
            jpeg = _draw_frame(self._count)
            file.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg))
            file.write(jpeg + b"\r\n")


def _draw_frame(count):
    pixels = np.full((120, 160, 3), 90, np.uint8)
    pixels[:, count * 4 % 160 : count * 4 % 160 + 16] = (200, 60, 20)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
