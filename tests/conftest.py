import atexit
import os
import shutil
import tempfile

from hypothesis import settings

# before anything imports Qt: no screen is needed, and none may be used
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# before anything imports TensorFlow: its start-up notes are noise in a test's output
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

# the feature cache is at work in the tests as it is in the product, but not the user's own
_CACHE = tempfile.mkdtemp(prefix="anomaly-gui-tests-")
os.environ["ANOMALY_GUI_CACHE"] = _CACHE
os.environ.pop("ANOMALY_GUI_RUNTIME", None)
os.environ["LANGUAGE"] = "en"  # whatever this machine speaks; tests of other languages say so
atexit.register(shutil.rmtree, _CACHE, ignore_errors=True)


# what a busy machine takes is no failure
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
