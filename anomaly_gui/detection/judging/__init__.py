"""What scores of good images allow to say: which images are no good ones (`suspects`), and whether a promised
rate of false alarms was kept (`promise`). Knows scores and files, no detector. May import images and arrays.
"""
