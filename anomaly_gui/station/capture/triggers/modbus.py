"""A coil of a PLC that goes from off to on takes a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException

from anomaly_gui.language import translate
from anomaly_gui.station.capture.triggers.trigger import Fire, Trigger, TriggerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.station.settings.trigger_settings import ModbusTrigger

_TIMEOUT = 1.0  # seconds for an answer
_TRY_EVERY = 1.0  # seconds


class ModbusWatch(Trigger):
    """Asks a PLC for the coil; what it was at the first answer is no edge."""

    def __init__(self, name: str, settings: ModbusTrigger, fire: Fire, scan: Callable[[str], None]) -> None:
        super().__init__(name, fire, scan)
        self._settings = settings

    def work(self) -> None:
        """Watch the coil until it ends, and connect again after each loss."""
        while not self._ended.is_set():
            try:
                self._watch()
            except TriggerError as error:
                self.trouble = str(error)
            self._ended.wait(_TRY_EVERY)

    def reach(self) -> None:
        """Try whether the PLC tells of the coil."""
        client = self._connect()
        try:
            self._read_coil(client)
        finally:
            client.close()

    def _watch(self) -> None:
        client = self._connect()
        try:
            before = self._read_coil(client)
            self.trouble = ""
            while not self._ended.wait(self._settings.poll):
                now = self._read_coil(client)
                if now and not before:
                    self._fire(self.name)
                before = now
        finally:
            client.close()

    def _connect(self) -> Any:
        client: Any = ModbusTcpClient(
            self._settings.host, port=self._settings.port, timeout=_TIMEOUT, retries=0, reconnect_delay=0
        )
        if not client.connect():
            raise self._blame(translate("it does not answer."))
        return client

    def _read_coil(self, client: Any) -> bool:
        try:
            answer = client.read_coils(self._settings.coil, count=1, device_id=self._settings.unit)
        except (ModbusException, OSError) as error:
            raise self._blame(str(error)) from error
        if answer.isError() or not answer.bits:
            raise self._blame(translate("it refuses to tell of coil {coil}.", coil=self._settings.coil))
        return bool(answer.bits[0])

    def _blame(self, reason: str) -> TriggerError:
        named = {"host": self._settings.host, "port": self._settings.port, "reason": reason}
        return TriggerError(translate("PLC {host}, port {port}: {reason}", **named))
