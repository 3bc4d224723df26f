"""Long jobs in a process of their own, so that a window never waits for them. No Qt in here.

The window's process holds neither TensorFlow nor scikit-learn: it sends a job (`jobs`) through a pipe and
gets progress and plain values back. The jobs are the library's use cases.
"""
