"""The API reference: which names stand on which page; mkdocstrings fills in the docstrings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GROUPS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "models": (
            "Models and layers",
            (
                "models.sequential.Sequential",
                "models.model.Model",
                "layers._input.Input",
                "layers._typed.Layer",
                "layers._typed.typed",
                "contracts.dtypes.Tensor",
            ),
        ),
        "declaring": (
            "Contracts",
            ("declarations.contract_of", "declarations.annotate", "declarations.allow"),
        ),
        "checking": (
            "Checks and reports",
            (
                "checking.check",
                "verdict.report.Report",
                "diagnostics.model.Diagnostic",
                "errors.ContractError",
                "errors.ContractWarning",
                "verifying.verify",
                "summaries.summary",
                "summaries.plot",
            ),
        ),
        "modes": ("Modes", ("modes.set_mode", "modes.mode", "modes.Mode")),
        "repairs": ("Repairs", ("declarations.repairs", "declarations.freeze", "verdict.ledger.on_repair")),
        "plain": (
            "With plain Keras",
            (
                "installation.install",
                "installation.uninstall",
                "saving.load_model",
                "saving.register",
                "saving.unregister",
                "convert.to_keras",
                "convert.from_keras",
            ),
        ),
        "testing": ("Assertions for tests", ("testing.assert_fits", "testing.assert_breaks")),
    }
)
"""The pages, by file: title, and the objects by their path in the package."""


def pages() -> dict[str, str]:
    """Returns the pages by path."""
    links = [f"- [{title}]({file}.md): {_listed(names)}" for file, (title, names) in GROUPS.items()]
    head = (
        "# API\n\nThe public names of `typedlayers`, from their docstrings. The command line has `--help`.\n\n"
        "`tl.keras` is the namespace of Keras with typed layers and models in it, `tl.layers` has a typed layer for "
        "every public name of `keras.layers`: [one page for each](../layers/index.md).\n\n"
    )
    found = {"reference/index.md": head + "\n".join(links) + "\n"}
    for file, (title, names) in GROUPS.items():
        found[f"reference/{file}.md"] = (
            f"# {title}\n\n" + "\n\n".join(f"::: typedlayers.{name}" for name in names) + "\n"
        )
    return found


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name.rpartition('.')[2]}`" for name in names)
