"""TL628: a callback is told that less of a value is better where more is, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit

_BETTER: Final = {
    # value                          better
    "loss": "min",
    "mse": "min",
    "mean_squared_error": "min",
    "mae": "min",
    "mean_absolute_error": "min",
    "root_mean_squared_error": "min",
    "accuracy": "max",
    "acc": "max",
    "binary_accuracy": "max",
    "categorical_accuracy": "max",
    "sparse_categorical_accuracy": "max",
    "auc": "max",
    "precision": "max",
    "recall": "max",
    "f1_score": "max",
}


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields each callback of Keras's that watches a well known value in the other direction."""
    for watcher in fit.fitting.watchers:
        better = _BETTER.get(watcher.value)
        if better is None or watcher.mode not in ("min", "max") or watcher.mode == better or not watcher.acts:
            continue
        less = "less" if better == "min" else "more"
        yield Diagnostic(
            RULE.code,
            f'{watcher.kind} of {fit.model} is told mode="{watcher.mode}" for "{watcher.monitor}", of which {less} is '
            "better",
            where=fit.where,
            needs=f'mode="{better}"',
            why="it takes the worst epoch for the best one, and each that is better for one without progress",
            fixes=(Fix(f'mode="{better}" in {watcher.kind}'),),
            certainty=Certainty.PERHAPS,
        )


RULE = Rule(code="TL628", about=FIT, find=find)
