"""TL309: what a dataset computes with bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from typedlayers.bridge.pipelines import pipeline_of, wrapped_bytes
from typedlayers.facts.data import Batch, Pipeline
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.data.wrapped_bytes import RULE
from typedlayers.rules.engine import findings
from typedlayers.spec import Spec

PICTURES = np.zeros((4, 8, 8, 3), "uint8")
LABELS = np.zeros((4, 1), "uint8")


def mapped(function: Any, data: Any = PICTURES) -> str:
    return wrapped_bytes(tf.data.Dataset.from_tensor_slices(data).batch(2).map(function).prefetch(1))


WRONG = {
    "taken": (lambda: mapped(lambda x: tf.cast(x - 128, tf.float32)), "- 128"),
    "added": (lambda: mapped(lambda x: x + 50), "+ 50"),
}
RIGHT = {
    "in floats": (lambda: mapped(lambda x: tf.cast(x, tf.float32) - 128), ""),
    "turned": (lambda: mapped(lambda x: 255 - x), ""),
    "labels of masks": (lambda: mapped(lambda x: x - 1), ""),
    "labels": (lambda: mapped(lambda y: y - 100, LABELS), ""),
    "divided": (lambda: mapped(lambda x: x / 255), ""),
}


@pytest.mark.parametrize("name", [*WRONG, *RIGHT])
def test_what_is_read(name: str) -> None:
    read, found = {**WRONG, **RIGHT}[name]
    assert read() == found


def test_a_pipeline_knows_it() -> None:
    made = pipeline_of(tf.data.Dataset.from_tensor_slices(PICTURES).map(lambda x: x - 128).batch(2))
    assert made == Pipeline(1, wraps="- 128")


@pytest.mark.parametrize(("wraps", "count"), [("- 128", 1), ("", 0)])
def test_what_is_said(wraps: str, count: int) -> None:
    batch = Batch(Spec("float32", (None, 8, 8, 3)), what="the dataset", pipeline=Pipeline(1, wraps=wraps))
    found = findings([RULE], Evidence(label='Sequential "net"', batch=batch))
    told = ['a map of the dataset for Sequential "net" computes `x - 128` with bytes, which wrap around']
    assert [one.headline for one in found] == told * count
