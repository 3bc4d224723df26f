"""Parts that come by themselves: captured, judged, recorded, sent out; nothing is lost or counts twice.

Without Qt. May import the library and the base; the command line imports it.
"""
