"""A Modbus TCP server: the station's state, and results that a PLC reads and acknowledges."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from anomaly_gui.language import translate
from anomaly_gui.station.outputs.kinds import registers
from anomaly_gui.station.outputs.kinds.loop_thread import LoopThread, finish_others
from anomaly_gui.station.outputs.output import (
    MessageKind,
    Output,
    OutputError,
    StationPlace,
    find_kind,
    try_listening,
)
from anomaly_gui.station.outputs.settings.kinds import BUFFERED, HIGH_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anomaly_gui.station.outputs.settings.kinds import ModbusSettings

READ, WRITE = (3, 4), 16
"""Functions served: holding and input registers, which are the same, and several written at once."""

_TO_FINISH = 1.0  # seconds for requests that are being answered when the station stops


class ModbusOutput(Output):
    """Holds eight results: until the PLC acknowledges them, or, free-running, until eight newer ones came.

    Registers are changed in the server's own thread, between two requests: no read sees half of a change.
    """

    takes = frozenset({MessageKind.RESULT, MessageKind.STATE})

    listens = True

    def __init__(self, name: str, settings: ModbusSettings, place: StationPlace) -> None:
        super().__init__(name, place)
        self._settings = settings
        self._is_buffered = settings.mode == BUFFERED
        self.window = registers.SLOTS if self._is_buffered else 0
        self.remembers = 0 if self._is_buffered else registers.SLOTS
        self._words = registers.Words(settings.words == HIGH_FIRST)
        self._slots: deque[Mapping[str, Any]] = deque(maxlen=registers.SLOTS)
        self._state: Mapping[str, Any] = {}
        self._bank = [0] * registers.COUNT
        self._arrived = 0
        self._thread: LoopThread | None = None
        self._server: ModbusTcpServer | None = None

    def try_out(self) -> str:
        """Look whether it can listen."""
        return try_listening(self._settings.host, self._settings.port)

    def open(self) -> None:
        """Listen."""
        self._write_bank()
        self._thread = LoopThread(f"modbus-{self.name}")
        try:
            self._thread.run(self._start())
        except (RuntimeError, OSError) as error:
            named = {"host": self._settings.host, "port": self._settings.port}
            raise OutputError(translate("Modbus cannot listen on {host}, port {port}.", **named)) from error

    def send(self, message: Mapping[str, Any]) -> None:
        """Show a result, the state, or whether there is an alarm."""
        assert self._thread is not None
        self._thread.run(self._show(message))

    def recall(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Show the last results again, where they are not acknowledged."""
        for message in messages:
            self.send(message)

    def count_arrived(self) -> int:
        """Return how many results the PLC has acknowledged since the last call."""
        assert self._thread is not None
        return self._thread.run(self._take_arrived())

    def close(self) -> None:
        """Stop listening."""
        thread, self._thread = self._thread, None
        if thread is not None:
            if self._server is not None:
                thread.run(self._stop(self._server))
            thread.close()
        self._server = None
        self._slots.clear()
        self._arrived = 0

    async def _start(self) -> None:
        data = SimData(0, count=registers.COUNT, values=0, datatype=DataType.REGISTERS)
        device = SimDevice(0, simdata=[data], action=self._serve)
        address = (self._settings.host, self._settings.port)
        self._server = ModbusTcpServer(device, address=address)
        await self._server.serve_forever(background=True)

    async def _stop(self, server: ModbusTcpServer) -> None:
        """Close every connection, and those that are just coming: the server would forget them."""
        await finish_others(_TO_FINISH)
        await server.shutdown()  # type: ignore[no-untyped-call]

    async def _serve(
        self,
        function: int,
        _start: int,
        address: int,
        count: int,
        current: list[int],
        written: list[Any] | None,
    ) -> ExcCodes | None:
        """Answer a request: bring the server's registers up to date, or take an acknowledgement."""
        if function == WRITE and written:
            if (address, count) != (registers.ACK, 2):
                return ExcCodes.ILLEGAL_ADDRESS
            self._acknowledge(self._words.read_unsigned(written))
            self._bank[registers.ACK : registers.ACK + 2] = written
        elif function not in (*READ, WRITE):
            return ExcCodes.ILLEGAL_FUNCTION
        current[:] = self._bank
        return None

    def _acknowledge(self, seq: int) -> None:
        """Take away a result and all before it; a number that is not held says nothing."""
        held = [registers.wrap_seq(each["seq"]) for each in self._slots]
        if not self._is_buffered or seq not in held:
            return
        for _ in range(held.index(seq) + 1):
            self._slots.popleft()
            self._arrived += 1
        self._write_bank()

    async def _take_arrived(self) -> int:
        arrived, self._arrived = self._arrived, 0
        return arrived

    async def _show(self, message: Mapping[str, Any]) -> None:
        kind = find_kind(message)
        if kind is MessageKind.STATE:
            self._state = message
        elif self._is_buffered:
            self._slots.append(message)
        else:
            self._slots.appendleft(message)
        if kind is MessageKind.RESULT:
            self._write_at(registers.NEWEST, self._words.write(">I", registers.wrap_seq(message["seq"])))
        self._write_bank()

    def _write_bank(self) -> None:
        """Write all registers but those that say what was last sent and acknowledged."""
        state = self._state
        own = state.get("outputs", {}).get(self.name, {})
        self._write_at(registers.VERSION, [registers.MAP_VERSION])
        self._write_at(registers.HEARTBEAT, [state.get("heartbeat", 0) & 0xFFFF])
        self._write_at(registers.STATE, [registers.number_state(state.get("state", "starting"))])
        self._write_at(registers.FAULT, [self._find_faults()])
        self._write_at(registers.HELD, [len(self._slots)])
        self._write_at(registers.PENDING, [min(own.get("pending", 0), 0xFFFF)])
        self._write_at(registers.TEST, self._words.write(">f", registers.TEST_NUMBER))
        self._write_at(registers.MODE, [0 if self._is_buffered else 1])
        for number in range(registers.SLOTS):
            message = self._slots[number] if number < len(self._slots) else None
            self._write_at(
                registers.FIRST_SLOT + number * registers.SLOT_WORDS, self._words.write_slot(message)
            )

    def _write_at(self, address: int, words: list[int]) -> None:
        self._bank[address : address + len(words)] = words

    def _find_faults(self) -> int:
        state = self._state
        others = state.get("outputs", {}).values()
        return (
            registers.STATE_IS_ERROR * (state.get("state") == "error")
            | registers.NO_STATE * (not state)
            | registers.BUFFER_IS_FULL * (self._is_buffered and len(self._slots) == registers.SLOTS)
            | registers.OUTPUT_FAILS * any(each["last_error"] for each in others)
            | registers.ALARM_IS_ACTIVE * bool(state.get("alarms"))
        )
