"""Scoring in parts: what a worker does with one, what it writes, and a run over all of them."""
