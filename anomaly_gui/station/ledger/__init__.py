"""The records of a station: every part's verdict, who did what, and what each output has still to send.

SQLite on the local disk, written through; results and the audit are one chain of hashes. May import what it
records: pictures and verdicts.
"""
