"""Contracts of ``keras.layers``' attention layers: query, value and key, and the masks between them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from jaxtyping import Shaped

from typedlayers.catalogue.axes import axes_of
from typedlayers.catalogue.instance import InstanceContract
from typedlayers.catalogue.parameters import AXES_OR_NONE, FLAG, INTEGER, NUMBER, OPTIONAL_INTEGER
from typedlayers.catalogue.windows import UNKNOWN
from typedlayers.contracts.contract import Call, Called, Contract, Derived, Inferred, Rule, Values
from typedlayers.contracts.dtypes import Compute, Integers, Tensor
from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Fix, Repair
from typedlayers.spec import Carrier, Shape, Size, Spec, shape_text


def _optional(annotation: Any) -> object:
    return annotation | None


def _mask(*dims: str) -> Derived:
    """The shown annotation of a mask; rules check it, because a mask with too few axes fits by accident."""
    shown = None
    for text in reversed(dims):
        shown = Shaped[Tensor, text] | shown  # pyright: ignore[reportOperatorIssue]
    return Derived(lambda _: _optional(Shaped[Tensor, "..."]), shown)


def _text(sizes: Any) -> str:
    return " ".join(UNKNOWN if size is None else str(size) for size in sizes)


# --------------------------------------------------------------------------- MultiHeadAttention, GroupQuery
def heads_of(layer: Any) -> int:
    """Returns how many heads a layer's scores have."""
    return layer.num_heads if hasattr(layer, "num_heads") else layer.num_query_heads


def attended_axes(layer: Any, rank: int) -> tuple[int, ...]:
    """Returns the axes that are attended over: all between batch and features, unless ``attention_axes`` names some."""
    given = getattr(layer, "attention_axes", None)
    if given is None:
        return tuple(range(1, rank - 1))
    return tuple(axis if axis >= 0 else rank + axis for axis in axes_of(given))


def _ranks_agree(_: Any, call: Call) -> str | None:
    query, value = call.shape("query"), call.shape("value")
    if query is None or value is None or len(query) == len(value):
        return None
    return f"query has {len(query)} axes, value has {len(value)}"


def _others_agree(layer: Any, call: Call) -> str | None:
    """An axis that is not attended over is like a second batch: query and value have the same."""
    query, value = call.shape("query"), call.shape("value")
    if query is None or value is None:
        return None
    attended = attended_axes(layer, len(query))
    for axis in range(1, len(query) - 1):
        one, other = query[axis], value[axis]
        if axis not in attended and None not in (one, other) and one != other:
            return f"query has {one} along axis {axis}, which attention_axes={attended} leaves out; value has {other}"
    return None


def _weights_fit(name: str, layer: Any, call: Call) -> str | None:
    """The inner layers were built for a number of features, which no input spec of the outer one states."""
    inner = getattr(layer, f"{name}_dense", None) if layer.built else None
    shape = call.shape("value" if name == "key" and call.specs.get("key") is None else name)
    kernel = getattr(inner, "kernel", None)
    if not shape or kernel is None or shape[-1] in (None, kernel.shape[0]):
        return None
    return f"its weights for the {name} are made for {kernel.shape[0]} features, and {shape[-1]} come"


def _scores(layer: Any, call: Call) -> tuple[Size, Size, Size, Size] | None:
    """Batch, heads, queries and keys: the axes of the scores of a layer that attends over one axis."""
    query, value = call.shape("query"), call.shape("value")
    if query is None or value is None or len(query) != 3 or attended_axes(layer, 3) != (1,):
        return None
    return query[0] if query[0] is not None else value[0], heads_of(layer), query[1], value[1]


def _without_query_axis(layer: Any, call: Call) -> str | None:
    """A mask ``(batch, time)`` is taken for ``(query_time, key_time)``."""
    scores, mask = _scores(layer, call), call.spec("attention_mask")
    if scores is None or mask is None or mask.shape is None or len(mask.shape) != 2:
        return None
    rows, columns = mask.shape
    batch, _, queries, keys = scores
    if columns is not None and keys not in (None, columns):
        return None
    padding = (
        _is_of_batch(mask, queries) if rows is None else rows == batch and queries not in (None, rows) and rows > 1
    )
    return f"attention_mask {shape_text(mask.shape)} has no axis for the queries" if padding else None


def _is_of_batch(mask: Spec, queries: Size) -> bool:
    """Returns True if an unknown first size is the batch: in a functional model, or beside known queries."""
    assert mask.shape is not None
    if mask.shape[1] is None:
        return mask.carrier is Carrier.INPUT
    return mask.carrier in (Carrier.INPUT, Carrier.SYMBOLIC) or queries is not None


def _mask_fits(layer: Any, call: Call) -> str | None:
    scores, mask = _scores(layer, call), call.shape("attention_mask")
    if scores is None or mask is None:
        return None
    if len(mask) > 4:
        return f"attention_mask has {len(mask)} axes, the scores have 4"
    batch, heads, queries, keys = scores
    meets = {4: (batch, heads, queries, keys), 3: (batch, queries, keys)}.get(len(mask), (queries, keys)[-len(mask) :])
    names = {4: ("samples", "heads", "queries", "keys"), 3: ("samples", "queries", "keys")}
    for axis, (size, needed) in enumerate(zip(mask, meets, strict=False)):
        if size not in (None, 1) and needed is not None and size != needed:
            name = names.get(len(mask), ("queries", "keys")[-len(mask) :])[axis]
            return f"attention_mask {shape_text(mask)} has {size} along axis {axis} for {needed} {name}"
    return None


def _length_fits(name: str, _: Any, call: Call) -> str | None:
    """The masks of value and key have their time, which is one."""
    mask, value = call.shape(name), call.shape("value")
    if not mask or value is None or len(value) != 3 or mask[-1] in (None, 1) or value[1] in (None, mask[-1]):
        return None
    return f"{name} {shape_text(mask)} is for {mask[-1]} steps, value has {value[1]}"


def known_values(value: Any) -> np.ndarray | None:
    """Returns the values of an array or an eager tensor, None of a tensor that has none yet."""
    if isinstance(value, np.ndarray):
        return value
    numpy = getattr(value, "numpy", None)
    return np.asarray(numpy()) if callable(numpy) else None


def _is_padding(layer: Any, call: Call) -> str | None:
    """Told by the values: rows that begin with true and end with false, of lengths that rise and fall.

    A mask of queries and keys whose rows are such prefixes is a causal one, of whatever kind: its lengths never fall.
    """
    scores, mask = _scores(layer, call), call.shape("attention_mask")
    if scores is None or mask is None or len(mask) != 2 or None in mask:
        return None
    batch, _, queries, keys = scores
    if not (mask[0] == batch == queries and mask[1] == keys and batch is not None and batch > 1):
        return None
    values = known_values(call.values.get("attention_mask"))
    if values is None or values.dtype.kind not in "bifu":
        return None
    rows = values.astype(bool)
    lengths = rows.sum(axis=1)
    prefixes = (rows == (np.arange(rows.shape[1]) < lengths[:, None])).all() and lengths.min() > 0
    if not prefixes or (np.diff(lengths) >= 0).all():
        return None
    return f"attention_mask {shape_text(mask)} looks like the padding of {batch} samples, and is taken for all of them"


def _is_additive(name: str, _: Any, call: Call) -> str | None:
    values = known_values(call.values.get(name)) if call.spec(name) is not None else None
    if values is None or values.dtype.kind not in "if" or not values.size or values.min() >= 0:
        return None
    return f"{name} has values below 0, and every value but 0 counts as true"


def _attended(layer: Any) -> object:
    """Returns the output: the query's axes, and the projected features."""
    if not hasattr(layer, "num_heads"):
        return Compute[Tensor, "_ query_time query_features"]
    given = layer.get_config()["output_shape"]
    sizes = given
    if not isinstance(given, tuple | list):
        sizes = ("query_features" if given is None else given,)
    return Compute[Tensor, f"_ query_time *query_axes {_text(sizes)}"]


def _with_scores(layer: Any, query: Shape) -> object:
    """The scores too; beside axes that are left out, or over several, their axes are in an order of Keras's own."""
    plain = len(query) == 3 and attended_axes(layer, 3) == (1,)
    scores = f"_ {heads_of(layer)} query_time time" if plain else "..."
    return tuple[_attended(layer), Compute[Tensor, scores]]


def _multi_head(query: str, value: str, key: str, result: str) -> Contract:
    output = Compute[Tensor, result]
    return Contract(
        first="query",
        inputs=Compute[Tensor, query],
        arguments={
            "value": Compute[Tensor, value],
            "key": _optional(Compute[Tensor, key]),
            "query_mask": _mask("#batch #query_time"),  # Keras looks at the mask of the tensor itself instead
            "value_mask": _mask("#batch #time"),
            "key_mask": _mask("#batch #time"),
            "attention_mask": _mask("#query_time #time", "#batch #query_time #time", "#batch #heads #query_time #time"),
        },
        outputs=Called(
            "return_attention_scores",
            MappingProxyType(
                {
                    False: Derived(_attended, output),
                    True: Inferred(_with_scores, tuple[output, Compute[Tensor, "batch heads query_time time"]]),
                }
            ),
        ),
        values=Values.WEIGHTED,
        rules=(
            RANKS_AGREE,
            AXES_AGREE,
            *WEIGHTS_FIT,
            WITH_QUERY_AXIS,
            MASK_FITS,
            *LENGTHS_FIT,
            *NOT_ADDITIVE,
            NO_PADDING,
        ),
        parameters={
            "num_heads": INTEGER,
            "key_dim": INTEGER,
            "value_dim": OPTIONAL_INTEGER,
            "dropout": NUMBER,
            "output_shape": AXES_OR_NONE,
            "attention_axes": AXES_OR_NONE,
            "sliding_window": Any,
            "flash_attention": Any,
            "use_gate": FLAG,
            "head_dim": INTEGER,
            "num_query_heads": INTEGER,
            "num_key_value_heads": INTEGER,
        },
    )


QUERY_FIX: Final = "attention_mask=mask[:, None, :]"
_WITH_QUERIES: Final = (Data("attention_mask", "attention_mask[:, None, :]"),)
MASK_WHY: Final = (
    "the mask says for each query which keys it sees: (batch, query_time, key_time); a size of 1 holds for all"
)

RANKS_AGREE: Final = Rule("TL706", _ranks_agree, about="value", why="queries are multiplied with keys axis by axis")
AXES_AGREE: Final = Rule(
    "TL706", _others_agree, about="value", why="an axis that is not attended over is like a second batch"
)
WEIGHTS_FIT: Final = tuple(
    Rule("TL203", partial(_weights_fit, name), about=name, why="the first call made the weights")
    for name in ("query", "value", "key")
)
WITH_QUERY_AXIS: Final = Rule(
    "TL706",
    _without_query_axis,
    about="attention_mask",
    why="of two axes, the first is taken for the queries and the second for the keys, the same for every sample",
    fixes=(Fix(QUERY_FIX, edits=_WITH_QUERIES),),
    mend=Repair("expand_dims", axis=1),
)
MASK_FITS: Final = Rule("TL706", _mask_fits, about="attention_mask", why=MASK_WHY)
LENGTHS_FIT: Final = tuple(
    Rule("TL706", partial(_length_fits, name), about=name, why="a mask has one value for each step")
    for name in ("value_mask", "key_mask")
)
NO_PADDING: Final = Rule(
    "TL707",
    _is_padding,
    about="attention_mask",
    why="there are as many samples as steps, so that Keras sees no mistake: row i is taken for query i of every sample",
    fixes=(Fix(f"perhaps {QUERY_FIX}", edits=_WITH_QUERIES),),
)
NOT_ADDITIVE: Final = tuple(
    Rule(
        "TL708",
        partial(_is_additive, name),
        about=name,
        why="Keras casts the mask to bool: a large negative number counts as true, 0 as false",
        fixes=(f"{name}=(mask == 0), if 0 marks the positions to attend to",),
    )
    for name in ("value_mask", "key_mask", "attention_mask")
)

MULTI_HEAD_ATTENTION: Final = _multi_head(
    "#batch query_time *query_axes query_features",
    "#batch time *axes value_features",
    "#batch time *axes key_features",
    "batch query_time *query_axes query_features",
)

GROUP_QUERY_ATTENTION: Final = _multi_head(
    "#batch query_time query_features",
    "#batch time value_features",
    "#batch time key_features",
    "batch query_time query_features",
)


# ------------------------------------------------------------------------------------------ Attention
QUERY: Final = Compute[Tensor, "*#batch query_time features"]
VALUE: Final = Compute[Tensor, "*#batch time value_features"]
KEY: Final = Compute[Tensor, "*#batch time features"]
QUERY_MASK: Final = _optional(Shaped[Tensor, "... #query_time"])
VALUE_MASK: Final = _optional(Shaped[Tensor, "... #time"])

QUERY_VALUE_KEY: Final = tuple[QUERY, KEY] | tuple[QUERY, VALUE, KEY]
QUERY_VALUE_MASKS: Final = tuple[QUERY_MASK, VALUE_MASK] | tuple[QUERY_MASK, VALUE_MASK, VALUE_MASK] | None


def _integers(layer: Any) -> Integers:
    """A product of integers has no softmax; a weight among them makes floats of them."""
    plain = getattr(layer, "score_mode", "concat") == "dot" and not layer.use_scale
    return Integers.FAILS if plain else Integers.CONVERTED


def _looked_up(_: Any, shapes: tuple[Shape, ...]) -> object:
    return Compute[Tensor, _text((*shapes[0][:-1], shapes[1][-1]))]


def _looked_up_with_scores(layer: Any, shapes: tuple[Shape, ...]) -> object:
    scores = (*shapes[0][:-1], shapes[-1][-2])
    return tuple[_looked_up(layer, shapes), Compute[Tensor, _text(scores)]]


def _scale_fits(layer: Any, shapes: tuple[Shape, ...]) -> str | None:
    """AdditiveAttention has one factor for each feature."""
    scale = layer.scale if layer.built else None
    if scale is None or not tuple(scale.shape) or shapes[0][-1] in (None, scale.shape[0]):
        return None
    return f"its weights are made for {scale.shape[0]} features, and {shapes[0][-1]} come"


SCALE_FITS: Final = Rule("TL203", _scale_fits, why="the first call made the weights")

_GIVEN: Final = Compute[Tensor, "... query_time value_features"]
LOOKED_UP: Final = Called(
    "return_attention_scores",
    MappingProxyType(
        {
            False: Inferred(_looked_up, _GIVEN),
            True: Inferred(_looked_up_with_scores, tuple[_GIVEN, Compute[Tensor, "... query_time time"]]),
        }
    ),
)

ATTENTION: Final = InstanceContract(
    inputs=QUERY_VALUE_KEY,
    arguments={"mask": QUERY_VALUE_MASKS},
    outputs=LOOKED_UP,
    integers=Integers.FAILS,
    integers_of=_integers,
    parameters={"use_scale": FLAG, "score_mode": Any, "dropout": NUMBER},
)

ADDITIVE_ATTENTION: Final = Contract(
    inputs=QUERY_VALUE_KEY,
    arguments={"mask": QUERY_VALUE_MASKS},
    outputs=LOOKED_UP,
    rules=(SCALE_FITS,),
    parameters={"use_scale": FLAG, "dropout": NUMBER},
)

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "Attention": ATTENTION,
        "AdditiveAttention": ADDITIVE_ATTENTION,
        "MultiHeadAttention": MULTI_HEAD_ATTENTION,
        "GroupQueryAttention": GROUP_QUERY_ATTENTION,
    }
)

ALIASES: Final[Mapping[str, str]] = MappingProxyType({"GroupedQueryAttention": "GroupQueryAttention"})
"""The name of the class that Keras calls GroupQueryAttention."""
