"""Detectors without some images and with others, from what they kept: what is given, and maps made anew.

May import `densities` and what lies below, and the maps of detectors.
"""
