"""What rules on calls of the user's layers are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typedlayers.facts.calls import FunctionCall, UsersCall
from typedlayers.facts.evidence import Evidence
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

SAVED_LAYERS: Topic[SavedLayer] = Topic("layers of your own that are saved", (), _none)
"""The layers of the user's in a model that is saved."""
