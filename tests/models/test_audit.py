"""`tl.check`: what it finds in any Keras model and its data, and that it leaves both as they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

BYTES = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 3)).astype("uint8")
UNIT = (BYTES / 255).astype("float32")
IDS = np.arange(8) % 4


def classifier(L: Any, S: Any, *front: Any, units: int = 4, flat: bool = True) -> Any:
    """A compiled classifier of small images, of plain or of typed layers."""
    middle = [L.GlobalAveragePooling2D(name="pool")] if flat else []
    head = L.Dense(units, activation="softmax", name="head")
    model = S([keras.Input((8, 8, 3)), *front, L.Conv2D(2, 3, name="conv"), *middle, head])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


KINDS = [(keras.layers, keras.Sequential), (layers, tl.Sequential)]


def codes(report: tl.Report) -> list[str]:
    return [d.code for d in report.diagnostics]


@pytest.mark.parametrize(("L", "S"), KINDS)
class TestASequential:
    def test_nothing_is_wrong(self, L: Any, S: Any) -> None:
        report = tl.check(classifier(L, S), UNIT, targets=IDS)
        assert report.ok
        assert codes(report) == []

    def test_by_itself(self, L: Any, S: Any) -> None:
        assert tl.check(classifier(L, S)).ok

    def test_targets_and_their_cause(self, L: Any, S: Any) -> None:
        (found,) = tl.check(classifier(L, S, flat=False), UNIT, targets=IDS).errors
        assert found.code == "TL601"
        assert 'nothing flattens between Conv2D "conv"' in found.why

    def test_everything_at_once(self, L: Any, S: Any) -> None:
        report = tl.check(classifier(L, S, units=3), UNIT[..., :1], targets=IDS)
        assert codes(report) == ["TL502", "TL606"]

    def test_values(self, L: Any, S: Any) -> None:
        known = L is layers  # whether a plain model's weights were trained on bytes, nobody knows
        assert codes(tl.check(classifier(L, S), BYTES, targets=IDS)) == (["TL401"] if known else [])

    def test_a_pair_stands_for_data_and_targets(self, L: Any, S: Any) -> None:
        assert codes(tl.check(classifier(L, S, units=3), (UNIT, IDS))) == ["TL606"]

    def test_a_dataset_is_not_drawn_from(self, L: Any, S: Any) -> None:
        drawn: list[int] = []

        def batches() -> Iterator[Any]:
            drawn.append(0)
            yield UNIT[..., :1], IDS

        spec = tf.TensorSpec((None, 8, 8, 1), tf.float32), tf.TensorSpec((None,), tf.int64)  # pyright: ignore
        data = tf.data.Dataset.from_generator(batches, output_signature=spec)
        assert codes(tl.check(classifier(L, S), data)) == ["TL502"]
        assert drawn == []

    def test_the_model_is_left_as_it_was(self, L: Any, S: Any) -> None:
        model = classifier(L, S)
        before = set(vars(model)), [w.tobytes() for w in model.get_weights()], model.built
        tl.check(model, BYTES, targets=IDS)
        assert (set(vars(model)), [w.tobytes() for w in model.get_weights()], model.built) == before
        assert tl.repairs(model) == ()

    def test_what_is_allowed_is_not_said(self, L: Any, S: Any) -> None:
        with tl.allow("raw-bytes"):
            assert tl.check(classifier(L, S), BYTES, targets=IDS).ok


def test_a_plain_functional_model() -> None:
    ids = keras.Input((4,), dtype="int32")
    model = keras.Model(ids, keras.layers.Dense(3)(keras.layers.RMSNormalization(name="norm")(ids)))
    (found,) = tl.check(model).errors
    assert (found.code, found.where.what) == ("TL306", 'RMSNormalization "norm"')


def test_a_typed_functional_model_that_was_made_unchecked() -> None:
    with tl.mode("off"):
        ids = tl.Input((4,), dtype="int32")
        model = tl.Model(ids, layers.Dense(3)(layers.RMSNormalization(name="norm")(ids)))
    assert codes(tl.check(model)) == ["TL306"]


class Residual(tl.Layer):
    """Makes its layer anew in each call, or once."""

    def __init__(self, once: bool) -> None:
        super().__init__(name="residual")
        self.dense = layers.Dense(3, name="inner") if once else None

    def call(self, x: Any) -> Any:
        return x + (self.dense or layers.Dense(3, name="inner"))(x)


@pytest.mark.parametrize("data", [None, (np.ones((8, 3), "float32"), np.ones((8, 1), "float32"))])
@pytest.mark.parametrize(("once", "expected"), [(False, ["TL718"]), (True, [])])
def test_a_layer_made_in_a_call_of_a_model_that_was_made_unchecked(data: Any, once: bool, expected: list[str]) -> None:
    with tl.mode("off"):
        model = tl.Sequential([keras.Input((3,)), Residual(once), layers.Dense(1)])
        model.compile("sgd", "mse")
    assert codes(tl.check(model, data)) == expected


def test_a_subclassed_model() -> None:
    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.head = keras.layers.Dense(3)

        def call(self, x: Any) -> Any:
            return self.head(x)

    model = Net()
    assert tl.check(model).ok
    assert not model.built
    assert codes(tl.check(model, np.ones((8, 3)), targets=np.ones(7))) in (["TL505"], [])


def test_unbuilt_sequential_of_data() -> None:
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Conv2D(2, 3, name="conv")])
    assert codes(tl.check(model, UNIT)) == ["TL201"]
    assert not model.built


@pytest.mark.parametrize("make", [keras.applications.MobileNetV2, keras.applications.ResNet50])
def test_applications_have_nothing_to_report(make: Any) -> None:
    model = make(weights=None, input_shape=(32, 32, 3), classes=4)
    model.compile("sgd", "sparse_categorical_crossentropy")
    report = tl.check(model, np.zeros((2, 32, 32, 3), "float32"), targets=IDS[:2])
    assert codes(report) == [], str(report)
