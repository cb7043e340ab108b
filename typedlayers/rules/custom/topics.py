"""What rules on calls of the user's layers are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typedlayers.facts.calls import FunctionCall, UsersCall
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.refusals import FailedOp, FailedStep, NoGradient, RefusedAdapt, RefusedCall, UnlikeWeights
from typedlayers.facts.saving import SavedLayer
from typedlayers.rules.rule import Topic


def _none(_: Evidence) -> Iterator[Any]:
    # Each call is judged where it is made, while its exception can still be explained: no evidence keeps it.
    # So is each file, before it is written.
    yield from ()


USERS_CALLS: Topic[UsersCall] = Topic("calls of layers of your own", (), _none)
"""The calls of layers of the user's."""

USERS_FUNCTIONS: Topic[FunctionCall] = Topic("losses and metrics of your own", (), _none)
"""The calls of losses and metrics of the user's."""

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

WEIGHTS: Topic[UnlikeWeights] = Topic("weights that are set", (), _none)
"""Weights that a model or layer refused."""

SAVED_LAYERS: Topic[SavedLayer] = Topic("layers of your own that are saved", (), _none)
"""The layers of the user's in a model that is saved."""
