"""The rules: each lives in the file that has its name, ``label-values`` in ``rules/targets/label_values.py``.

Codes without a file of their own are told by a layer's contract (`typedlayers.rules.contracts`), by the call of a layer
of the user's, or by a file that cannot be read.
"""

from __future__ import annotations

import functools
import graphlib
import importlib
import pkgutil
from collections.abc import Mapping, Sequence

from typedlayers import rules as package
from typedlayers.diagnostics.codes import CODES
from typedlayers.rules.rule import AnyRule


@functools.cache
def homes() -> Mapping[str, str]:
    """Returns the module of each rule that has a file of its own, by its code.

    >>> homes()["TL612"]
    'typedlayers.rules.targets.half_precision_head'
    """
    files = {
        module.name.rpartition(".")[2]: module.name
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.ispkg
    }
    named = {row.code: files.get(row.rule.replace("-", "_")) for row in CODES.values()}
    return {code: module for code, module in named.items() if module is not None}


@functools.cache
def rules() -> tuple[AnyRule, ...]:
    """Returns every rule that has a file of its own: in the order of the codes, a rule after those that explain it.

    >>> [rule.code for rule in rules() if rule.code == "TL612"]
    ['TL612']
    """
    return in_order([importlib.import_module(module).RULE for module in homes().values()])


def in_order(rules: Sequence[AnyRule]) -> tuple[AnyRule, ...]:
    """Returns rules so that each comes after those whose findings explain what it would find.

    Raises:
        graphlib.CycleError: if two rules explain each other.
    """
    by_code = {rule.code: rule for rule in rules}
    before = {rule.code: sorted(rule.after & by_code.keys()) for rule in rules}
    return tuple(by_code[code] for code in graphlib.TopologicalSorter(before).static_order())
