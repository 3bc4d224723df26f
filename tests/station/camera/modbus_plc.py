"""A PLC that is asked for its coils: a server of Modbus TCP in a process of its own."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from pymodbus.client import ModbusTcpClient
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice


class Plc:
    """Runs while the block does; its program, another client of it, sets the coils."""

    def __init__(self, port):
        self._port = port

    def __enter__(self):
        self._process = subprocess.Popen([sys.executable, Path(__file__), str(self._port)])
        self._program = ModbusTcpClient("127.0.0.1", port=self._port)
        until = time.monotonic() + 15
        while not self._program.connect():
            assert time.monotonic() < until
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self._program.close()
        self._process.kill()
        self._process.wait()

    def set_coil(self, number, is_on):
        assert not self._program.write_coil(number, is_on).isError()


async def serve(port):
    coils = [SimData(0, count=16, values=False, datatype=DataType.BITS)]
    other = [SimData(0, count=1, values=0, datatype=DataType.REGISTERS)]
    device = SimDevice(0, simdata=(coils, coils, other, other))
    await ModbusTcpServer(device, address=("127.0.0.1", port)).serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
