"""Arguments that a call unpacks: ``Conv2D(8, *sizes, **options)``."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, last_name


def set_unpacked(plan: Plan, call: cst.Call, name: str, value: cst.BaseExpression, position: int | None) -> bool:
    """Puts a value in the place of an argument of a call that unpacks some; False if it gives none of that name.

    Args:
        plan: the plan of the file.
        call: the call; it names the argument nowhere.
        name: the argument.
        value: the value.
        position: its place among the arguments without names, None if unknown.

    Raises:
        NoPlace: if it may be in a list of which the elements are not known.
    """
    return _in_lists(plan, call, value, position) or _in_dicts(plan, call, name, value)


def _in_lists(plan: Plan, call: cst.Call, value: cst.BaseExpression, position: int | None) -> bool:
    place = 0
    for arg in call.args:
        if position is None or place > position:
            return False
        if arg.keyword is not None or arg.star == "**":
            continue
        if not arg.star:
            if place == position:
                plan.put(arg.value, value)
                return True
            place += 1
            continue
        written = _written(plan.program, arg.value)
        if not isinstance(written, cst.List | cst.Tuple) or any(
            not isinstance(one, cst.Element) for one in written.elements
        ):
            raise NoPlace("its arguments are unpacked from a list whose elements are not known")
        if position < place + len(written.elements):
            _put_element(plan, arg, written.elements, position - place, value)
            return True
        place += len(written.elements)
    return False


def _put_element(
    plan: Plan, arg: cst.Arg, elements: Sequence[cst.BaseElement], index: int, value: cst.BaseExpression
) -> None:
    if not _is_shared(plan.program, arg.value):
        plan.put(elements[index].value, value)
        return
    values = [value if i == index else one.value.deep_clone() for i, one in enumerate(elements)]
    args = [cst.Arg(one, comma=_COMMA) for one in values]
    args[-1] = args[-1].with_changes(comma=arg.comma)
    plan.change(arg, lambda _: cst.FlattenSentinel(args))


_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _in_dicts(plan: Plan, call: cst.Call, name: str, value: cst.BaseExpression) -> bool:
    for arg in (arg for arg in call.args if arg.star == "**"):
        written = _written(plan.program, arg.value)
        entries = _entries(written)
        if entries is not None and name not in entries:
            continue
        if entries is not None and not _is_shared(plan.program, arg.value):
            plan.put(entries[name], value)
            return True
        entry = cst.DictElement(cst.SimpleString(f'"{name}"'), value)
        given = cst.StarredDictElement(arg.value.deep_clone(), comma=_COMMA)
        plan.put(arg.value, cst.Dict([given, entry]))
        return True
    return False


def _entries(written: cst.BaseExpression | None) -> dict[str, cst.BaseExpression] | None:
    """The entries of a dict that stands there as such, None if not all of its keys are known."""
    match written:
        case cst.Dict(elements):
            pairs = [(one.key, one.value) for one in elements if isinstance(one, cst.DictElement)]
            known = {key.evaluated_value: value for key, value in pairs if isinstance(key, cst.SimpleString)}
            return {str(key): value for key, value in known.items()} if len(known) == len(elements) else None
        case cst.Call() if last_name(written.func) == "dict":
            words = {arg.keyword.value: arg.value for arg in written.args if arg.keyword is not None}
            return words if len(words) == len(written.args) else None
    return None


def _written(program: Program, given: cst.BaseExpression) -> cst.BaseExpression | None:
    """What a name is bound to, if that is known; what is no name stands there itself."""
    return program.assigned(given.value, given)[0] if isinstance(given, cst.Name) else given


def _is_shared(program: Program, given: cst.BaseExpression) -> bool:
    """Whether a name is used at other places too."""
    return isinstance(given, cst.Name) and program.assigned(given.value, given)[1] > 1
