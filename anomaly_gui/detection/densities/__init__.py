"""How normal features are distributed: Gaussians and mixtures, of whole images and of the cells of a grid.

May import `grouping` and what lies below; not `judging`, not `learning`.
"""
