"""What a station has judged, sent on: each output in a process of its own, in order, nothing lost.

A message that did not arrive is sent again after 1 to 60 seconds, so it may arrive twice: who receives it
tells by its `id`. May import the base and, for pictures, `detection.images`.
"""
