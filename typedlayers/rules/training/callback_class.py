"""TL621: a class is given as a callback, where an object of it is needed."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields each class among the callbacks."""
    for name in fit.fitting.classes:
        yield Diagnostic(
            RULE.code,
            f"{fit.model} gets the class {name} as a callback",
            where=fit.where,
            gets=f"the class {name}",
            needs=f"an object: {name}()",
            why="Keras calls its methods, which need an object",
            fixes=(Fix(f"callbacks=[{name}()]"),),
        )


RULE = Rule(code="TL621", about=FIT, find=find)
