"""`to_keras` and `from_keras`, `register`, `clone_model`, and artefacts of models that scale raw bytes."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.saving.zoo import PACKAGE, ZOO, Net, Twice, as_typed_as, compiled, outputs, same_bits, sequential, table
from typedlayers import layers
from typedlayers.archive.scope import typed_places
from typedlayers.bridge.front import front_of
from typedlayers.bridge.functional import KerasFunctional
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.stack import inner_layers
from typedlayers.diagnostics.model import Repair
from typedlayers.models._export import of_bytes
from typedlayers.modes import LENIENT

CONVERTED = {name: row for name, row in ZOO.items() if name != "subclassed"}


def typed_in(model: Any) -> set[str]:
    """The typed classes of ours in a model."""
    typed = set(typed_places().values())
    return {type(layer).__name__ for layer in inner_layers(model) if type(layer) in typed}


@pytest.fixture
def registered() -> Iterator[None]:
    tl.register()
    yield
    tl.unregister()


# ------------------------------------------------------------------------------------- to_keras, from_keras
@pytest.mark.parametrize("name", CONVERTED)
def test_a_plain_model_has_the_same_bits_and_nothing_typed_in_it(name: str) -> None:
    make, given = CONVERTED[name]
    model = make()
    plain = tl.to_keras(model)
    assert typed_in(plain) == ({"Dense"} if name == "custom" else set())  # what `Twice` makes, is in its code
    assert type(plain) in (keras.Sequential, KerasFunctional)
    assert same_bits(outputs(plain, given()), outputs(model, given()))
    assert plain.compiled is model.compiled
    again = tl.from_keras(plain, mode="lenient")
    assert type(again) is type(model)
    assert as_typed_as(again, model)
    assert model_state(again).mode is LENIENT
    assert same_bits(outputs(again, given()), outputs(model, given()))


def test_the_optimizer_goes_both_ways_with_its_state() -> None:
    model = compiled()
    for other in (tl.to_keras(model), tl.from_keras(tl.to_keras(model))):
        for one, two in zip(other.optimizer.variables, model.optimizer.variables, strict=True):
            np.testing.assert_array_equal(one, two)


def test_weights_are_copied_not_shared() -> None:
    plain = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    again = tl.from_keras(plain)
    before = outputs(plain, table())
    again.set_weights([0 * w for w in again.get_weights()])
    assert same_bits(outputs(plain, table()), before)


def own_loss(y: Any, z: Any) -> Any:
    return keras.ops.mean((y - z) ** 2, axis=-1)


class Unregistered(keras.layers.Layer):
    def call(self, x: Any) -> Any:
        return x + 1


def test_classes_and_losses_of_the_user_s_own_need_no_registration() -> None:
    plain = keras.Sequential([keras.Input((4,)), Unregistered(), keras.layers.Dense(2)])
    plain.compile("sgd", own_loss)
    again = tl.from_keras(plain)
    assert [type(layer) for layer in again.layers] == [Unregistered, layers.Dense]
    assert again.loss is own_loss
    assert same_bits(outputs(tl.to_keras(again), table()), outputs(plain, table()))


def test_an_application_becomes_typed_throughout() -> None:
    plain = keras.applications.MobileNetV2((32, 32, 3), weights=None, classes=2, alpha=0.35)
    again = tl.from_keras(plain)
    assert typed_in(again) >= {"Conv2D", "DepthwiseConv2D", "BatchNormalization", "Functional"}
    x = np.random.default_rng(0).random((1, 32, 32, 3), "float32")
    assert same_bits(outputs(again, x), outputs(plain, x))


@keras.saving.register_keras_serializable(PACKAGE)
class PlainNet(keras.Model):
    def call(self, x: Any) -> Any:
        return x


REFUSED = [
    # function        what it gets                   what it says
    (tl.from_keras, PlainNet(), 'from_keras needs a Sequential or a functional model; PlainNet "'),
    (tl.to_keras, Net(), 'to_keras needs a Sequential or a functional model; Net "'),
    (tl.from_keras, keras.layers.Dense(2), "from_keras needs a Keras model, not <Dense"),
    (tl.to_keras, 3, "to_keras needs a Keras model, not 3"),
    (tl.from_keras, None, "from_keras needs a Keras model, not None"),
]


@pytest.mark.parametrize(("function", "given", "text"), REFUSED)
def test_what_cannot_be_converted(function: Any, given: Any, text: str) -> None:
    with pytest.raises(TypeError) as caught:
        function(given)
    assert text in str(caught.value)


def test_a_subclassed_model_is_told_where_to_derive_from() -> None:
    with pytest.raises(TypeError, match=r"derive PlainNet from typedlayers\.Model instead"):
        tl.from_keras(PlainNet())
    with pytest.raises(TypeError, match=r"derive Net from keras\.Model instead"):
        tl.to_keras(Net())


def test_a_mode_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match=r"from_keras\(mode=\) is 'lax'"):
        tl.from_keras(keras.Sequential([keras.Input((4,))]), mode="lax")


def test_lenient_repairs_what_plain_keras_lets_pass() -> None:
    plain = keras.Sequential([keras.Input((8, 8, 1), dtype="uint8"), keras.layers.Conv2D(2, 3)])
    with pytest.raises(tl.ContractError, match="TL304"):
        tl.from_keras(plain)
    again = tl.from_keras(plain, mode="lenient")
    assert [entry.repair.kind for entry in tl.repairs(again)] == ["cast"]
    x = np.ones((1, 8, 8, 1), "uint8")
    assert same_bits(outputs(again, x), outputs(plain.layers[0], x.astype("float32")))


# -------------------------------------------------------------------------------------------- register
def test_registered_plain_keras_gives_typed_models(registered: None, tmp_path: Path) -> None:
    for name in ("sequential", "functional", "sequences", "custom"):
        make, given = ZOO[name]
        model = make()
        model.save(tmp_path / "model.keras")
        again = keras.saving.load_model(tmp_path / "model.keras")
        assert type(again) is type(model)
        assert as_typed_as(again, model)
        assert same_bits(outputs(again, given()), outputs(model, given()))
        plain = tl.to_keras(model)
        assert not typed_in(plain) - {"Dense"}
        plain.save(tmp_path / "plain.keras")
        assert type(keras.saving.load_model(tmp_path / "plain.keras")) is type(model)


def test_registered_the_user_s_class_goes_before_ours(registered: None, tmp_path: Path) -> None:
    mine = type("Dense", (keras.layers.Dense,), {})
    sequential().save(tmp_path / "model.keras")
    for load in (keras.saving.load_model, tl.load_model):
        assert type(load(tmp_path / "model.keras", custom_objects={"Dense": mine}).layers[0]) is mine


def test_register_is_undone_and_may_be_done_twice(tmp_path: Path) -> None:
    sequential().save(tmp_path / "model.keras")
    custom = dict(keras.saving.get_custom_objects())
    for _ in range(2):
        tl.register()
        tl.register()
        assert type(keras.saving.load_model(tmp_path / "model.keras")) is tl.Sequential
        tl.unregister()
        tl.unregister()
        assert type(keras.saving.load_model(tmp_path / "model.keras")) is keras.Sequential
    assert keras.saving.get_custom_objects() == custom


# ------------------------------------------------------------------------------------------ clone_model
def test_a_clone_is_typed_with_new_weights_and_compiled() -> None:
    model = compiled()
    clone = tl.keras.models.clone_model(model)
    assert type(clone) is tl.Sequential
    assert [type(layer) for layer in clone.layers] == [type(layer) for layer in model.layers]
    assert [layer.name for layer in clone.layers] == [layer.name for layer in model.layers]
    assert not set(map(id, clone.layers)) & set(map(id, model.layers))
    assert clone.compiled
    assert clone.layers[0].output.shape == (None, 3)


def test_a_clone_function_decides() -> None:
    seen = []

    def plain(layer: Any) -> Any:
        seen.append(layer.name)
        return keras.layers.Dense(5) if isinstance(layer, keras.layers.Dense) else type(layer)(0.1)

    clone = tl.keras.models.clone_model(sequential(), clone_function=plain)
    assert clone.output_shape == (None, 5)
    assert len(seen) == 3


def test_a_clone_of_models_inside_models() -> None:
    model = ZOO["nested"][0]()
    for recursive in (False, True):
        clone = tl.keras.models.clone_model(model, recursive=recursive)
        assert type(clone.get_layer("inner")) is tl.Sequential
        assert type(clone.get_layer("plain")) is keras.Sequential
        assert clone.get_layer("inner").layers[0] is not model.get_layer("inner").layers[0]
        clone.set_weights(model.get_weights())
        assert same_bits(outputs(clone, table()), outputs(model, table()))


def test_a_clone_on_other_inputs() -> None:
    tensor = keras.Input((4,), name="other")
    clone = tl.keras.models.clone_model(sequential(), input_tensors=tensor)
    assert type(clone) is tl.Sequential
    assert clone.output_shape == (None, 2)


def test_what_keras_refuses_to_clone_is_refused() -> None:
    with pytest.raises(ValueError, match="call_function"):
        tl.keras.models.clone_model(sequential(), call_function=lambda layer, *a, **k: layer(*a, **k))
    with pytest.raises(ValueError, match="clone_function"):
        tl.keras.models.clone_model(ZOO["subclassed"][0](), clone_function=lambda layer: layer)


def test_a_subclassed_and_a_plain_model_are_cloned_as_in_keras() -> None:
    clone = tl.keras.models.clone_model(ZOO["subclassed"][0]())
    assert type(clone) is Net
    plain = tl.keras.models.clone_model(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]))
    assert type(plain) is keras.Sequential
    assert type(plain.layers[0]) is keras.layers.Dense


def test_shared_layers_stay_shared_in_a_clone() -> None:
    dense = layers.Dense(4)
    model = tl.Sequential([tl.Input((4,)), dense, dense])
    clone = tl.keras.models.clone_model(model)
    assert clone.layers[0] is clone.layers[1]


# ---------------------------------------------------------------------------- models that scale raw bytes
def bytes_of(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (4, 8, 8, 1)).astype("uint8")


def scaling() -> Any:
    stack = [tl.Input((8, 8, 1)), layers.Conv2D(2, 3, activation="relu"), layers.Flatten(), layers.Dense(2)]
    model = tl.Sequential(stack, mode="lenient", name="net")
    model.compile(keras.optimizers.SGD(), keras.losses.MeanSquaredError())
    model.fit(bytes_of().astype("float32") / 255, np.zeros((4, 2)), verbose=0)
    assert front_of(model).scales
    return model


def two_inputs() -> Any:
    """One input of raw bytes, one of numbers, in a dict."""
    inputs = {"image": tl.Input((8, 8, 1), name="image"), "table": tl.Input((4,), name="table")}
    x = layers.Flatten()(layers.Conv2D(2, 3)(inputs["image"]))
    model = tl.Model(inputs, layers.Dense(2)(layers.Concatenate()([x, inputs["table"]])), mode="lenient", name="net")
    data = {"image": bytes_of().astype("float32") / 255, "table": np.ones((4, 4), "float32")}
    model.compile(keras.optimizers.SGD(), keras.losses.MeanSquaredError())
    model.fit(data, np.zeros((4, 2)), verbose=0)
    assert set(front_of(model).scales) == {"image"}
    return model


@pytest.mark.parametrize("way", ["keras", "h5", "to_keras"])
def test_a_planned_repair_comes_along(way: str, tmp_path: Path) -> None:
    model, x = scaling(), bytes_of()
    if way == "to_keras":
        plain = tl.to_keras(model)
        assert [given.dtype for given in plain.inputs] == ["uint8"]
        assert same_bits(outputs(plain, x), outputs(model, x))
        ready = x.astype("float32") / 255
        assert same_bits(outputs(plain.get_layer("net"), ready), outputs(model, ready))
        assert typed_in(plain) == set()
        return
    model.save(tmp_path / f"model.{way}")
    again = tl.load_model(tmp_path / f"model.{way}")
    assert front_of(again) == front_of(model)
    assert same_bits(outputs(again, x), outputs(model, x))
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


def test_the_file_in_plain_keras_is_the_model_of_ready_floats(tmp_path: Path) -> None:
    model, ready = scaling(), bytes_of().astype("float32") / 255
    model.save(tmp_path / "model.keras")
    assert same_bits(outputs(keras.saving.load_model(tmp_path / "model.keras"), ready), outputs(model, ready))


def test_to_keras_of_several_inputs() -> None:
    model = two_inputs()
    plain = tl.to_keras(model)
    data = {"image": bytes_of(), "table": np.ones((4, 4), "float32")}
    assert {given.name: given.dtype for given in plain.inputs} == {"image": "uint8", "table": "float32"}
    assert same_bits(outputs(plain, data), outputs(model, data))


def test_a_compiled_model_is_compiled_with_its_bytes(tmp_path: Path) -> None:
    model = scaling()
    plain = tl.to_keras(model)
    assert plain.compiled
    y = np.zeros((4, 2), "float32")
    assert plain.evaluate(bytes_of(), y, verbose=0) == pytest.approx(model.evaluate(bytes_of(), y, verbose=0))


def test_export_serves_bytes_and_ready_floats(tmp_path: Path) -> None:
    model, x = scaling(), bytes_of()
    ready = x.astype("float32") / 255
    model.export(tmp_path / "artefact", verbose=False)
    artefact: Any = tf.saved_model.load(str(tmp_path / "artefact"))
    np.testing.assert_allclose(artefact.serve(x), outputs(model, x)[0], rtol=1e-6)
    for floats in (ready, tf.constant(ready)):
        with pytest.raises(tf.errors.InvalidArgumentError, match="bytes are needed"):
            artefact.serve(floats)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"values 0\.\.1 are needed"):
        artefact.serve_floats(x.astype("float32"))
    np.testing.assert_allclose(artefact.serve_floats(ready), outputs(model, ready)[0], rtol=1e-6)
    dtypes = {
        name: [s.dtype.name for s in tf.nest.flatten(f.structured_input_signature)]
        for name, f in artefact.signatures.items()
    }
    assert dtypes == {"serving_default": ["uint8"], "serve": ["uint8"], "serve_floats": ["float32"]}


def test_export_of_several_inputs(tmp_path: Path) -> None:
    model = two_inputs()
    data = {"image": tf.constant(bytes_of()), "table": tf.ones((4, 4))}
    model.export(tmp_path / "artefact", verbose=False)
    artefact: Any = tf.saved_model.load(str(tmp_path / "artefact"))
    np.testing.assert_allclose(artefact.serve(data), outputs(model, data)[0], rtol=1e-6)
    data["image"] = tf.cast(data["image"], "float32") / 255
    np.testing.assert_allclose(artefact.serve_floats(data), outputs(model, data)[0], rtol=1e-6)


def test_export_without_a_planned_repair_is_keras_s_own(tmp_path: Path) -> None:
    model = sequential()
    model.export(tmp_path / "artefact", verbose=False)
    artefact: Any = tf.saved_model.load(str(tmp_path / "artefact"))
    assert set(artefact.signatures) == {"serving_default", "serve"}
    np.testing.assert_allclose(artefact.serve(table()), outputs(model, table())[0], rtol=1e-6)


def test_export_by_a_signature_of_the_user_s_is_keras_s_own(tmp_path: Path) -> None:
    model = scaling()
    spec = keras.InputSpec(shape=(None, 8, 8, 1), dtype="uint8")
    model.export(tmp_path / "artefact", verbose=False, input_signature=[spec])
    artefact: Any = tf.saved_model.load(str(tmp_path / "artefact"))
    np.testing.assert_allclose(artefact.serve(bytes_of()), outputs(model, bytes_of())[0], rtol=1e-6)


def test_a_registered_layer_around_a_typed_one_keeps_its_class() -> None:
    assert type(tl.to_keras(ZOO["custom"][0]()).layers[0]) is Twice


IN_A_NEW_PROCESS = """
import pickle, sys
import numpy as np
with open(sys.argv[1], "rb") as file:
    model, layer, x, expected = pickle.load(file)
np.testing.assert_array_equal(model.predict(x, verbose=0), expected)
import typedlayers as tl
from typedlayers import layers
assert type(model) is tl.Sequential and type(layer) is layers.Dense
"""


def test_a_pickle_opens_typed_and_repaired_in_a_process_that_knows_nothing(tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 256, (16, 8, 8, 1)).astype("uint8")
    stack = [tl.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)]
    model = tl.Sequential(stack, mode="lenient")
    model.compile(keras.optimizers.SGD(), keras.losses.MeanSquaredError())
    model.fit(x, np.ones((16, 1)), verbose=0)
    file = tmp_path / "model.pkl"
    file.write_bytes(pickle.dumps((model, layers.Dense(3), x, model.predict(x, verbose=0))))
    done = subprocess.run(
        [sys.executable, "-c", IN_A_NEW_PROCESS, str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_model_around_one_counts_as_called() -> None:
    """Keras writes ONNX of models only that were called."""
    assert of_bytes(scaling(), {"": Repair("rescale", dtype="float32", scale=1 / 255)})._called
