"""One fix made in the source of a project: each edit in the file that holds its place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import libcst as cst

from typedlayers.diagnostics.edit import (
    Adapt,
    Argument,
    Attribute,
    Data,
    Edit,
    Exchange,
    Gather,
    Insert,
    Keep,
    Loss,
    LossArgument,
    Metric,
    MetricArgument,
    Move,
    Omit,
    OnTensors,
    Remove,
    Replace,
    Rewrite,
    Setting,
    Side,
)
from typedlayers.diagnostics.model import Fix
from typedlayers.source import arguments, classes, compiling, data, layers, numpy, order, rewriting
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, dotted
from typedlayers.source.site import Compiled, Finding, MadeLayer, Seen, Site

Reader = Callable[[str], bytes]
"""Gives the bytes of a file of the project by its path.

It raises `NoPlace` for a file that is not the project's.
"""

_BUILDING: Final = (*data.ENTRIES, "build", "summary")
"""Methods of a model in which Keras makes layers by itself: the input of a `Sequential` that declares none."""

_NAMED: Final = re.compile(r'(?:(?P<kind>[\w.]+) )?"(?P<name>[^"]+)"')


def edited(
    fixes: Iterable[tuple[Finding, Fix]], seen: Seen, read: Reader, positions: arguments.Positions
) -> dict[str, bytes]:
    """Returns the files that fixes change, each with its new bytes.

    Args:
        fixes: the fixes, each with the finding that it is for.
        seen: what the run told of the program.
        read: gives the bytes of a file.
        positions: gives the names of a constructor's arguments.

    Raises:
        NoPlace: if the place of one of its edits cannot be found in the source; nothing is changed then.
    """
    plans: dict[str, Plan] = {}
    for finding, fix in fixes:
        making = _Making(finding, seen, read, positions, plans)
        for edit in fix.edits:
            making.make(edit)
    done = {file: plan.done() for file, plan in plans.items()}
    return {file: new for file, new in done.items() if new != plans[file].program.data}


@dataclass(slots=True)
class _Making:
    finding: Finding
    seen: Seen
    read: Reader
    positions: arguments.Positions
    plans: dict[str, Plan]

    def make(self, edit: Edit) -> None:
        match edit:
            case Argument():
                plan, made = self.layer(edit.layer, itself=True)
                arguments.give_argument(plan, made, edit, self.positions)
            case Insert():
                plan, made = self.layer(edit.layer)
                layers.insert(plan, made, edit)
            case Remove():
                layers.remove(*self.layer(edit.layer))
            case Replace():
                plan, made = self.layer(edit.layer)
                layers.replace(plan, made, edit)
            case Move(layer, side, other):
                self.move(layer, side, other)
            case Exchange(layer, one, two):
                order.exchange(*self.layer(layer), one, two)
            case Gather(layer):
                order.gather(*self.layer(layer))
            case Loss():
                self.give_loss(edit)
            case LossArgument():
                compiling.give_loss_argument(*self.compiled(), edit)
            case Metric():
                compiling.give_metric(*self.compiled(), edit)
            case MetricArgument():
                compiling.give_metric_argument(*self.compiled(), edit)
            case Setting():
                compiling.give_setting(*self.compiled(), edit)
            case Data():
                self.give(edit)
            case Adapt():
                self.adapt(edit)
            case Attribute():
                classes.set_attribute(self.plan_of_class(edit.owner), edit)
            case Omit():
                rewriting.omit(self.plan_of_class(edit.owner), edit)
            case Keep():
                rewriting.keep(self.plan_of_class(edit.owner), edit)
            case Rewrite():
                rewriting.rewrite(self.plan_of_form(edit), edit)
            case OnTensors(file):
                numpy.on_tensors(self.plan(os.path.realpath(file)), edit)

    def move(self, layer: str, side: Side, other: str) -> None:
        plan, made = self.layer(layer)
        there, beside = self.layer(other)
        if plan is not there:
            raise NoPlace(f"{layer} and {other} are made in different files")
        order.move(plan, made, beside, side)

    def plan(self, file: str) -> Plan:
        if file not in self.plans:
            self.plans[file] = Plan(Program(self.read(file), file))
        return self.plans[file]

    # ---------------------------------------------------------------------------------------- places
    def layer(self, label: str, *, itself: bool = False) -> tuple[Plan, cst.Call]:
        """Returns the call that makes a layer, by the layer's name.

        Args:
            label: the layer in the user's names.
            itself: True for the constructor; else the call of a function that makes only this layer does as well.
        """
        found = _NAMED.match(label)
        if found is None:
            raise NoPlace("which layer is meant is not said")
        kind, name = found["kind"], found["name"]
        made = [one for one in self.seen.layers if one.name == name and kind in (None, one.kind)]
        made = made or [one for one in self.seen.layers if one.name == name]
        if not made and kind == "Input":
            made = [one for one in self.seen.layers if one.kind == "InputLayer"]
            made = made if len(made) == 1 else []
        one = self._likeliest([one for one in made if one.own is not None] or made)
        if one is None:
            raise NoPlace(f"the line that makes {label} is not known")
        named = self._by_name(one.site.file, name)
        if named is not None:
            return self.plan(one.site.file), named
        if one.own is None or (itself and one.own != one.site):
            raise NoPlace(f"line {one.site.line} makes {label} and other layers too, in a loop or a function")
        plan = self.plan(one.own.file)
        call = plan.program.call_at(one.own)
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in _BUILDING:
            raise NoPlace(f"no line makes {label}: `{call.func.attr.value}` does, at line {one.own.line}")
        return plan, call

    def _by_name(self, file: str, name: str) -> cst.Call | None:
        """Returns the only call that gives a layer this name."""
        found = [call for call in self.plan(file).program.calls if arguments.is_named(call, name)]
        return found[0] if len(found) == 1 else None

    def _likeliest(self, made: list[MadeLayer]) -> MadeLayer | None:
        """Returns the layer on the finding's line, or else the one that was made last."""
        where = self.finding.diagnostic.where
        there = [one for one in made if (one.site.file, one.site.line) == (where.file, where.line)]
        return next(iter(reversed(there or made)), None)

    def compiled(self) -> tuple[Plan, cst.Call]:
        """Returns the call of ``compile`` of the model that the finding is about."""
        sites = list(dict.fromkeys(one.site for one in self._compiled()))
        if not sites:
            raise NoPlace("no call of `compile` was seen")
        if len(sites) > 1:
            raise NoPlace(
                f"lines {', '.join(str(site.line) for site in sites)} could be meant: `compile` is called there"
            )
        plan = self.plan(sites[0].file)
        return plan, plan.program.call_at(sites[0])

    def _compiled(self) -> list[Compiled]:
        known = list(self.seen.compiled)
        if len({one.site for one in known}) < 2:
            return known
        said = f"{self.finding.diagnostic.headline} {self.finding.diagnostic.where.within}"
        by_name = [one for one in known if f'"{one.model}"' in said]
        if by_name:
            return by_name[-1:]
        return [one for one in known if self._is_same_model(one.site)] or known

    def _is_same_model(self, site: Site) -> bool:
        """Returns True if the same expression is compiled and given the data: ``model`` in both."""
        program = self.plan(site.file).program
        call = data.data_call(program, self.finding.stops)
        compiled = dotted(program.call_at(site).func).rpartition(".")[0]
        return call is not None and compiled != "" and dotted(call.node.func).rpartition(".")[0] == compiled

    def give(self, edit: Data) -> None:
        calls = list(self._data_calls())
        found = next((one for one in calls if one[1].entry), calls[0] if calls else None)
        if found is None:
            raise NoPlace("no line of the project gives the data")
        data.give_data(*found, edit, self.finding)

    def _data_calls(self) -> Iterator[tuple[Plan, data.Call]]:
        for file in dict.fromkeys(stop.site.file for stop in self.finding.stops):
            try:
                plan = self.plan(file)
            except NoPlace:
                continue
            call = data.data_call(plan.program, self.finding.stops)
            if call is not None:
                yield plan, call

    def adapt(self, edit: Adapt) -> None:
        found = next((one for one in self._data_calls() if one[1].entry), None)
        if found is None:
            raise NoPlace("no line of the project trains the model")
        plan, call = found
        there, made = self.layer(edit.layer)
        data.adapt(plan, call, edit, made if there is plan else None)

    def give_loss(self, edit: Loss) -> None:
        """Gives ``compile`` another loss, or the user's own loop where there is no ``compile``."""
        if self.seen.compiled:
            compiling.give_loss(*self.compiled(), edit)
            return
        found = [(plan, call) for plan in self.plans_of_program() for call in compiling.losses_made(plan.program)]
        if len(found) != 1:
            raise NoPlace("no call of `compile` was seen")
        compiling.exchange_loss(*found[0], edit)

    def plan_of_form(self, edit: Rewrite) -> Plan:
        """Returns the plan of the one file that holds an expression of a form."""
        if edit.file:
            return self.plan(os.path.realpath(edit.file))
        found = [plan for plan in self.plans_of_program() if rewriting.places(plan.program, edit)]
        if len(found) != 1:
            raise NoPlace(f"{len(found) or 'no'} files of the project hold `{edit.old}`")
        return found[0]

    def plan_of_class(self, owner: str) -> Plan:
        """Returns the plan of the file that holds a class."""
        found = [plan for plan in self.plans_of_program() if classes.class_named(plan.program, owner) is not None]
        if len(found) != 1:
            raise NoPlace(f"{len(found)} files of the project hold a class {owner}")
        return found[0]

    def plans_of_program(self) -> Iterator[Plan]:
        """Yields the plans of the project's files that the program was seen to use."""
        stopped = (stop.site.file for stop in self.finding.stops)
        for file in dict.fromkeys((*stopped, *(one.site.file for one in self.seen.layers), *self.seen.files)):
            try:
                yield self.plan(file)
            except NoPlace:
                continue
