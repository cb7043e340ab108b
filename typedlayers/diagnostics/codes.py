"""The table of codes. A released code is never reused or renamed.

The first digit is the kind: 1 annotations and arguments, 2 shape, 3 dtype, 4 values, 5 data, 6 targets and loss,
7 masks, state and custom layers, 8 repairs and artefacts, 9 our own fault. Each code has a page of the same name
in ``explanations/``; rule names finish the phrase "allow …", and are the names of the files in ``rules/`` and
``tests/rules/``: ``label-values`` is ``rules/targets/label_values.py``.
"""

from __future__ import annotations

import difflib
import re
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
        summary: the mistake, in one line.
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
    Code("TL102", "argument-type", Severity.ERROR, "an argument that is not a tensor has the wrong type"),
    Code("TL103", "contradicting-annotation", Severity.ERROR, "tl.annotate contradicts the layer's own contract"),
    Code("TL104", "unresolved-annotation", Severity.ERROR, "an annotation names a missing attribute or argument"),
    Code("TL105", "unused-dimension", Severity.WARNING, "dims= names a dimension that no annotation of the model has"),
    Code("TL106", "unused-allow", Severity.WARNING, "an allow silenced nothing"),
    Code("TL107", "argument-structure", Severity.ERROR, "a list or dict is given for a tensor, or the reverse"),
    Code("TL108", "call-arguments", Severity.ERROR, "a layer is called with other arguments than its call has"),
    Code("TL109", "exchanged-arguments", Severity.WARNING, "key and value of an attention layer seem to be exchanged"),
    Code("TL110", "kernel-as-strides", Severity.WARNING, "the kernel of a convolution is given as two numbers"),
    Code("TL201", "rank-mismatch", Severity.ERROR, "a tensor has too many or too few axes"),
    Code("TL202", "size-mismatch", Severity.ERROR, "an axis has a size other than the contract's"),
    Code("TL203", "name-mismatch", Severity.ERROR, "a named axis has two different sizes"),
    Code("TL204", "element-count", Severity.ERROR, "a reshape changes the number of elements"),
    Code("TL205", "window-too-large", Severity.ERROR, "a window of a convolution, pooling or cropping does not fit"),
    Code("TL206", "forgotten-flatten", Severity.WARNING, "a dense classifier gets images that nothing flattened"),
    Code("TL207", "output-mismatch", Severity.ERROR, "a layer's result does not fit its return annotation"),
    Code("TL208", "layer-arguments", Severity.ERROR, "a layer's own arguments contradict the shape it gets"),
    Code("TL209", "merge-mismatch", Severity.ERROR, "merged tensors have shapes that do not match"),
    Code("TL210", "channel-axis", Severity.WARNING, "a layer reads the channels from the wrong axis"),
    Code("TL211", "steps-as-features", Severity.WARNING, "weights per step are merged with the features of a sequence"),
    Code("TL212", "unknown-size", Severity.ERROR, "weights cannot be created: the size of an axis is unknown"),
    Code("TL213", "softmax-of-one", Severity.WARNING, "a softmax or normalization along an axis of size 1 is constant"),
    Code("TL214", "lost-batch", Severity.ERROR, "an output has no row for each sample any more"),
    Code("TL215", "data-format", Severity.WARNING, "a layer's data_format is not that of the images that it gets"),
    Code("TL216", "pooling-of-one", Severity.WARNING, "a pooling gets a single position, and changes nothing"),
    Code("TL217", "skipped-positions", Severity.WARNING, "a pooling's strides leave positions unread"),
    Code("TL219", "zero-kernels", Severity.WARNING, "two kernels in a row start at zero, and no gradient moves them"),
    Code("TL220", "batch-sum", Severity.WARNING, "one number of a whole batch is added to each sample"),
    Code("TL221", "mixed-axes", Severity.WARNING, "a Reshape exchanges axes, but reads the numbers as they are"),
    Code("TL222", "batch-axis", Severity.WARNING, "a softmax or a normalization works along the batch"),
    Code("TL230", "unused-input", Severity.WARNING, "no output of a model depends on one of its inputs"),
    Code("TL301", "float64-tensor", Severity.ERROR, "a float64 tensor would be rounded by a float32 layer"),
    Code("TL302", "not-numeric", Severity.ERROR, "strings or objects are given where numbers are needed"),
    Code("TL303", "complex-input", Severity.ERROR, "complex numbers are given where the imaginary part is discarded"),
    Code("TL304", "integer-fails", Severity.ERROR, "integers reach a layer that fails on them when it runs"),
    Code("TL305", "integer-overflow", Severity.ERROR, "8-bit integers are added or multiplied and overflow"),
    Code("TL306", "integer-truncation", Severity.ERROR, "integers reach a layer that computes in integers"),
    Code("TL307", "dtype-mismatch", Severity.ERROR, "a dtype is not among those that the annotation lists"),
    Code("TL308", "lookup-dtype", Severity.ERROR, "a lookup of strings gets numbers, or one of numbers gets strings"),
    Code("TL309", "wrapped-bytes", Severity.WARNING, "a map of a dataset computes with bytes in bytes"),
    Code("TL401", "raw-bytes", Severity.ERROR, "raw bytes 0..255 reach the first weights of an image network"),
    Code("TL402", "not-finite", Severity.ERROR, "NaN or infinity in the data reaches the first weights"),
    Code("TL403", "float16-overflow", Severity.ERROR, "values beyond 65504 become infinite in a float16 layer"),
    Code("TL404", "scaled-twice", Severity.ERROR, "images in a unit range are divided by 255 again"),
    Code("TL405", "value-range", Severity.ERROR, "an image augmentation expects another range than the images have"),
    Code("TL406", "range-changed", Severity.ERROR, "images have another range than the model was trained on"),
    Code("TL407", "never-adapted", Severity.ERROR, "a preprocessing layer was never adapted"),
    Code("TL408", "unscaled-images", Severity.WARNING, "resized images, or images of 16 bits, reach weights unscaled"),
    Code("TL409", "means-of-bytes", Severity.ERROR, "the means of bytes are subtracted from images in a unit range"),
    Code("TL410", "ids-as-numbers", Severity.ERROR, "ids of words or entries reach weights as if they were amounts"),
    Code("TL411", "all-zero", Severity.WARNING, "images or sequences of whole numbers are all 0"),
    Code("TL412", "mask-value", Severity.WARNING, "a mask takes out a value that pads nothing"),
    Code("TL413", "huge-values", Severity.WARNING, "numbers of a million and more reach fresh weights as they are"),
    Code("TL414", "counts-as-ids", Severity.ERROR, "an Embedding looks up flags or counts in place of ids"),
    Code("TL501", "data-rank", Severity.ERROR, "the data have another number of axes than the model's input"),
    Code("TL502", "data-shape", Severity.ERROR, "the data have another size along an axis than the model's input"),
    Code("TL503", "unbatched-data", Severity.ERROR, "the data are one sample, or an unbatched dataset"),
    Code("TL504", "batched-twice", Severity.ERROR, "a dataset was batched twice"),
    Code("TL505", "sample-count", Severity.ERROR, "x, y or sample weights have different numbers of samples"),
    Code("TL506", "input-keys", Severity.ERROR, "the keys of a dict are not the names of the model's inputs"),
    Code("TL507", "input-count", Severity.ERROR, "the number of tensors differs from the number of inputs"),
    Code("TL508", "exchanged-inputs", Severity.ERROR, "the tensors are in another order than the model's inputs"),
    Code("TL509", "python-list", Severity.ERROR, "a Python list is given where one array is needed"),
    Code("TL510", "unknown-rank", Severity.ERROR, "a dataset does not declare how many axes its elements have"),
    Code("TL511", "ragged-data", Severity.ERROR, "ragged tensors reach a layer that takes dense ones only"),
    Code("TL512", "id-range", Severity.ERROR, "ids are negative, or too large for the layer after the input"),
    Code("TL513", "rounded-ids", Severity.ERROR, "ids have fractions, or are rounded on their way to a table"),
    Code("TL514", "numbers-for-text", Severity.ERROR, "numbers are given where an input takes text"),
    Code("TL515", "text-array", Severity.ERROR, "text or objects in a NumPy array, which Keras cannot batch"),
    Code("TL517", "validation-split", Severity.ERROR, "validation_split cannot split the data, or is no share of them"),
    Code("TL518", "sorted-split", Severity.WARNING, "validation_split leaves hardly any of a class to training"),
    Code("TL519", "weight-not-finite", Severity.ERROR, "sample weights are NaN or infinite"),
    Code("TL520", "small-table", Severity.ERROR, "a layer makes more ids than the table after it has places"),
    Code("TL521", "target-in-window", Severity.WARNING, "the target of each window stands in the window already"),
    Code("TL522", "shuffled-apart", Severity.ERROR, "x and y are drawn from one shuffle, each in its own order"),
    Code("TL523", "endless-data", Severity.ERROR, "a dataset has no end, and no number of steps is given"),
    Code("TL524", "no-data", Severity.ERROR, "the data hold no sample or batch at all"),
    Code("TL525", "spent-generator", Severity.WARNING, "several epochs are to draw from one generator"),
    Code("TL526", "uneven-epochs", Severity.WARNING, "steps_per_epoch asks for more batches than the data hold"),
    Code("TL527", "frozen-augmentation", Severity.WARNING, "a dataset keeps what the first epoch drew at random"),
    Code("TL528", "leaking-split", Severity.WARNING, "training and validation data are cut from one shuffle"),
    Code("TL529", "adapt-data", Severity.ERROR, "adapt is given data that its layer cannot learn from"),
    Code("TL531", "column-order", Severity.ERROR, "a data frame has the columns of the training in another order"),
    Code("TL534", "unpaired-data", Severity.WARNING, "x and y of a dataset are shuffled, each by itself"),
    Code("TL601", "target-shape", Severity.ERROR, "targets have another shape than their output"),
    Code("TL602", "label-encoding", Severity.ERROR, "class ids where one-hot rows are needed, or the reverse"),
    Code("TL603", "one-class", Severity.ERROR, "a softmax or a loss over classes has one column"),
    Code("TL604", "head-activation", Severity.ERROR, "the output's activation and the loss contradict each other"),
    Code("TL605", "unlike-head", Severity.WARNING, "the output's activation belongs to another loss"),
    Code("TL606", "label-values", Severity.ERROR, "targets have values that the loss does not accept"),
    Code("TL607", "out-of-reach", Severity.ERROR, "targets have values that the output can never give"),
    Code("TL608", "metric-mismatch", Severity.ERROR, "a metric means nothing for this output and these targets"),
    Code("TL609", "target-structure", Severity.ERROR, "targets are missing, or unlike the outputs in number or name"),
    Code("TL610", "target-dtype", Severity.ERROR, "targets are text, objects or complex numbers"),
    Code("TL611", "sample-weight", Severity.ERROR, "sample weights do not match the shape of the loss"),
    Code("TL612", "half-precision-head", Severity.WARNING, "probabilities for a loss are computed in float16"),
    Code("TL613", "class-weight", Severity.ERROR, "class weights that fit no class, or that Keras cannot look up"),
    Code("TL614", "unknown-monitor", Severity.ERROR, "a callback cannot tell if its value should rise or fall"),
    Code("TL615", "idle-callback", Severity.WARNING, "a callback watches a value that is never there"),
    Code("TL616", "exchanged-constraint", Severity.ERROR, "a constraint is given as a regularizer, or the reverse"),
    Code("TL617", "trainable-integer", Severity.WARNING, "a trainable weight of integers, which no gradient reaches"),
    Code("TL618", "half-precision-squares", Severity.WARNING, "squared gradients are averaged in float16"),
    Code("TL619", "loss-structure", Severity.ERROR, "losses, their weights or metrics are unlike the outputs"),
    Code("TL620", "stale-step", Severity.WARNING, "`trainable` was changed after the train step was traced"),
    Code("TL621", "callback-class", Severity.ERROR, "a class is given as a callback"),
    Code("TL622", "dropped-output", Severity.WARNING, "a Dropout is the last layer before the loss"),
    Code("TL623", "nothing-to-train", Severity.WARNING, "no weight of a model that is trained is trainable"),
    Code("TL624", "overruled-training", Severity.WARNING, "training=True of a call, which predict overrules"),
    Code("TL625", "moved-pictures", Severity.WARNING, "a model moves or mixes its pictures, not their targets"),
    Code("TL626", "no-epochs", Severity.WARNING, "initial_epoch leaves no epoch to train"),
    Code("TL627", "fixed-schedule", Severity.ERROR, "a callback sets a learning rate that follows a schedule"),
    Code("TL628", "wrong-direction", Severity.WARNING, "a callback takes the worse value for the better one"),
    Code("TL629", "shuffled-states", Severity.WARNING, "a layer keeps states between batches that are shuffled"),
    Code("TL630", "batch-of-one", Severity.WARNING, "a batch normalization is trained on batches of one value each"),
    Code("TL701", "missing-sequence", Severity.ERROR, "a layer over time gets only the last step of a recurrent layer"),
    Code("TL702", "mask-mismatch", Severity.ERROR, "a mask does not match its sequences"),
    Code("TL703", "state-mismatch", Severity.ERROR, "given or kept recurrent states do not match the layer"),
    Code("TL704", "single-step", Severity.WARNING, "a recurrent layer is given sequences of one step"),
    Code("TL705", "wrapped-mismatch", Severity.ERROR, "the layer in a wrapper returns another shape than it declares"),
    Code("TL706", "attention-mismatch", Severity.ERROR, "query, value, key or masks of attention do not match"),
    Code("TL707", "padding-as-attention-mask", Severity.WARNING, "a padding mask seems to be given as attention_mask"),
    Code("TL708", "additive-mask", Severity.ERROR, "an additive mask is given where a boolean one is needed"),
    Code("TL709", "smaller-last-batch", Severity.ERROR, "the last batch is smaller than a stateful layer's states"),
    Code("TL710", "inverted-mask", Severity.WARNING, "a mask is true at the padding, and keeps nothing else"),
    Code("TL711", "wrong-output-shape", Severity.ERROR, "compute_output_shape contradicts the output of call"),
    Code("TL712", "fixed-batch", Severity.WARNING, "a layer works for one batch size only"),
    Code("TL713", "unknown-batch", Severity.ERROR, "a layer needs the batch size before it is known"),
    Code("TL714", "dtype-clash", Severity.ERROR, "two dtypes meet inside the call of a layer"),
    Code("TL715", "untracked-variable", Severity.ERROR, "a bare tf.Variable, which Keras neither trains nor saves"),
    Code("TL716", "untracked-number", Severity.WARNING, "a bare tf.Variable of one number, which Keras does not train"),
    Code("TL717", "cut-gradient", Severity.ERROR, "a layer passes no gradient to trainable layers before it"),
    Code("TL718", "layer-in-call", Severity.ERROR, "a layer with weights is made anew in each call of another layer"),
    Code("TL719", "values-in-trace", Severity.ERROR, "Python code asks a tensor for values while a model is traced"),
    Code("TL720", "tensorflow-function", Severity.ERROR, "a function of TensorFlow's gets a symbolic tensor"),
    Code("TL721", "dropped-mask", Severity.WARNING, "a mask is dropped before a layer that would use it"),
    Code("TL722", "unused-mask", Severity.WARNING, "padded steps are joined with real ones; nothing uses their mask"),
    Code("TL723", "exchanged-states", Severity.WARNING, "the two states of an LSTM are handed on in the wrong order"),
    Code("TL724", "opposite-time", Severity.WARNING, "a backward sequence is merged with a forward one"),
    Code("TL731", "loss-without-result", Severity.ERROR, "a loss or metric of your own returns None"),
    Code("TL732", "loss-dtype", Severity.ERROR, "an op in a loss or metric of your own does not take its dtypes"),
    Code("TL733", "loss-shapes", Severity.ERROR, "shapes in a loss or metric of your own do not go together"),
    Code("TL734", "loss-arguments", Severity.ERROR, "a loss or metric of your own does not take targets and outputs"),
    Code("TL735", "step-data", Severity.ERROR, "a step of your own takes its data apart otherwise than they come"),
    Code("TL736", "failed-op", Severity.ERROR, "an op of a layer fails as it runs"),
    Code("TL737", "call-without-result", Severity.ERROR, "the call of a layer of your own returns None"),
    Code("TL738", "no-gradient", Severity.ERROR, "no gradient of the loss reaches any weight"),
    Code("TL739", "traced-once", Severity.WARNING, "Python draws or counts once, while a step is traced"),
    Code("TL740", "inference-in-training", Severity.WARNING, "a step or loop of yours does not say that it trains"),
    Code("TL741", "loose-layer", Severity.WARNING, "a layer that code of the model uses, and that fit does not train"),
    Code("TL742", "unweighted-loss", Severity.WARNING, "weights meet a loss of one number for the whole batch"),
    Code("TL743", "unlike-optimizer", Severity.ERROR, "an optimizer was made for other weights than it is to train"),
    Code("TL744", "unscaled-loss", Severity.ERROR, "a step of yours does not scale the loss for float16"),
    Code("TL745", "exchanged-targets", Severity.ERROR, "a loss gets the outputs first, and the targets second"),
    Code("TL746", "exchanged-parameters", Severity.WARNING, "a loss of yours names the output first, then the targets"),
    Code("TL801", "unsafe-rescale", Severity.WARNING, "raw bytes were only cast: the weights may be made for bytes"),
    Code("TL802", "unreadable-notes", Severity.WARNING, "the notes of typedlayers in a model's file cannot be read"),
    Code("TL803", "unwritable-annotation", Severity.WARNING, "an annotation has a dtype that cannot be saved"),
    Code("TL804", "forgotten-argument", Severity.WARNING, "a saved file does not keep an argument of a layer of yours"),
    Code("TL805", "unlike-weights", Severity.ERROR, "the weights that are set are those of another model"),
    Code("TL806", "untrained-clone", Severity.WARNING, "a clone of a trained model is asked before it has its weights"),
    Code("TL811", "artefact-dtype", Severity.ERROR, "samples have a dtype that an exported artefact refuses"),
    Code("TL812", "artefact-range", Severity.ERROR, "samples have values outside the range that an artefact takes"),
    Code("TL813", "breaking-change", Severity.ERROR, "an artefact breaks programs that use the one before it"),
    Code("TL814", "harmless-change", Severity.NOTE, "an artefact differs from the one before it, and breaks nothing"),
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
        UnknownRule: if there is none; the message names near ones.

    >>> code_named("tl201").rule, code_named("rank-mismatch").code
    ('rank-mismatch', 'TL201')
    """
    found = CODES.get(RETIRED.get(name.upper(), name.upper())) or RULES.get(name.lower())
    if found is None:
        raise UnknownRule(f"there is no code or rule {name!r}{nearest(name)}")
    return found


def nearest(name: str) -> str:
    """Returns a hint at what a user meant by an unknown code or rule, the end of a sentence.

    >>> nearest("TL999")
    '. `typedlayers rules TL9` lists those of our own fault'
    >>> nearest("rank-mismatches")
    '; perhaps rank-mismatch ...'
    """
    kind = KINDS.get(name[2:3]) if _LIKE_A_CODE.match(name) else None
    if kind is not None:  # no code is near another: a number says nothing but its kind
        return f". `typedlayers rules {name[:3].upper()}` lists those of {kind}"
    near = difflib.get_close_matches(name.lower(), RULES, n=3, cutoff=0.6)
    hint = f"; perhaps {' or '.join(near)}" if near else ""
    return f"{hint}. `typedlayers rules` lists them all"


_LIKE_A_CODE: Final = re.compile(r"tl\d", re.IGNORECASE)
