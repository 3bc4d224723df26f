"""The plant: all stations of a server, read from there; it knows no station's own records.

May import what tables and fields of the engineer's page have in common, levels, and looks.
"""
