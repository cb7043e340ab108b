"""Every public name of ``keras.layers``; those of the catalogue's families are typed."""
