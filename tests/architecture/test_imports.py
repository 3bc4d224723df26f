import subprocess
import sys

import pytest

from anomaly_gui import detection

HEAVY = {"tensorflow", "keras", "sklearn", "scipy", "PySide6", "pyqtgraph", "matplotlib"}


@pytest.mark.parametrize(
    "module",
    ["anomaly_gui.detection", "anomaly_gui.detection.training", "anomaly_gui.detection.evaluating"],
)
def test_the_library_imports_nothing_heavy(module):
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


def test_every_name_of_the_library_is_there():
    missing = [name for name in detection.__all__ if not hasattr(detection, name)]
    assert missing == []
    assert "train" in detection.__all__


def test_importing_the_library_loads_none_of_its_modules():
    code = "import sys, anomaly_gui.detection; print(*(m for m in sys.modules if 'gui.detection.' in m))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []
