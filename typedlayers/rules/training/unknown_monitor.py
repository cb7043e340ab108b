"""TL614: a callback cannot tell whether the value that it watches should rise or fall."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.fitting import Logs, Watcher
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.monitors import is_there, meant, values
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields each callback that Keras stops at, after the first epoch."""
    logs = fit.fitting.logs
    for watcher in fit.fitting.watchers:
        if watcher.needs_direction and not logs.directs(watcher.value):
            yield _said(fit, watcher, logs)


def _said(fit: Fit, watcher: Watcher, logs: Logs) -> Diagnostic:
    there = is_there(watcher, logs, validated=True)
    cause = "and cannot tell whether it should rise or fall" if there else "which is none of its values"
    return Diagnostic(
        RULE.code,
        f'{watcher.kind} of {fit.model} watches "{watcher.monitor}", {cause}',
        where=fit.where,
        gets=f"the values {values(logs)}",
        why="Keras looks for a metric of that very name to know the direction, and stops after the first epoch",
        fixes=tuple(_fixes(watcher, logs, there=there)),
    )


def _fixes(watcher: Watcher, logs: Logs, *, there: bool) -> Iterator[Fix]:
    if there:
        yield Fix(f'mode="max" in {watcher.kind} if more is better, mode="min" if less is')
        return
    name = meant(watcher, logs)
    if name is not None:
        yield Fix(f'monitor="{name}" in {watcher.kind}')
    elif watcher.value in ("accuracy", "acc"):
        yield Fix(f'metrics=["{watcher.value}"] in compile')


RULE = Rule(code="TL614", about=FIT, find=find)
