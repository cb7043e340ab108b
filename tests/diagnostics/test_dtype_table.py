"""``docs/dtypes.md`` is generated from the code: ``pytest --snapshot-update`` writes it, every other run compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from jaxtyping import Bool, Complex, Float, Float32, Int, Num, Shaped, UInt8

from typedlayers.catalogue import CONTRACTS, family_of
from typedlayers.contracts.contract import Contract, Resolved, check, describe
from typedlayers.contracts.dtypes import Compute, Integers, Policy, Stage, Tensor
from typedlayers.contracts.parse import pattern_of
from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.inputs import Inputs, InputSpec
from typedlayers.modes import LENIENT, STRICT
from typedlayers.rules.contracts.findings import findings_of
from typedlayers.rules.data import complex_input, float64_tensor, not_numeric, numbers_for_text
from typedlayers.rules.engine import findings
from typedlayers.spec import Carrier, Spec
from typedlayers.verdict.gate import judge

PAGE = Path(__file__).parents[2] / "docs" / "dtypes.md"

DTYPE_RULES = (float64_tensor.RULE, not_numeric.RULE, complex_input.RULE, numbers_for_text.RULE)

FROM = {
    Carrier.SYMBOLIC: "in a model",
    Carrier.INPUT: "in a model",
    Carrier.TENSOR: "tensor",
    Carrier.ARRAY: "NumPy array",
    Carrier.DATASET: "data set",
}
ANY = (*Carrier,)
ROWS: tuple[tuple[str, tuple[Carrier, ...]], ...] = (
    ("float32", ANY),
    ("float16", ANY),
    ("bfloat16", ANY),
    ("float64", (Carrier.TENSOR,)),
    ("float64", tuple(carrier for carrier in Carrier if carrier is not Carrier.TENSOR)),
    ("uint8", ANY),
    ("int32", ANY),
    ("int64", ANY),
    ("bool", ANY),
    ("complex64", ANY),
    ("string", ANY),
    ("object", ANY),
)
"""What comes: a dtype, and what holds it."""

HEADINGS = {
    Integers.CONVERTED: "computes with integers",
    Integers.KEPT: "passes integers on",
    Integers.LOOKED_UP: "looks integers up",
    Integers.FAILS: "fails on integers",
    Integers.FAILS_ON_GPU: "fails on a GPU",
    Integers.TRUNCATES: "truncates integers",
    Integers.WRAPS: "overflows on 8 bits",
}

ANNOTATIONS: dict[str, object] = {
    "Float": Float[Tensor, "..."],
    "Float32": Float32[Tensor, "..."],
    "Int": Int[Tensor, "..."],
    "UInt8": UInt8[Tensor, "..."],
    "Num": Num[Tensor, "..."],
    "Bool": Bool[Tensor, "..."],
    "Complex": Complex[Tensor, "..."],
    "Shaped": Shaped[Tensor, "..."],
}
POLICIES = {
    "float32": Policy("float32", "float32", gpu=True),
    "float64": Policy("float64", "float64"),
    "float16": Policy("float16", "float16"),
    "mixed_float16": Policy("float16", "float32"),
    "mixed_bfloat16": Policy("bfloat16", "float32"),
}

Judge = Callable[[Spec], str]


def verdict(resolved: Resolved, spec: Spec) -> str:
    """What strict and lenient make of one dtype for one contract, as a cell."""
    specs = {"inputs": spec}
    checked = check(resolved, specs)
    subject = Subject("Layer", "layer", Location())
    found = tuple(findings_of(checked, resolved, specs, subject))
    errors = judge(found, STRICT).errors
    if not errors:
        return "fine"
    repairs = judge(found, LENIENT).repairs.get("inputs", ())
    return f"{errors[0].code}, lenient: {', '.join(map(str, repairs))}" if repairs else f"{errors[0].code}, refused"


def of_layer(integers: Integers, stage: Stage = Stage.MODEL, policy: Policy = POLICIES["float32"]) -> Judge:
    """A layer of the catalogue that treats integers so."""
    resolved = Contract(inputs=Compute[Tensor, "..."], integers=integers, stage=stage).for_layer(None, policy)
    return lambda spec: verdict(resolved, spec)


def of_annotation(annotation: object) -> Judge:
    """A user's float32 layer with this annotation."""
    resolved = Resolved({"inputs": pattern_of(annotation)}, None, Policy(), None, own=True)
    return lambda spec: verdict(resolved, spec)


def of_input(dtype: str) -> Judge:
    """A model's input of this dtype."""

    def judged(spec: Spec) -> str:
        declared = Spec(dtype, (None, 3))
        given = InputSpec("Sequential", "x", "Dense", declared, Location())
        source = Source.DATASET if spec.carrier is Carrier.DATASET else Source.ARRAYS
        evidence = Evidence(
            label="Sequential",
            use=Use.PREDICT,
            inputs=Inputs("Sequential", Location(), given),
            batch=Batch(spec, source=source),
        )
        found = findings(DTYPE_RULES, evidence)
        if not found:
            return "fine"
        (one,) = found
        return f"{one.code}, refused" if one.lenient is None else f"{one.code}, lenient: {one.lenient}"

    return judged


def table(columns: dict[str, Judge], rows: Iterable[tuple[str, tuple[Carrier, ...]]] = ROWS) -> str:
    """A Markdown table: what comes by what it comes to."""
    lines = [f"| what comes | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for dtype, carriers in rows:
        cells = []
        for judged in columns.values():
            found = {judged(Spec(dtype, (2, 3), carrier)) for carrier in carriers}
            assert len(found) == 1, f"{dtype}: {found}, split the row"
            cells.append(found.pop())
        held = f" ({', '.join(dict.fromkeys(FROM[carrier] for carrier in carriers))})" if dtype == "float64" else ""
        lines.append(f"| {dtype}{held} | {' | '.join(cells)} |")
    return "\n".join(lines)


def layers_by_integers() -> str:
    """Which layers of the catalogue do what with integers, with the special places of the first table."""
    lines = []
    for integers, heading in HEADINGS.items():
        named = []
        for name, contract in sorted(CONTRACTS.items()):
            if contract.integers is integers and contract.inputs is not None:
                named.append(name if type(contract) is Contract else f"{name}*")
        lines.append(f"- {heading}: {', '.join(named) if named else 'none yet'}")
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    whole = {heading: of_layer(integers) for integers, heading in HEADINGS.items()}
    whole["in data pipelines"] = of_layer(Integers.CONVERTED, Stage.DATA)
    data = [name for name, contract in sorted(CONTRACTS.items()) if contract.stage is Stage.DATA]
    floats = ROWS[:5]
    given = (Carrier.TENSOR, Carrier.ARRAY, Carrier.DATASET)
    inputs = [(dtype, tuple(carrier for carrier in carriers if carrier in given)) for dtype, carriers in ROWS]
    policies = {name: of_layer(Integers.CONVERTED, policy=policy) for name, policy in POLICIES.items()}
    return f"""# Which dtypes fit

This page is generated from the code (tests/diagnostics/test_dtype_table.py).

A cell says what becomes of a tensor of one dtype:

- *fine*: it passes in every mode;
- *TLnnn, lenient: ...*: strict mode raises that code, lenient mode makes the repair;
- *TLnnn, refused*: both raise.

*Fails on a GPU* is judged as on a machine with one; where no GPU is visible the same is a warning, *perhaps*.

What holds the values matters for float64 alone: a tensor of the backend was made on purpose, while in a NumPy array
float64 is merely NumPy's default. *In a model* is a tensor that a model's input or one of its layers gives.

## Into a layer of the catalogue, float32

{table(whole)}

Which layers these are (\\*: some arguments of the layer, or the layer inside, change it):

{layers_by_integers()}
- in data pipelines: {", ".join(data)}

`Flatten`, `Reshape`, `Permute`, `RepeatVector` and `Concatenate` only move values: they take every dtype.

## Into a layer that computes with integers, by its dtype policy

{table(policies, floats)}

## Into the input of a model

`fit`, `evaluate`, `predict` and a call of the model compare the data with the dtype that the input declares. Keras
casts whatever comes to it; the rules here look at what is lost by that in an input of floats, and no further.

{table({f'Input(dtype="{dtype}")': of_input(dtype) for dtype in ("float32", "int32", "string")}, inputs)}

## Into a layer of your own, by its annotation

The dtypes of jaxtyping, in a float32 layer. Keras casts floating tensors to the layer's dtype before `call` runs,
unless the layer has `autocast=False`; the annotation is compared with the dtype before that cast.

{table({label: of_annotation(annotation) for label, annotation in ANNOTATIONS.items()})}
"""


def test_the_page_is_what_the_code_does(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--snapshot-update"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_table_knows_every_treatment_of_integers() -> None:
    assert set(HEADINGS) == set(Integers)


def test_layers_that_take_every_dtype_are_named() -> None:
    anything = sorted(
        name
        for name, contract in CONTRACTS.items()
        if contract.inputs is not None
        and family_of(name) not in ("lookup", "wrappers")  # whose rules, or inner layers, say what they take
        and describe(contract.inputs).removeprefix("list[").startswith("Shaped")
    )
    assert anything == ["Concatenate", "Flatten", "Permute", "RepeatVector", "Reshape"]
