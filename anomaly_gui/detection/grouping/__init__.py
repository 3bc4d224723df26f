"""Which images show one part, told from their fine grain: phases (`fine_grain`), what all images share
(`common_grain`), and where copies end and mere likeness begins (`near_copies`). May import images and arrays.
"""
