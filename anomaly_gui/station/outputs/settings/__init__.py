"""The settings of each output: tables of a TOML file, checked with one sentence a mistake.

May import the base only.
"""
