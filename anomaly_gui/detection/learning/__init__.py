"""Features that are learned from the good images themselves, where ImageNet's fit them badly.

`architectures` says how networks are built, as data; `keras_network` builds and trains them with Keras;
`forward` runs a trained one with numpy alone, so that judging images needs no TensorFlow.
"""
