"""What a station is to do: a TOML file, read into frozen values and checked.

May import the base only.
"""
