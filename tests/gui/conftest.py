import gc
import os

# before anything imports Qt: no screen is needed, and none may be used
os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QSettings


@pytest.fixture(scope="session", autouse=True)
def garbage_is_collected_on_this_thread():
    """As the application does it; see `collect_garbage_here`."""
    gc.disable()
    yield
    gc.enable()


def pytest_runtest_teardown():
    gc.collect()


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory):
    """Settings, logs and models of the tests stay among themselves."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(home))
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home))
        yield home
