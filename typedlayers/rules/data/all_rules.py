"""Data against a model's inputs: dtype, rank, shape, batch, arrangement, ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from typedlayers.contracts.dtypes import DtypeFault, DtypeRule, Policy
from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.data import Batch, Finding, Path, Source
from typedlayers.facts.inputs import Inputs
from typedlayers.facts.inputs import Intake as Intake
from typedlayers.facts.values import IdFacts
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.rules.data.ids import check_ids
from typedlayers.rules.data.matching import Pair, arranged
from typedlayers.rules.data.shape import shape_misfit
from typedlayers.spec import Carrier, Kind, Spec, kind_of

Look = Callable[[Any, str | None], IdFacts | None]
"""Looks at the values of a tensor as ids, given the dtype of the input that they go into."""


COMPUTE = DtypeRule("Compute", None, compute=True)


def check_inputs(inputs: Inputs, batch: Batch, look: Look | None = None) -> list[Diagnostic]:
    """Returns everything that is wrong with x for a model's inputs: arrangement first, then each tensor.

    Args:
        inputs: what the model takes in.
        batch: what is known of the data.
        look: looks at values that an ``Embedding`` and its like get; without it none are looked at.
    """
    return [finding.diagnostic for finding in findings(inputs, batch, look)]


def findings(inputs: Inputs, batch: Batch, look: Look | None = None) -> list[Finding]:
    """Returns what `check_inputs` does, each with its place in x."""
    pairs = arranged(inputs, batch)
    if isinstance(pairs, Diagnostic):
        return [Finding(pairs, None)]
    found = [(pair, _misfit(pair, batch, look)) for pair in pairs if pair.spec is not None]
    return list(_each_once([Finding(diagnostic, pair.path) for pair, diagnostic in found if diagnostic is not None]))


def _each_once(found: list[Finding]) -> Iterator[Finding]:
    """What is said of a dataset as a whole is said once, however many tensors its elements have."""
    said: set[str] = set()
    for finding in found:
        if finding.diagnostic.headline not in said:
            yield finding
        said.add(finding.diagnostic.headline)


def _misfit(pair: Pair, batch: Batch, look: Look | None) -> Diagnostic | None:
    intake, spec, place = pair.intake, pair.spec, batch.called(pair.path)
    assert spec is not None
    targets = batch.y if isinstance(batch.y, Spec) else None
    given = Given(spec, batch.what, place, batch.source, targets, alone=batch.y is None)
    if _key(pair.path) in batch.lists:
        return _python_list(intake, given)
    if _key(pair.path) in batch.ragged and intake.dense is not None:
        return _ragged(intake, given)
    found = _dtype(intake, given, batch.columns) or shape_misfit(intake, given)
    if found is not None or look is None or intake.reader is None:
        return found
    facts = look(batch.value_at(pair.path), intake.spec.dtype)
    return None if facts is None else check_ids(intake, intake.reader, facts, spec, place)


def _key(path: Path) -> str:
    return Batch(None).called(path)


def check_data(intake: Intake, data: Spec, what: str) -> Diagnostic | None:
    """Returns what is wrong with one tensor for a model's input, or None.

    What Keras itself repairs rightly is no mistake: a last axis of 1 more or less than the input has.

    Args:
        intake: the model's input.
        data: the spec of the data, its batch axis included.
        what: the data in the user's names: ``the dataset``, ``x``.
    """
    source = Source.DATASET if data.carrier is Carrier.DATASET else Source.ARRAYS
    given = Given(data, what, what, source)
    return _dtype(intake, given, ()) or shape_misfit(intake, given)


# ------------------------------------------------------------------------------------------------ dtype
def _dtype(intake: Intake, given: Given, columns: tuple[tuple[str, str], ...]) -> Diagnostic | None:
    needed, came = intake.spec.dtype, given.spec.dtype
    if needed is None or came is None:
        return None
    if kind_of(needed) is Kind.STRING:
        return _text_needed(intake, given) if given.spec.kind in _NUMBERS else None
    fault = COMPUTE.fault(given.spec, Policy(needed, intake.variable))
    if fault is DtypeFault.DOUBLE and kind_of(needed) is Kind.FLOAT:
        return _double(intake, given, needed)
    if fault is DtypeFault.TEXT:
        return _text(intake, given, columns)
    if fault is DtypeFault.COMPLEX:
        return diagnostic(
            intake,
            given,
            "TL303",
            f"{intake.who} needs real numbers but gets {came}",
            why=f"Keras casts to {needed} and discards the imaginary part",
            fixes=(
                Fix(f"perhaps real and imaginary parts as features of a wider input: {_PARTS}"),
                Fix("feed the magnitude: np.abs(x)", edits=given.edits("np.abs(x)")),
            ),
        )
    return None


_PARTS = "np.concatenate([x.real, x.imag], axis=-1)"

_NUMBERS = (Kind.FLOAT, Kind.INTEGER, Kind.BOOL, Kind.COMPLEX)


def _double(intake: Intake, given: Given, needed: str) -> Diagnostic:
    cast = f'tf.cast(x, "{needed}")'
    return diagnostic(
        intake,
        given,
        "TL301",
        f"{intake.who} is {needed} but gets a float64 tensor",
        why=f"Keras casts the tensor to {needed} without a word: 53 bits of precision become 24",
        fixes=(
            Fix(f'{cast}, or dtype="{needed}" where x is made', Repair("cast", dtype=needed), given.edits(cast)),
            Fix('keras.Input(..., dtype="float64") and layers of dtype="float64", to compute in double precision'),
        ),
        repairs=(Repair("cast", dtype=needed),),
    )


def _text(intake: Intake, given: Given, columns: tuple[tuple[str, str], ...]) -> Diagnostic:
    texts = [name for name, dtype in columns if kind_of(dtype) in (Kind.STRING, Kind.OTHER)]
    why = "strings and objects have to be looked up or parsed before they are numbers"
    if texts:
        listed = ", ".join(map(repr, texts))
        why = f"the column{'s' * (len(texts) > 1)} {listed} hold{'s' * (len(texts) == 1)} no numbers"
    fixes = [Fix('keras.Input(..., dtype="string") and layers.StringLookup(), or encode the column as numbers')]
    if given.spec.kind is Kind.OTHER and not texts:
        fixes.insert(0, Fix('x.astype("float32"), if they are numbers that NumPy holds as objects'))
    return diagnostic(
        intake, given, "TL302", f"{intake.who} needs numbers but gets {given.spec.dtype}", why=why, fixes=tuple(fixes)
    )


def _text_needed(intake: Intake, given: Given) -> Diagnostic:
    return diagnostic(
        intake,
        given,
        "TL514",
        f"{intake.who} needs text but gets {given.spec.dtype}",
        why="TensorFlow has no cast from numbers to text, so the first batch fails",
        fixes=(
            Fix("text of them: tf.strings.as_string(x), if the words of the vocabulary are these numbers"),
            Fix(f'keras.Input(..., dtype="{given.spec.dtype}"), with layers.IntegerLookup() for whole numbers'),
        ),
    )


# ------------------------------------------------------------------------------------------------ what holds the values
def _python_list(intake: Intake, given: Given) -> Diagnostic:
    spec, needed = given.spec, intake.spec.dtype
    even = spec.shape is not None and None not in spec.shape
    numbers = spec.kind in _NUMBERS and needed is not None and kind_of(needed) is not Kind.STRING
    dtype = needed if numbers else None
    array = "np.array(x)" if dtype is None else f'np.array(x, dtype="{dtype}")'
    mends = even and shape_misfit(intake, given) is None
    uneven = Fix("rows of one length: keras.utils.pad_sequences(x, padding='post')")
    return diagnostic(
        intake,
        given,
        "TL509",
        f"{intake.who} needs an array but gets a Python list",
        why="Keras takes a list for several inputs, and every number in it for a tensor"
        if even
        else "Keras takes a list for several inputs; and the rows of this one differ in length",
        fixes=(Fix(f"an array: {array}", edits=given.edits(array)),) if mends else () if even else (uneven,),
        repairs=(Repair("cast", dtype=dtype),) if mends and dtype is not None else (),
    )


def _ragged(intake: Intake, given: Given) -> Diagnostic:
    if given.source is Source.DATASET and given.place == given.what:
        parts = "x" if given.alone else "x, y"
        result = "x.to_tensor()" if given.alone else "(x.to_tensor(), y)"
        padded = Data("ds", f"ds.map(lambda {parts}: {result})")
        fix = Fix(f"pad them: {padded.code}", edits=(padded,))
    else:
        fix = Fix(f"pad them to a dense tensor: {given.place.partition(' ')[0]}.to_tensor()")
    return diagnostic(
        intake,
        given,
        "TL511",
        f"{intake.dense} needs dense tensors but {given.what} gives ragged ones",
        needs=f"a dense tensor, for {intake.dense}",
        why=f"Keras 3 hands ragged tensors on as they are, and {intake.dense} fails on them",
        fixes=(fix, Fix("perhaps leave the padding out: layers.Masking(), or Embedding(..., mask_zero=True)")),
    )
