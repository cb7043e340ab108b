"""The only readers of Keras and TensorFlow objects: tensors, datasets, layers and models become our values."""
