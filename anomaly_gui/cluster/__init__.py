"""More than one machine: work in parts, on processes of this machine or on a Dask cluster.

Without Qt. May import the library and the base; the library never imports it. The packages of the extra
`cluster` are imported where they are used, so that all else works without them.
"""
