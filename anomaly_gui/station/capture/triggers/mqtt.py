"""Each message on a topic of a broker takes a picture."""

from __future__ import annotations

import json
import secrets
import ssl
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.capture.notes import clean_name
from anomaly_gui.station.capture.triggers.trigger import Fire, Trigger, TriggerError
from anomaly_gui.station.settings.secrets import read_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from paho.mqtt.client import MQTTMessage

    from anomaly_gui.station.settings.trigger_settings import MqttTrigger

_KEEP_ALIVE = 5  # seconds; after one and a half of it a broker that has gone is noticed
_TIMEOUT = 3.0  # seconds for a connection
_TRY_EVERY = 1.0  # seconds
_REMEMBERED = 1000  # ids of messages


class MqttListener(Trigger):
    """Takes messages while it is connected; those of before are for parts that have passed."""

    def __init__(self, name: str, settings: MqttTrigger, fire: Fire, scan: Callable[[str], None]) -> None:
        super().__init__(name, fire, scan)
        self._settings = settings
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._refusal = ""
        self._has_asked = False

    def work(self) -> None:
        """Listen until it ends, and connect again after each loss."""
        while not self._ended.is_set():
            try:
                self._listen()
            except TriggerError as error:
                self.trouble = str(error)
            self._ended.wait(_TRY_EVERY)

    def reach(self) -> None:
        """Try whether the broker lets this station listen."""
        client = self._connect()
        client.disconnect()

    def _listen(self) -> None:
        client = self._connect()
        try:
            while not self._ended.is_set():
                if client.loop(0.1) != 0:
                    raise self._blame(translate("the connection is lost."))
                self.trouble = self._refusal and str(self._blame(self._refusal))
        finally:
            client.disconnect()

    def _connect(self) -> Client:
        client = self._make_client()
        self._refusal, self._has_asked = "", False
        try:
            client.connect(self._settings.host, self._settings.port, _KEEP_ALIVE)
            for _ in range(int(_TIMEOUT / 0.1)):
                is_lost = client.loop(0.1) != 0
                if self._has_asked or self._refusal or is_lost:
                    break
        except (OSError, ValueError) as error:  # ValueError: a host that cannot be one
            raise self._blame(str(error)) from error
        if self._refusal or not self._has_asked:
            raise self._blame(self._refusal or translate("it does not answer."))
        return client

    def _make_client(self) -> Client:
        settings = self._settings
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"anomaly-trigger-{secrets.token_hex(6)}",
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = _TIMEOUT
        client.on_connect = self._subscribe
        client.on_subscribe = self._note_answer
        client.on_message = self._take_message
        try:
            if settings.user and settings.password_file is not None:
                client.username_pw_set(settings.user, read_secret(settings.password_file))
            if settings.tls:
                client.tls_set_context(ssl.create_default_context(cafile=settings.ca_file))
        except (UserError, OSError, ValueError) as error:
            raise self._blame(str(error)) from error
        return client

    def _subscribe(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._refusal = str(reason)
        else:
            client.subscribe(self._settings.topic, qos=1)

    def _note_answer(self, _client: Client, _data: Any, _mid: Any, reasons: Any, _properties: Any) -> None:
        failed = [str(reason) for reason in reasons if reason.is_failure]
        self._refusal, self._has_asked = "".join(failed[:1]), True

    def _take_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        if message.retain:
            return  # of some time before: it would come again with each connection
        named = read_message(bytes(message.payload))
        number = clean_name(named.get("id"))
        if number is not None and number in self._seen:
            return  # sent again, as QoS 1 may
        if number is not None:
            self._seen[number] = None
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        self._fire(self.name, named.get("part"), named.get("lot"))

    def _blame(self, reason: str) -> TriggerError:
        named = {"host": self._settings.host, "port": self._settings.port, "reason": reason}
        return TriggerError(translate("MQTT broker {host}, port {port}: {reason}", **named))


def read_message(payload: bytes) -> dict[str, Any]:
    """Return what a message names: JSON with `part`, `lot` and `id`, or the part alone as text.

    >>> read_message(b'{"part": "A7", "lot": "L1"}'), read_message(b"A8"), read_message(b"")
    ({'part': 'A7', 'lot': 'L1'}, {'part': 'A8'}, {'part': ''})
    """
    text = payload.decode("utf-8", "replace")
    try:
        named = json.loads(text)
    except ValueError:
        return {"part": text}
    return named if isinstance(named, dict) else {"part": text}
