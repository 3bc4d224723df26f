"""A real HTTP server: it keeps what is posted, and can be away, fail, or answer after it failed."""

import contextlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class HttpPeer:
    def __init__(self, port, context=None):
        self.port, self.taken, self.headers = port, [], []
        self.answers = []  # statuses to give instead of 204; 0: the connection breaks after it was taken
        self._context = context
        self._server = None
        self._connections = []

    def start(self):
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = peer.answers.pop(0) if peer.answers else 204
                if status in (0, 204):
                    peer.taken.append(body)
                    peer.headers.append(dict(self.headers))
                if status == 0:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def setup(self):
                super().setup()
                peer._connections.append(self.connection)

            def log_message(self, *words):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        if self._context is not None:
            self._server.socket = self._context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self):
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._connections.clear()
        self._server = None
