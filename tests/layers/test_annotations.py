"""Users' own layers: the annotations of ``call`` are a contract. (No annotation here is a string: see Strings.)"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NotRequired, TypedDict

import keras
import numpy as np
import pytest
import tensorflow as tf
from jaxtyping import Bool, Complex, Float, Float32, Int, Num, Shaped

import typedlayers as tl
from tests.layers import string_annotations as strings
from tests.layers.rows import eager, symbolic
from typedlayers import layers
from typedlayers.bridge.layer_state import SEEN_MOST, state_of
from typedlayers.layers import _call

T = tl.Tensor


class Double(tl.Layer):
    def call(self, x: Float[T, "batch features"]) -> Float[T, "batch features"]:
        return 2 * x


class Attend(tl.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.supports_masking = True

    def call(
        self,
        query: Float[T, "batch time dim"],
        key: Float[T, "batch keys dim"],
        mask: Bool[T, "batch #time keys"] | None = None,
    ) -> Float[T, "batch time keys"]:
        scores = keras.ops.einsum("btd,bkd->btk", query, key)
        return scores if mask is None else keras.ops.where(mask, scores, 0.0)


class Sum(tl.Layer):
    def call(self, parts: list[Float[T, "batch features"]]) -> Float[T, "batch features"]:
        return sum(parts)


class Any_(tl.Layer):
    def call(self, parts: Sequence[Float[T, "batch ?features"]]) -> Float[T, "batch"]:
        return keras.ops.sum(keras.ops.concatenate(list(parts), -1), -1)


class Unzip(tl.Layer):
    def call(self, pair: tuple[Float[T, "batch features"], Int[T, " batch"]]) -> Float[T, "batch features"]:
        return pair[0] + keras.ops.cast(pair[1], "float32")[:, None]


class Many(tl.Layer):
    def call(self, parts: tuple[Float[T, "batch features"], ...]) -> Float[T, "batch features"]:
        return parts[0]


class Named(tl.Layer):
    def call(self, parts: Mapping[str, Float[T, "batch _"]]) -> Any:
        return parts


class Example(TypedDict):
    image: Float[T, "batch height width channels"]
    size: Int[T, "batch 2"]
    weight: NotRequired[Float[T, " batch"]]


class Reads(tl.Layer):
    def call(self, example: Example) -> Float[T, "batch height width channels"]:
        return example["image"]


class Deep(tl.Layer):
    def call(self, tree: list[dict[str, tuple[Float[T, "batch _"], Int[T, " batch"]]]]) -> Any:
        return tree


class Either(tl.Layer):
    def call(self, x: Float[T, "batch features"] | Int[T, "batch"]) -> Any:
        return x


class Project(tl.Layer):
    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def call(self, x: Float[T, "batch features"]) -> Float[T, "batch {self.units}"]:
        return self.dense(x)


class Nested(tl.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(4)

    def call(self, x: Float[T, "batch {self.dense.units}-1"]) -> Float[T, "batch {self.dense.units}"]:
        return self.dense(x)


class Nowhere(tl.Layer):
    def call(self, x: Float[T, "batch {self.nowhere}"]) -> Any:
        return x


class Take(tl.Layer):
    def call(self, x: Float[T, "batch features"], n: int) -> Float[T, "batch {n}"]:
        return x[:, :n]


class Tail(tl.Layer):
    def call(self, x: Float[T, "batch time _"], rest: Float[T, "batch {x.shape[2]}"]) -> Any:
        return x


class Counted(tl.Layer):
    def call(self, x: Float[T, "batch 2*half"]) -> Float[T, "batch half"]:
        return x[:, ::2]


class Batched(tl.Layer):
    def call(self, x: Float[T, "8 features"]) -> Any:
        return x


class Gram(tl.Layer):
    def call(self, x: Float[T, "n n"]) -> Any:
        return x


class Half(tl.Layer):
    def call(self, x: Float32[T, "..."], *, scale: float = 2.0, name_: str | None = None) -> Any:
        return x / scale


class Described(tl.Layer):
    def call(self, x: Annotated[Float[T, "batch _"], "a note"], training: bool = False) -> Any:
        return x


class WithAny(tl.Layer):
    def call(self, x: Float[Any, "batch features"]) -> Float[Any, "batch features"]:
        return x


class WithTensor(tl.Layer):
    def call(self, x: Float[tf.Tensor, "batch features"]) -> Float[tf.Tensor, "batch features"]:
        return x


class WithArray(tl.Layer):
    def call(self, x: Float[np.ndarray, "batch features"]) -> Any:
        return x


class Spectrum(tl.Layer):
    def call(self, x: Complex[T, "batch bins"]) -> Float[T, "batch bins"]:
        return keras.ops.absolute(x)


class Shapes(tl.Layer):
    def call(self, x: Shaped[T, "batch 3"]) -> Any:
        return x


class Numbers(tl.Layer):
    def call(self, x: Num[T, "batch 3"]) -> Any:
        return x


CALLS = [
    # layer, arguments, codes
    (Double, ["f32[2,3]"], []),
    (Double, ["f32[?,?]"], []),
    (Double, ["f16[2,3]"], []),
    (Double, ["f32[2]"], ["TL201"]),
    (Double, ["f32[2,3,1]"], ["TL201"]),
    (Double, ["i32[2,3]"], ["TL307"]),
    (Attend, ["f32[2,3,4]", "f32[2,5,4]"], []),
    (Attend, ["f32[?,?,4]", "f32[?,?,4]"], []),
    (Attend, ["f32[2,3,4]", "f32[2,5,6]"], ["TL203"]),
    (Attend, ["f32[2,3,4]", "f32[3,5,4]"], ["TL203"]),
    (Attend, ["f32[3,4]", "f32[2,5]"], ["TL201", "TL201"]),
    (Attend, ["f32[2,3,4]", {"key": "f32[2,5,4]"}], []),
    (Attend, [{"query": "f32[2,3,4]", "key": "f32[2,5,4]"}], []),
    (Attend, [{"key": "f32[2,5,4]", "query": "f32[2,3,6]"}], ["TL203"]),
    (Attend, ["f32[2,3,4]", "f32[2,5,4]", {"mask": "bool[2,3,5]"}], []),
    (Attend, ["f32[2,3,4]", "f32[2,5,4]", {"mask": "bool[2,1,5]"}], []),
    (Attend, ["f32[2,3,4]", "f32[2,5,4]", {"mask": None}], []),
    (Attend, ["f32[2,3,4]", "f32[2,5,4]", {"mask": "bool[2,5]"}], ["TL201"]),
    (Attend, ["f32[2,3,4]", "f32[2,5,4]", {"mask": "bool[2,2,5]"}], ["TL203"]),
    (Attend, ["f32[2,3,4]", "f32[2,5,4]", {"mask": "f32[2,3,5]"}], ["TL307"]),
    (Attend, ["f32[2,3,4]", "f32[2,5,4]", "bool[2,3,4]"], ["TL203"]),
    (Sum, [["f32[2,3]", "f32[2,3]"]], []),
    (Sum, [("f32[2,3]",)], []),
    (Sum, [["f32[2,3]", "f32[2,4]"]], ["TL203"]),
    (Sum, [["f32[2,3]", "i32[2,3]"]], ["TL307"]),
    (Sum, ["f32[2,3]"], ["TL107"]),
    (Any_, [["f32[2,3]", "f32[2,4]"]], []),
    (Any_, [["f32[2,3]", "f32[3,4]"]], ["TL203"]),
    (Unzip, [("f32[2,3]", "i32[2]")], []),
    (Unzip, [["f32[2,3]", "i32[2]"]], []),
    (Unzip, [("f32[2,3]", "i32[3]")], ["TL203"]),
    (Unzip, [("f32[2,3]",)], ["TL107"]),
    (Unzip, ["f32[2,3]"], ["TL107"]),
    (Many, [("f32[2,3]", "f32[2,3]", "f32[2,3]")], []),
    (Many, [("f32[2,3]", "f32[2,3]", "f32[3,3]")], ["TL203"]),
    (Named, [({"a": "f32[2,3]", "b": "f32[2,4]"},)], ["TL107"]),
    (Deep, [[{"a": ("f32[2,3]", "i32[2]")}]], []),
    (Deep, [[{"a": ("f32[2,3]", "i32[2]")}, {"b": ("f32[3,1]", "i32[3]")}]], ["TL203"]),
    (Deep, [[("f32[2,3]", "i32[2]")]], ["TL107"]),
    (Either, ["f32[2,3]"], []),
    (Either, ["i32[2]"], []),
    (Either, ["i32[2,3]"], ["TL307"]),
    (Nested, ["f32[2,3]"], []),
    (Nested, ["f32[2,4]"], ["TL202"]),
    (Nowhere, ["f32[2,4]"], ["TL104"]),
    (Tail, ["f32[2,3,4]", "f32[2,4]"], []),
    (Tail, ["f32[2,3,?]", "f32[2,4]"], []),
    (Tail, ["f32[2,3,4]", "f32[2,5]"], ["TL202"]),
    (Counted, ["f32[2,6]"], []),
    (Counted, ["f32[2,7]"], ["TL202"]),
    (Batched, ["f32[8,3]"], []),
    (Batched, ["f32[7,3]"], ["TL202"]),
    (Gram, ["f32[3,3]"], []),
    (Gram, ["f32[3,4]"], ["TL203"]),
    (Described, ["f32[2,4]"], []),
    (Described, ["f32[2]"], ["TL201"]),
    (WithAny, ["f32[2,4]"], []),
    (WithAny, ["f32[2]"], ["TL201"]),
    (WithTensor, ["f32[2,4]"], []),
    (WithTensor, ["f32[?,4]"], []),
    (WithTensor, ["i32[2,4]"], ["TL307"]),
    (WithArray, ["f32[2,4]"], []),
    (Spectrum, ["c64[2,4]"], []),
    (Spectrum, ["f32[2,4]"], ["TL307"]),
    (Shapes, ["str[2,3]"], []),
    (Shapes, ["str[2,4]"], ["TL202"]),
    (Numbers, ["i32[2,3]"], []),
    (Numbers, ["str[2,3]"], ["TL307"]),
    (Numbers, ["bool[2,3]"], ["TL307"]),
]


def built(given: Any, tensor: Any) -> Any:
    """The nest with a tensor in place of every text."""
    if isinstance(given, str):
        return tensor(given)
    if isinstance(given, dict):
        return {name: built(item, tensor) for name, item in given.items()}
    if isinstance(given, list | tuple):
        return type(given)(built(item, tensor) for item in given)
    return given


def codes_of(layer: Any, *args: Any, **kwargs: Any) -> list[str]:
    """The codes that a call raises."""
    try:
        layer(*args, **kwargs)
    except tl.ContractError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    return []


def called(layer: Any, given: list[Any], tensor: Any = eager) -> list[str]:
    """The codes that a call raises on what a row gives; a last dict is keywords."""
    keywords = given[-1] if isinstance(given[-1], dict) and not isinstance(layer, Named | Reads) else {}
    positional = given[:-1] if keywords else given
    return codes_of(layer, *built(positional, tensor), **built(keywords, tensor))


def named(row: tuple[type, list[Any], list[str]]) -> str:
    cls, given, codes = row
    return f"{cls.__name__} on {given} is {codes or 'fine'}"


@pytest.mark.parametrize("row", [row for row in CALLS if "?" not in str(row[1])], ids=named)
def test_eager_calls(row: Any) -> None:
    cls, given, codes = row
    assert called(cls(), given) == codes


@pytest.mark.parametrize("row", CALLS, ids=named)
def test_symbolic_calls(row: Any) -> None:
    cls, given, codes = row
    assert called(cls(), given, symbolic) == codes


# ------------------------------------------------------------------------------------------ dicts by key
DICTS = [
    (Named, {"a": "f32[2,3]", "b": "f32[2,4]"}, []),
    (Named, {}, []),
    (Named, {"a": "f32[2,3]", "b": "f32[3,4]"}, ["TL203"]),
    (Named, ["f32[2,3]"], ["TL107"]),
    (Reads, {"image": "f32[2,8,8,3]", "size": "i32[2,2]"}, []),
    (Reads, {"image": "f32[2,8,8,3]", "size": "i32[2,2]", "weight": "f32[2]"}, []),
    (Reads, {"image": "f32[2,8,8,3]", "size": "i32[2,2]", "weight": "f32[3]"}, ["TL203"]),
    (Reads, {"image": "f32[2,8,8,3]", "size": "i32[2,3]"}, ["TL202"]),
    (Reads, {"image": "f32[2,8,8,3]"}, ["TL107"]),
    (Reads, {"image": "f32[2,8,8,3]", "size": "i32[2,2]", "name": "str[2]"}, ["TL107"]),
]


@pytest.mark.parametrize("row", DICTS, ids=named)
def test_dicts(row: Any) -> None:
    cls, given, codes = row
    layer = cls()
    assert codes_of(layer, built(given, eager)) == codes


def test_a_dict_with_missing_and_unknown_keys_says_which() -> None:
    with pytest.raises(tl.ContractError) as caught:
        Reads()({"image": eager("f32[2,8,8,3]"), "sise": eager("i32[2,2]")})
    assert "got a dict without ['size'] and with ['sise']" in str(caught.value)


# ------------------------------------------------------------------------- attributes, arguments, results
def test_an_attribute_of_the_layer_is_a_size() -> None:
    assert codes_of(Project(4), eager("f32[2,3]")) == []
    layer = Project(4)
    layer.units = 5
    assert codes_of(layer, eager("f32[2,3]")) == ["TL207"]


def test_an_argument_of_the_call_is_a_size() -> None:
    x = eager("f32[2,6]")
    layer = Take()
    assert codes_of(layer, x, n=3) == []
    assert codes_of(layer, x, n=6) == []
    assert codes_of(Take(), x, n=7) == ["TL207"]
    assert codes_of(layer, symbolic("f32[?,6]"), n=2) == []


def test_arguments_that_are_no_tensors_are_checked_by_their_type() -> None:
    x = eager("f32[2,6]")
    assert codes_of(Half(), x, scale=3, name_="a") == []
    assert codes_of(Half(), x, scale=np.float32(3)) == []
    assert codes_of(Half(), x, scale="3") == ["TL102"]
    assert codes_of(Half(), x, scale="3", name_=4) == ["TL102", "TL102"]
    assert codes_of(Take(), x, n=np.int64(2)) == []
    assert codes_of(Take(), x, n=2.5) == ["TL102"]


def giving(result: Any, hint: Any) -> tl.Layer:
    """A layer that gives something and promises something."""

    class Gives(tl.Layer):
        def call(self, x: Float[T, "batch features"]) -> hint:
            return result(x)

    return Gives()


RESULTS = [
    # what it gives, what it promises, codes
    (lambda x: x, Float[T, "batch features"], []),
    (lambda x: x[:, :2], Float[T, "batch 2"], []),
    (lambda x: x[:, :2], Float[T, "batch features"], ["TL207"]),
    (lambda x: x[:1], Float[T, "batch features"], ["TL207"]),
    (lambda x: x[0], Float[T, "batch features"], ["TL207"]),
    (lambda x: keras.ops.cast(x, "int32"), Float[T, "batch features"], ["TL207"]),
    (lambda x: (x, x), tuple[Float[T, "batch features"], Float[T, "batch features"]], []),
    (lambda x: (x, x[0]), tuple[Float[T, "batch features"], Float[T, "batch features"]], ["TL207"]),
    (lambda x: [x, x], list[Float[T, "batch features"]], []),
    (lambda x: x, tuple[Float[T, "batch features"], Float[T, "batch features"]], ["TL207"]),
    (lambda x: {"a": x}, dict[str, Float[T, "batch features"]], []),
    (lambda x: {"a": x[0]}, dict[str, Float[T, "batch features"]], ["TL207"]),
    (lambda x: x[:, :1] + x, Float[T, "batch features"], []),
    (lambda x: x, Any, []),
    (lambda x: x[0], None, []),
]


@pytest.mark.parametrize("tensor", [eager, symbolic], ids=["eager", "symbolic"])
@pytest.mark.parametrize(("result", "hint", "codes"), RESULTS)
def test_results(result: Any, hint: Any, codes: list[str], tensor: Any) -> None:
    assert codes_of(giving(result, hint), tensor("f32[2,3]")) == codes


def test_a_wrong_result_names_the_layer_and_both_sizes() -> None:
    layer = giving(lambda x: x[:, :2], Float[T, "batch features"])
    with pytest.raises(tl.ContractError) as caught:
        layer(eager("f32[2,3]"))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.headline == f'Gives "{layer.name}" promises 3 along axis 1 (features) but returns 2'
    assert diagnostic.why == "features = 3, bound by axis 1 of x"


def test_lenient_mode_repairs_what_annotations_ask_for() -> None:
    class Rows(tl.Layer):
        def call(self, x: Float32[T, "batch features"]) -> Float32[T, "batch features"]:
            return x

    layer = Rows()
    with tl.mode("lenient"):
        assert layer(eager("u8[2,3,4]")).shape == (2, 12)
        assert [str(entry.repair) for entry in tl.repairs(layer)] == ["cast to float32", "flatten"]
        assert codes_of(layer, eager("str[2,3]")) == ["TL307"]


# ------------------------------------------------------------------------------------------- inheritance
class Quiet(Double):
    """Without a ``call`` of its own."""


class Silent(Double):
    def call(self, x):  # type: ignore[override]
        return x


class Louder(Double):
    def call(self, x: Float[T, "batch time features"]) -> Float[T, "batch time features"]:
        return super().call(x)


class Squeezed(layers.Dense):
    def call(self, inputs):
        return super().call(keras.ops.squeeze(inputs, 0))


class Titled(layers.Dense):
    """Without a ``call`` of its own: Dense's contract."""


class Annotated_(layers.Dense):
    def call(self, inputs: Float[T, "batch 4"]) -> Any:
        return super().call(inputs)


BASES = [
    # layer, given, codes
    (Quiet, "f32[2,3]", []),
    (Quiet, "f32[2]", ["TL201"]),
    (Silent, "f32[2]", []),
    (Silent, "i32[2,3]", []),
    (Louder, "f32[2,3,4]", []),
    (Louder, "f32[2,3]", ["TL201"]),
    (lambda: Titled(3), "f32[2]", ["TL201"]),
    (lambda: Titled(3), "f64[2,3]", ["TL301"]),
    (lambda: Squeezed(3), "f64[1,2,3]", []),
    (lambda: Annotated_(3), "f32[2,4]", []),
    (lambda: Annotated_(3), "f32[2,5]", ["TL202"]),
]


@pytest.mark.parametrize(("make", "given", "codes"), BASES)
def test_inheritance(make: Any, given: str, codes: list[str]) -> None:
    assert codes_of(make(), eager(given)) == codes


def test_a_subclass_that_overrides_call_has_no_contract() -> None:
    assert tl.contract_of(Squeezed(3)) is None
    assert tl.contract_of(Silent()) is None
    assert str(tl.contract_of(Quiet())) == str(tl.contract_of(Double()))
    assert str(tl.contract_of(Titled(3))) == str(tl.contract_of(layers.Dense(3)))


@pytest.mark.parametrize("cls", [Double, Quiet, Squeezed, Silent, Louder, Annotated_, Titled])
def test_the_contract_of_a_class_is_that_of_its_layers(cls: Any) -> None:
    layer = cls(3) if issubclass(cls, layers.Dense) else cls()
    assert str(tl.contract_of(cls)) == str(tl.contract_of(layer))


@tl.typed
class Plain(keras.layers.Layer):
    def call(self, x: Float[T, "batch features"]) -> Float[T, "batch features"]:
        return x


@tl.typed
class PlainDense(keras.layers.Dense):
    """Keras's own contract, found in the catalogue."""


class BelowPlain(Plain):
    def call(self, x: Float[T, "batch"]) -> Any:
        return x


def test_typed_on_a_class_of_plain_keras() -> None:
    assert codes_of(Plain(), eager("f32[2,3]")) == []
    assert codes_of(Plain(), eager("f32[2]")) == ["TL201"]
    assert codes_of(BelowPlain(), eager("f32[2]")) == []
    assert codes_of(BelowPlain(), eager("f32[2,3]")) == ["TL201"]
    assert Plain.__mro__[1] is keras.layers.Layer


def test_typed_on_a_keras_class_asks_the_catalogue() -> None:
    assert codes_of(PlainDense(3), eager("f64[2,3]")) == ["TL301"]


def test_typed_twice_is_typed_once() -> None:
    again = tl.typed(Plain)
    assert again is Plain
    assert codes_of(again(), eager("f32[2]")) == ["TL201"]


@pytest.mark.parametrize("wrong", [int, object, keras.losses.Loss])
def test_typed_needs_a_layer_class(wrong: type) -> None:
    with pytest.raises(TypeError, match="typed needs a class derived from a Keras layer"):
        tl.typed(wrong)


def test_a_layer_without_annotations_has_no_contract() -> None:
    class Bare(tl.Layer):
        def call(self, x, *more, **others):
            return x

    layer = Bare()
    assert tl.contract_of(layer) is None
    assert codes_of(layer, eager("f64[2]"), eager("u8[]"), training=True) == []


# --------------------------------------------------------------------------------------- string annotations
STRINGS = [
    # layer, given, codes
    (strings.Doubles, "f32[2,3]", []),
    (strings.Doubles, "f32[2]", ["TL201"]),
    (strings.Adds, {"left": "f32[2,3]", "right": "f32[2,3]"}, []),
    (strings.Adds, {"left": "f32[2,3]", "right": "f32[2,4]"}, ["TL203"]),
    (strings.Adds, {"left": "f32[2,3]"}, ["TL107"]),
    (strings.Halves, "f32[2]", ["TL201"]),
    (strings.with_local_alias(3), "f32[2,3]", []),
    (strings.with_local_alias(3), "f32[2,4]", ["TL202"]),
    (strings.with_local_alias(4), "f32[2,4]", []),
    (strings.with_closure(3), "f32[2,3]", []),
    (strings.with_closure(3), "f32[2,4]", ["TL202"]),
    (strings.with_alias_of_outer_function(3), "f32[2,4]", ["TL202"]),
    (strings.with_decorator_and_alias(3), "f32[2,4]", ["TL202"]),
]


@pytest.mark.parametrize("row", STRINGS, ids=named)
def test_string_annotations(row: Any) -> None:
    cls, given, codes = row
    assert codes_of(cls(), built(given, eager)) == codes


def line_of(cls: type) -> tuple[str, int]:
    code = cls.call.__code__  # type: ignore[attr-defined]
    return code.co_filename, code.co_firstlineno


class CallsInBraces(tl.Layer):
    def call(self, x: Float[T, "{self.n().m} b"]) -> Any:
        return x


@pytest.mark.parametrize("cls", [strings.Unknown, strings.NoPython, strings.Comma, CallsInBraces])
def test_an_annotation_that_cannot_be_read_is_told_with_its_line(cls: Any) -> None:
    with pytest.raises(tl.ContractError) as caught:
        cls()(eager("f32[2,3]"))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "TL101"
    assert diagnostic.headline == f"an annotation of {cls.__name__}.call cannot be read"
    assert (diagnostic.where.file, diagnostic.where.line) == line_of(cls)
    assert diagnostic.why
    with pytest.raises(tl.ContractError, match="TL101"):
        tl.contract_of(cls())


# ---------------------------------------------------------------------------------------- dtype policies
POLICIES = [
    # policy, given, codes
    ("float32", "f32[2,3]", []),
    ("mixed_float16", "f32[2,3]", []),
    ("mixed_float16", "f16[2,3]", []),
    ("mixed_bfloat16", "bf16[2,3]", []),
    ("float64", "f64[2,3]", []),
    ("float16", "f16[2,3]", []),
]


@pytest.mark.parametrize(("policy", "given", "codes"), POLICIES)
def test_dtype_policies(policy: str, given: str, codes: list[str]) -> None:
    assert codes_of(Double(dtype=policy), eager(given)) == codes
    assert codes_of(Double(dtype=policy), symbolic(given)) == codes


# ------------------------------------------------------------------------------------------- signatures
@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The layers that were checked, in order."""
    found: list[str] = []
    original = _call.checked_call

    def counted(layer: Any, *args: Any) -> Any:
        found.append(layer.name)
        return original(layer, *args)

    monkeypatch.setattr(_call, "checked_call", counted)
    return found


def count(checks: list[str], layer: Any, *calls: Any) -> int:
    """How many checks the calls need."""
    before = len(checks)
    for given in calls:
        layer(*built(given if isinstance(given, tuple) else (given,), eager))
    return len(checks) - before


def test_a_signature_is_checked_once(checks: list[str]) -> None:
    layer = layers.Dense(3)
    assert count(checks, layer, "f32[2,4]") == 1
    assert count(checks, layer, *["f32[2,4]"] * 5) == 0


def test_other_batch_sizes_are_the_same_signature(checks: list[str]) -> None:
    layer = layers.Dense(3)
    assert count(checks, layer, "f32[2,4]", "f32[3,4]", "f32[1,4]", "f32[4,4]") == 1
    double = Double()
    assert count(checks, double, "f32[2,4]", "f32[3,4]") == 1


def test_other_dtypes_and_shapes_are_other_signatures(checks: list[str]) -> None:
    layer = Double()
    assert count(checks, layer, "f32[2,4]", "f32[2,5]", "f16[2,4]") == 3
    assert count(checks, layer, "f32[2,4]", "f32[2,5]", "f16[2,4]") == 0


def test_where_the_batch_is_bound_its_size_belongs_to_the_signature(checks: list[str]) -> None:
    layer = Gram()
    count(checks, layer, "f32[3,3]", "f32[3,3]")
    assert count(checks, layer, "f32[3,3]") == 0
    assert codes_of(layer, eager("f32[2,3]")) == ["TL203"]
    assert codes_of(layer, eager("f32[3,3]")) == []
    assert codes_of(Batched(), eager("f32[8,2]")) == []


def test_several_arguments_are_one_signature(checks: list[str]) -> None:
    layer = Attend()
    pair = ("f32[2,3,4]", "f32[2,5,4]")
    count(checks, layer, pair, pair)
    assert count(checks, layer, pair, pair) == 0
    assert codes_of(layer, eager("f32[2,3,4]"), eager("f32[3,5,4]")) == ["TL203"]
    assert codes_of(layer, eager("f32[2,3,4]"), key=eager("f32[3,5,4]")) == ["TL203"]


NESTED = [
    (Gram, ("f32[3,3]",)),
    (Attend, ("f32[2,3,4]", "f32[2,5,4]")),
    (Unzip, (("f32[2,3]", "i32[2]"),)),
]


@pytest.mark.parametrize(("cls", "given"), NESTED)
def test_the_first_call_is_enough_where_the_whole_shape_is_the_signature(
    cls: Any, given: tuple[Any, ...], checks: list[str]
) -> None:
    assert count(checks, cls(), given, given) == 1


def test_an_argument_that_is_read_as_a_size_belongs_to_the_signature() -> None:
    layer, x = Take(), eager("f32[2,6]")
    assert codes_of(layer, x, n=3) == []
    assert codes_of(layer, x, n=7) == ["TL207"]


def test_an_argument_that_is_no_tensor_belongs_to_the_signature() -> None:
    layer, x = Half(), eager("f32[2,6]")
    assert codes_of(layer, x, scale=3) == []
    assert codes_of(layer, x, scale="3") == ["TL102"]


def test_a_refused_signature_is_refused_again(checks: list[str]) -> None:
    layer = layers.Dense(3)
    for _ in range(3):
        assert codes_of(layer, eager("f64[2,4]")) == ["TL301"]


def test_what_fits_fits_in_every_mode_and_nothing_else_is_kept(checks: list[str]) -> None:
    layer = layers.Dense(3)
    assert count(checks, layer, "f32[2,4]") == 1
    with tl.mode("lenient"):
        assert count(checks, layer, "f32[2,4]", "f32[2,4]") == 0
        assert count(checks, layer, "f64[2,4]") == 1
    assert codes_of(layer, eager("f64[2,4]")) == ["TL301"]


def test_off_mode_checks_nothing(checks: list[str]) -> None:
    with tl.mode("off"):
        assert count(checks, layers.Dense(3), "f32[2,4]", "f64[2,4]") == 0


def test_a_new_input_spec_drops_the_signatures(checks: list[str]) -> None:
    layer = layers.Dense(3)
    assert count(checks, layer, "f32[2,4]", "f32[2,4]") == 1
    layer.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: 5})
    assert codes_of(layer, eager("f32[2,4]")) == ["TL203"]


class Rebuilt(tl.Layer):
    def build(self, shape):
        self.input_spec = keras.layers.InputSpec(axes={-1: shape[-1]})

    def call(self, x: Float[T, "batch _"]) -> Any:
        return x


def test_building_anew_drops_the_signatures() -> None:
    layer = Rebuilt()
    assert codes_of(layer, eager("f32[2,4]")) == []
    layer.build((None, 5))
    assert codes_of(layer, eager("f32[2,4]")) == ["TL203"]
    assert codes_of(layer, eager("f32[2,5]")) == []


def test_an_annotation_drops_the_signatures(checks: list[str]) -> None:
    layer = layers.Dense(3)
    assert count(checks, layer, "f32[2,4]") == 1
    tl.annotate(layer, inputs=Float[T, "7 4"])
    assert codes_of(layer, eager("f32[2,4]")) == ["TL202"]


def test_signatures_are_bounded() -> None:
    layer = layers.Activation("relu")
    x = tf.zeros((2, SEEN_MOST + 2))
    for size in range(1, SEEN_MOST + 3):
        layer(x[:, :size])
    state = state_of(layer)
    assert state is not None
    assert 0 < len(state.fits) <= SEEN_MOST


def test_a_graph_tensor_is_checked_at_each_trace_and_leaves_nothing_behind(checks: list[str]) -> None:
    layer = layers.Dense(3)
    function = tf.function(lambda x: layer(x))
    for size in (2, 2, 3):
        function(tf.zeros((size, 4)))
    traces = function.experimental_get_tracing_count()
    assert count(checks, layer) == 0
    assert 1 <= len(checks) <= traces + 1
