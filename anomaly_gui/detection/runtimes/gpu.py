"""Is there a GPU that TensorFlow can use? Told without importing TensorFlow where there is none.

Not run by us on a machine with a GPU: none at hand.
"""

from __future__ import annotations

import ctypes
import sys


def tensorflow_sees_a_gpu() -> bool:
    """Ask TensorFlow, which takes 4 s to import, only where the driver has a device."""
    if nvidia_devices() == 0:
        return False
    from anomaly_gui.detection.runtimes.keras_runtime import count_gpus

    return count_gpus() > 0


def nvidia_devices() -> int:
    """Return how many GPUs NVIDIA's driver has; 0 where there is no driver."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value
