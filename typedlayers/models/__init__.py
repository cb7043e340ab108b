"""Typed models: `typedlayers.models.sequential`."""
