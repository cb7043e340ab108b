"""Channels that a layer looks for along another axis than the layer before has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layout import ChannelAxis, channel_axes
from typedlayers.bridge.members import allowed_for, place_of
from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.spec import shape_text
from typedlayers.verdict.allow import is_allowed


def misplaced_channels(model: Any) -> Iterator[Diagnostic]:
    """Yields TL210 for each layer that takes another axis for the channels than its input has them on.

    A Concatenate along the rows or columns of channels-last images may be meant: images side by side. Along the columns
    of channels-first ones, where the default ``axis=-1`` falls, it is seldom meant.
    """
    for found in channel_axes(model):
        last = len(found.shape) - 1
        right = last if found.data_format == "channels_last" else 1
        suspect = found.axis == last if found.joins else found.axis in (1, last)
        if found.axis == right or not suspect:
            continue
        diagnostic = _misplaced(found, right)
        if not is_allowed(diagnostic, allowed_for(found.layer)):
            yield diagnostic


def _misplaced(found: ChannelAxis, right: int) -> Diagnostic:
    label, does = label_of(found.layer), "joins" if found.joins else "normalizes"
    written = -1 if right == len(found.shape) - 1 else right
    return Diagnostic(
        "TL210",
        f"{label} {does} along axis {found.axis} of {shape_text(found.shape)}, but the channels are axis {right}",
        where=place_of(found.layer),
        gets=f"{shape_text(found.shape)} from {found.maker}, {found.data_format}",
        needs=f"axis={written}, the channels",
        why=f'{found.maker} has data_format="{found.data_format}"',
        fixes=(Fix(f'axis={written} for "{found.layer.name}"', edits=(Argument(label, "axis", str(written)),)),),
        certainty=Certainty.PERHAPS,
    )
