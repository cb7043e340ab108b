"""A name → Markdown: the page of a code or rule, or the contract of a layer."""

from __future__ import annotations

import difflib

from typedlayers.cli.installed import public_names
from typedlayers.diagnostics.codes import CODES, RULES, code_named, nearest
from typedlayers.diagnostics.pages import page_of


def explanation(name: str) -> str:
    """Returns the page of a code or rule, or the contract of a layer.

    Raises:
        LookupError: if the name is unknown; the message lists valid and similar ones.

    >>> explanation("rank-mismatch").splitlines()[0]
    '# TL201 rank-mismatch'
    >>> explanation("MaxPool2D").splitlines()[0]
    '# MaxPooling2D'
    """
    try:
        return page_of(code_named(name).code).text.rstrip("\n")
    except LookupError:
        pass
    from typedlayers.catalogue import ALIASES, CONTRACTS
    from typedlayers.cli.layer import contract_text, handed_through

    names = {*CONTRACTS, *ALIASES, *public_names()}
    short = name.rpartition(".")[2]  # keras.layers.Conv2D, layers.Conv2D
    known = short if short in names else next((n for n in sorted(names) if n.lower() == short.lower()), None)
    if known is None:
        raise LookupError(_unknown(name, names))
    return contract_text(known) if known in CONTRACTS or known in ALIASES else handed_through(known)


def _unknown(name: str, layers: set[str]) -> str:
    by_lower = {known.lower(): known for known in (*CODES, *RULES, *layers)}
    if name[:2].upper() == "TL" and name[2:3].isdigit():
        return f"there is no code {name!r}{nearest(name)}"
    near = [by_lower[n] for n in difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.6)]
    hint = f"; perhaps {' or '.join(near)}" if near else ""
    return (
        f"there is no code, rule or layer {name!r}{hint}.\n"
        "Valid are a code (TL201), the name of a rule (rank-mismatch) and a public name of keras.layers (Conv2D). "
        "`typedlayers rules` lists codes and rules."
    )
