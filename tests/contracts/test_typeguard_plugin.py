"""typeguard on Keras tensors: what `typeguard.check_type` says with our plug-in, and what it must leave alone."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jaxtyping
import keras
import numpy as np
import pytest
import tensorflow as tf
import typeguard
from jaxtyping import Float, Int, jaxtyped
from typeguard import TypeCheckError, check_type, typechecked

from typedlayers.contracts.dtypes import Compute, Tensor
from typedlayers.contracts.parse import PatternError
from typedlayers.contracts.typeguard_plugin import lookup

ROOT = Path(__file__).parents[2]

# typeguard reads annotations as source, where a string with a space is no type: they are made here, as aliases.
BN = Float[Tensor, "b n"]
NB = Float[Tensor, "n b"]
B2N = Float[Tensor, "b 2*n"]
Units = Float[Tensor, "b {self.units}"]
Count = Float[Tensor, "b {count}"]
Like = Float[Tensor, "{x.shape[0]} {x.shape[1]}"]
ArrayB3 = Float[np.ndarray, "b 3"]
BackendBN = Float[tf.Tensor, "b n"]


@pytest.fixture(autouse=True)
def _plugin() -> Iterator[None]:
    """Registers the plug-in where the package is not installed and typeguard has not found its entry point."""
    functions = typeguard.checker_lookup_functions
    found = lookup in functions
    if not found:
        functions.insert(0, lookup)
    yield
    if not found:
        functions.remove(lookup)


def symbolic(*shape: int | None, dtype: str = "float32") -> keras.KerasTensor:
    return keras.KerasTensor(shape, dtype)


def test_the_entry_point_is_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    assert declared["typeguard.checker_lookup"] == {"typedlayers": f"{lookup.__module__}:{lookup.__qualname__}"}


ON_NONE_3 = [
    # annotation                    what is said of a float32 Keras tensor of shape (None, 3); None if it passes
    (Float[Tensor, "7 3"],          None),
    (Float[Tensor, "b b"],          None),
    (Float[Tensor, "2*b 3"],        None),
    (Float[Tensor, "a b"],          None),
    (Float[Tensor, "... 3"],        None),
    (Float[Tensor, "*r"],           None),
    (Float[Tensor, "#a #3"],        None),
    (Compute[Tensor, "a b"],        None),
    (Float[Any, "7 3"],             None),
    (Float[tf.Tensor, "7 3"],       None),
    (Float[keras.KerasTensor, "7 3"], None),
    (Float[Tensor, "a 4"],          'does not fit Float "a 4": it is float32 (batch, 3), and axis 1 is 3, not 4'),
    (Float[Any, "a 4"],             'does not fit Float "a 4": it is float32 (batch, 3), and axis 1 is 3, not 4'),
    (Float[tf.Tensor, "a 4"],       'does not fit Float "a 4": it is float32 (batch, 3), and axis 1 is 3, not 4'),
    (Float[keras.KerasTensor, "a 4"], 'does not fit Float "a 4": it is float32 (batch, 3), and axis 1 is 3, not 4'),
    (Float[Tensor, "a 2*b"],        'does not fit Float "a 2*b": it is float32 (batch, 3), and axis 1 is 3: '
                                    "no size of b makes 2*b that"),
    (Float[Tensor, "a"],            'does not fit Float "a": it is float32 (batch, 3), and it has 2 axes, not 1'),
    (Float[Tensor, "*r a b c"],     'does not fit Float "*r a b c": it is float32 (batch, 3), '
                                    "and it has 2 axes, not at least 3"),
    (Int[Tensor, "a b"],            'does not fit Int "a b": it is float32 (batch, 3), and its dtype is float32'),
    (Float[Tensor, "a {missing}"],  'does not fit Float "a {missing}": it is float32 (batch, 3), and {missing}: '
                                    "there is no argument named 'missing'"),
    (Float[np.ndarray, "7 3"],      "is not an instance of ndarray"),
]  # fmt: skip


@pytest.mark.parametrize(("annotation", "said"), ON_NONE_3, ids=[str(row[0]) for row in ON_NONE_3])
def test_a_keras_tensor_of_unknown_batch(annotation: Any, said: str | None) -> None:
    value = symbolic(None, 3)
    if said is None:
        assert check_type(value, annotation) is value
        return
    with pytest.raises(TypeCheckError) as caught:
        check_type(value, annotation)
    assert str(caught.value) == f"keras.src.backend.common.keras_tensor.KerasTensor {said}"


def test_jaxtyping_alone_is_wrong_on_it() -> None:
    """What the plug-in is for; a jaxtyping that has learnt it would make the plug-in smaller."""
    assert not isinstance(symbolic(None, 3), Float[Any, "7 3"])


def test_a_keras_tensor_whose_shape_is_known_stands_for_the_backends_tensor_too() -> None:
    check_type(symbolic(2, 3), Float[tf.Tensor, "2 3"])
    with pytest.raises(TypeCheckError, match="axis 0 is 2, not 3"):
        check_type(symbolic(2, 3), Float[tf.Tensor, "3 3"])


def test_tensors_of_a_graph() -> None:
    """While `tf.function` traces, TensorFlow's own tensors have unknown sizes and ranks."""
    said: list[str] = []

    @tf.function(input_signature=[tf.TensorSpec(None), tf.TensorSpec((None, 3))], autograph=False)
    def traced(ranked: tf.Tensor, batched: tf.Tensor) -> tf.Tensor:
        check_type(ranked, Float[tf.Tensor, "a b c"])
        check_type(ranked, Float[Tensor, "a b c"])
        check_type(batched, Float[tf.Tensor, "7 3"])
        for annotation in (Float[tf.Tensor, "a 4"], Float[np.ndarray, "a 3"], Int[tf.Tensor, "..."]):
            with pytest.raises(TypeCheckError) as caught:
                check_type(batched, annotation)
            said.append(str(caught.value).partition(" ")[2])
        return batched

    traced.get_concrete_function()
    assert said == [
        'does not fit Float "a 4": it is float32 (batch, 3), and axis 1 is 3, not 4',
        "is not an instance of ndarray",
        'does not fit Int "...": it is float32 (batch, 3), and its dtype is float32',
    ]


CONCRETE = [
    # value                              annotation                      fits
    (np.zeros((2, 3), "float32"),        Float[np.ndarray, "2 3"],       True),
    (np.zeros((2, 3), "float32"),        Float[np.ndarray, "a a"],       False),
    (np.zeros((2, 3), "float32"),        Float[np.ndarray, "a b c"],     False),
    (np.zeros((2, 3), "int64"),          Float[np.ndarray, "a b"],       False),
    (np.zeros((2, 3), "float32"),        Float[Any, "a b"],              True),
    (np.zeros((2, 3), "float32"),        Float[tf.Tensor, "a b"],        False),
    (np.zeros((2, 3), "float32"),        Float[keras.KerasTensor, "a b"], False),
    (tf.zeros((2, 3)),                   Float[tf.Tensor, "2 3"],        True),
    (tf.zeros((2, 3)),                   Float[tf.Tensor, "a a"],        False),
    (tf.zeros((2, 3)),                   Float[np.ndarray, "a b"],       False),
    ([[1.0, 2.0]],                       Float[np.ndarray, "a b"],       False),
    (None,                               Float[Any, "a b"],              False),
    # our own marker: an array, a tensor, a variable, whatever has a shape and a dtype
    (np.zeros((2, 3), "float32"),        Float[Tensor, "2 3"],           True),
    (np.zeros((2, 3), "float32"),        Float[Tensor, "2*a 3"],         True),
    (np.zeros((2, 3), "float32"),        Float[Tensor, "a a"],           False),
    (np.zeros((2, 3), "int64"),          Float[Tensor, "a b"],           False),
    (np.zeros((2, 3), "int64"),          Compute[Tensor, "a b"],         True),
    (np.zeros((2, 3), "U3"),             Compute[Tensor, "a b"],         False),
    (tf.zeros((2, 3)),                   Float[Tensor, "2 3"],           True),
    (tf.zeros((2, 3)),                   Float[Tensor, "3 3"],           False),
    (keras.Variable(np.zeros((2, 3))),   Float[Tensor, "2 3"],           True),
    (keras.Variable(np.zeros((2, 3))),   Float[Tensor, "3 3"],           False),
    ([[1.0, 2.0]],                       Float[Tensor, "a b"],           False),
    (None,                               Float[Tensor, "a b"],           False),
]  # fmt: skip


@pytest.mark.parametrize(("value", "annotation", "fits"), CONCRETE)
def test_a_value_whose_shape_is_known(value: object, annotation: Any, fits: bool) -> None:
    assert _fits(value, annotation) is fits
    if annotation.array_type is not Tensor:
        assert isinstance(value, annotation) is fits


def _fits(value: object, annotation: Any) -> bool:
    try:
        check_type(value, annotation)
    except TypeCheckError:
        return False
    return True


def test_plain_arrays_are_jaxtypings_own_affair() -> None:
    two, three = np.zeros((2, 3), "float32"), np.zeros((3, 3), "float32")
    check_type((two, three), tuple[ArrayB3, ArrayB3])
    with pytest.raises(
        TypeCheckError, match=r"^numpy.ndarray is not an instance of jaxtyping\.Float\[ndarray, 'a 4'\]$"
    ):
        check_type(two, Float[np.ndarray, "a 4"])
    with pytest.raises(jaxtyping.AnnotationError):
        check_type(two, Float[np.ndarray, "2*b 3"])
    with jaxtyped("context"):
        check_type(two, ArrayB3)
        with pytest.raises(TypeCheckError):
            check_type(three, ArrayB3)


def test_other_types_are_left_to_typeguard() -> None:
    for hint in (int, list[int], np.ndarray, keras.KerasTensor, Any, None, jaxtyping.Float):
        assert lookup(hint, (), ()) is None
    assert lookup(BN, (), ()) is not None


def test_an_expression_that_would_have_to_be_run_is_said_to_be_one() -> None:
    with pytest.raises(PatternError, match=r"an argument in braces"):
        check_type(symbolic(None, 3), Float[Tensor, "a {len(x)}"])


# ----------------------------------------------------------------------------------------- names within one call
class Layer:
    def __init__(self, units: int) -> None:
        self.units = units

    @typechecked
    def call(self, x: BN) -> Units:
        return symbolic(None, 5)


@typechecked
def same(x: BN, y: BN) -> B2N:
    return symbolic(None, 6)


@typechecked
def counted(x: Count, count: int) -> None: ...


@typechecked
def alike(x: BackendBN, y: Like) -> None: ...


@typechecked
def with_local(x: BN) -> None:
    y: BN = symbolic(None, 4)  # noqa: F841 - typeguard checks the assignment


@typechecked
def variables(x: BN, y: BN) -> list[str]:
    return sorted(locals())


@typechecked
def inside(x: BN) -> BN:
    same(symbolic(None, 3), symbolic(None, 3))
    return x


@typechecked
def batches(x: BN, sizes: list[int]) -> Iterator[BN]:
    for size in sizes:
        yield np.zeros((size, 3), "float32")


CALLS = [
    # call                                                          what is said; None if it passes
    (lambda: same(symbolic(None, 3), symbolic(None, 3)),            None),
    (lambda: same(symbolic(7, None), symbolic(None, 3)),            None),
    (lambda: same(symbolic(None, 3), symbolic(None, 4)),            "axis 1 is 4, not n = 3, because of axis 1 of x"),
    (lambda: same(symbolic(7, 3), np.zeros((6, 3), "float32")),     "axis 0 is 6, not b = 7, because of axis 0 of x"),
    (lambda: same(symbolic(None, 4), symbolic(None, 4)),            "axis 1 is 6, not 2*n = 8, because of axis 1 of x"),
    (lambda: with_local(symbolic(None, 3)),                         "axis 1 is 4, not n = 3, because of axis 1 of x"),
    (lambda: with_local(symbolic(None, 4)),                         None),
    (lambda: Layer(5).call(symbolic(None, 3)),                      None),
    (lambda: Layer(6).call(symbolic(None, 3)),                      "axis 1 is 5, not 6"),
    (lambda: counted(symbolic(None, 3), 3),                         None),
    (lambda: counted(symbolic(None, 3), 4),                         "axis 1 is 3, not 4"),
    (lambda: alike(symbolic(None, 3), symbolic(7, 3)),              None),
    (lambda: alike(symbolic(None, 3), symbolic(7, 4)),              "axis 1 is 4, not 3"),
    (lambda: alike(tf.zeros((7, 3)), symbolic(None, 3)),            None),
    (lambda: alike(tf.zeros((7, 3)), symbolic(8, 3)),               "axis 0 is 8, not 7"),
    # the names of an inner call are its own, and those of the outer one still hold after it
    (lambda: inside(symbolic(None, 9)),                             None),
    # a generator's batches may differ
    (lambda: list(batches(symbolic(2, 3), [4, 4, 1])),              None),
]  # fmt: skip


@pytest.mark.parametrize(("call", "said"), CALLS)
def test_names_hold_within_one_call(call: Any, said: str | None) -> None:
    if said is None:
        call()
        return
    with pytest.raises(TypeCheckError) as caught:
        call()
    assert str(caught.value).endswith(f", and {said}")


def test_the_callers_own_variables_are_left_alone() -> None:
    plain = variables(symbolic(None, 3), symbolic(None, 3))
    assert {"x", "y"} <= set(plain)
    assert not [name for name in plain if "typedlayers" in name or "binding" in name]


def test_names_hold_within_a_nest_and_not_beyond_it() -> None:
    three, four = symbolic(None, 3), symbolic(None, 4)
    check_type([three, three], list[BN])
    check_type([three, four], list[BN], collection_check_strategy=typeguard.CollectionCheckStrategy.FIRST_ITEM)
    with pytest.raises(TypeCheckError, match="not n = 3"):
        check_type((three, four), tuple[BN, BN])
    check_type(three, BN)
    check_type(four, BN)


def test_alternatives() -> None:
    check_type(symbolic(3, None), Float[Tensor, "4 b"] | Float[Tensor, "3 b"] | None)
    check_type(None, BN | None)
    check_type((symbolic(3, 5), symbolic(5, 3)), tuple[BN, Float[Tensor, "b b"] | NB])
    with pytest.raises(TypeCheckError, match="did not match any element in the union"):
        check_type(symbolic(3, None), Float[Tensor, "4 b"] | Float[Tensor, "5 b"])


def test_a_known_limit_what_half_an_alternative_bound_stays_bound() -> None:
    """Names bound by a part of an alternative outlive it; those of one tensor that does not fit do not."""
    square, flat = symbolic(3, 3), symbolic(2, 9)
    nest = tuple[BN, NB] | tuple[Float[Tensor, "_ 3"], Float[Tensor, "_ 9"]]
    check_type((square, flat), nest)
    check_type((flat, square), tuple[Float[Tensor, "n n"] | Float[Tensor, "2 _"], BN])
    with pytest.raises(TypeCheckError, match="not b = 3"):
        check_type(((square, flat), flat), tuple[nest, BN])


# ------------------------------------------------------------------------------------------------- the promise
NO_KERAS = """
import sys
import typeguard
from typing import Any
from jaxtyping import Float
from typedlayers.contracts.dtypes import Tensor
from typedlayers.contracts.typeguard_plugin import lookup

typeguard.checker_lookup_functions.insert(0, lookup)

class Symbolic:
    shape, dtype = (None, 3), "float32"

assert lookup(Float[Tensor, "a"], (), ()) is not None and lookup(int, (), ()) is None
for kind in (Tensor, Any, Symbolic):
    typeguard.check_type(Symbolic(), Float[kind, "7 3"])
    try:
        typeguard.check_type(Symbolic(), Float[kind, "a 4"])
    except typeguard.TypeCheckError:
        continue
    raise AssertionError(kind)
try:  # at a module's level too, where the local variables are the module's
    typeguard.check_type((Symbolic(), Symbolic()), tuple[Float[Tensor, "a b"], Float[Tensor, "a b+1"]])
except typeguard.TypeCheckError as error:
    assert "not b+1 = 4, because of axis 1 of" in str(error), error
else:
    raise AssertionError("the names of one nest")
assert "bindings" not in globals()
print(sorted({"keras", "tensorflow", "jax", "torch"} & sys.modules.keys()))
"""


def test_neither_keras_nor_tensorflow_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", NO_KERAS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
