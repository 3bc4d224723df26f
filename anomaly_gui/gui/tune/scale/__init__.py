"""Where scores stand in the plot, and the axis that names them.

May import what `tune` may, but for the plot itself.
"""
