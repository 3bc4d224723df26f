"""What runs the network: images in, layer outputs out, behind one protocol (MNN, Keras), and the machine.

May import `settings` and `arrays`.
"""
