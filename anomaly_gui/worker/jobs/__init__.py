"""One job a file: what the window asks, what the worker answers, and the handler that carries it out.

Handlers import the library when they run, so that the window can import jobs without anything heavy.
"""
