"""A PostgreSQL server that several stations copy their records to; it may be away for as long as it likes.

The station's own file stays what counts. What the server has of all of them is read as a plant. May import
the records, the names of what is watched, and of the outputs how a process is kept.
"""
