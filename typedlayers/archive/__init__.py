"""What typedlayers writes into files, and how typed models are read back."""
