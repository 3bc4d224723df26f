"""Pictures of results, as files: plain values in, figures out. May import the library.

Names are loaded when they are first used: the window and most commands need the colours only. Importing it
loads no matplotlib.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
