"""What rules on calls of the user's layers are about."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.facts.calls import UsersCall
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.rule import Topic


def _none(_: Evidence) -> Iterator[UsersCall]:
    # Each call is judged where it is made, while its exception can still be explained: no evidence keeps it.
    yield from ()


USERS_CALLS = Topic("calls of layers of your own", (), _none)
"""The calls of layers of the user's."""
