"""The contract of a layer → Markdown, read from the catalogue: no layer is created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from typedlayers.catalogue import ALIASES, CONTRACTS, family_of
from typedlayers.catalogue.instance import InstanceContract
from typedlayers.catalogue.parameters import parameter_type, spelled
from typedlayers.cli.installed import constructor, public_names
from typedlayers.contracts.contract import Called, Choice, Contract, Derived, Form, Positions, Values, describe, shown
from typedlayers.contracts.dtypes import Integers, Stage
from typedlayers.contracts.parse import Pattern, pattern_of
from typedlayers.contracts.tree import has_tensor
from typedlayers.diagnostics.codes import CODES

INTEGERS: Final[Mapping[Integers, str]] = {
    Integers.CONVERTED: "It computes with them in its compute dtype.",
    Integers.KEPT: "They pass through: the output has the dtype of the input.",
    Integers.LOOKED_UP: "They are indices, which the layer looks up.",
    Integers.WRAPS: "8-bit integers overflow (integer-overflow, TL305).",
    Integers.FAILS: "It is built, and fails when the first batch runs (integer-fails, TL304).",
    Integers.FAILS_ON_GPU: "A CPU computes with them; on a GPU the first batch fails (integer-fails, TL304).",
    Integers.TRUNCATES: "It computes in integers and drops fractions (integer-truncation, TL306).",
}
"""The sentence for each effect on integers."""

VALUES: Final[Mapping[Values, str]] = {
    Values.KEPT: "The values of the output are values of the input: moved, chosen, or with zeros added.",
    Values.CHANGED: "The values of the output have another range than those of the input, or an unknown one.",
    Values.WEIGHTED: "The values meet weights, whose initial scale assumes inputs of the order of 1.",
}
"""The sentence for each effect on values."""

POSITIONS: Final[Mapping[Positions, str]] = {
    Positions.APART: "Each position between the batch and the last axis is computed by itself.",
    Positions.MIXED: "A position of the output may depend on several of the input.",
}
"""The sentence for each effect on positions."""

DTYPES: Final[Mapping[str, str]] = {
    "Compute": "`Compute` is a dtype that the layer's dtype policy takes without loss.",
    "Shaped": "`Shaped` is any dtype.",
}


def contract_text(name: str) -> str:
    """Returns the contract of a layer of the catalogue, by its name or alias."""
    name = ALIASES.get(name, name)
    contract = CONTRACTS[name]
    parts = [
        f"# {name}",
        _heading(name),
        f"    {contract}",
        "## Inputs",
        "\n".join(_inputs(contract)),
        *_legend(contract),
        "## Outputs",
        "\n".join(_outputs(contract)),
        *_outputs_legend(contract),
        *_integers(contract),
        "## Values",
        f"{VALUES[contract.values]} {POSITIONS[contract.positions]}",
    ]
    if contract.stage is Stage.DATA:
        parts.append("It is used in data pipelines too: float64 tensors pass.")
    if contract.rules:
        codes = dict.fromkeys(rule.code for rule in contract.rules)
        rows = [f"- {code} {CODES[code].rule}: {CODES[code].summary}" for code in codes]
        parts += ["## Further rules", "\n".join(rows)]
    parts += _arguments(name, contract)
    return "\n\n".join(parts)


def handed_through(name: str) -> str:
    """Returns the text on a public name of ``keras.layers`` without a contract."""
    if name == "Layer":
        text = "The annotations of a subclass's `call` are its contract; without annotations it has none."
    else:
        text = (
            f"`{name}` is a public name of keras.layers and has no contract in this version of typedlayers: "
            f"`typedlayers.layers.{name}` is Keras's own object, and is not checked."
        )
    return f"# {name}\n\n{text}"


def _heading(name: str) -> str:
    others = sorted(alias for alias, target in ALIASES.items() if target == name)
    text = f"A layer of the family {family_of(name)}."
    if others:
        text += f" It is also called {' and '.join(others)}."
    if public_names() and name not in public_names():
        text += " The Keras that is installed does not have it."
    return text


# ------------------------------------------------------------------------------------- inputs, outputs
def _inputs(contract: Contract) -> Iterator[str]:
    if not contract.arguments:
        yield from _rows(contract.inputs)
        return
    for name, form in {contract.first: contract.inputs, **contract.arguments}.items():
        yield from (f"- `{name}`: {row.removeprefix('- ')}" for row in _rows(form))


def _outputs(contract: Contract) -> Iterator[str]:
    form = contract.outputs
    if not isinstance(form, Derived) or not _has_formats(contract.inputs):
        yield from _rows(form)
        return
    assert isinstance(contract.inputs, Choice)
    pattern = pattern_of(form.shown)
    for option in contract.inputs.options:
        shown = _channels_first(pattern) if option == "channels_first" else pattern
        yield f'- `data_format="{option}"`: `{shown}`'


def _has_formats(form: Form) -> bool:
    return isinstance(form, Choice) and form.attribute == "data_format"


def _channels_first(pattern: Pattern) -> str:
    """Returns a channels-last pattern with the channels after the batch."""
    batch, *spatial, channels = map(str, pattern.dims)
    return f'{pattern.dtype.label} "{" ".join([batch, channels, *spatial])}"'


def _rows(form: Form) -> Iterator[str]:
    if isinstance(form, Choice):
        for option, annotation in form.options.items():
            yield f"- `{form.attribute}={_quoted(option)}`: `{describe(annotation)}`"
    elif isinstance(form, Called):
        for option, inner in form.options.items():
            yield from (f"- `{form.argument}={_quoted(option)}`: {row.removeprefix('- ')}" for row in _rows(inner))
    else:
        yield f"- `{describe(form)}`"


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _legend(contract: Contract) -> list[str]:
    texts = [_pattern_text(form) for form in (contract.inputs, *contract.arguments.values(), contract.outputs)]
    found = [text for label, text in DTYPES.items() if any(label in t for t in texts)]
    if isinstance(contract.inputs, Derived):
        found.append(
            "The axes follow from the layer's own arguments; `tl.contract_of(layer)` shows them for one layer."
        )
    return [" ".join(found)] if found else []


def _outputs_legend(contract: Contract) -> list[str]:
    if contract.outputs is None:
        return ["Only Keras knows its output."]
    text = _pattern_text(contract.outputs)
    found = []
    if "{self." in text:
        found.append("`{self.x}` is the attribute `x` of the layer.")
    if isinstance(contract.outputs, Derived):
        found.append("It follows from the layer's own arguments; `tl.contract_of(layer)` shows it for one layer.")
    return [" ".join(found)] if found else []


def _pattern_text(form: Form) -> str:
    return describe(form) if has_tensor(shown(form)) else ""


def _integers(contract: Contract) -> list[str]:
    if contract.inputs is None:  # dtypes are not checked
        return []
    text = INTEGERS[contract.integers]
    if isinstance(contract, InstanceContract):
        text += " Some arguments of the layer change that."
    return ["## Integers", text]


# ------------------------------------------------------------------------------------------- arguments
def _arguments(name: str, contract: Contract) -> list[str]:
    given = constructor(name)
    if given is None:
        rows = [f"- `{argument}`: {spelled(hint)}" for argument, hint in contract.parameters.items()]
        note = "The other arguments cannot be read from the installed Keras." if rows else ""
    else:
        rows = [f"- `{argument}`: {spelled(parameter_type(contract, argument.name))}" for argument in given]
        note = "Types as Keras accepts them; Keras itself checks the values." if rows else ""
    return ["## Arguments", "\n".join(rows), note] if rows else []
