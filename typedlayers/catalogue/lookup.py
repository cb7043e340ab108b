"""Contracts of ``keras.layers``' look-ups and encodings: text and codes → indices, vectors and counts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from jaxtyping import Shaped

from typedlayers.catalogue.parameters import FLAG, INTEGER, NUMBERS, OPTIONAL_INTEGER, OPTIONAL_TEXT, TEXT
from typedlayers.catalogue.windows import UNKNOWN
from typedlayers.contracts.contract import Call, Called, Contract, Inferred, Rule, Values
from typedlayers.contracts.dtypes import Compute, Integers, Stage, Tensor
from typedlayers.diagnostics.edit import Argument, Data, Insert
from typedlayers.diagnostics.model import Fix
from typedlayers.spec import Kind, Shape, Size, bits_of, shape_text

NUMERIC: Final = (Kind.INTEGER, Kind.FLOAT, Kind.BOOL)


# ---------------------------------------------------------------------------------------------- inputs
def _text_comes(name: str, layer: Any, call: Call) -> str | None:
    """Strings, or the objects that NumPy makes of them; an inverted look-up is of indices."""
    spec = call.spec(name)
    if spec is None or spec.kind not in NUMERIC or getattr(layer, "invert", False):
        return None
    return f"it looks up strings but gets {spec.dtype}"


def _numbers_come(name: str, _: Any, call: Call) -> str | None:
    spec = call.spec(name)
    return "integers are looked up, but strings come" if spec is not None and spec.kind is Kind.STRING else None


def _indices_come(name: str, layer: Any, call: Call) -> str | None:
    spec = call.spec(name)
    if spec is None or not getattr(layer, "invert", False) or spec.kind is not Kind.STRING:
        return None
    return "invert=True looks up indices, but strings come"


def _one_text_each(layer: Any, shape: Shape) -> str | None:
    """Finds a further axis of a text that is to be split into words."""
    if layer.get_config()["split"] is None or len(shape) < 2 or shape[-1] in (None, 1):
        return None
    return f"each sample is one text to be split, but {shape_text(shape)} holds {shape[-1]} of them"


def _wide_enough(layer: Any, call: Call) -> str | None:
    """TensorFlow counts in 32 or 64 bits."""
    spec = call.spec("inputs")
    if layer.output_mode == "one_hot" or spec is None or spec.kind is not Kind.INTEGER or spec.dtype is None:
        return None
    short = (bits_of(spec.dtype) or 64) < 32
    return f"output_mode={layer.output_mode!r} fails on {spec.dtype} when it runs" if short else None


CAST_WHY: Final = "Keras casts the input, which TensorFlow refuses between strings and numbers in the first batch"

TEXT_COMES: Final = Rule(
    "TL308",
    partial(_text_comes, "inputs"),
    about="inputs",
    why=CAST_WHY,
    fixes=(
        "layers.IntegerLookup instead, if the vocabulary is of integers",
        Fix("tf.strings.as_string(x), if their text is meant", edits=(Insert("tf.strings.as_string(x)", ""),)),
    ),
)
NUMBERS_COME: Final = Rule(
    "TL308",
    partial(_numbers_come, "inputs"),
    about="inputs",
    why=CAST_WHY,
    fixes=(
        "layers.StringLookup instead, if the vocabulary is of strings",
        Fix(
            "tf.strings.to_number(x), if they are the digits of numbers",
            edits=(Insert('tf.strings.to_number(x, "int64")', ""),),
        ),
    ),
)
INDICES_COME: Final = Rule("TL308", partial(_indices_come, "inputs"), about="inputs", why=CAST_WHY)
SENTENCES_COME: Final = Rule("TL308", partial(_text_comes, "inputs"), about="inputs", why=CAST_WHY)
ONE_TEXT_EACH: Final = Rule(
    "TL208",
    _one_text_each,
    why="split makes words of one text; the words need an axis of their own",
    fixes=(
        Fix(
            'tf.strings.reduce_join(x, axis=-1, separator=" "), if the columns make one text',
            edits=(Data("x", 'tf.strings.reduce_join(x, axis=-1, separator=" ")'),),
        ),
        Fix("split=None, if each string is a token already", edits=(Argument("", "split", "None"),)),
    ),
)
WIDE_ENOUGH: Final = Rule(
    "TL304",
    _wide_enough,
    about="inputs",
    why="counting needs 32 or 64 bits",
    fixes=('ops.cast(x, "int32") before it',),
)


# --------------------------------------------------------------------------------------------- outputs
def encoded(shape: Shape, mode: str, size: Size) -> tuple[Size, ...]:
    """Returns the shape of an encoding, as Keras computes it when it runs.

    >>> encoded((None, 4), "int", 9), encoded((None, 1), "one_hot", 9), encoded((None, 4), "count", 9)
    ((None, 4), (None, 9), (None, 9))
    """
    if mode == "int":
        return shape
    if mode == "one_hot":
        return (*(shape[:-1] if shape[-1:] == (1,) else shape or (1,)), size)
    return (size,) if len(shape) < 2 else (shape[0], *shape[2:], size)


def _encoded(size: str | None, layer: Any, shape: Shape) -> object:
    """The number of tokens is an argument; of a vocabulary it changes until ``adapt`` is done."""
    mode = getattr(layer, "output_mode", "int")
    if len(shape) and shape[-1] is None and mode == "one_hot":
        return Shaped[Tensor, "..."]  # a last axis of size 1 would be taken away
    sizes = encoded(shape, mode, getattr(layer, size) if size is not None else None)
    return Shaped[Tensor, " ".join(UNKNOWN if size is None else str(size) for size in sizes)]


def _encoding(size: str | None = None) -> Inferred:
    return Inferred(partial(_encoded, size), Shaped[Tensor, "..."])


def _vectorized(layer: Any, shape: Shape) -> object | None:
    """Texts that are counted: one row for each, of which Keras's own ``compute_output_shape`` keeps an axis of 1."""
    config = layer.get_config()
    if config["output_mode"] == "int" or config["split"] is None:
        return None
    size = config["max_tokens"] if config["pad_to_max_tokens"] else None
    return Shaped[Tensor, " ".join(UNKNOWN if one is None else str(one) for one in (*shape[:1], size))]


LOOKUP: Final = MappingProxyType(
    {
        "max_tokens": OPTIONAL_INTEGER,
        "num_oov_indices": INTEGER,
        "mask_token": Any,
        "oov_token": Any,
        "vocabulary": Any,
        "vocabulary_dtype": TEXT,
        "idf_weights": Any,
        "invert": FLAG,
        "output_mode": TEXT,
        "sparse": FLAG,
        "pad_to_max_tokens": FLAG,
        "encoding": TEXT,
        "oov_method": Any,
        "salt": Any,
    }
)

STRING_LOOKUP: Final = Contract(
    inputs=Shaped[Tensor, "..."],
    outputs=_encoding(),
    stage=Stage.DATA,
    rules=(TEXT_COMES, INDICES_COME),
    parameters=LOOKUP,
)

INTEGER_LOOKUP: Final = Contract(
    inputs=Shaped[Tensor, "..."],
    outputs=_encoding(),
    integers=Integers.LOOKED_UP,
    stage=Stage.DATA,
    rules=(NUMBERS_COME,),
    parameters=LOOKUP,
)

# Everything has a hash: strings, integers, and floats as the integers they are cut to.
HASHING: Final = Contract(
    inputs=Shaped[Tensor, "..."],
    outputs=_encoding("num_bins"),
    integers=Integers.LOOKED_UP,
    stage=Stage.DATA,
    parameters={**LOOKUP, "num_bins": INTEGER, "mask_value": Any},
)

HASHED_CROSSING: Final = Contract(
    inputs=None,  # lists of numbers and of strings beside tensors of them
    integers=Integers.LOOKED_UP,
    stage=Stage.DATA,
    parameters={"num_bins": INTEGER, "output_mode": TEXT, "sparse": FLAG, "dtype": Any},
)

DISCRETIZATION: Final = Contract(
    inputs=Compute[Tensor, "..."],
    outputs=_encoding(),
    stage=Stage.DATA,
    parameters={
        "bin_boundaries": NUMBERS | None,
        "num_bins": OPTIONAL_INTEGER,
        "output_mode": TEXT,
        "sparse": FLAG,
        "dtype": Any,
    },
)

CATEGORY_ENCODING: Final = Contract(
    inputs=Compute[Tensor, "..."],
    outputs=_encoding("num_tokens"),
    integers=Integers.LOOKED_UP,
    stage=Stage.DATA,
    rules=(WIDE_ENOUGH,),
    parameters={"num_tokens": OPTIONAL_INTEGER, "output_mode": TEXT, "sparse": FLAG},
)

TEXT_VECTORIZATION: Final = Contract(
    inputs=Shaped[Tensor, "..."],
    outputs=Inferred(_vectorized, Shaped[Tensor, "..."]),
    stage=Stage.DATA,
    rules=(SENTENCES_COME, ONE_TEXT_EACH),
    parameters={
        **LOOKUP,
        "standardize": Any,
        "split": Any,
        "ngrams": Any,
        "output_sequence_length": OPTIONAL_INTEGER,
        "ragged": FLAG,
    },
)


# --------------------------------------------------------------------------------- ReversibleEmbedding
def _features_fit(layer: Any, call: Call) -> str | None:
    """In reverse, vectors are multiplied with the table."""
    shape = call.shape("inputs")
    if not call.values.get("reverse") or not shape or shape[-1] in (None, layer.output_dim):
        return None
    return f"reverse=True needs vectors of {layer.output_dim} features, but {shape_text(shape)} has {shape[-1]}"


def _logits(layer: Any, shape: Shape) -> object:
    return Compute[Tensor, " ".join(UNKNOWN if size is None else str(size) for size in (*shape[:-1], layer.input_dim))]


FEATURES_FIT: Final = Rule(
    "TL202", _features_fit, about="inputs", why="in reverse, vectors become scores of the ids: output_dim → input_dim"
)

REVERSIBLE_EMBEDDING: Final = Contract(
    inputs=Compute[Tensor, "*indices"],
    outputs=Called(
        "reverse",
        MappingProxyType(
            {
                False: Compute[Tensor, "*indices {self.output_dim}"],
                True: Inferred(_logits, Compute[Tensor, "... {self.input_dim}"]),
            }
        ),
    ),
    integers=Integers.LOOKED_UP,
    values=Values.CHANGED,
    stage=Stage.DATA,
    rules=(FEATURES_FIT,),
    parameters={"tie_weights": FLAG, "reverse_dtype": Any, "logit_soft_cap": Any, "name": OPTIONAL_TEXT},
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "StringLookup": STRING_LOOKUP,
        "IntegerLookup": INTEGER_LOOKUP,
        "Hashing": HASHING,
        "HashedCrossing": HASHED_CROSSING,
        "Discretization": DISCRETIZATION,
        "CategoryEncoding": CATEGORY_ENCODING,
        "TextVectorization": TEXT_VECTORIZATION,
        "ReversibleEmbedding": REVERSIBLE_EMBEDDING,
    }
)
