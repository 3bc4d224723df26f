"""Training on a cluster, exactly: parts yield sums about one shift, which are added up in a tree by number.

Part files hold features; the sums, the scores and the model file come out the same, to the byte, whoever
worked on which part. May import the library and `engine`.
"""
