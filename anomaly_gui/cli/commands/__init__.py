"""A command a file: it maps its options to a request of the library's and prints the result.

May import `cli.output`, `cli.options`, `figures` and the library; no command imports another.
"""
