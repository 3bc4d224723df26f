"""Where pictures come from: each source yields pictures that are whole, in order, and loses none.

May import the settings of the station, and of the library what reads images.
"""
