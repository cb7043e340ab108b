# Made by `python -m tools.stubs` of Keras 3.15.1
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false
from collections.abc import Mapping
from typing import Any, Self, SupportsFloat, SupportsIndex, overload

import numpy as np

from typedlayers._typing.bases import ModelBase as _Base
from typedlayers._typing.hints import Axes, Flag, Function
from typedlayers.layers import Layer
from typedlayers.modes import ModeLike

class Model(_Base, Layer):
    input_shape: Any
    inputs: Any
    nnx_operations: Any
    operations: Any
    output_names: Any
    output_shape: Any
    outputs: Any
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    @overload
    def __init__(
        self,
        inputs: Any,
        outputs: Any,
        name: str | None = None,
        *,
        trainable: bool = True,
        mode: ModeLike | None = None,
        dims: Mapping[str, int | None] | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        activity_regularizer: Function = None,
        mode: ModeLike | None = None,
        dims: Mapping[str, int | None] | None = None,
    ) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: Flag = False,
        steps_per_execution: SupportsIndex = 1,
        jit_compile: str | bool | None = "auto",
        auto_scale_loss: Flag = True,
    ) -> None: ...
    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: SupportsIndex | None = None,
        epochs: SupportsIndex = 1,
        verbose: str | SupportsIndex | bool | np.bool_ = "auto",
        callbacks: Any = None,
        validation_split: SupportsFloat = 0.0,
        validation_data: Any = None,
        shuffle: Any = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: SupportsIndex = 0,
        steps_per_epoch: SupportsIndex | None = None,
        validation_steps: SupportsIndex | None = None,
        validation_batch_size: SupportsIndex | None = None,
        validation_freq: Axes = 1,
    ) -> Any: ...
    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: SupportsIndex | None = None,
        verbose: str | SupportsIndex | bool | np.bool_ = "auto",
        sample_weight: Any = None,
        steps: SupportsIndex | None = None,
        callbacks: Any = None,
        return_dict: Flag = False,
        **kwargs: Any,
    ) -> Any: ...
    def predict(
        self,
        x: Any,
        batch_size: SupportsIndex | None = None,
        verbose: str | SupportsIndex | bool | np.bool_ = "auto",
        steps: SupportsIndex | None = None,
        callbacks: Any = None,
    ) -> Any: ...
    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: Flag = False
    ) -> Any: ...
    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: Flag = False) -> Any: ...
    def predict_on_batch(self, x: Any) -> Any: ...

class Functional(Model):
    def __init__(
        self,
        inputs: Any,
        outputs: Any,
        name: str | None = None,
        *,
        mode: ModeLike | None = None,
        dims: Mapping[str, int | None] | None = None,
        **kwargs: Any,
    ) -> None: ...

def settle(model: Any, mode: ModeLike | None, dims: Mapping[str, int | None] | None) -> None: ...
