"""``export`` of a model that scales raw bytes at its entry: the artefact serves bytes and ready floats."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import keras

from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.model_state import ModelState, model_state
from typedlayers.models._front import adapted
from typedlayers.models._methods import Method, stands_for

SAVED_MODEL: Final = "tf_saved_model"
ENDPOINT: Final = "serve"
"""Keras's own name for the endpoint of an exported model; here it takes bytes and floats."""

OF_FLOATS: Final = "serve_floats"
"""The endpoint whose signature is of ready floats."""


@stands_for
def export(inherited: Method) -> Method:
    """``export``: a planned repair of raw bytes is a part of the artefact, chosen by the dtype that comes."""

    def export(self: Any, filepath: Any, format: str = SAVED_MODEL, *rest: Any, **named: Any) -> None:
        state = model_state(self)
        own = format == SAVED_MODEL and not rest and set(named) <= {"verbose"} and bool(self.inputs)
        if not state.scales or not own:
            inherited(self, filepath, format, *rest, **named)
            return
        _export(self, state, filepath, named.get("verbose"))

    return export


def _export(model: Any, state: ModelState, filepath: Any, verbose: bool | None) -> None:
    import tensorflow as tf

    def specs_of(scales: Collection[int]) -> Any:
        flat = [
            tf.TensorSpec(given.shape, "uint8" if place in scales else given.dtype, name=given.name)
            for place, given in enumerate(model.inputs)
        ]
        return keras.tree.pack_sequence_as((functional_of(model) or model).input, flat)

    raw, ready = specs_of(state.scales), specs_of(())

    def serve(inputs: Any) -> Any:
        return model(adapted(state, inputs))

    serve.__module__ = keras.Model.__module__  # AutoGraph leaves Keras's own functions as they are
    archive: Any = keras.export.ExportArchive()
    archive.track(model)
    for name, specs in ((ENDPOINT, (raw, ready)), (OF_FLOATS, (ready,))):
        function = tf.function(serve)
        for spec in specs:  # the first one is the endpoint's signature
            function.get_concrete_function(spec)
        archive.add_endpoint(name, function)
    archive.write_out(filepath, verbose=True if verbose is None else verbose)
