"""Code of the user's that a step is traced from: what Python computes in it, and how it calls the model."""

from __future__ import annotations

import ast
import random
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.gradients import trains_as_keras
from typedlayers.bridge.members import is_fresh
from typedlayers.bridge.stack import inner_layers
from typedlayers.bridge.users_code import Read, reached, read, read_frame
from typedlayers.facts.calls import At
from typedlayers.facts.traced import Kept, Loose, Once, Unscaled, Untold
from typedlayers.verdict.source import user_frame

_GENERATORS: Final = (random.Random, np.random.Generator, np.random.RandomState)
_NO_DRAW: Final = frozenset({"getstate", "setstate", "get_state", "set_state", "spawn"})
_STEPS: Final = ("call", "train_step", "compute_loss")


def once_in(model: Any) -> tuple[Once, ...]:
    """Returns what Python computes once in the steps of a model, none where they run without a trace."""
    if keras.backend.backend() == "torch" or getattr(model, "run_eagerly", False):
        return ()
    found: list[Once] = []
    for layer in inner_layers(model):
        for name in _STEPS:
            function = name == "call" and isinstance(layer, keras.layers.Lambda)
            method = layer.function if function else getattr(layer, name, None)
            found += _once(method, None if function else layer, f"{name} of {label_of(layer)}")
    for function in _compiled_functions(model):
        found += _once(function, None, f'Loss "{getattr(function, "__name__", "")}" of {label_of(model)}')
    return _each(found)


def once_in_maps(functions: Iterable[Any]) -> tuple[Once, ...]:
    """Returns what Python computes once in functions that a dataset maps over its elements."""
    return _each(one for function in functions for one in _once(function, None, "a map of the dataset", pipeline=True))


def _each(found: Iterable[Once]) -> tuple[Once, ...]:
    """The first of each kind in each function."""
    return tuple({(one.kind, one.where): one for one in reversed(list(found))}.values())[::-1]


def _compiled_functions(model: Any) -> Iterator[Any]:
    for given in keras.tree.flatten(getattr(model, "loss", None)):
        if callable(given) and not isinstance(given, keras.losses.Loss):
            yield given


def _once(function: Any, owner: Any, where: str, *, pipeline: bool = False) -> Iterator[Once]:
    functions = reached(function, owner)
    for one in functions:
        if not _seeds(one):
            for text, node in _draws(one):
                yield Once(Kept.DRAWN, text, where, one.at(node), pipeline)
        if not pipeline:
            for attribute, node in _counts(one, functions):
                yield Once(Kept.COUNTED, f"self.{attribute}", where, one.at(node))


def _calls(one: Read, *, sure: bool = False) -> Iterator[tuple[ast.Call, Any]]:
    """The calls in a function, each with what it calls, None where that is made as the function runs."""
    return ((node, one.stands_for(node.func)) for node in one.walk(sure=sure) if isinstance(node, ast.Call))


def _seeds(one: Read) -> bool:
    """True of a function that draws the same numbers on purpose."""
    return any(getattr(called, "__name__", "") == "seed" for _, called in _calls(one))


def _draws(one: Read) -> Iterator[tuple[str, ast.Call]]:
    for node, called in _calls(one):
        if isinstance(getattr(called, "__self__", None), _GENERATORS) and called.__name__ not in _NO_DRAW:
            yield ast.unparse(node.func), node


def _counts(one: Read, functions: list[Read]) -> Iterator[tuple[str, ast.stmt]]:
    """The plain numbers of an object that a function counts up, and that a condition in it is decided by."""
    if one.owner is None or isinstance(one.owner, type):
        return
    decides = {name for function in functions for name in _in_conditions(function)}
    for node in one.walk():
        if isinstance(node, ast.AugAssign):
            name = _own_attribute(one, node.target)
            if name in decides and type(vars(one.owner).get(name)) in (int, float):
                yield name, node


def _in_conditions(one: Read) -> Iterator[str]:
    for node in one.walk():
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            for part in ast.walk(node.test):
                name = _own_attribute(one, part)
                if name:
                    yield name


def _own_attribute(one: Read, node: ast.AST) -> str:
    """The name of an attribute of the object whose method it is, empty for every other node."""
    is_own = isinstance(node, ast.Attribute) and one.stands_for(node.value) is one.owner
    return node.attr if isinstance(node, ast.Attribute) and is_own and one.owner is not None else ""


# --------------------------------------------------------------------------------------------------- loose layers
def loose_layers(model: Any) -> tuple[Loose, ...]:
    """Returns the layers that code of a model uses though no layer of it holds them, so that ``fit`` skips them.

    None if a step of the user's trains the model, and none that is frozen, or whose weights were given or trained.
    """
    if not trains_as_keras(model):
        return ()
    held = {id(layer) for layer in inner_layers(model)}
    found: dict[int, Loose] = {}
    for layer in inner_layers(model):
        is_lambda = isinstance(layer, keras.layers.Lambda)
        for one in reached(layer.function) if is_lambda else reached(layer.call, layer):
            for node, used in _used(one):
                if id(used) not in held and id(used) not in found and _learns(used):
                    where = f"call of {label_of(layer)}"
                    found[id(used)] = Loose(label_of(used), where, one.at(node), label_of(model), is_lambda)
    return tuple(found.values())


def _used(one: Read) -> Iterator[tuple[ast.expr, Any]]:
    """The layers that the names in a function stand for, also those in lists."""
    for node in one.walk():
        if isinstance(node, ast.Name | ast.Attribute):
            value = one.stands_for(node)
            values = value.values() if isinstance(value, dict) else value
            for used in values if isinstance(value, list | tuple | dict) else (value,):
                if isinstance(used, keras.layers.Layer):
                    yield node, used


def _learns(layer: Any) -> bool:
    return bool(layer.trainable_weights) and is_fresh(layer)


# ------------------------------------------------------------------------------------------------ losses of loops
@dataclass(frozen=True, slots=True)
class LoopLoss:
    """A call of a loss of Keras's on what a model returned, in a function of the user's that runs now.

    Attributes:
        loss: the loss.
        targets: what the targets are now, None if that is not known.
        at: the line of the call.
        text: the call as it is written.
        swapped: the call with its arguments exchanged, where the outputs stand first; empty if they stand second.
    """

    loss: Any
    targets: Any
    at: At
    text: str
    swapped: str = ""


def losses_in_loop(model: Any) -> Iterator[LoopLoss]:
    """Yields the losses of Keras's that the user's running function calls on the outputs of a model."""
    for one in _running():
        made = _made_of(one)
        for node, called in _calls(one, sure=True):
            if not _is_loss(called) or len(node.args) < 2 or node.keywords:
                continue
            first, second = (_maker(one, part, made) for part in node.args[:2])
            if first is model and _is_given(node.args[1], made):
                turned = ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], [])
                yield LoopLoss(called, None, one.at(node), ast.unparse(node), ast.unparse(turned))
            elif second is model and first is None:
                yield LoopLoss(called, one.stands_for(node.args[0]), one.at(node), ast.unparse(node))


def _made_of(one: Read) -> dict[str, list[ast.expr | None]]:
    """What each name of a function is given, None for what no line alone tells."""
    made: dict[str, list[ast.expr | None]] = {}
    for node in one.walk():
        alone = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        if isinstance(node, ast.Assign) and alone:
            made.setdefault(ast.unparse(node.targets[0]), []).append(node.value)
        elif isinstance(node, ast.Assign):  # a part of what is given: twice, as no one value is it
            for part in (part for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)):
                made.setdefault(part.id, []).extend([node.value, node.value])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.setdefault(node.id, []).append(None)
    return made


def _is_given(node: ast.expr, made: Mapping[str, list[ast.expr | None]]) -> bool:
    """True of a name that the function was given, or took apart from what it was given."""
    return isinstance(node, ast.Name) and not any(isinstance(value, ast.Call) for value in made.get(node.id, ()))


def _maker(one: Read, node: ast.expr, made: Mapping[str, list[ast.expr | None]]) -> Any:
    """The layer or model whose output an expression is, None of every other; a name given once stands for its value."""
    if isinstance(node, ast.Name):
        given = [value for value in made.get(node.id, ()) if value is not None]
        # the name itself is met once more where it is assigned
        once = len(given) == 1 and len(made[node.id]) == 2
        return _maker(one, given[0], {}) if once else None
    called = one.stands_for(node.func) if isinstance(node, ast.Call) else None
    return called if isinstance(called, keras.layers.Layer) else None


def _is_loss(called: Any) -> bool:
    return isinstance(called, keras.losses.Loss) or (
        isinstance(called, types.FunctionType) and getattr(keras.losses, called.__name__, None) is called
    )


# --------------------------------------------------------------------------------------------------- training=True
_RATES: Final = ("rate", "dropout", "recurrent_dropout", "stddev", "factor")
"""Arguments of Keras's layers that say how much they change in training; none of it at 0."""


def unscaled(model: Any) -> Unscaled | None:
    """Returns the own ``train_step`` of a model whose optimizer scales the loss, if it does not ask for that.

    None if it leaves the step to Keras's own.
    """
    if trains_as_keras(model) or not isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer):
        return None
    attributes = [
        (one, node) for one in reached(model.train_step) for node in one.walk() if isinstance(node, ast.Attribute)
    ]
    applies = next((found for found in attributes if _applies_with_own_optimizer(*found)), None)
    if applies is None or {node.attr for _, node in attributes} & {"scale_loss", "dynamic_scale", "train_step"}:
        return None
    one, node = applies
    return Unscaled(f"train_step of {label_of(model)}", one.at(node))


def _applies_with_own_optimizer(one: Read, node: ast.Attribute) -> bool:
    """True of ``self.optimizer.apply``: optimizers beside it, as a GAN has, need not scale anything."""
    applies = node.attr in ("apply", "apply_gradients")
    return applies and isinstance(node.value, ast.Attribute) and _own_attribute(one, node.value) == "optimizer"


def untold(model: Any) -> Untold | None:
    """Returns the call of a model in its own ``train_step`` that leaves ``training`` out, None if there is none.

    One that says it anywhere on the way knows what it does.
    """
    if trains_as_keras(model):
        return None
    functions = reached(model.train_step)
    calls = [(one, node, called) for one in functions for node, called in _calls(one)]
    if any(_gives_training(one, node) for one, node, _ in calls):
        return None
    found = next(((one, node) for one, node, called in calls if called is model), None)
    if found is None or len(found[1].args) != 1:
        return None
    layers = tuple(label_of(layer) for layer in inner_layers(model) if _changes_in_training(layer))
    if not layers or any(_says_training(layer) for layer in inner_layers(model)):
        return None
    one, node = found
    return Untold(ast.unparse(node), _saying(node), f"train_step of {label_of(model)}", one.at(node), layers)


def _gives_training(one: Read, node: ast.Call) -> bool:
    """True unless it is sure that a call gives no ``training``: what it unpacks may hold one."""
    for part in node.keywords:
        held = one.stands_for(part.value) if part.arg is None else None
        if part.arg == "training" or (part.arg is None and (not isinstance(held, Mapping) or "training" in held)):
            return True
    return False


def untold_in_loop(model: Any) -> Untold | None:
    """Returns the call of a model in a loop of the user's that leaves ``training`` out, None if there is none.

    That is a call under a tape, in a function that takes the gradient by the model's weights and says nothing of
    training; a gradient by an image, or by an inner layer, is asked of a model in inference.
    """
    for one in _running():
        calls = [node for node, called in _calls(one) if called is model]
        if not _takes_gradients(one, model):
            continue
        if any(len(node.args) != 1 or _gives_training(one, node) for node in calls):
            continue
        under = (node for tape in _tapes(one) for node in ast.walk(tape) if any(node is call for call in calls))
        node = next((node for node in under if isinstance(node, ast.Call)), None)
        layers = tuple(label_of(layer) for layer in inner_layers(model) if _changes_in_training(layer))
        if node is None or not layers or any(_says_training(layer) for layer in inner_layers(model)):
            continue
        return Untold(ast.unparse(node), _saying(node), "a loop of yours", one.at(node), layers)
    return None


def _running() -> Iterator[Read]:
    """The user's function that runs now, or the one that is traced now."""
    frame = user_frame()
    if frame is not None:
        one = read_frame(frame)
        if one is not None:
            yield one
    caller = sys._getframe(1)
    while caller is not None and caller is not frame:
        function = getattr(caller.f_locals.get("self"), "python_function", None)
        one = None if function is None else read(function)
        if one is not None:
            yield one
        caller = caller.f_back


def _tapes(one: Read) -> Iterator[ast.With]:
    for node in one.walk():
        if isinstance(node, ast.With) and any("GradientTape" in ast.unparse(item.context_expr) for item in node.items):
            yield node


_WEIGHTS: Final = frozenset({"trainable_variables", "trainable_weights", "weights", "variables"})


def _takes_gradients(one: Read, model: Any) -> bool:
    """True if a gradient is taken by the weights of a model."""
    given = {
        target.id: node.value
        for node in one.walk()
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    asked = [node for node, _ in _calls(one) if isinstance(node.func, ast.Attribute) and node.func.attr == "gradient"]
    parts = [part for node in asked for part in ast.walk(node)]
    parts += [
        part for name in parts if isinstance(name, ast.Name) and name.id in given for part in ast.walk(given[name.id])
    ]
    return any(
        isinstance(part, ast.Attribute) and part.attr in _WEIGHTS and one.stands_for(part.value) is model
        for part in parts
    )


def _saying(node: ast.Call) -> str:
    return ast.unparse(ast.Call(node.func, node.args, [*node.keywords, ast.keyword("training", ast.Constant(True))]))


def _changes_in_training(layer: Any) -> bool:
    kinds = keras.layers
    noise = (
        kinds.Dropout, kinds.AlphaDropout, kinds.GaussianNoise, kinds.GaussianDropout, kinds.SpatialDropout1D,
        kinds.SpatialDropout2D, kinds.SpatialDropout3D,
    )  # fmt: skip
    if isinstance(layer, kinds.BatchNormalization):
        return bool(layer.trainable)
    if type(layer).__name__.startswith("Random") and type(layer).__module__.partition(".")[0] in (
        "keras",
        "typedlayers",
    ):
        return True
    return isinstance(layer, noise) and any(bool(getattr(layer, name, 0)) for name in _RATES)


def _says_training(layer: Any) -> bool:
    """True if a call of the user's tells its layers itself that they are in training."""
    return any(
        part.arg == "training" and isinstance(part.value, ast.Constant) and part.value.value is True
        for one in reached(layer.call)
        for node, _ in _calls(one)
        for part in node.keywords
    )
