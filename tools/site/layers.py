"""A page for each layer of the catalogue, which is the text of ``typedlayers explain``, and the table of all."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue import ALIASES, CONTRACTS, family_of
from typedlayers.cli.layer import contract_text


def pages() -> dict[str, str]:
    """Returns the pages by path."""
    return {"layers/index.md": "\n".join(_index())} | {f"layers/{name}.md": contract_text(name) for name in CONTRACTS}


def _index() -> Iterator[str]:
    yield "# Layers\n"
    yield "The contract of every layer, by family. [Contracts](../contracts.md) explains the language.\n"
    for family in dict.fromkeys(family_of(name) for name in sorted(CONTRACTS)):
        yield f"## {family.capitalize()}\n"
        yield "| layer | contract |"
        yield "|---|---|"
        members = sorted(name for name in CONTRACTS if family_of(name) == family)
        yield from (f"| {_names(name)} | {_code(CONTRACTS[name])} |" for name in members)
        yield ""


def _names(name: str) -> str:
    others = sorted(alias for alias, target in ALIASES.items() if target == name)
    return ", ".join([f"[{name}]({name}.md)", *others])


def _code(contract: object) -> str:
    return f"`{str(contract).replace('|', chr(92) + '|')}`"
