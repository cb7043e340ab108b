"""Lists and arguments: elements put in and taken out, in the layout that is there."""

from __future__ import annotations

from typing import Any, TypeAlias

import libcst as cst

from typedlayers.source.plan import Plan

Holder: TypeAlias = cst.List | cst.Tuple | cst.Call


def put_before(plan: Plan, holder: Holder, item: Any, new: Any) -> None:
    """Puts an element before one of a list."""
    plan.beside(item, before=[new.with_changes(comma=_comma(holder))])


def put_last(plan: Plan, holder: Holder, new: Any) -> None:
    """Puts an element behind all others."""
    items = _items(holder)
    if items:
        put_after(plan, holder, items[-1], new)
        return

    def first(made: Any) -> Any:
        held = _items(made)
        name = "args" if isinstance(made, cst.Call) else "elements"
        kept = [*held[:-1], held[-1].with_changes(comma=_comma(holder))] if held else []
        return made.with_changes(**{name: [*kept, new]})

    plan.change(holder, first)


def put_after(plan: Plan, holder: Holder, item: Any, new: Any) -> None:
    """Puts an element after one of a list."""
    between = _comma(holder)
    if item is not _items(holder)[-1] or plan.has_after(item):
        plan.beside(item, after=[new.with_changes(comma=between)])
        return
    plan.change(item, lambda made: made.with_changes(comma=between))
    plan.beside(item, after=[new.with_changes(comma=item.comma)])


def take_out(plan: Plan, holder: Holder, item: Any) -> None:
    """Takes an element away."""
    items = _items(holder)
    at = next(i for i, one in enumerate(items) if one is item)
    if at == len(items) - 1 and at:
        plan.change(items[at - 1], lambda made: made.with_changes(comma=item.comma))
    plan.drop(item)


def _items(holder: Holder) -> Any:
    return holder.args if isinstance(holder, cst.Call) else holder.elements


def _comma(holder: Holder) -> cst.Comma:
    """Returns the comma that the layout puts between two elements, without comments."""
    items = _items(holder)
    if len(items) > 1:
        return cst.Comma(whitespace_after=_bare(items[0].comma.whitespace_after))
    opening = _opening(holder)
    is_broken = isinstance(opening, cst.ParenthesizedWhitespace)
    return cst.Comma(whitespace_after=_bare(opening) if is_broken else cst.SimpleWhitespace(" "))


def _opening(holder: Holder) -> Any:
    """Returns the whitespace behind the opening bracket."""
    match holder:
        case cst.Call():
            return holder.whitespace_before_args
        case cst.List():
            return holder.lbracket.whitespace_after
        case _:
            return holder.lpar[0].whitespace_after if holder.lpar else None


def _bare(whitespace: Any) -> Any:
    if not isinstance(whitespace, cst.ParenthesizedWhitespace):
        return whitespace
    line = whitespace.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
    return whitespace.with_changes(first_line=line, empty_lines=[])
