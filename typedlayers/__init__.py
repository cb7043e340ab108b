"""A drop-in replacement for ``keras.layers`` in which every layer has a contract.

>>> import typedlayers as tl
>>> model = tl.Sequential([tl.Input((28, 28, 1)), tl.layers.Conv2D(8, 3), tl.layers.Flatten(), tl.layers.Dense(10)])
>>> tl.contract_of(model.layers[0]).outputs.text
'batch height-2 width-2 8'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0.dev0"

if TYPE_CHECKING:
    from typedlayers import keras as keras
    from typedlayers import layers as layers
    from typedlayers.checking import check as check
    from typedlayers.contracts.dtypes import Tensor as Tensor
    from typedlayers.convert import from_keras as from_keras
    from typedlayers.convert import to_keras as to_keras
    from typedlayers.declarations import allow as allow
    from typedlayers.declarations import annotate as annotate
    from typedlayers.declarations import contract_of as contract_of
    from typedlayers.declarations import freeze as freeze
    from typedlayers.declarations import repairs as repairs
    from typedlayers.diagnostics.model import Diagnostic as Diagnostic
    from typedlayers.errors import ContractError as ContractError
    from typedlayers.errors import ContractWarning as ContractWarning
    from typedlayers.installation import install as install
    from typedlayers.installation import uninstall as uninstall
    from typedlayers.layers import Input as Input
    from typedlayers.layers import Layer as Layer
    from typedlayers.layers._typed import typed as typed
    from typedlayers.models.model import Model as Model
    from typedlayers.models.sequential import Sequential as Sequential
    from typedlayers.modes import Mode as Mode
    from typedlayers.modes import mode as mode
    from typedlayers.modes import set_mode as set_mode
    from typedlayers.saving import load_model as load_model
    from typedlayers.saving import register as register
    from typedlayers.saving import unregister as unregister
    from typedlayers.summaries import plot as plot
    from typedlayers.summaries import summary as summary
    from typedlayers.verdict.ledger import on_repair as on_repair
    from typedlayers.verdict.report import Report as Report
    from typedlayers.verifying import verify as verify

_HOMES = {
    "ContractError": "typedlayers.errors",
    "ContractWarning": "typedlayers.errors",
    "Diagnostic": "typedlayers.diagnostics.model",
    "Input": "typedlayers.layers._input",
    "Layer": "typedlayers.layers._typed",
    "Mode": "typedlayers.modes",
    "Model": "typedlayers.models.model",
    "Report": "typedlayers.verdict.report",
    "Sequential": "typedlayers.models.sequential",
    "Tensor": "typedlayers.contracts.dtypes",
    "allow": "typedlayers.declarations",
    "annotate": "typedlayers.declarations",
    "check": "typedlayers.checking",
    "contract_of": "typedlayers.declarations",
    "freeze": "typedlayers.declarations",
    "from_keras": "typedlayers.convert",
    "install": "typedlayers.installation",
    "load_model": "typedlayers.saving",
    "mode": "typedlayers.modes",
    "on_repair": "typedlayers.verdict.ledger",
    "plot": "typedlayers.summaries",
    "register": "typedlayers.saving",
    "repairs": "typedlayers.declarations",
    "set_mode": "typedlayers.modes",
    "summary": "typedlayers.summaries",
    "to_keras": "typedlayers.convert",
    "typed": "typedlayers.layers._typed",
    "uninstall": "typedlayers.installation",
    "unregister": "typedlayers.saving",
    "verify": "typedlayers.verifying",
}
_MODULES = ("keras", "layers")

if not TYPE_CHECKING:  # to a type checker, a misspelt name is a mistake
    __all__ = [*_HOMES, *_MODULES]

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            return importlib.import_module(f"typedlayers.{name}")
        if name in _HOMES:
            return getattr(importlib.import_module(_HOMES[name]), name)
        raise AttributeError(f"module 'typedlayers' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(["__version__", *_HOMES, *_MODULES])
