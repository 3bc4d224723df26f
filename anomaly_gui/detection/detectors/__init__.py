"""What judges images: features in, scores and anomaly maps out. A detector knows no threshold.

May import `judging`, `learning`, `densities` and what lies below.
"""
