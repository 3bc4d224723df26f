"""A PostgreSQL server that several stations copy their records to; it may be away for as long as it likes.

The station's own file stays what counts. May import the records, and of the outputs how a process is kept.
"""
