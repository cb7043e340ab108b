"""``export`` of a model that scales bytes by their dtype: the artefact takes bytes, and does it itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import keras

from typedlayers.artefacts.model import Bounds
from typedlayers.artefacts.model import Front as InArtefact
from typedlayers.artefacts.stamping import contract_data, stamp_onnx, stamp_saved_model
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.front import front_of
from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.model_state import model_state
from typedlayers.diagnostics.model import Repair
from typedlayers.facts.front import Ends, input_name
from typedlayers.models._front import BYTES, bytes_taken
from typedlayers.models._methods import Method, stands_for
from typedlayers.modes import current, mode
from typedlayers.verdict.boundary import guarded

SAVED_MODEL: Final = "tf_saved_model"
ENDPOINT: Final = "serve"
"""Keras's own name for the endpoint of an exported model; here it takes bytes, and refuses floats."""

OF_FLOATS: Final = "serve_floats"
"""The endpoint that takes ready floats, and refuses those out of the range that the model takes."""


@stands_for
def export(inherited: Method) -> Method:
    """``export``: the scaling of bytes is a part of the artefact, in every format."""

    def export(self: Any, filepath: Any, format: str = SAVED_MODEL, *rest: Any, **named: Any) -> None:
        scales = bytes_taken(self)
        if not scales or rest or "input_signature" in named or not getattr(self, "inputs", None):
            inherited(self, filepath, format, *rest, **named)  # whoever gives a signature says what comes
            scales = {}
        elif format == SAVED_MODEL and set(named) <= {"verbose"}:
            _export(self, scales, filepath, named.get("verbose"))
        else:
            inherited(of_bytes(self, scales), filepath, format, **named)
        guarded(label_of(self), lambda: _stamp(self, scales, str(filepath), format))

    return export


def _stamp(model: Any, scales: Mapping[str, Repair], file: str, format: str) -> None:
    """Writes into an artefact what is known of its inputs, where its format has a place for that."""
    stamp = {SAVED_MODEL: stamp_saved_model, "onnx": stamp_onnx}.get(format)
    fronts = dict(_fronts(model, scales))
    if stamp is not None and fronts:
        stamp(file, contract_data(fronts, mode=current(model_state(model).mode).name))


def _fronts(model: Any, scales: Mapping[str, Repair]) -> Iterator[tuple[str, InArtefact]]:
    inputs = getattr(model, "inputs", None) or []
    names, front = [one.name for one in inputs], front_of(model)
    for place, name in enumerate(names):
        key = input_name(names, place)
        taken = front.of(key)
        if taken.values is not None:
            yield name, InArtefact(Bounds(taken.values, declared=taken.declared is not None), scales.get(key))


def of_bytes(model: Any, scales: Mapping[str, Repair]) -> Any:
    """Returns a model around another one that takes bytes in the given inputs, and scales them by a layer.

    Args:
        model: a functional model or a built Sequential.
        scales: what is done to bytes, by the name of the input.
    """
    raw, scaled = [], []
    names = [given.name for given in model.inputs]
    for place, given in enumerate(model.inputs):
        repair = scales.get(input_name(names, place))
        dtype = given.dtype if repair is None else BYTES
        raw.append(keras.Input(batch_shape=given.shape, dtype=dtype, name=given.name))
        layer = None if repair is None else keras.layers.Rescaling(repair.scale, repair.offset, dtype=repair.dtype)
        scaled.append(raw[-1] if layer is None else layer(raw[-1]))
    nest = (functional_of(model) or model).input
    with mode("off"):
        outputs = model(keras.tree.pack_sequence_as(nest, scaled))
        made = keras.Model(keras.tree.pack_sequence_as(nest, raw), outputs, name=f"{model.name}_{OF_BYTES}")
        made(made.input)  # ONNX is written of models only that were called
        return made


OF_BYTES: Final = "of_bytes"
"""The suffix of the model around one that scales bytes."""


def _export(model: Any, scales: Mapping[str, Repair], filepath: Any, verbose: bool | None) -> None:
    import tensorflow as tf

    names = [given.name for given in model.inputs]
    front, nest = front_of(model), (functional_of(model) or model).input

    def signature(of: Collection[str]) -> Any:
        dtypes = [BYTES if input_name(names, place) in of else one.dtype for place, one in enumerate(model.inputs)]
        specs = [tf.TensorSpec(one.shape, dtype, one.name) for one, dtype in zip(model.inputs, dtypes, strict=True)]
        return keras.tree.pack_sequence_as(nest, specs)

    def serve(inputs: Any) -> Any:
        dtypes = [one.dtype for one in keras.tree.flatten(inputs)]
        bytes_come = all(dtype == BYTES for place, dtype in enumerate(dtypes) if input_name(names, place) in scales)
        refused = (
            [] if bytes_come else [tf.debugging.Assert(False, [f"bytes are needed; ready floats go to {OF_FLOATS!r}"])]
        )
        with tf.control_dependencies(refused):
            return model(keras.tree.map_structure(tf.identity, inputs))

    def serve_floats(inputs: Any) -> Any:
        flat = keras.tree.flatten(inputs)
        for place, given in enumerate(flat):
            ends = front.of(input_name(names, place)).ends
            flat[place] = given if ends is None else _within(tf, given, ends)
        return model(keras.tree.pack_sequence_as(inputs, flat))

    archive: Any = keras.export.ExportArchive()
    archive.track(model)
    for name, function, signatures in (
        (ENDPOINT, serve, (signature(scales), signature(()))),  # the first one is the endpoint's signature
        (OF_FLOATS, serve_floats, (signature(()),)),
    ):
        function.__module__ = keras.Model.__module__  # AutoGraph leaves Keras's own functions as they are
        endpoint = tf.function(function)
        for one in signatures:
            endpoint.get_concrete_function(one)
        archive.add_endpoint(name, endpoint)
    archive.write_out(filepath, verbose=True if verbose is None else verbose)


ROUNDED: Final = 1e-3
"""How far beyond an end rounding goes, as a share of the width."""


def _within(tf: Any, given: Any, ends: Ends) -> Any:
    """Lets a tensor pass whose values are in a range; the graph refuses others as it runs."""
    low, high = ends
    margin = ROUNDED * (high - low)
    said = f"values {low:g}..{high:g} are needed, as this model takes them; bytes go to the endpoint {ENDPOINT!r}"
    least, most = (tf.cast(end, given.dtype) for end in (low - margin, high + margin))
    checks = [tf.debugging.assert_greater_equal(given, least, said), tf.debugging.assert_less_equal(given, most, said)]
    with tf.control_dependencies([one for one in checks if one is not None]):
        return tf.identity(given)
