"""The table of codes. A released code is never reused or renamed.

The first digit is the kind: 1 annotations and arguments, 2 shape, 3 dtype, 4 values, 5 data, 6 targets and loss,
7 masks, state and custom layers, 8 repairs and artefacts, 9 our own fault. Each code has a page of the same name
in ``explanations/``; rule names finish the phrase "allow …", and are the names of the files in ``rules/`` and
``tests/rules/``: ``label-values`` is ``rules/targets/label_values.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from typedlayers.diagnostics.model import Severity

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1": "annotations and arguments",
        "2": "shape",
        "3": "dtype",
        "4": "values",
        "5": "data",
        "6": "targets and loss",
        "7": "masks, state and custom layers",
        "8": "repairs and artefacts",
        "9": "our own fault",
    }
)


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table.

    Attributes:
        code: ``TL201``.
        rule: the name that `typedlayers.allow` takes.
        severity: error, warning or note.
        summary: what is wrong, in one line.
    """

    code: str
    rule: str
    severity: Severity
    summary: str

    @property
    def kind(self) -> str:
        """The kind of mistake, from the first digit."""
        return KINDS[self.code[2]]


_ROWS: Final = (
    Code("TL101", "unreadable-annotation", Severity.ERROR, "an annotation is not jaxtyping's syntax"),
    Code("TL102", "argument-type", Severity.ERROR, "an argument that is no tensor has the wrong type"),
    Code("TL103", "contradicting-annotation", Severity.ERROR, "tl.annotate contradicts what the layer is or has"),
    Code("TL104", "unresolved-annotation", Severity.ERROR, "an annotation names an attribute that is not there"),
    Code("TL105", "unused-dimension", Severity.WARNING, "dims= names a dimension that no annotation of the model has"),
    Code("TL106", "unused-allow", Severity.WARNING, "an allow silenced nothing"),
    Code("TL107", "argument-structure", Severity.ERROR, "a tensor, list or dict stands where another was declared"),
    Code("TL201", "rank-mismatch", Severity.ERROR, "a tensor has too many or too few axes"),
    Code("TL202", "size-mismatch", Severity.ERROR, "an axis has another size than the contract fixes"),
    Code("TL203", "name-mismatch", Severity.ERROR, "a named axis would have to be two sizes at once"),
    Code("TL204", "element-count", Severity.ERROR, "a reshape gets another number of elements than it gives"),
    Code("TL205", "window-too-large", Severity.ERROR, "a window of a convolution, pooling or cropping does not fit"),
    Code("TL206", "forgotten-flatten", Severity.WARNING, "a dense classifier gets images that nothing flattened"),
    Code("TL207", "output-mismatch", Severity.ERROR, "what a layer returned is not what its annotation promises"),
    Code("TL208", "layer-arguments", Severity.ERROR, "a layer's own arguments contradict the shape it gets"),
    Code("TL209", "merge-mismatch", Severity.ERROR, "tensors that are merged do not fit together"),
    Code("TL210", "channel-axis", Severity.WARNING, "a layer takes another axis for the channels than they are on"),
    Code("TL211", "steps-as-features", Severity.WARNING, "weights of steps are merged with the features of a sequence"),
    Code("TL212", "unknown-size", Severity.ERROR, "weights cannot be made: the size of an axis is not known"),
    Code("TL213", "softmax-of-one", Severity.WARNING, "a softmax along an axis of size 1 gives 1, whatever comes"),
    Code("TL301", "float64-tensor", Severity.ERROR, "a float64 tensor would be rounded by a float32 layer"),
    Code("TL302", "not-numeric", Severity.ERROR, "strings or objects are given where numbers are needed"),
    Code("TL303", "complex-input", Severity.ERROR, "complex numbers are given where the imaginary part is thrown away"),
    Code("TL304", "integer-fails", Severity.ERROR, "integers reach a layer that fails on them when it runs"),
    Code("TL305", "integer-overflow", Severity.ERROR, "8-bit integers are added or multiplied and overflow"),
    Code("TL306", "integer-truncation", Severity.ERROR, "integers reach a layer that computes in integers"),
    Code("TL307", "dtype-mismatch", Severity.ERROR, "a dtype is not among those that the annotation lists"),
    Code("TL308", "lookup-dtype", Severity.ERROR, "a lookup of strings gets numbers, or one of numbers gets strings"),
    Code("TL401", "raw-bytes", Severity.ERROR, "raw bytes 0..255 reach the first weights of an image network"),
    Code("TL402", "not-finite", Severity.ERROR, "NaN or infinity in the data reaches the first weights"),
    Code("TL403", "float16-overflow", Severity.ERROR, "values beyond 65504 become infinite in a float16 layer"),
    Code("TL404", "scaled-twice", Severity.ERROR, "images in a unit range are divided by 255 once more"),
    Code("TL405", "value-range", Severity.ERROR, "an image augmentation supposes another range than the images have"),
    Code("TL406", "range-changed", Severity.ERROR, "images come in another range than the model was trained on"),
    Code("TL407", "never-adapted", Severity.ERROR, "a preprocessing layer that learns by adapt() never did"),
    Code("TL501", "data-rank", Severity.ERROR, "the data have another number of axes than the model's input"),
    Code("TL502", "data-shape", Severity.ERROR, "the data have another size along an axis than the model's input"),
    Code("TL503", "unbatched-data", Severity.ERROR, "the data are one sample, or a dataset that was not batched"),
    Code("TL504", "batched-twice", Severity.ERROR, "a dataset was batched twice"),
    Code("TL505", "sample-count", Severity.ERROR, "x, y or sample weights have different numbers of samples"),
    Code("TL506", "input-keys", Severity.ERROR, "the keys of a dict are not the names of the model's inputs"),
    Code("TL507", "input-count", Severity.ERROR, "another number of tensors is given than the model has inputs"),
    Code("TL508", "exchanged-inputs", Severity.ERROR, "the tensors come in another order than the model's inputs"),
    Code("TL509", "python-list", Severity.ERROR, "a Python list stands where one array is needed"),
    Code("TL510", "unknown-rank", Severity.ERROR, "a dataset does not say how many axes its elements have"),
    Code("TL511", "ragged-data", Severity.ERROR, "ragged tensors reach a layer that takes dense ones only"),
    Code("TL512", "id-range", Severity.ERROR, "ids are negative, or beyond what the layer behind the input knows"),
    Code("TL513", "rounded-ids", Severity.ERROR, "ids have fractions, or are rounded on their way to a table"),
    Code("TL514", "numbers-for-text", Severity.ERROR, "numbers are given where an input takes text"),
    Code("TL515", "text-array", Severity.ERROR, "text or objects in a NumPy array, which Keras draws no batches from"),
    Code("TL601", "target-shape", Severity.ERROR, "targets have another shape than their output"),
    Code("TL602", "label-encoding", Severity.ERROR, "class ids where one-hot rows are needed, or the other way round"),
    Code("TL603", "one-class", Severity.ERROR, "a softmax or a loss of classes over one column"),
    Code("TL604", "head-activation", Severity.ERROR, "the output's activation and the loss contradict each other"),
    Code("TL605", "unlike-head", Severity.WARNING, "the output's activation is made for another loss"),
    Code("TL606", "label-values", Severity.ERROR, "targets have values that the loss does not take"),
    Code("TL607", "out-of-reach", Severity.ERROR, "targets have values that the output's activation never gives"),
    Code("TL608", "metric-mismatch", Severity.ERROR, "a metric means nothing for this output and these targets"),
    Code("TL609", "target-structure", Severity.ERROR, "targets are missing, or not numbered or named as outputs"),
    Code("TL610", "target-dtype", Severity.ERROR, "targets are text, objects or complex numbers"),
    Code("TL611", "sample-weight", Severity.ERROR, "sample weights do not fit the values of the loss"),
    Code("TL612", "half-precision-head", Severity.WARNING, "probabilities for a loss are made in float16"),
    Code("TL701", "missing-sequence", Severity.ERROR, "a layer over time gets the last step of a recurrent layer only"),
    Code("TL702", "mask-mismatch", Severity.ERROR, "a mask does not fit the sequences that it is given with"),
    Code("TL703", "state-mismatch", Severity.ERROR, "states that are given, or kept by a stateful layer, do not fit"),
    Code("TL704", "single-step", Severity.WARNING, "a recurrent layer is given sequences of one step"),
    Code("TL705", "wrapped-mismatch", Severity.ERROR, "what a wrapper holds gives something else than it announces"),
    Code("TL706", "attention-mismatch", Severity.ERROR, "query, value, key or masks of attention do not fit together"),
    Code("TL707", "padding-as-attention-mask", Severity.WARNING, "a padding mask seems to be given as attention_mask"),
    Code("TL708", "additive-mask", Severity.ERROR, "a mask of numbers to add is given where true and false are needed"),
    Code("TL711", "wrong-output-shape", Severity.ERROR, "compute_output_shape says another shape than call gives"),
    Code("TL712", "fixed-batch", Severity.WARNING, "a layer works for one batch size only, but any may come"),
    Code("TL713", "unknown-batch", Severity.ERROR, "a layer needs the number of samples while it is not known"),
    Code("TL714", "dtype-clash", Severity.ERROR, "two dtypes meet inside the call of a layer"),
    Code("TL715", "untracked-variable", Severity.ERROR, "a bare tf.Variable, which Keras neither trains nor saves"),
    Code("TL716", "untracked-number", Severity.WARNING, "a bare tf.Variable of one number, which Keras does not train"),
    Code("TL717", "cut-gradient", Severity.ERROR, "a layer lets no gradient through to layers that are to learn"),
    Code("TL721", "dropped-mask", Severity.WARNING, "a mask is dropped before a layer that would take it"),
    Code("TL722", "unused-mask", Severity.WARNING, "padded steps are joined with real ones; nothing uses their mask"),
    Code("TL801", "unsafe-rescale", Severity.WARNING, "raw bytes were only cast: the weights may be made for bytes"),
    Code("TL802", "unreadable-notes", Severity.WARNING, "what typedlayers wrote in a model's file cannot be read"),
    Code("TL803", "unwritable-annotation", Severity.WARNING, "an annotation names a dtype that no file can name"),
    Code("TL901", "internal-fault", Severity.WARNING, "a check of ours failed; the program runs on unchecked"),
)  # fmt: skip

CODES: Final[Mapping[str, Code]] = MappingProxyType({row.code: row for row in _ROWS})
RULES: Final[Mapping[str, Code]] = MappingProxyType({row.rule: row for row in _ROWS})

RETIRED: Final[Mapping[str, str]] = MappingProxyType({})
"""Retired codes, each with the code that took its place."""


class UnknownRule(LookupError):
    """A user named a code or rule that does not exist."""


def code_named(name: str) -> Code:
    """Returns the code that a user names by number or by rule, in any case.

    Raises:
        UnknownRule: if there is none; the message says what is valid and what is near.

    >>> code_named("tl201").rule, code_named("rank-mismatch").code
    ('rank-mismatch', 'TL201')
    """
    found = CODES.get(RETIRED.get(name.upper(), name.upper())) or RULES.get(name.lower())
    if found is None:
        import difflib

        near = difflib.get_close_matches(name, [*CODES, *RULES], n=3, cutoff=0.5)
        hint = f"; perhaps {' or '.join(near)}" if near else ""
        raise UnknownRule(f"there is no code or rule {name!r}{hint}. `typedlayers rules` lists them all")
    return found
