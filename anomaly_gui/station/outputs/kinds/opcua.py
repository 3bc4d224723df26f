"""An OPC UA server: signed and encrypted, for one user, with the last results and an event for each."""

from __future__ import annotations

import hmac
import re
from collections import deque
from typing import TYPE_CHECKING, Any

from asyncua import ua
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.server import Server

from anomaly_gui.language import translate
from anomaly_gui.station.files import try_writing
from anomaly_gui.station.outputs.kinds.certificates import check_certificate, make_certificate
from anomaly_gui.station.outputs.kinds.loop_thread import LoopThread
from anomaly_gui.station.outputs.kinds.opcua_nodes import NAMESPACE, REMEMBERED, VisionSystem
from anomaly_gui.station.outputs.output import (
    MessageKind,
    Output,
    OutputError,
    StationPlace,
    find_kind,
    try_listening,
)
from anomaly_gui.station.settings.secrets import read_secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anomaly_gui.station.outputs.settings.kinds import OpcuaSettings

POLICIES = [
    ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
    ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
]
_NOT_IN_URI = re.compile(r"[^A-Za-z0-9_.-]+")


class OneUser:
    """Lets one user in, who has a password and comes by an encrypted channel."""

    def __init__(self, name: str, password: str) -> None:
        self._name, self._password = name, password

    def get_user(
        self, _server: Any, username: str | None = None, password: str | None = None, certificate: Any = None
    ) -> User | None:
        """Return the user, or None for who is not let in; without a certificate nothing was encrypted."""
        is_right = hmac.compare_digest((password or "").encode(), self._password.encode())
        is_known = hmac.compare_digest((username or "").encode(), self._name.encode())
        return User(UserRole.User, self._name) if is_right and is_known and certificate else None


class OpcuaOutput(Output):
    """Shows each result to whoever is there; with `wait_for_client`, until a client acknowledges it."""

    takes = frozenset(MessageKind)

    listens = True

    def __init__(self, name: str, settings: OpcuaSettings, place: StationPlace) -> None:
        super().__init__(name, place)
        self._settings = settings
        self.window = REMEMBERED if settings.wait_for_client else 0
        self.remembers = REMEMBERED
        self._held: deque[int] = deque()
        self._arrived = 0
        self._thread: LoopThread | None = None
        self._server: Server | None = None
        self._vision = VisionSystem(self._acknowledge)

    def try_out(self) -> str:
        """Look whether it can listen."""
        read_secret(self._settings.password_file)
        files = self._settings.certificate_file, self._settings.key_file
        if files[0].is_file():
            check_certificate(*files)
        else:
            try_writing(files[0].parent)
        return try_listening(self._settings.host, self._settings.port)

    def open(self) -> None:
        """Listen."""
        files = self._settings.certificate_file, self._settings.key_file
        if not files[0].is_file():
            make_certificate(*files, self._make_uri())
        check_certificate(*files)
        self._thread = LoopThread(f"opcua-{self.name}")
        try:
            self._thread.run(self._start(), 60.0)
        except OSError as error:
            named = {"host": self._settings.host, "port": self._settings.port, "reason": error}
            raise OutputError(
                translate("OPC UA cannot listen on {host}, port {port}: {reason}", **named)
            ) from error

    def send(self, message: Mapping[str, Any]) -> None:
        """Show a result, the state or an alarm."""
        assert self._thread is not None
        kind = find_kind(message)
        if kind is MessageKind.STATE:
            self._thread.run(self._vision.show_state(message))
        elif kind is MessageKind.ALARM:
            self._thread.run(self._vision.show_alarm(message))
        else:
            self._thread.run(self._show_result(message))

    def recall(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Show results of before, without events."""
        assert self._thread is not None
        for message in messages:
            self._thread.run(self._vision.show_result(message, with_event=False))

    def count_arrived(self) -> int:
        """Return how many results a client has acknowledged since the last call."""
        assert self._thread is not None
        return self._thread.run(self._take_arrived())

    def close(self) -> None:
        """Stop listening."""
        thread, self._thread = self._thread, None
        if thread is not None:
            if self._server is not None:
                thread.run(self._server.stop())
            thread.close()
        self._server = None
        self._vision = VisionSystem(self._acknowledge)
        self._held.clear()
        self._arrived = 0

    async def _start(self) -> None:
        user = OneUser(self._settings.user, read_secret(self._settings.password_file))
        server = Server(user_manager=user)  # type: ignore[arg-type]
        await server.init()
        await server.set_application_uri(self._make_uri())
        server.set_server_name("Anomaly GUI")
        server.set_endpoint(f"opc.tcp://{self._settings.host}:{self._settings.port}/station")
        server.set_security_policy(POLICIES)
        server.set_identity_tokens([ua.UserNameIdentityToken])
        await server.load_certificate(self._settings.certificate_file, "der")
        await server.load_private_key(self._settings.key_file, format="pem")
        await self._vision.build(server, "/".join((self.place.site, self.place.line, self.place.station)))
        await server.start()
        self._server = server

    async def _show_result(self, message: Mapping[str, Any]) -> None:
        if self.window:
            self._held.append(message["seq"])
        await self._vision.show_result(message, with_event=True)

    def _acknowledge(self, seq: int) -> bool:
        """Take a result and all before it as arrived, and tell whether it is one of the last."""
        while self._held and self._held[0] <= seq:
            self._held.popleft()
            self._arrived += 1
        return True

    async def _take_arrived(self) -> int:
        arrived, self._arrived = self._arrived, 0
        return arrived

    def _make_uri(self) -> str:
        parts = (self.place.site, self.place.line, self.place.station)
        return ":".join((NAMESPACE, *(_NOT_IN_URI.sub("-", part) for part in parts)))
