"""Images at addresses: paths that are read over a network, what lies there, and folders that are shared."""
