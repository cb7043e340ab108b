"""The only readers of Keras and TensorFlow objects: tensors, data sets, layers and models become our values."""
