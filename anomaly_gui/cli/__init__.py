"""The command line: the use cases without a window."""
