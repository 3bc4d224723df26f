"""The attribute agreement study: how well people judge parts, by AIAG's limits and by kappa.

May import the library's counts. Needs no station: its files are tables that people fill in.
"""
