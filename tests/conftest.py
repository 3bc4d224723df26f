import os

# before anything imports TensorFlow: its start-up notes are noise in a test's output
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
