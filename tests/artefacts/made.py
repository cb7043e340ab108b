"""Artefacts of every format, made once for all tests."""

from __future__ import annotations

import base64
import functools
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

import typedlayers as tl
from typedlayers import layers

ONNX = base64.b64decode(
    "CA4SBW1ha2VyGgMxLjI63AEKGQoFaW1hZ2UKAXcSBXByb2JzIgZNYXRNdWwKFQoDaWRzEgRzYW1lIghJZGVudGl0eRIDbmV0KisIBAgCEAFCAXdK"
    "IAAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8AAIA/WhwKBWltYWdlEhMKEQgBEg0KBxIFYmF0Y2gKAggEWhEKA2lkcxIKCggIBxIECgAKAFoT"
    "CgF3Eg4KDAgBEggKAggECgIIAmIcCgVwcm9icxITChEIARINCgcSBWJhdGNoCgIIAmISCgRzYW1lEgoKCAgHEgQKAAoAQgIQHA=="
)
"""Made by onnx 1.23: MatMul of "image" (batch, 4) with the weights "w", listed among the inputs; "ids" as "same"."""


@functools.cache
def folder() -> Path:
    """The folder of all of them."""
    return Path(tempfile.mkdtemp(prefix="artefacts"))


def images() -> Any:
    """Bytes, some of them bright."""
    return np.random.default_rng(0).integers(0, 256, (16, 8, 8, 1)).astype("uint8")


@functools.cache
def trained() -> Any:
    """A typed model that was trained on 0..1."""
    stack = [tl.Input((8, 8, 1), name="image"), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(3, name="digit")]
    model = tl.Sequential(stack, name="net")
    model.compile("sgd", "mse")
    model.fit((images() / 255).astype("float32"), np.ones((16, 3)), verbose=0)
    return model


def two_inputs() -> Any:
    """A plain functional model: a row and ids in a dict, two outputs in a dict."""
    row, ids = keras.Input((8,), name="row"), keras.Input((None,), dtype="int32", name="ids")
    pooled = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(10, 4)(ids))
    joined = keras.layers.Concatenate()([keras.layers.Dense(4)(row), pooled])
    outputs = {"score": keras.layers.Dense(1)(joined), "shares": keras.layers.Softmax()(joined)}
    return keras.Model({"row": row, "ids": ids}, outputs, name="two")


@functools.cache
def path(name: str) -> str:
    """The path of an artefact: ``trained.keras``, ``two.keras``, ``two`` (a SavedModel), ``two.tflite``, ``m.onnx``."""
    file = folder() / name
    if name == "m.onnx":
        file.write_bytes(ONNX)
        return str(file)
    model = trained() if name.startswith("trained") else two_inputs()
    if name.endswith(".keras"):
        model.save(file)
    elif name.endswith(".tflite"):
        import tensorflow as tf

        file.write_bytes(tf.lite.TFLiteConverter.from_saved_model(path(name.removesuffix(".tflite"))).convert())  # pyright: ignore
    else:
        model.export(file, verbose=False)
    return str(file)
