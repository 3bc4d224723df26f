"""From scores to verdicts: thresholds and what they promise, suspects, metrics and evaluation.

May import `grouping` and what lies below; not `learning`, not `densities`.
"""
