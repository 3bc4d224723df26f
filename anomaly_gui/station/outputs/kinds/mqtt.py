"""Each message published to a broker, at least once; the state stays there for who comes later."""

from __future__ import annotations

import json
import ssl
import threading
from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from anomaly_gui.language import translate
from anomaly_gui.station.outputs.output import (
    MessageKind,
    Output,
    OutputError,
    StationPlace,
    find_kind,
)
from anomaly_gui.station.settings.secrets import read_secret
from anomaly_gui.station.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.station.outputs.settings.kinds import MqttSettings

KEEP_ALIVE = 15  # seconds; a broker says that the station is gone after one and a half of it


def make_topic(place: StationPlace, kind: MessageKind) -> str:
    """Return the topic of a kind of messages.

    >>> make_topic(StationPlace("plant1", "line1", "end"), MessageKind.RESULT)
    'anomaly/v1/plant1/line1/end/result'
    """
    return f"anomaly/v1/{place.site}/{place.line}/{place.station}/{kind.value}"


class MqttOutput(Output):
    """Publishes with QoS 1 and waits for the broker's word; a new client for each connection."""

    takes = frozenset(MessageKind)

    def __init__(self, name: str, settings: MqttSettings, place: StationPlace) -> None:
        super().__init__(name, place)
        self._settings = settings
        self._client: Client | None = None
        self._answered = threading.Event()
        self._refusal = ""

    def try_out(self) -> str:
        """Connect under another name than the station's, whose connection stays, and say nothing."""
        client = self._make_client(f"{self.name}-check")
        try:
            self._connect(client)
        finally:
            client.disconnect()
            client.loop_stop()
        return translate("the MQTT broker {host} answers.", host=self._settings.host)

    def open(self) -> None:
        """Connect, with a last will that says the station failed."""
        client = self._client = self._make_client(self.name)
        will = json.dumps({"state": "error", "at": now_utc(), "heartbeat": 0})
        client.will_set(make_topic(self.place, MessageKind.STATE), will, qos=1, retain=True)
        self._connect(client)

    def _connect(self, client: Client) -> None:
        """Connect, and wait for the broker's word."""
        self._answered.clear()
        self._refusal = ""
        try:
            client.connect(self._settings.host, self._settings.port, KEEP_ALIVE)
        except (OSError, ValueError) as error:  # ValueError: a host that cannot be one
            raise self._blame(str(error)) from error
        client.loop_start()
        if not self._answered.wait(self._settings.timeout):
            raise self._blame(translate("it does not answer."))
        if self._refusal:
            raise self._blame(self._refusal)

    def send(self, message: Mapping[str, Any]) -> None:
        """Publish a message, and wait until the broker has it."""
        assert self._client is not None
        kind = find_kind(message)
        body = json.dumps(message, ensure_ascii=False).encode("utf-8")
        sent = self._client.publish(
            make_topic(self.place, kind), body, qos=1, retain=kind is MessageKind.STATE
        )
        if sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise self._blame(translate("the connection is lost."))
        try:
            sent.wait_for_publish(self._settings.timeout)
        except RuntimeError as error:
            raise self._blame(str(error)) from error
        if not sent.is_published():
            raise self._blame(translate("it did not confirm a message."))

    def count_arrived(self) -> int:
        """Return 0: none is held; notice here that the broker has gone."""
        if self._client is None or not self._client.is_connected():
            raise self._blame(translate("the connection is lost."))
        return 0

    def take_leave(self, state: Mapping[str, Any]) -> None:
        """Publish the last state: the last will does not come after a connection that was ended."""
        client = self._client
        if client is None or not client.is_connected():
            return
        topic = make_topic(self.place, MessageKind.STATE)
        said = client.publish(topic, json.dumps(state, ensure_ascii=False), qos=1, retain=True)
        if said.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            said.wait_for_publish(1.0)

    def close(self) -> None:
        """Disconnect."""
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()

    def _make_client(self, name: str) -> Client:
        place = self.place
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"anomaly-{place.site}-{place.line}-{place.station}-{name}",
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = self._settings.timeout
        client.on_connect = self._note_answer
        if self._settings.user and self._settings.password_file is not None:
            client.username_pw_set(self._settings.user, read_secret(self._settings.password_file))
        if self._settings.tls:
            client.tls_set_context(self._make_tls())
        return client

    def _make_tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._settings.ca_file)
        if self._settings.certificate_file is not None:
            context.load_cert_chain(self._settings.certificate_file, self._settings.key_file)
        return context

    def _note_answer(self, _client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._refusal = str(reason) if reason.is_failure else ""
        self._answered.set()

    def _blame(self, reason: str) -> OutputError:
        named = {"host": self._settings.host, "port": self._settings.port, "reason": reason}
        return OutputError(translate("MQTT broker {host}, port {port}: {reason}", **named))
