"""Names private to Keras and TensorFlow that we read: each is here, stands where it may, and works as we think."""

from __future__ import annotations

import inspect
import pickle
import re
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from typedlayers import keras as typed_keras
from typedlayers import layers
from typedlayers.bridge import functional, saving, stack
from typedlayers.bridge.history import last_step_of
from typedlayers.bridge.losses import metrics_given
from typedlayers.bridge.outputs import output_names
from typedlayers.bridge.tensors import origin_of

PACKAGE = Path(__file__).parents[1] / "typedlayers"
HOMES = ("bridge/", "layers/_typed.py")

NAMES = (
    "_layers",
    "_flatten_layers",
    "_functional",
    "_assert_input_compatibility",
    "_datatype_enum",
    "_shape_tuple",
    "_keras_history",
    "_inbound_nodes",
    "_unpickle_model",
    "_component_specs",
    "_inputs_struct",
    "_auto_config",
    "_keras_mask",
    "_output_shape",
    "_maybe_rebuild",
    "_user_loss",
    "_compile_loss",
    "_compile_metrics",
    "_user_metrics",
    "_user_weighted_metrics",
    "_outputs_struct",
    "_inputs",
    "_fn",
    "_use_cached_eval_dataset",
    "_drop_remainder",
    "_reshuffle_each_iteration",
    "_outbound_nodes",
    "_trainable_variables",
    "_map_func",
    "_func",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_private_name_stands_only_in_its_home(name: str) -> None:
    pattern = re.compile(rf"(?:\.{name}\b|getattr\([^)]*[\"']{name}[\"'])")
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if pattern.search(path.read_text()) and not path.relative_to(PACKAGE).as_posix().startswith(HOMES)
    ]
    assert found == []


def small() -> Any:
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="dense")])


def test_the_stack_of_a_sequential() -> None:
    model = small()
    assert [type(layer).__name__ for layer in model._layers] == ["InputLayer", "Dense"]
    extra = keras.layers.Dense(2)
    stack.set_stack(model, [*stack.stack_of(model), extra])
    assert model.layers[-1] is extra


def test_without_the_stack_public_names_do() -> None:
    class Older:
        """A Sequential of a Keras that has no ``_layers``."""

        def __init__(self) -> None:
            self.layers = [1, 2]

    assert stack.stack_of(Older()) == [1, 2]  # type: ignore[arg-type]


def test_inner_layers() -> None:
    model = keras.Sequential([small()])
    assert {layer.name for layer in model._flatten_layers()} >= {"dense"}
    assert {layer.name for layer in stack.inner_layers(model)} >= {"dense"}


def test_keras_s_own_input_check_is_called_with_the_first_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    inherited = keras.layers.Layer._assert_input_compatibility
    monkeypatch.setattr(
        keras.layers.Layer, "_assert_input_compatibility", lambda self, *x: given.append(x) or inherited(self, *x)
    )
    layer, x = keras.layers.Dense(2), tf.ones((1, 3))
    layer(x)
    assert any(arguments[0] is x for arguments in given)


def test_it_is_skipped_only_for_what_passed_it() -> None:
    layer = layers.Dense(2)
    layer(tf.ones((1, 3)))
    layer(tf.ones((1, 3)))
    with pytest.raises(ValueError, match="needs 3"):
        layer(tf.ones((1, 4)))


def test_the_quick_attributes_of_an_eager_tensor() -> None:
    x = tf.ones((2, 3))
    assert x._shape_tuple() == (2, 3)
    assert x._datatype_enum() == x.dtype.as_datatype_enum
    with pytest.raises(AttributeError):
        keras.KerasTensor((2, 3))._shape_tuple()


def test_the_maker_of_a_keras_tensor() -> None:
    assert str(origin_of(keras.Input((3,), name="features"))) == 'Input "features"'
    assert origin_of(np.ones(3)) is None


def test_the_recurrent_layer_behind_a_keras_tensor() -> None:
    """Without these names a rank mismatch is told without the layer that lacks ``return_sequences``."""
    lower = keras.layers.LSTM(2, name="lower")(keras.Input((4, 3)))
    assert last_step_of(keras.layers.Dropout(0.1)(lower)) == 'LSTM "lower"'
    assert last_step_of(np.ones(3)) is last_step_of(keras.Input((3,))) is None


def test_what_keras_pickles() -> None:
    model = small()
    _, (buffer,) = model.__reduce__()
    again = saving.unpickled(buffer)
    x = np.ones((1, 3), "float32")
    np.testing.assert_array_equal(again(x), model(x))


def test_without_the_unpickler_the_file_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    model = small()
    _, (buffer,) = model.__reduce__()
    owner = next(base for base in keras.Model.__mro__ if "_unpickle_model" in vars(base))
    monkeypatch.delattr(owner, "_unpickle_model")
    x = np.ones((1, 3), "float32")
    np.testing.assert_array_equal(saving.unpickled(buffer)(x), model(x))


def test_the_component_specs_of_a_distributed_data_set() -> None:
    from typedlayers.bridge.data import batch_of

    cpu = tf.config.list_logical_devices("CPU")[0].name
    strategy = tf.distribute.MirroredStrategy([cpu])
    data = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices(np.ones((4, 3))).batch(2))
    batch = batch_of(data)
    assert batch.x is not None
    assert batch.x.shape == (None, 3)


def test_the_output_shape_that_a_lambda_was_given() -> None:
    assert keras.layers.Lambda(lambda x: x, output_shape=(3,))._output_shape == (3,)
    assert keras.layers.Lambda(lambda x: x)._output_shape is None


def test_the_metrics_that_a_model_was_compiled_with() -> None:
    model = small()
    model.compile("sgd", "mse", metrics=["mae"], weighted_metrics=["mape"])
    assert metrics_given(model, ["dense"]) == (("mae", "mape"),)


def test_the_structure_of_a_functional_models_outputs() -> None:
    inputs = keras.Input((3,))
    model = keras.Model(inputs, {"z": keras.layers.Dense(1)(inputs), "a": keras.layers.Dense(2)(inputs)})
    assert output_names(model) == ("a", "z")


def test_keras_s_table_of_public_names() -> None:
    mine = type("Dense", (keras.layers.Dense,), {})
    config = keras.saving.serialize_keras_object(keras.layers.Dense(2))
    before = saving.exchange_names({"keras.layers.Dense": mine, "keras.nowhere.Nothing": mine})
    try:
        made = keras.saving.deserialize_keras_object(config)
        assert type(made) is mine
        assert keras.saving.serialize_keras_object(made) == config
    finally:
        saving.restore_names(before)
    assert type(keras.saving.deserialize_keras_object(config)) is keras.layers.Dense
    assert keras.saving.serialize_keras_object(keras.layers.Dense(2, name=made.name)) == config
    assert keras.saving.serialize_keras_object(mine(2))["registered_name"] == "Dense"
    assert "keras.nowhere.Nothing" not in saving._names()[0]


def test_a_constructor_that_keras_takes_for_its_own() -> None:
    """Keras before 3.15 wraps its constructor, and compares its arguments with those of a class derived from it."""

    def of_older_keras(self: Any, *args: Any, **kwargs: Any) -> None: ...

    def ours(self: Any, inputs: Any, outputs: Any, name: Any = None, *, mode: Any = None, **kwargs: Any) -> None: ...

    same = ours.__code__
    functional.show_as_keras(ours)
    assert inspect.getfullargspec(ours).args == inspect.getfullargspec(keras.Model(*pair()).__class__.__init__).args
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(functional, "KerasFunctional", type("Functional", (), {"__init__": of_older_keras}))
        functional.show_as_keras(ours)
        assert inspect.getfullargspec(ours).args[1:] == []
    assert ours.__code__ is same


def pair() -> tuple[Any, Any]:
    inputs = keras.Input((1,))
    return inputs, inputs


def test_a_package_that_pickles_models_as_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    model = typed_keras.Sequential([typed_keras.Input((3,)), layers.Dense(2)])
    whole = saving.pickled(model).getvalue()
    monkeypatch.setattr(keras.Model, "__reduce__", lambda self: (None, (np.frombuffer(whole, "uint8"),)))
    again = pickle.loads(pickle.dumps(model))
    assert type(again) is type(model)
    assert [w.tolist() for w in again.get_weights()] == [w.tolist() for w in model.get_weights()]


def test_without_that_table_global_custom_objects_do(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = type("Dense", (keras.layers.Dense,), {})
    config = {**keras.saving.serialize_keras_object(keras.layers.Dense(2)), "registered_name": "Dense"}
    monkeypatch.setitem(sys.modules, "keras.src.api_export", None)
    before = saving.exchange_names({"keras.layers.Dense": mine})
    try:
        assert keras.saving.get_custom_objects()["Dense"] is mine
        assert type(keras.saving.deserialize_keras_object(config)) is mine
    finally:
        saving.restore_names(before)
    assert "Dense" not in keras.saving.get_custom_objects()


def test_sublayers() -> None:
    model = small()
    assert [type(layer).__name__ for layer in stack.sublayers(model)] == ["InputLayer", "Dense"]

    class Older:
        """A layer of a Keras that has no ``_flatten_layers``."""

        layers = (1, 2)

    assert stack.sublayers(Older()) == [1, 2]
