"""Repairs at work: one small op each, built from a `typedlayers.diagnostics.model.Repair`.

In a graph a repair is ordinary ops that XLA fuses with the model's; on a Keras tensor it is a node of the model.
"""
