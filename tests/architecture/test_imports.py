import subprocess
import sys

import pytest

HEAVY = {"tensorflow", "keras", "sklearn", "scipy", "PySide6", "pyqtgraph", "matplotlib"}


@pytest.mark.parametrize("module", ["anomaly_gui.detection.training", "anomaly_gui.detection.scoring"])
def test_the_library_imports_nothing_heavy(module):
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []
