"""Anomaly GUI: one-class visual inspection. Shown only good parts, it finds the bad ones."""

__version__ = "0.1.0"
