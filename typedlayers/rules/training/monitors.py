"""What rules on callbacks say alike: the values that there are, and the one that was meant."""

from __future__ import annotations

import difflib

from typedlayers.facts.fitting import VALIDATION, Logs, Watcher


def is_there(watcher: Watcher, logs: Logs, *, validated: bool) -> bool:
    """Returns True unless a value is known not to be logged.

    Args:
        watcher: the callback that watches it.
        logs: the values that there will be.
        validated: whether there are validation data.
    """
    if logs.open or logs.has(watcher.monitor):
        return True
    if watcher.of_validation and not validated:
        return False
    return logs.unnamed or (watcher.of_validation and logs.has(watcher.value))


def values(logs: Logs) -> str:
    """Returns the names of the values, as a message lists them."""
    return ", ".join(dict.fromkeys(("loss", *logs.metrics)))


def meant(watcher: Watcher, logs: Logs) -> str | None:
    """Returns the name of the value that was likely meant, None if none is like it.

    >>> meant(Watcher("EarlyStopping", "val_acc"), Logs(("auc", "accuracy")))
    'val_accuracy'
    """
    near = [name for name in logs.metrics if _abbreviates(watcher.value, name) or _abbreviates(name, watcher.value)]
    near += difflib.get_close_matches(watcher.value, logs.metrics, n=1, cutoff=0.7)
    if not near:
        return None
    return f"{VALIDATION}{near[0]}" if watcher.of_validation else near[0]


def _abbreviates(short: str, name: str) -> bool:
    """True of ``acc`` and ``binary_accuracy``."""
    return any(part.startswith(short.lower()) for part in (name.lower(), *name.lower().split("_")))
