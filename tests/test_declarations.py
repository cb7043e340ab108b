"""What a user declares of a layer, and what can be read back: annotate, contract_of, allow, repairs."""

from __future__ import annotations

import threading
import warnings
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from jaxtyping import Float, Shaped

import typedlayers as tl
from typedlayers import errors, layers

T = tl.Tensor
DOUBLES = tf.ones((2, 4), tf.float64)
FLOATS = tf.ones((2, 4))


def codes_of(layer: Any, *args: Any, **kwargs: Any) -> list[str]:
    """The codes that a call raises."""
    try:
        layer(*args, **kwargs)
    except tl.ContractError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    return []


def refusal(call: Any) -> Any:
    """The one diagnostic that a call raises."""
    with pytest.raises(tl.ContractError) as caught:
        call()
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


class Scale(tl.Layer):
    """A layer of the user's own, its argument called otherwise."""

    def call(self, x: Float[T, "batch features"], by: Float[T, " features"] | None = None) -> Any:
        return x if by is None else x * by


# --------------------------------------------------------------------------------------------- annotate
def test_annotate_returns_the_layer() -> None:
    layer = layers.Dense(3)
    assert tl.annotate(layer, inputs=Float[T, "batch 4"]) is layer


NARROWED = [
    # layer, annotations, given, codes
    (lambda: layers.Dense(3), {"inputs": Float[T, "batch 4"]}, "float32", (2, 4), []),
    (lambda: layers.Dense(3), {"inputs": Float[T, "batch 4"]}, "float32", (2, 5), ["TL202"]),
    (lambda: layers.Dense(3), {"inputs": Float[T, "batch 4"]}, "float32", (2, 3, 4), ["TL201"]),
    (lambda: layers.Dense(3), {"inputs": Float[T, "batch features"]}, "int32", (2, 4), ["TL307"]),
    (lambda: layers.Dense(3), {"inputs": Float[T, "batch {self.units}"]}, "float32", (2, 3), []),
    (lambda: layers.Dense(3), {"inputs": Float[T, "batch {self.units}"]}, "float32", (2, 4), ["TL202"]),
    (lambda: layers.Flatten(), {"outputs": Float[T, "batch 12"]}, "float32", (2, 3, 4), []),
    (lambda: layers.Flatten(), {"outputs": Float[T, "batch 12"]}, "float32", (2, 3, 5), ["TL207"]),
    (lambda: layers.Lambda(lambda x: x[0]), {"outputs": Float[T, "batch 4"]}, "float32", (2, 4), ["TL207"]),
    (Scale, {"inputs": Float[T, "batch 4"]}, "float32", (2, 5), ["TL202"]),
]

WIDENED = [
    (lambda: layers.Dense(3), {"inputs": Float[T, "*batch features"]}, "float64", (2, 4), []),
    (lambda: layers.Dense(3), {"inputs": Shaped[T, "..."]}, "float64", (2, 4), []),
    (Scale, {"inputs": Float[T, "..."]}, "float32", (2, 3, 4), []),
]


@pytest.mark.parametrize(("make", "annotations", "dtype", "shape", "codes"), [*NARROWED, *WIDENED])
def test_narrower_and_wider(make: Any, annotations: Any, dtype: str, shape: Any, codes: list[str]) -> None:
    layer = tl.annotate(make(), **annotations)
    assert codes_of(layer, tf.cast(tf.ones(shape), dtype)) == codes
    if dtype != "float64":
        assert codes_of(tl.annotate(make(), **annotations), keras.Input(batch_shape=shape, dtype=dtype)) == codes


RESULTS = [
    # layer, annotation of the input alone, given
    (lambda: layers.Dropout(0.5), Shaped[T, "..."], tf.ones((2, 4), tf.int32)),
    (lambda: layers.Dense(3), Float[T, "time batch features"], tf.ones((5, 2, 4))),
]


@pytest.mark.parametrize(("make", "inputs", "x"), RESULTS)
def test_who_annotates_the_input_says_nothing_of_the_result(make: Any, inputs: Any, x: Any) -> None:
    assert codes_of(tl.annotate(make(), inputs=inputs), x) == []


def test_an_annotation_is_shown_as_the_contract() -> None:
    layer = tl.annotate(layers.Dense(3), inputs=Float[T, "batch 4"])
    assert str(tl.contract_of(layer)) == 'Float "batch 4" → Compute "batch *axes {self.units}"'
    assert str(tl.contract_of(layers.Dense(3))) == 'Compute "batch *axes features" → Compute "batch *axes {self.units}"'


CONTRADICTIONS = [
    # layer, what it was called on, annotations
    (lambda: layers.Dense(10), (2, 784), {"inputs": Float[T, "batch 128"]}),
    (lambda: layers.Conv2D(4, 3), (2, 8, 8, 3), {"inputs": Float[T, "batch height width 1"]}),
    (lambda: layers.BatchNormalization(), (2, 4, 6), {"inputs": Float[T, "batch time 5"]}),
    (lambda: layers.Dense(10), None, {"inputs": Float[T, " batch"]}),
    (lambda: layers.Conv2D(4, 3), None, {"inputs": Float[T, "batch time channels"]}),
    (lambda: layers.Dense(10), None, {"outputs": Float[T, "batch 11"]}),
    (lambda: layers.RepeatVector(3), None, {"outputs": Float[T, "batch 4 features"]}),
]


@pytest.mark.parametrize(("make", "built_on", "annotations"), CONTRADICTIONS)
def test_an_annotation_that_contradicts_the_layer(make: Any, built_on: Any, annotations: Any) -> None:
    layer = make()
    if built_on is not None:
        layer(tf.ones(built_on))
    before = str(tl.contract_of(layer))
    told = refusal(lambda: tl.annotate(layer, **annotations))
    assert told.code == "TL103"
    assert "contradicts" in told.headline
    assert layer.name in told.headline
    assert told.where.file == __file__
    assert str(tl.contract_of(layer)) == before, "the layer is as it was"


def test_a_contradiction_says_what_fixes_the_size() -> None:
    layer = layers.Dense(10, name="head")
    layer(tf.ones((2, 784)))
    told = refusal(lambda: tl.annotate(layer, inputs=Float[T, "batch 128"]))
    assert told.headline.startswith('the annotation "batch 128" contradicts Dense "head", which needs 784 along axis 1')
    assert 'the weights of Dense "head"' in told.why


@pytest.mark.parametrize("wrong", ["batch 4", int, np.ndarray, list[int], 3])
@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_what_is_no_annotation(wrong: Any, side: str) -> None:
    with pytest.raises(TypeError, match="is not a jaxtyping annotation such as"):
        tl.annotate(layers.Dense(3), **{side: wrong})


def test_an_annotation_that_cannot_be_read() -> None:
    told = refusal(lambda: tl.annotate(layers.Dense(3, name="head"), inputs=Float[T, "batch {self.n().m}"]))
    assert (told.code, told.headline) == ("TL101", 'the annotation of Dense "head" cannot be read')
    assert told.where.file == __file__


@pytest.mark.parametrize("layer", [keras.layers.Dense(3), keras.Sequential([]), "Dense", None])
def test_annotate_needs_a_typed_layer(layer: Any) -> None:
    with pytest.raises(TypeError, match="annotate needs a typed layer"):
        tl.annotate(layer, inputs=Float[T, "batch 4"])


def test_annotations_hold_in_a_model_and_are_repaired_there() -> None:
    def model(mode: str) -> Any:
        head = tl.annotate(layers.Dense(10, name="head"), inputs=Float[T, "batch features"])
        return tl.Sequential([keras.Input((8, 8)), head], mode=mode)

    assert refusal(lambda: model("strict")).code == "TL201"
    mended = model("lenient")
    assert mended.output_shape == (None, 10)
    assert [str(entry.repair) for entry in tl.repairs(mended)] == ["flatten"]


def test_both_sides_one_after_the_other() -> None:
    layer = tl.annotate(tl.annotate(layers.Dense(3), inputs=Float[T, "batch 4"]), outputs=Float[T, "batch 3"])
    assert codes_of(layer, tf.ones((2, 5))) == ["TL202"]


def test_annotating_the_first_argument_leaves_the_others() -> None:
    layer = tl.annotate(Scale(), inputs=Float[T, "batch features"])
    assert codes_of(layer, FLOATS, tf.ones((4,))) == []
    assert codes_of(layer, FLOATS, tf.ones((5,))) == ["TL203"]


def test_an_annotated_argument_by_its_own_name() -> None:
    layer = tl.annotate(Scale(), inputs=Float[T, "batch 4"])
    assert codes_of(layer, x=tf.ones((2, 5))) == ["TL202"]


def test_nests_can_be_annotated() -> None:
    class Joins(tl.Layer):
        def call(self, parts):
            return keras.ops.concatenate(list(parts), -1)

    layer = tl.annotate(Joins(), inputs=list[Float[T, "batch _"]], outputs=Float[T, "batch 7"])
    assert codes_of(layer, [tf.ones((2, 3)), tf.ones((2, 4))]) == []
    assert codes_of(layer, [tf.ones((2, 3)), tf.ones((3, 4))]) == ["TL203"]
    assert codes_of(layer, [tf.ones((2, 3)), tf.ones((2, 5))]) == ["TL207"]
    assert codes_of(layer, tf.ones((2, 3))) == ["TL107"]


# ------------------------------------------------------------------------------------------ contract_of
class Silent(layers.Dense):
    def call(self, inputs):
        return super().call(inputs)


DENSE = 'Compute "batch *axes features" → Compute "batch *axes {self.units}"'
CONTRACTS = [
    # a layer or a class, its contract
    (layers.Dense, DENSE),
    (layers.Dense(3), DENSE),
    (keras.layers.Dense, DENSE),
    (keras.layers.Dense(3), DENSE),
    (type("Named", (layers.Dense,), {}), DENSE),
    (type("Named", (layers.Dense,), {})(3), DENSE),
    (type("Plain", (keras.layers.Dense,), {})(3), DENSE),
    (layers.MaxPool2D, 'Compute "batch height width channels" → Compute "batch new_height new_width channels"'),
    (
        layers.Conv2D(8, 3, data_format="channels_first"),
        'Compute "batch channels height width" → Compute "batch 8 height-2 width-2"',
    ),
    (Scale(), 'x: Float "batch features", by: Float "features" | None → anything'),
    (Silent(3), "None"),
    (tl.Layer(), "None"),
    (tl.Layer, "None"),
    (keras.layers.Layer(), "None"),
    (keras.Sequential, "None"),
    (keras.Sequential(), "None"),
]


@pytest.mark.parametrize(("target", "text"), CONTRACTS)
def test_contract_of(target: Any, text: str) -> None:
    assert str(tl.contract_of(target)) == text


def test_contract_of_a_class_with_a_call_of_its_own() -> None:
    assert tl.contract_of(Silent) is None


@pytest.mark.parametrize("wrong", ["Dense", int, object(), None, keras.losses.MeanSquaredError()])
def test_contract_of_needs_a_layer_or_a_class(wrong: Any) -> None:
    with pytest.raises(TypeError, match="contract_of needs a Keras layer or a layer class"):
        tl.contract_of(wrong)


def test_a_contract_shows_what_the_weights_fix() -> None:
    layer = layers.Dense(3, name="head")
    layer(FLOATS)
    contract = tl.contract_of(layer)
    assert contract is not None
    assert [(fact.axis, fact.size, str(fact.source)) for fact in contract.facts if fact.axis is not None] == [
        (-1, 4, 'the weights of Dense "head"')
    ]


# ------------------------------------------------------------------------------------------------ allow
def test_allow_for_a_layer() -> None:
    layer = layers.Dense(3)
    assert tl.allow(layer, "float64-tensor") is layer
    assert codes_of(layer, DOUBLES) == []
    assert codes_of(layer, tf.ones((2,))) == ["TL201"]
    assert codes_of(layers.Dense(3), DOUBLES) == ["TL301"]
    assert codes_of(tl.allow(layers.Dense(3), "TL301", "rank-mismatch"), DOUBLES) == []
    assert codes_of(tl.allow(tl.allow(layers.Dense(3), "TL302"), "tl301"), DOUBLES) == []


def test_allow_for_a_layer_after_it_was_refused() -> None:
    layer = layers.Dense(3)
    assert codes_of(layer, DOUBLES) == ["TL301"]
    assert codes_of(tl.allow(layer, "TL301"), DOUBLES) == []


def test_allow_for_a_layer_in_a_model() -> None:
    def model(*rules: str) -> Any:
        layer = layers.Conv2D(2, 2)
        return tl.Sequential([keras.Input((4, 4, 1), dtype="uint8"), tl.allow(layer, *rules) if rules else layer])

    assert refusal(model).code == "TL304"
    assert model("integer-fails").output_shape == (None, 3, 3, 2)


def test_allow_for_a_model() -> None:
    model = tl.allow(tl.Sequential([keras.Input((4,)), layers.Dense(3)]), "float64-tensor")
    assert model.predict(DOUBLES, verbose=0).shape == (2, 3)


def test_allow_for_a_block() -> None:
    layer = layers.Dense(3)
    with tl.allow("float64-tensor"):
        for _ in range(3):
            assert codes_of(layer, DOUBLES) == []
    assert codes_of(layer, DOUBLES) == ["TL301"], "what was allowed is not remembered as fine"


def test_what_was_fine_stays_known_inside_and_outside() -> None:
    layer = layers.Dense(3)
    layer(FLOATS)
    with pytest.warns(tl.ContractWarning, match="TL106"), tl.allow("TL301"):
        assert codes_of(layer, FLOATS) == []
    assert codes_of(layer, FLOATS) == []


def test_blocks_nest() -> None:
    layer = layers.Dense(3)
    with tl.allow("TL301"), tl.allow("TL203"):
        assert codes_of(layer, DOUBLES) == []
        with pytest.raises(ValueError, match="incompatible"):  # allowed, so Keras says it
            layer(tf.ones((2, 5)))
    assert codes_of(layer, tf.ones((2, 5))) == ["TL203"]


def test_the_same_rule_twice_is_used_twice() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with tl.allow("TL301"), tl.allow("float64-tensor"):
            assert codes_of(layers.Dense(3), DOUBLES) == []


def test_a_block_allows_what_is_raised_while_a_model_is_made() -> None:
    with tl.allow("TL201"), pytest.raises(ValueError, match="expected min_ndim=4") as caught:
        tl.Sequential([keras.Input((8, 8)), layers.Conv2D(2, 2)])
    assert not isinstance(caught.value, tl.ContractError)


def test_a_thread_does_not_see_the_block() -> None:
    layer, seen = layers.Dense(3), []

    def run() -> None:
        with tl.allow("TL301"):
            thread = threading.Thread(target=lambda: seen.append(codes_of(layer, DOUBLES)))
            thread.start()
            thread.join()

    with pytest.warns(tl.ContractWarning, match="TL106"):
        run()
    assert seen == [["TL301"]]


def test_a_comment_at_the_line_of_the_layer() -> None:
    by_code = layers.Dense(3)  # typedlayers: allow[TL301]
    by_rule = layers.Dense(3)  # other words  # typedlayers: allow[rank-mismatch, float64-tensor]
    other = layers.Dense(3)  # typedlayers: allow[TL302]
    nothing = layers.Dense(3)  # typedlayers: allow[]
    assert codes_of(by_code, DOUBLES) == []
    assert codes_of(by_rule, DOUBLES) == []
    assert codes_of(other, DOUBLES) == ["TL301"]
    assert codes_of(nothing, DOUBLES) == ["TL301"]


def test_a_comment_at_the_line_of_a_layer_of_a_model() -> None:
    model = tl.Sequential(
        [
            keras.Input((4, 4, 1), dtype="uint8"),
            layers.Conv2D(2, 2),  # typedlayers: allow[integer-fails]
        ]
    )
    assert model.output_shape == (None, 3, 3, 2)


def test_a_comment_with_an_unknown_rule_is_told() -> None:
    layer = layers.Dense(3)  # typedlayers: allow[float64-tensors]
    with pytest.raises(LookupError, match="there is no code or rule 'float64-tensors'; perhaps float64-tensor"):
        layer(DOUBLES)


def test_a_comment_with_an_unknown_rule_is_the_users_own_mistake() -> None:
    layer = layers.Dense(3)  # typedlayers: allow[float64-tensors]
    errors.raise_faults(False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((LookupError, tl.ContractError)):
            layer(DOUBLES)


UNKNOWN = [
    # rule, what is near
    ("rank-mismatches", "perhaps rank-mismatch"),
    ("TL999", "`typedlayers rules TL9` lists those of our own fault"),
    ("", "`typedlayers rules` lists them all"),
]


@pytest.mark.parametrize(("rule", "near"), UNKNOWN)
def test_an_unknown_rule(rule: str, near: str) -> None:
    for give in (lambda: tl.allow(layers.Dense(3), rule), lambda: tl.allow(rule), lambda: tl.allow("TL301", rule)):
        with pytest.raises(LookupError) as caught:
            give()
        assert str(caught.value).startswith(f"there is no code or rule {rule!r}")
        assert near in str(caught.value)


@pytest.mark.parametrize("target", [keras.layers.Dense(3), keras.Sequential([]), None, 3])
def test_allow_needs_a_typed_layer(target: Any) -> None:
    with pytest.raises(TypeError, match="allow needs a typed layer or model, or the name of a rule"):
        tl.allow(target, "TL301")


def test_an_unused_block_is_reported_at_its_line() -> None:
    with pytest.warns(tl.ContractWarning) as caught, tl.allow("float64-tensor", "TL201"):
        assert codes_of(layers.Dense(3), DOUBLES) == []
    (warning,) = caught
    (diagnostic,) = warning.message.diagnostics  # type: ignore[union-attr]
    assert (diagnostic.code, diagnostic.headline) == ("TL106", 'allow("rank-mismatch") silenced nothing')
    assert warning.filename == __file__


def test_an_unused_block_is_not_reported_over_an_error_or_in_off_mode() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ZeroDivisionError), tl.allow("TL201"):
            raise ZeroDivisionError
        with tl.mode("off"), tl.allow("TL201"):
            pass


# ---------------------------------------------------------------------------------------------- repairs
def test_a_repair_is_entered_once() -> None:
    layer = layers.Dense(3, name="head")
    with tl.mode("lenient"):
        for size in (2, 2, 3):
            layer(tf.ones((size, 4), tf.float64))
        layer(FLOATS)
    (entry,) = tl.repairs(layer)
    assert (entry.repair.kind, entry.code) == ("cast", "TL301")
    assert (str(entry.before), str(entry.after)) == ("float64 (2, 4)", "float32 (2, 4)")
    assert entry.why == 'Dense "head" computes in float32 but gets a float64 tensor'
    place = f"tests/test_declarations.py:{entry.where.line}"
    assert str(entry) == f'cast to float32: float64 (2, 4) → float32 (2, 4), `inputs` of Dense "head" ({place}) [TL301]'


def test_other_repairs_are_entered_beside_it() -> None:
    layer = layers.RepeatVector(3)
    with tl.mode("lenient"):
        layer(tf.ones((2, 4, 5)))
        layer(tf.ones((2, 4, 6)))
        layer(tf.ones((2, 4, 1)))
        layer(tf.ones((2, 4, 5), tf.float64))
    repairs = tl.repairs(layer)
    assert [entry.repair.kind for entry in repairs] == ["flatten", "squeeze", "flatten"]
    assert repairs[0].before.shape == (2, 4, None)  # one entry, however the sizes vary


def repaired_model() -> Any:
    return tl.Sequential(
        [
            keras.Input((8, 8), dtype="uint8"),
            layers.Conv2D(2, 2, name="conv"),
            layers.GlobalMaxPooling2D(name="pool"),
            layers.RepeatVector(3, name="repeat"),
            layers.RepeatVector(3, name="again"),
        ],
        name="net",
        mode="lenient",
    )


def test_repairs_of_a_model() -> None:
    model = repaired_model()
    for _ in range(2):
        model(np.ones((2, 8, 8), "uint8"))
    found = [(entry.repair.kind, entry.what, entry.code) for entry in tl.repairs(model)]
    assert sorted(found) == [
        ("cast", 'before "conv" in Sequential "net"', "TL304"),
        ("expand_dims", 'before "conv" in Sequential "net"', "TL304"),
        ("flatten", 'before "again" in Sequential "net"', "TL201"),
    ]
    for entry in tl.repairs(model):
        assert f"{entry.what} (tests/test_declarations.py:{entry.where.line}" in str(entry)
        assert str(entry).endswith(f" [{entry.code}]")


def test_repairs_of_a_model_stand_in_its_order() -> None:
    assert [entry.repair.kind for entry in tl.repairs(repaired_model())] == ["cast", "expand_dims", "flatten"]


def test_repairs_of_what_repaired_nothing() -> None:
    assert tl.repairs(tl.Sequential([keras.Input((4,)), layers.Dense(3)])) == ()
    assert tl.repairs(layers.Dense(3)) == ()
    assert tl.repairs(keras.layers.Dense(3)) == ()
    assert tl.repairs(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])) == ()


def test_repairs_of_layers_inside_plain_models() -> None:
    dense = layers.Dense(3)
    model = keras.Sequential([keras.layers.Identity(dtype="float64"), dense])
    with tl.mode("lenient"):
        model(DOUBLES)
    assert len(tl.repairs(model)) == len(tl.repairs(dense)) == 1


@pytest.mark.parametrize("wrong", ["model", None, keras.layers.Dense, object()])
def test_repairs_needs_a_layer_or_model(wrong: Any) -> None:
    with pytest.raises(TypeError, match="repairs needs a Keras model or layer"):
        tl.repairs(wrong)
