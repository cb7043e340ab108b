"""Data against a model's input: dtype, rank, shape, batch."""

from __future__ import annotations

from dataclasses import dataclass

from typedlayers.contracts.dtypes import DtypeFault, DtypeRule, Policy
from typedlayers.diagnostics.model import Diagnostic, Fix, Location, Repair
from typedlayers.spec import Carrier, Kind, Shape, Size, Spec, kind_of, shape_text


@dataclass(frozen=True, slots=True)
class Intake:
    """What a model takes in.

    Attributes:
        label: the model in the user's names: ``Sequential "mnist"``.
        name: the input's name, None if Keras made it up.
        first: the layer that the input goes into, in the user's names.
        spec: what the input declares; its first size is the batch.
        where: the line that gives the data, and the model that gets them.
        variable: the dtype of the model's weights.
    """

    label: str
    name: str | None
    first: str
    spec: Spec
    where: Location
    variable: str | None = "float32"

    @property
    def who(self) -> str:
        """The input in the user's names."""
        return f"the input of {self.label}" if self.name is None else f'input "{self.name}" of {self.label}'


COMPUTE = DtypeRule("Compute", None, compute=True)


def check_data(intake: Intake, data: Spec, what: str) -> Diagnostic | None:
    """Returns what is wrong with data for a model's input, or None.

    What Keras itself repairs rightly is no mistake: a last axis of 1 more or less than the input has.

    Args:
        intake: the model's input.
        data: the spec of the data, its batch axis included.
        what: the data in the user's names: ``the dataset``, ``x``.
    """
    return _dtype(intake, data, what) or _shape(intake, data, what)


def _diagnostic(intake: Intake, code: str, headline: str, data: Spec, what: str, **facts: object) -> Diagnostic:
    return Diagnostic(
        code,
        headline,
        where=intake.where,
        gets=f"{data} as {what}",
        needs=f"{intake.spec}, for {intake.first}",
        **facts,  # pyright: ignore
    )


def _dtype(intake: Intake, data: Spec, what: str) -> Diagnostic | None:
    needed = intake.spec.dtype
    if needed is None or data.dtype is None or kind_of(needed) is Kind.STRING:
        return None
    fault = COMPUTE.fault(data, Policy(needed, intake.variable))
    if fault is DtypeFault.DOUBLE and kind_of(needed) is Kind.FLOAT:
        return _diagnostic(
            intake,
            "TL301",
            f"{intake.who} is {needed} but gets a float64 tensor",
            data,
            what,
            why=f"Keras casts the tensor to {needed} without a word: 53 bits of precision become 24",
            fixes=(
                Fix(f'tf.cast(x, "{needed}"), or dtype="{needed}" where x is made', Repair("cast", dtype=needed)),
                Fix('keras.Input(..., dtype="float64") and layers of dtype="float64", to compute in double precision'),
            ),
            lenient=Repair("cast", dtype=needed),
        )
    if fault is DtypeFault.TEXT:
        return _diagnostic(
            intake,
            "TL302",
            f"{intake.who} needs numbers but gets {data.dtype}",
            data,
            what,
            why="strings and objects have to be looked up or parsed before they are numbers",
            fixes=(Fix('keras.Input(..., dtype="string") and layers.StringLookup(), or encode the column as numbers'),),
        )
    if fault is DtypeFault.COMPLEX:
        return _diagnostic(
            intake,
            "TL303",
            f"{intake.who} needs real numbers but gets {data.dtype}",
            data,
            what,
            why=f"Keras casts to {needed} and discards the imaginary part",
            fixes=(
                Fix("feed real and imaginary parts as features: np.concatenate([x.real, x.imag], axis=-1)"),
                Fix("feed the magnitude: np.abs(x)"),
            ),
        )
    return None


def _shape(intake: Intake, data: Spec, what: str) -> Diagnostic | None:
    needed, got = intake.spec.shape, data.shape
    if needed is None or got is None or _fits(needed, got):
        return None
    rank, wanted = len(got), len(needed)
    if rank == wanted:
        return _sizes(intake, data, what, needed, got)
    if rank == wanted + 1 and got[-1] == 1 and _fits(needed, got[:-1]):
        return None
    if rank == wanted - 1 and needed[-1] == 1 and _fits(needed, (*got, 1)):
        return None
    if rank == wanted - 1 and _fits(needed[1:], got):
        return _unbatched(intake, data, what)
    if rank == wanted + 1 and _fits(needed[1:], got[2:]) and data.carrier is Carrier.DATASET:
        return _diagnostic(
            intake,
            "TL504",
            f"{what} for {intake.label} is batched twice: {rank} axes where {wanted} are needed",
            data,
            what,
            why=f"two leading axes stand before the shape of one sample, {shape_text(needed[1:], batch=False)}",
            fixes=(Fix("remove the second .batch(), or .unbatch() before it: the dataset is already batched"),),
        )
    return _diagnostic(
        intake,
        "TL501",
        f"{intake.who} needs {wanted} dimensions but gets {rank}",
        data,
        what,
        why=f"the first axis is the batch; one sample is {shape_text(needed[1:], batch=False)}",
        fixes=tuple(_rank_fixes(needed, got)),
    )


def _fits(needed: Shape, got: Shape) -> bool:
    return len(needed) == len(got) and all(map(_compatible, needed, got))


def _compatible(one: Size, two: Size) -> bool:
    return one is None or two is None or one == two


def _sizes(intake: Intake, data: Spec, what: str, needed: Shape, got: Shape) -> Diagnostic:
    axis = next(i for i in range(len(got)) if not _compatible(needed[i], got[i]))
    fixes: list[Fix] = []
    why = ""
    if axis == len(got) - 1 and needed[-1] == 3 and got[-1] == 4:
        why = "images with an alpha channel (RGBA) come where RGB is needed"
        fixes.append(Fix("drop the alpha channel: x[..., :3]"))
    elif axis == len(got) - 1 and needed[-1] == 3 and got[-1] == 1:
        why = "grey images come where RGB is needed"
        fixes.append(Fix("repeat the grey channel: tf.image.grayscale_to_rgb(x), or np.repeat(x, 3, axis=-1)"))
    elif len(got) == 4 and _fits(needed, (got[0], *got[2:], got[1])):
        why = "the channels come first, the input has them last"
        fixes.append(Fix("move the channel axis: np.moveaxis(x, 1, -1), or data_format='channels_first' in the model"))
    else:
        why = f"axis {axis} is {needed[axis]} in the model and {got[axis]} in the data"
    return _diagnostic(
        intake,
        "TL502",
        f"{intake.who} needs {needed[axis]} along axis {axis} but gets {got[axis]}",
        data,
        what,
        why=why,
        fixes=tuple(fixes),
    )


def _unbatched(intake: Intake, data: Spec, what: str) -> Diagnostic:
    if data.carrier is Carrier.DATASET:
        return _diagnostic(
            intake,
            "TL503",
            f"{what} for {intake.label} is not batched: an element is one sample",
            data,
            what,
            why=f"an element is one sample, {shape_text(data.shape, batch=False)}; no axis is left for the batch",
            fixes=(Fix("batch the dataset: ds = ds.batch(32) (the result of .batch() has to be kept)"),),
        )
    return _diagnostic(
        intake,
        "TL503",
        f"{intake.who} gets one sample without a batch axis",
        data,
        what,
        why=f"{shape_text(data.shape, batch=False)} is one sample; Keras would take its first axis for the batch",
        fixes=(Fix("x[np.newaxis], a batch of one: shape " + shape_text((1, *(data.shape or ())))),),
    )


def _rank_fixes(needed: Shape, got: Shape) -> list[Fix]:
    if len(needed) == 2 and len(got) > 2:
        return [Fix("flatten the samples: x.reshape(len(x), -1), or layers.Flatten() as the model's first layer")]
    return []
