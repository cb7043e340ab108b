"""TL615: a callback watches a value that is never there, and so has no effect."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.fitting import Fitting, Watcher
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.monitors import is_there, meant, values
from typedlayers.rules.training.topics import FIT, Fit

EFFECTS = {
    "EarlyStopping": "it never stops the training",
    "ModelCheckpoint": "it saves every epoch, the best or not",
    "ReduceLROnPlateau": "it never reduces the learning rate",
}


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields each callback whose value is not among those that there will be."""
    fitting = fit.fitting
    for watcher in fitting.watchers:
        stops = watcher.needs_direction and not fitting.logs.directs(watcher.value)
        if watcher.acts and not stops and not is_there(watcher, fitting.logs, validated=fitting.validated):
            yield _said(fit, watcher)


def _said(fit: Fit, watcher: Watcher) -> Diagnostic:
    fitting = fit.fitting
    unvalidated = watcher.of_validation and not fitting.validated
    cause = "but there are no validation data" if unvalidated else "which is none of its values"
    return Diagnostic(
        RULE.code,
        f'{watcher.kind} of {fit.model} watches "{watcher.monitor}", {cause}',
        where=fit.where,
        gets=f"the values {values(fitting.logs)}",
        why=f"Keras warns after each epoch and goes on: {EFFECTS[watcher.kind]}",
        fixes=tuple(_fixes(watcher, fitting, unvalidated=unvalidated)),
    )


def _fixes(watcher: Watcher, fitting: Fitting, *, unvalidated: bool) -> Iterator[Fix]:
    if unvalidated:
        yield Fix("validation_data=(x_val, y_val) in fit")
        if fitting.logs.has(watcher.value):
            yield Fix(f'monitor="{watcher.value}" in {watcher.kind}, which is measured on the training data')
        return
    name = meant(watcher, fitting.logs)
    if name is not None:
        yield Fix(f'monitor="{name}" in {watcher.kind}')


RULE = Rule(code="TL615", about=FIT, find=find)
