"""What rules on calls of the user's layers are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typedlayers.facts.calls import FunctionCall, LossCall, MadeBy, NamedCall, UsersCall
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.refusals import (
    FailedOp,
    FailedStep,
    NoGradient,
    RefusedAdapt,
    RefusedCall,
    UnlikeOptimizer,
    UnlikeWeights,
)
from typedlayers.facts.saving import SavedLayer
from typedlayers.facts.traced import Joined, Loose, Once, Turned, Unscaled, Untold
from typedlayers.rules.rule import Need, Stage, Topic


def _none(_: Evidence) -> Iterator[Any]:
    # Each call is judged where it is made, while its exception can still be explained: no evidence keeps it.
    # So is each file, before it is written.
    yield from ()


USERS_CALLS: Topic[UsersCall] = Topic("calls of layers of your own", (), _none)
"""The calls of layers of the user's."""

USERS_FUNCTIONS: Topic[FunctionCall] = Topic("losses and metrics of your own", (), _none)
"""The calls of losses and metrics of the user's."""

OPTIMIZERS: Topic[UnlikeOptimizer] = Topic("optimizers of other weights", (), _none)
"""Optimizers that refused weights."""

MADE: Topic[MadeBy] = Topic("arguments without names", (), _none)
"""Layers that are made of arguments without names."""

LOSS_CALLS: Topic[LossCall] = Topic("losses in loops of your own", (), _none)
"""Losses of Keras's that a loop of the user's calls on outputs and targets."""

NAMED_CALLS: Topic[NamedCall] = Topic("calls of attention layers", (), _none)
"""Calls of attention layers whose arguments have names."""

REFUSED_CALLS: Topic[RefusedCall] = Topic("calls that Keras refuses", (), _none)
"""Calls that failed, with arguments other than those of ``call``."""

REFUSED_ADAPTS: Topic[RefusedAdapt] = Topic("data of adapt that Keras refuses", (), _none)
"""Data that an ``adapt`` failed on."""

FAILED_OPS: Topic[FailedOp] = Topic("ops that fail as they run", (), _none)
"""Ops of layers that failed."""

FAILED_STEPS: Topic[FailedStep] = Topic("steps of your own", (), _none)
"""Steps of the user's that failed."""

LOSSES_WITHOUT_GRADIENT: Topic[NoGradient] = Topic("losses without a gradient", (), _none)
"""Losses of which no weight gets a gradient."""


def _once(evidence: Evidence) -> Iterator[Once]:
    yield from evidence.once
    made = None if evidence.batch is None else evidence.batch.pipeline
    yield from () if made is None else made.once


ONCE: Topic[Once] = Topic("Python code that is traced once", (), _once)
"""What Python computes once as a step or a dataset's function is traced."""


def _loose(evidence: Evidence) -> Iterator[Loose]:
    yield from evidence.loose


LOOSE: Topic[Loose] = Topic("layers that code of your own uses", (), _loose)
"""Layers that code of a model uses, and that no layer of it holds."""


def _joined(evidence: Evidence) -> Iterator[Joined]:
    yield from evidence.joined


JOINED: Topic[Joined] = Topic("losses of weighted samples", (Need.OUTPUTS,), _joined, Stage.TARGETS)
"""Losses of the user's that give one number for a batch whose samples are weighted."""


def _untold(evidence: Evidence) -> Iterator[Untold]:
    if evidence.untold is not None:
        yield evidence.untold


UNTOLD: Topic[Untold] = Topic("calls in a train_step of your own", (), _untold)
"""How a step of the user's calls its model."""


def _turned(evidence: Evidence) -> Iterator[Turned]:
    yield from evidence.turned


TURNED: Topic[Turned] = Topic("parameters of losses of your own", (Need.OUTPUTS,), _turned, Stage.TARGETS)
"""Losses of the user's that name the output first, and the targets second."""


def _unscaled(evidence: Evidence) -> Iterator[Unscaled]:
    if evidence.unscaled is not None:
        yield evidence.unscaled


UNSCALED: Topic[Unscaled] = Topic("the loss of a train_step of your own", (), _unscaled)
"""Steps of the user's whose optimizer scales the loss."""

WEIGHTS: Topic[UnlikeWeights] = Topic("weights that are set", (), _none)
"""Weights that a model or layer refused."""

SAVED_LAYERS: Topic[SavedLayer] = Topic("layers of your own that are saved", (), _none)
"""The layers of the user's in a model that is saved."""
