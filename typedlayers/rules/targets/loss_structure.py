"""TL619: losses, their weights or the metrics are not numbered or named as the outputs of the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from typedlayers.diagnostics.edit import Setting
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.facts.compiled import Compiled, Nest
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.rule import Need, Rule, Stage, Topic


def find(evidence: Evidence) -> Iterator[Diagnostic]:
    """Yields what is wrong with the nests that ``compile`` was given."""
    compiled = evidence.compiled
    assert compiled is not None
    of = evidence.label
    found = _of_losses(of, compiled) or _of_weights(of, compiled) or _of_metrics(of, compiled)
    if found is not None:
        yield found.with_(where=Location(evidence.where.file, evidence.where.line, of, evidence.where.within))


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)


def _dict(names: Sequence[str]) -> str:
    return f"{{{', '.join(f'{name!r}: ...' for name in names)}}}"


def _made(headline: str, **facts: object) -> Diagnostic:
    return Diagnostic(RULE.code, headline).with_(**facts)


# ---------------------------------------------------------------------------------------------------- losses
def _of_losses(of: str, compiled: Compiled) -> Diagnostic | None:
    loss, names = compiled.loss, compiled.names
    if loss.keys is not None:
        return _of_loss_names(of, loss.keys, compiled)
    if not loss.is_list or len(names) == 1:
        return None
    if loss.count != len(names):
        less = (loss.count or 0) < len(names)
        return _made(
            f"{of} has {len(names)} outputs but is compiled with {loss.count} loss{'' if loss.count == 1 else 'es'}",
            needs=f"a loss for each of {_names(names)}",
            why="the outputs behind the last loss are not trained" if less else "Keras looks for an output for each",
            fixes=(Fix(f"loss={_dict(names)}; None for an output that is not to be trained"),),
            certainty=Certainty.PERHAPS if less and not compiled.by_name else Certainty.CERTAIN,
        )
    if compiled.by_name and _reorders(loss, names):
        return _made(
            f"the losses of {of} are a list, but the model returns a dict",
            gets=f"{', '.join(loss.kinds)} for {_names(names)}",
            needs="a dict by the outputs' names",
            why=f"Keras pairs a list with the keys in alphabetical order: {_names(sorted(names))}",
            fixes=(Fix(f"loss={_dict(names)}"),),
            certainty=Certainty.PERHAPS,
        )
    return None


def _reorders(given: Nest, names: Sequence[str]) -> bool:
    """Whether a list that is paired in alphabetical order differs from one that is paired as the names stand."""
    order = sorted(range(len(names)), key=lambda index: names[index])
    return any(given.kinds[place] != given.kinds[index] for place, index in enumerate(order))


def _of_loss_names(of: str, keys: Sequence[str], compiled: Compiled) -> Diagnostic | None:
    names = compiled.names
    if not compiled.named:
        return _made(
            f"the losses of {of} are a dict, but a Sequential has one output without a name",
            needs="the loss alone",
            fixes=(Fix("loss=..., the loss alone"),),
        )
    extra = [key for key in keys if key not in names]
    missing = [] if compiled.by_name else [name for name in names if name not in keys]
    if not (extra or missing):
        return None
    said = [f"no output is named {_names(extra)}"] if extra else []
    said += [f"{_names(missing)} has no loss; None says that it is not to be trained"] if missing else []
    return _made(
        f"the losses of {of} are named {_names(keys)} but its outputs {_names(names)}",
        needs=f"a dict with the keys {_names(names)}",
        why="; ".join(said),
        fixes=(_renamed(keys, names, extra, missing),),
    )


def _renamed(keys: Sequence[str], names: Sequence[str], extra: Sequence[str], missing: Sequence[str]) -> Fix:
    """The losses of no output, in their order, under the names of the outputs without a loss."""
    if not missing or (extra and len(extra) != len(missing)):
        return Fix(f"loss={_dict(names)}")
    old = dict(zip(missing, extra, strict=False))
    made = [f"{name!r}: loss[{old.get(name, name)!r}]" for name in names if name in old or name in keys]
    return Fix.of(Setting("loss", f"{{{', '.join(made + [f'{name!r}: None' for name in missing if not extra])}}}"))


# --------------------------------------------------------------------------------------------------- weights
def _of_weights(of: str, compiled: Compiled) -> Diagnostic | None:
    weights, loss, names = compiled.weights, compiled.loss, compiled.names
    if weights is None:
        return None
    losses, count = loss.count or 1, weights.count or 1
    if losses != count:
        each = loss.count is None and count == len(names) > 1
        shown = _dict(loss.keys) if loss.keys is not None else f"[{', '.join(['...'] * (count if each else losses))}]"
        return _made(
            f"{of} has {losses} loss{'' if losses == 1 else 'es'} but {count} loss weight{'' if count == 1 else 's'}",
            needs=f"loss_weights with {losses} number{'' if losses == 1 else 's'}",
            why="Keras pairs loss_weights with the losses one by one",
            fixes=(
                *((Fix.of(Setting("loss_weights", f"loss_weights[:{losses}]")),) if _are_cut(losses, weights) else ()),
                Fix(f"loss={shown}, one for each output" if each else f"loss_weights={shown}"),
            ),
        )
    if weights.keys is None or count == 1:
        return None
    if loss.keys is not None:
        unlike = set(weights.keys) != set(loss.keys)
        why = "each loss takes the weight of its name"
    else:
        unlike = set(weights.keys) != set(names) or sorted(names) != list(names)
        why = f"beside a list of losses Keras takes them in alphabetical order: {_names(sorted(weights.keys))}"
    if not unlike:
        return None
    return _made(
        f"the loss weights of {of} are paired with other outputs than they are named for",
        gets=f"loss_weights for {_names(weights.keys)}; outputs {_names(names)}",
        why=why,
        fixes=(Fix(f"loss={_dict(names)}, loss_weights={_dict(names)}"),),
    )


def _are_cut(losses: int, weights: Nest) -> bool:
    return losses > 1 and weights.is_list and (weights.count or 0) > losses


# --------------------------------------------------------------------------------------------------- metrics
def _of_metrics(of: str, compiled: Compiled) -> Diagnostic | None:
    metrics, names = compiled.metrics, compiled.names
    if metrics is None or len(names) == 1:
        return None
    if metrics.keys is not None:
        extra = [key for key in metrics.keys if key not in names]
        wrong = f"no output is named {_names(extra)}" if extra else ""
    else:
        unlike = bool(metrics.count) and metrics.count != len(names)
        wrong = f"there are {metrics.count} for {len(names)} outputs" if unlike else ""
    if not wrong:
        return None
    return _made(
        f"the metrics of {of} cannot be paired with its outputs: {wrong}",
        needs=f"a list of lists in the order {_names(names)}, or a dict by name",
        fixes=(Fix(f"metrics={_dict(names)}"),),
    )


COMPILED = Topic(
    "loss, loss weights and metrics",
    (Need.OUTPUTS,),
    lambda evidence: () if evidence.compiled is None else (evidence,),
    Stage.TARGETS,
)
"""What ``compile`` was given, beside the outputs of the model."""

RULE = Rule(code="TL619", about=COMPILED, find=find)
