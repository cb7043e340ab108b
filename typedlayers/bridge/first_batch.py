"""A look at the first real batch that ``fit``, ``evaluate`` or ``predict`` itself draws.

Never by a second iterator: that shifts seeded shuffles and eats one-shot sources. The batch is taken from Keras's
own iterator, looked at on the host, and fed on in front of the rest.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from typedlayers.bridge.backend import loaded_tensorflow

Look = Callable[[Any], None]
"""Looks at one batch, as the data source gave it; raises to stop the run before its first step."""


def with_look(model: Any, look: Look, steps: int, function: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """Returns a step function that looks at its first batch and then gives way to Keras's own.

    Args:
        model: the model that the step is of.
        look: is given the first batch.
        steps: batches that one call of the function draws (``steps_per_execution``).
        function: puts Keras's ``train_function``, ``test_function`` or ``predict_function`` back and returns it;
            called after the look, which may have made a new one necessary.
    """

    def first(*given: Any) -> Any:  # JAX gives the state of the training too
        *before, source = given
        for state in before:
            _put_back(model, state)
        try:
            looked = _looked_at(source, look, steps)
        finally:
            step = function()
        return step(*before, looked)

    return first


def _put_back(model: Any, state: Any) -> None:
    """Gives the variables of a model their values: Keras on JAX takes them out while it trains."""
    metrics, optimizer = model.metrics_variables, getattr(model.optimizer, "variables", ())
    parts = {2: (), 3: (metrics,), 4: (optimizer, metrics)}[len(state)]
    for variables, values in zip(
        (model.trainable_variables, model.non_trainable_variables, *parts), state, strict=True
    ):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def _looked_at(source: Any, look: Look, steps: int) -> Any:
    """Looks at the first batch of a source and returns a source that gives the same batches."""
    tf: Any = loaded_tensorflow()
    if isinstance(source, list):  # predict, and PyTorch, hand over their batches
        look(source[0])
        return source
    if tf is not None and isinstance(source, tf.data.Iterator):
        spec, drawn = source.element_spec, _draw(source, steps)
        if not drawn:
            return source
        look(drawn[0])
        return _again(drawn, spec)
    replicas = tf is not None and isinstance(source, tf.distribute.DistributedIterator)
    if not replicas and not isinstance(source, Iterator):
        return source
    drawn = _draw(source, steps)
    if not drawn:
        return source
    look(drawn[0])
    # a list of values of replicas is traced anew, but nothing else gives them back
    return drawn if replicas else itertools.chain(drawn, source)


def _draw(iterator: Any, steps: int) -> list[Any]:
    drawn = []
    for _ in range(steps):
        try:
            drawn.append(next(iterator))
        except StopIteration:
            break
    return drawn


def _again(batches: list[Any], spec: Any) -> Any:
    """An iterator over batches that were drawn, of the same element spec: so that nothing is traced anew.

    The sizes of these very batches are forgotten on the way through a variant; ``from_generator`` would do that too,
    but traces three functions for it.
    """
    import tensorflow as tf

    again = functools.reduce(lambda one, two: one.concatenate(two), map(tf.data.Dataset.from_tensors, batches))
    return iter(tf.data.experimental.from_variant(tf.data.experimental.to_variant(again), spec))
