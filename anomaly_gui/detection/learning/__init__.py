"""Networks learned from the user's images: autoencoder and Deep SVDD, trained by Keras, run by numpy.

May import `grouping` and what lies below; not `judging`, not `densities`.
"""
