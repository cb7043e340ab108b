"""Programs with packages that build on Keras: keras-hub, keras-rs, keras-tuner, scikeras; `make neighbours`."""
