"""Whether the station still judges as it did: the challenge, drift, and the study of people's judgement.

May import records, verdicts, pictures and settings. It warns and locks; it never moves a threshold.
"""
