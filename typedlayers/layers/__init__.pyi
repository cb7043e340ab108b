# Made by `python -m tools.stubs` of Keras 3.15.1
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self, SupportsFloat, SupportsIndex

import numpy as np
from keras import layers as _keras
from keras.layers import FlaxLayer as FlaxLayer
from keras.layers import InputLayer as InputLayer
from keras.layers import InputSpec as InputSpec
from keras.layers import JaxLayer as JaxLayer
from keras.layers import TFSMLayer as TFSMLayer
from keras.layers import TorchModuleWrapper as TorchModuleWrapper
from keras.layers import deserialize as deserialize
from keras.layers import serialize as serialize

from typedlayers._typing.bases import LayerBase as _LayerBase
from typedlayers._typing.hints import Axes, Flag, Function, HasShape, Initializer, Number, Shape, Sizes, Tensors

class Layer(_LayerBase):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class Activation(_keras.Activation, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        activation: Function,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class ActivityRegularization(_keras.ActivityRegularization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        l1: Number | None = 0.0,
        l2: Number | None = 0.0,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AdaptiveAveragePooling1D(_keras.AdaptiveAveragePooling1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        output_size: Sizes,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AdaptiveAveragePooling2D(_keras.AdaptiveAveragePooling2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        output_size: Sizes,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AdaptiveAveragePooling3D(_keras.AdaptiveAveragePooling3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        output_size: Sizes,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AdaptiveMaxPooling1D(_keras.AdaptiveMaxPooling1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        output_size: Sizes,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AdaptiveMaxPooling2D(_keras.AdaptiveMaxPooling2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        output_size: Sizes,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AdaptiveMaxPooling3D(_keras.AdaptiveMaxPooling3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        output_size: Sizes,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Add(_keras.Add, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AdditiveAttention(_keras.AdditiveAttention, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        use_scale: Flag = True,
        dropout: Number = 0.0,
        *,
        score_mode: Any = "dot",
        seed: SupportsIndex | None = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self,
        inputs: Tensors,
        mask: Any = None,
        training: Flag = False,
        return_attention_scores: Any = False,
        use_causal_mask: Any = False,
    ) -> Any: ...

class AlphaDropout(_keras.AlphaDropout, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        rate: Number,
        noise_shape: Shape | None = None,
        seed: SupportsIndex | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = False) -> Any: ...

class Attention(_keras.Attention, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        use_scale: Flag = False,
        score_mode: Any = "dot",
        dropout: Number = 0.0,
        seed: SupportsIndex | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self,
        inputs: Tensors,
        mask: Any = None,
        training: Flag = False,
        return_attention_scores: Any = False,
        use_causal_mask: Any = False,
    ) -> Any: ...

class AugMix(_keras.AugMix, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        value_range: Any = (0, 255),
        num_chains: SupportsIndex = 3,
        chain_depth: SupportsIndex = 3,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 0.3,
        alpha: Number = 1.0,
        all_ops: Flag = True,
        interpolation: Any = "bilinear",
        seed: Any = None,
        data_format: str | None = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class AutoContrast(_keras.AutoContrast, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        value_range: Any = (0, 255),
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        data_format: str | None = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class Average(_keras.Average, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AveragePooling1D(_keras.AveragePooling1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        pool_size: Sizes,
        strides: Sizes | None = None,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        name: str | None = None,
        *,
        pool_mode: Any = "max",
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AveragePooling2D(_keras.AveragePooling2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        pool_size: Sizes,
        strides: Sizes | None = None,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        name: str | None = None,
        *,
        pool_mode: Any = "max",
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class AveragePooling3D(_keras.AveragePooling3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        pool_size: Sizes,
        strides: Sizes | None = None,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        name: str | None = None,
        *,
        pool_mode: Any = "max",
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

AvgPool1D = AveragePooling1D

AvgPool2D = AveragePooling2D

AvgPool3D = AveragePooling3D

class BatchNormalization(_keras.BatchNormalization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        axis: Axes = -1,
        momentum: Number = 0.99,
        epsilon: Number = 0.001,
        center: Flag = True,
        scale: Flag = True,
        beta_initializer: Initializer = "zeros",
        gamma_initializer: Initializer = "ones",
        moving_mean_initializer: Initializer = "zeros",
        moving_variance_initializer: Initializer = "ones",
        beta_regularizer: Function = None,
        gamma_regularizer: Function = None,
        beta_constraint: Function = None,
        gamma_constraint: Function = None,
        renorm: Flag = False,
        renorm_clipping: Mapping[str, Any] | None = None,
        renorm_momentum: Number = 0.99,
        synchronized: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = None, mask: Any = None) -> Any: ...

class Bidirectional(_keras.Bidirectional, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Any = None,
        backward_layer: Any = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self, sequences: Tensors, initial_state: Any = None, mask: Any = None, training: Flag = None
    ) -> Any: ...

class CategoryEncoding(_keras.CategoryEncoding, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        num_tokens: SupportsIndex | None = None,
        output_mode: str = "multi_hot",
        sparse: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, count_weights: Any = None, *, training: Flag = None) -> Any: ...

class CenterCrop(_keras.CenterCrop, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        height: SupportsIndex,
        width: SupportsIndex,
        data_format: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class Concatenate(_keras.Concatenate, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        axis: Axes = -1,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class ContrastLimitedAdaptiveHistogramEqualization(_keras.ContrastLimitedAdaptiveHistogramEqualization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        value_range: Any = (0, 255),
        clip_limit: Number = 4.0,
        tile_grid_size: Any = (8, 8),
        data_format: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class Conv1D(_keras.Conv1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = 1,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        dilation_rate: Sizes = 1,
        groups: SupportsIndex = 1,
        activation: Function = None,
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        lora_rank: SupportsIndex | None = None,
        lora_alpha: Number | None = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Conv1DTranspose(_keras.Conv1DTranspose, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = 1,
        padding: str | Sequence[Any] = "valid",
        output_padding: Sizes | None = None,
        data_format: str | None = None,
        dilation_rate: Sizes = 1,
        activation: Function = None,
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        trainable: Flag = True,
        name: str | None = None,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Conv2D(_keras.Conv2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = (1, 1),
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        dilation_rate: Sizes = (1, 1),
        groups: SupportsIndex = 1,
        activation: Function = None,
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        lora_rank: SupportsIndex | None = None,
        lora_alpha: Number | None = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Conv2DTranspose(_keras.Conv2DTranspose, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = (1, 1),
        padding: str | Sequence[Any] = "valid",
        output_padding: Sizes | None = None,
        data_format: str | None = None,
        dilation_rate: Sizes = (1, 1),
        activation: Function = None,
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        trainable: Flag = True,
        name: str | None = None,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Conv3D(_keras.Conv3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = (1, 1, 1),
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        dilation_rate: Sizes = (1, 1, 1),
        groups: SupportsIndex = 1,
        activation: Function = None,
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        lora_rank: SupportsIndex | None = None,
        lora_alpha: Number | None = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Conv3DTranspose(_keras.Conv3DTranspose, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = (1, 1, 1),
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        output_padding: Sizes | None = None,
        dilation_rate: Sizes = (1, 1, 1),
        activation: Function = None,
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        trainable: Flag = True,
        name: str | None = None,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class ConvLSTM1D(_keras.ConvLSTM1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = 1,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        dilation_rate: Sizes = 1,
        activation: Function = "tanh",
        recurrent_activation: Function = "sigmoid",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        unit_forget_bias: Flag = True,
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        seed: SupportsIndex | None = None,
        return_sequences: Flag = False,
        return_state: Flag = False,
        go_backwards: Flag = False,
        stateful: Flag = False,
        *,
        unroll: Flag = False,
        zero_output_for_mask: Flag = False,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self, sequences: Tensors, initial_state: Any = None, mask: Any = None, training: Flag = False
    ) -> Any: ...

class ConvLSTM2D(_keras.ConvLSTM2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = 1,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        dilation_rate: Sizes = 1,
        activation: Function = "tanh",
        recurrent_activation: Function = "sigmoid",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        unit_forget_bias: Flag = True,
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        seed: SupportsIndex | None = None,
        return_sequences: Flag = False,
        return_state: Flag = False,
        go_backwards: Flag = False,
        stateful: Flag = False,
        *,
        unroll: Flag = False,
        zero_output_for_mask: Flag = False,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self, sequences: Tensors, initial_state: Any = None, mask: Any = None, training: Flag = False
    ) -> Any: ...

class ConvLSTM3D(_keras.ConvLSTM3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = 1,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        dilation_rate: Sizes = 1,
        activation: Function = "tanh",
        recurrent_activation: Function = "sigmoid",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        unit_forget_bias: Flag = True,
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        seed: SupportsIndex | None = None,
        return_sequences: Flag = False,
        return_state: Flag = False,
        go_backwards: Flag = False,
        stateful: Flag = False,
        *,
        unroll: Flag = False,
        zero_output_for_mask: Flag = False,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self, sequences: Tensors, initial_state: Any = None, mask: Any = None, training: Flag = False
    ) -> Any: ...

Convolution1D = Conv1D

Convolution1DTranspose = Conv1DTranspose

Convolution2D = Conv2D

Convolution2DTranspose = Conv2DTranspose

Convolution3D = Conv3D

Convolution3DTranspose = Conv3DTranspose

class Cropping1D(_keras.Cropping1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        cropping: SupportsIndex
        | Sequence[SupportsFloat | Sequence[SupportsFloat] | HasShape | Iterator[Any]]
        | Iterator[Any] = (1, 1),
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Cropping2D(_keras.Cropping2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        cropping: SupportsIndex
        | Sequence[SupportsFloat | Sequence[SupportsFloat] | HasShape | Iterator[Any]]
        | Iterator[Any] = ...,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Cropping3D(_keras.Cropping3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        cropping: SupportsIndex
        | Sequence[SupportsFloat | Sequence[SupportsFloat] | HasShape | Iterator[Any]]
        | Iterator[Any] = ...,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class CutMix(_keras.CutMix, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 1.0,
        seed: Any = None,
        data_format: str | None = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class Dense(_keras.Dense, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        units: SupportsIndex,
        activation: Function = None,
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        lora_rank: SupportsIndex | None = None,
        lora_alpha: Number | None = None,
        quantization_config: Any = None,
        *,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = None) -> Any: ...

class DepthwiseConv1D(_keras.DepthwiseConv1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        kernel_size: Sizes,
        strides: Sizes | None = 1,
        padding: str | Sequence[Any] = "valid",
        depth_multiplier: SupportsIndex = 1,
        data_format: str | None = None,
        dilation_rate: Sizes = 1,
        activation: Function = None,
        use_bias: Flag = True,
        depthwise_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        depthwise_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        depthwise_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        trainable: Flag = True,
        name: str | None = None,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class DepthwiseConv2D(_keras.DepthwiseConv2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        kernel_size: Sizes,
        strides: Sizes | None = (1, 1),
        padding: str | Sequence[Any] = "valid",
        depth_multiplier: SupportsIndex = 1,
        data_format: str | None = None,
        dilation_rate: Sizes = (1, 1),
        activation: Function = None,
        use_bias: Flag = True,
        depthwise_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        depthwise_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        depthwise_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        trainable: Flag = True,
        name: str | None = None,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Discretization(_keras.Discretization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        bin_boundaries: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        num_bins: SupportsIndex | None = None,
        epsilon: Number = 0.01,
        output_mode: str = "int",
        sparse: Flag = False,
        dtype: Any = None,
        name: str | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Dot(_keras.Dot, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        axes: Axes,
        normalize: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Dropout(_keras.Dropout, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        rate: Number,
        noise_shape: Shape | None = None,
        seed: SupportsIndex | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = False) -> Any: ...

class ELU(_keras.ELU, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        alpha: Number = 1.0,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class EinsumDense(_keras.EinsumDense, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        equation: str,
        output_shape: SupportsIndex | Sequence[SupportsIndex | None] | HasShape | Iterator[Any],
        activation: Function = None,
        bias_axes: str | Sequence[str] | None = None,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        lora_rank: SupportsIndex | None = None,
        lora_alpha: Number | None = None,
        gptq_unpacked_column_size: Any = None,
        quantization_config: Any = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = None) -> Any: ...

class Embedding(_keras.Embedding, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        input_dim: SupportsIndex,
        output_dim: SupportsIndex,
        embeddings_initializer: Initializer = "uniform",
        embeddings_regularizer: Function = None,
        embeddings_constraint: Function = None,
        mask_zero: Flag = False,
        weights: Any = None,
        lora_rank: SupportsIndex | None = None,
        lora_alpha: Number | None = None,
        quantization_config: Any = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Equalization(_keras.Equalization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        value_range: Any = (0, 255),
        bins: SupportsIndex = 256,
        data_format: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class Flatten(_keras.Flatten, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class GRU(_keras.GRU, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        units: SupportsIndex,
        activation: Function = "tanh",
        recurrent_activation: Function = "sigmoid",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        seed: SupportsIndex | None = None,
        return_sequences: Flag = False,
        return_state: Flag = False,
        go_backwards: Flag = False,
        stateful: Flag = False,
        unroll: Flag = False,
        reset_after: Flag = True,
        use_cudnn: str | bool | np.bool_ = "auto",
        *,
        zero_output_for_mask: Flag = False,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self, sequences: Tensors, initial_state: Any = None, mask: Any = None, training: Flag = False
    ) -> Any: ...

class GRUCell(_keras.GRUCell, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        units: SupportsIndex,
        activation: Function = "tanh",
        recurrent_activation: Function = "sigmoid",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        reset_after: Flag = True,
        seed: SupportsIndex | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, states: Any, training: Flag = False) -> Any: ...

class GaussianDropout(_keras.GaussianDropout, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        rate: Number,
        seed: SupportsIndex | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = False) -> Any: ...

class GaussianNoise(_keras.GaussianNoise, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        stddev: Number,
        seed: SupportsIndex | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = False) -> Any: ...

class GlobalAveragePooling1D(_keras.GlobalAveragePooling1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        data_format: str | None = None,
        keepdims: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, mask: Any = None, *, training: Flag = None) -> Any: ...

class GlobalAveragePooling2D(_keras.GlobalAveragePooling2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        data_format: str | None = None,
        keepdims: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class GlobalAveragePooling3D(_keras.GlobalAveragePooling3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        data_format: str | None = None,
        keepdims: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

GlobalAvgPool1D = GlobalAveragePooling1D

GlobalAvgPool2D = GlobalAveragePooling2D

GlobalAvgPool3D = GlobalAveragePooling3D

GlobalMaxPool1D = GlobalMaxPooling1D

GlobalMaxPool2D = GlobalMaxPooling2D

GlobalMaxPool3D = GlobalMaxPooling3D

class GlobalMaxPooling1D(_keras.GlobalMaxPooling1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        data_format: str | None = None,
        keepdims: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class GlobalMaxPooling2D(_keras.GlobalMaxPooling2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        data_format: str | None = None,
        keepdims: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class GlobalMaxPooling3D(_keras.GlobalMaxPooling3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        data_format: str | None = None,
        keepdims: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class GroupNormalization(_keras.GroupNormalization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        groups: SupportsIndex = 32,
        axis: Axes = -1,
        epsilon: Number = 0.001,
        center: Flag = True,
        scale: Flag = True,
        beta_initializer: Initializer = "zeros",
        gamma_initializer: Initializer = "ones",
        beta_regularizer: Function = None,
        gamma_regularizer: Function = None,
        beta_constraint: Function = None,
        gamma_constraint: Function = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class GroupQueryAttention(_keras.GroupQueryAttention, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        head_dim: SupportsIndex,
        num_query_heads: SupportsIndex,
        num_key_value_heads: SupportsIndex,
        dropout: Number = 0.0,
        use_bias: Flag = True,
        sliding_window: Any = None,
        flash_attention: Any = None,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        use_gate: Flag = False,
        seed: SupportsIndex | None = None,
        *,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self,
        query: Tensors,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: Any = False,
        training: Flag = None,
        use_causal_mask: Any = False,
    ) -> Any: ...

class HashedCrossing(_keras.HashedCrossing, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        num_bins: SupportsIndex,
        output_mode: str = "int",
        sparse: Flag = False,
        name: str | None = None,
        dtype: Any = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Hashing(_keras.Hashing, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        num_bins: SupportsIndex,
        mask_value: Any = None,
        salt: Any = None,
        output_mode: str = "int",
        sparse: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Identity(_keras.Identity, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class IntegerLookup(_keras.IntegerLookup, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        max_tokens: SupportsIndex | None = None,
        num_oov_indices: SupportsIndex = 1,
        mask_token: Any = None,
        oov_token: Any = -1,
        vocabulary: Any = None,
        vocabulary_dtype: str = "int64",
        idf_weights: Any = None,
        invert: Flag = False,
        output_mode: str = "int",
        sparse: Flag = False,
        pad_to_max_tokens: Flag = False,
        oov_method: Any = "floormod",
        salt: Any = None,
        name: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class LSTM(_keras.LSTM, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        units: SupportsIndex,
        activation: Function = "tanh",
        recurrent_activation: Function = "sigmoid",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        unit_forget_bias: Flag = True,
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        seed: SupportsIndex | None = None,
        return_sequences: Flag = False,
        return_state: Flag = False,
        go_backwards: Flag = False,
        stateful: Flag = False,
        unroll: Flag = False,
        use_cudnn: str | bool | np.bool_ = "auto",
        *,
        zero_output_for_mask: Flag = False,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self, sequences: Tensors, initial_state: Any = None, mask: Any = None, training: Flag = False
    ) -> Any: ...

class LSTMCell(_keras.LSTMCell, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        units: SupportsIndex,
        activation: Function = "tanh",
        recurrent_activation: Function = "sigmoid",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        unit_forget_bias: Flag = True,
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        seed: SupportsIndex | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, states: Any, training: Flag = False) -> Any: ...

class Lambda(_keras.Lambda, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, mask: Any = None, training: Flag = None) -> Any: ...

class LayerNormalization(_keras.LayerNormalization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        axis: Axes = -1,
        epsilon: Number = 0.001,
        center: Flag = True,
        scale: Flag = True,
        beta_initializer: Initializer = "zeros",
        gamma_initializer: Initializer = "ones",
        beta_regularizer: Function = None,
        gamma_regularizer: Function = None,
        beta_constraint: Function = None,
        gamma_constraint: Function = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class LeakyReLU(_keras.LeakyReLU, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        negative_slope: Number = 0.3,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Masking(_keras.Masking, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        mask_value: Any = 0.0,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class MaxNumBoundingBoxes(_keras.MaxNumBoundingBoxes, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        max_number: SupportsIndex,
        fill_value: Number | None = -1,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        data_format: str | None = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

MaxPool1D = MaxPooling1D

MaxPool2D = MaxPooling2D

MaxPool3D = MaxPooling3D

class MaxPooling1D(_keras.MaxPooling1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        pool_size: Sizes = 2,
        strides: Sizes | None = None,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        name: str | None = None,
        *,
        pool_mode: Any = "max",
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class MaxPooling2D(_keras.MaxPooling2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        pool_size: Sizes = (2, 2),
        strides: Sizes | None = None,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        name: str | None = None,
        *,
        pool_mode: Any = "max",
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class MaxPooling3D(_keras.MaxPooling3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        pool_size: Sizes = (2, 2, 2),
        strides: Sizes | None = None,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        name: str | None = None,
        *,
        pool_mode: Any = "max",
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Maximum(_keras.Maximum, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class MelSpectrogram(_keras.MelSpectrogram, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        fft_length: SupportsIndex = 2048,
        sequence_stride: SupportsIndex = 512,
        sequence_length: SupportsIndex | None = None,
        window: Any = "hann",
        sampling_rate: Number = 16000,
        num_mel_bins: SupportsIndex = 128,
        min_freq: Number = 20.0,
        max_freq: Number | None = None,
        power_to_db: Flag = True,
        top_db: Number | None = 80.0,
        mag_exp: Number = 2.0,
        min_power: Number = 1e-10,
        ref_power: Number = 1.0,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Minimum(_keras.Minimum, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class MixUp(_keras.MixUp, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        alpha: Number = 0.2,
        data_format: str | None = None,
        seed: Any = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class MultiHeadAttention(_keras.MultiHeadAttention, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        num_heads: SupportsIndex,
        key_dim: SupportsIndex,
        value_dim: SupportsIndex | None = None,
        dropout: Number = 0.0,
        use_bias: Flag = True,
        output_shape: Axes | None = None,
        attention_axes: Axes | None = None,
        sliding_window: Any = None,
        flash_attention: Any = None,
        kernel_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        bias_constraint: Function = None,
        use_gate: Flag = False,
        seed: SupportsIndex | None = None,
        *,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self,
        query: Tensors,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: Any = False,
        training: Flag = None,
        use_causal_mask: Any = False,
    ) -> Any: ...

class Multiply(_keras.Multiply, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Normalization(_keras.Normalization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        axis: Axes | None = -1,
        mean: Any = None,
        variance: Any = None,
        invert: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class PReLU(_keras.PReLU, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        alpha_initializer: Initializer = "Zeros",
        alpha_regularizer: Function = None,
        alpha_constraint: Function = None,
        shared_axes: Axes | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Permute(_keras.Permute, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        dims: Axes,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Pipeline(_keras.Pipeline, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(self, layers: Any, name: str | None = None) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = True, mask: Any = None) -> Any: ...

class RMSNormalization(_keras.RMSNormalization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        axis: Axes = -1,
        epsilon: Number = 1e-06,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, x: Tensors, *, training: Flag = None) -> Any: ...

class RNN(_keras.RNN, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        cell: Any,
        return_sequences: Flag = False,
        return_state: Flag = False,
        go_backwards: Flag = False,
        stateful: Flag = False,
        unroll: Flag = False,
        zero_output_for_mask: Flag = False,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self, sequences: Tensors, initial_state: Any = None, mask: Any = None, training: Flag = False
    ) -> Any: ...

class RandAugment(_keras.RandAugment, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        value_range: Any = (0, 255),
        num_ops: SupportsIndex = 2,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 0.5,
        interpolation: Any = "bilinear",
        seed: Any = None,
        data_format: str | None = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomBrightness(_keras.RandomBrightness, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None,
        value_range: Any = (0, 255),
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        data_format: str | None = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomColorDegeneration(_keras.RandomColorDegeneration, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomColorJitter(_keras.RandomColorJitter, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        value_range: Any = (0, 255),
        brightness_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        contrast_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        saturation_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        hue_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        seed: Any = None,
        data_format: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomContrast(_keras.RandomContrast, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None,
        value_range: Any = (0, 255),
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        data_format: str | None = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomCrop(_keras.RandomCrop, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        height: SupportsIndex,
        width: SupportsIndex,
        seed: Any = None,
        data_format: str | None = None,
        name: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomElasticTransform(_keras.RandomElasticTransform, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 1.0,
        scale: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None = 1.0,
        interpolation: Any = "bilinear",
        fill_mode: Any = "reflect",
        fill_value: Number | None = 0.0,
        value_range: Any = (0, 255),
        seed: Any = None,
        data_format: str | None = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomErasing(_keras.RandomErasing, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 1.0,
        scale: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None = (
            0.02,
            0.33,
        ),
        fill_value: Number | None = None,
        value_range: Any = (0, 255),
        seed: Any = None,
        data_format: str | None = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomFlip(_keras.RandomFlip, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        mode: Any = "horizontal_and_vertical",
        seed: Any = None,
        data_format: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomGaussianBlur(_keras.RandomGaussianBlur, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 1.0,
        kernel_size: Any = 3,
        sigma: Any = 1.0,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomGrayscale(_keras.RandomGrayscale, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 0.5,
        data_format: str | None = None,
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomHue(_keras.RandomHue, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomInvert(_keras.RandomInvert, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 1.0,
        value_range: Any = (0, 255),
        seed: Any = None,
        data_format: str | None = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomPerspective(_keras.RandomPerspective, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 1.0,
        scale: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None = 1.0,
        interpolation: Any = "bilinear",
        fill_value: Number | None = 0.0,
        seed: Any = None,
        data_format: str | None = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomPosterization(_keras.RandomPosterization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomRotation(_keras.RandomRotation, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None,
        fill_mode: Any = "reflect",
        interpolation: Any = "bilinear",
        seed: Any = None,
        fill_value: Number | None = 0.0,
        data_format: str | None = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomSaturation(_keras.RandomSaturation, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomSharpness(_keras.RandomSharpness, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        factor: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape | None,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: Any = None,
        *,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomShear(_keras.RandomShear, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        x_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 0.0,
        y_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 0.0,
        interpolation: Any = "bilinear",
        fill_mode: Any = "reflect",
        fill_value: Number | None = 0.0,
        data_format: str | None = None,
        seed: Any = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomTranslation(_keras.RandomTranslation, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        height_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None,
        width_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None,
        fill_mode: Any = "reflect",
        interpolation: Any = "bilinear",
        seed: Any = None,
        fill_value: Number | None = 0.0,
        data_format: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class RandomZoom(_keras.RandomZoom, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        height_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None,
        width_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        fill_mode: Any = "reflect",
        interpolation: Any = "bilinear",
        seed: Any = None,
        fill_value: Number | None = 0.0,
        data_format: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class ReLU(_keras.ReLU, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        max_value: Number | None = None,
        negative_slope: Number = 0.0,
        threshold: Number = 0.0,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class RepeatVector(_keras.RepeatVector, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        n: SupportsIndex,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Rescaling(_keras.Rescaling, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        scale: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape,
        offset: SupportsFloat | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape] | HasShape = 0.0,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Reshape(_keras.Reshape, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        target_shape: Shape,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Resizing(_keras.Resizing, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        height: SupportsIndex,
        width: SupportsIndex,
        interpolation: Any = "bilinear",
        crop_to_aspect_ratio: Flag = False,
        pad_to_aspect_ratio: Flag = False,
        fill_mode: Any = "constant",
        fill_value: Number | None = 0.0,
        antialias: Flag = False,
        data_format: str | None = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class ReversibleEmbedding(_keras.ReversibleEmbedding, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        input_dim: SupportsIndex,
        output_dim: SupportsIndex,
        tie_weights: Flag = True,
        embeddings_initializer: Initializer = "uniform",
        embeddings_regularizer: Function = None,
        embeddings_constraint: Function = None,
        mask_zero: Flag = False,
        reverse_dtype: Any = None,
        logit_soft_cap: Any = None,
        *,
        weights: Any = None,
        lora_rank: SupportsIndex | None = None,
        lora_alpha: Number | None = None,
        quantization_config: Any = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, reverse: Any = False, *, training: Flag = None) -> Any: ...

class STFTSpectrogram(_keras.STFTSpectrogram, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        mode: str = "log",
        frame_length: SupportsIndex = 256,
        frame_step: SupportsIndex | None = None,
        fft_length: SupportsIndex | None = None,
        window: Any = "hann",
        periodic: Flag = False,
        scaling: Any = "density",
        padding: str | Sequence[Any] = "valid",
        expand_dims: Flag = False,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class SeparableConv1D(_keras.SeparableConv1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = 1,
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        dilation_rate: Sizes = 1,
        depth_multiplier: SupportsIndex = 1,
        activation: Function = None,
        use_bias: Flag = True,
        depthwise_initializer: Initializer = "glorot_uniform",
        pointwise_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        depthwise_regularizer: Function = None,
        pointwise_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        depthwise_constraint: Function = None,
        pointwise_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        trainable: Flag = True,
        name: str | None = None,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class SeparableConv2D(_keras.SeparableConv2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        filters: SupportsIndex,
        kernel_size: Sizes,
        strides: Sizes | None = (1, 1),
        padding: str | Sequence[Any] = "valid",
        data_format: str | None = None,
        dilation_rate: Sizes = (1, 1),
        depth_multiplier: SupportsIndex = 1,
        activation: Function = None,
        use_bias: Flag = True,
        depthwise_initializer: Initializer = "glorot_uniform",
        pointwise_initializer: Initializer = "glorot_uniform",
        bias_initializer: Initializer = "zeros",
        depthwise_regularizer: Function = None,
        pointwise_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        depthwise_constraint: Function = None,
        pointwise_constraint: Function = None,
        bias_constraint: Function = None,
        *,
        trainable: Flag = True,
        name: str | None = None,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

SeparableConvolution1D = SeparableConv1D

SeparableConvolution2D = SeparableConv2D

class SimpleRNN(_keras.SimpleRNN, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        units: SupportsIndex,
        activation: Function = "tanh",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        activity_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        return_sequences: Flag = False,
        return_state: Flag = False,
        go_backwards: Flag = False,
        stateful: Flag = False,
        unroll: Flag = False,
        seed: SupportsIndex | None = None,
        *,
        zero_output_for_mask: Flag = False,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(
        self, sequences: Tensors, initial_state: Any = None, mask: Any = None, training: Flag = False
    ) -> Any: ...

class SimpleRNNCell(_keras.SimpleRNNCell, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        units: SupportsIndex,
        activation: Function = "tanh",
        use_bias: Flag = True,
        kernel_initializer: Initializer = "glorot_uniform",
        recurrent_initializer: Initializer = "orthogonal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Function = None,
        recurrent_regularizer: Function = None,
        bias_regularizer: Function = None,
        kernel_constraint: Function = None,
        recurrent_constraint: Function = None,
        bias_constraint: Function = None,
        dropout: Number = 0.0,
        recurrent_dropout: Number = 0.0,
        seed: SupportsIndex | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, sequence: Tensors, states: Any, training: Flag = False) -> Any: ...

class Softmax(_keras.Softmax, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        axis: Axes = -1,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, mask: Any = None, *, training: Flag = None) -> Any: ...

class Solarization(_keras.Solarization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        addition_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 0.0,
        threshold_factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = 0.0,
        value_range: Any = (0, 255),
        seed: Any = None,
        *,
        factor: SupportsFloat
        | Sequence[SupportsFloat | list[Any] | tuple[Any, ...] | HasShape]
        | HasShape
        | None = None,
        bounding_box_format: Any = None,
        data_format: str | None = None,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, data: Tensors, training: Flag = True) -> Any: ...

class SpatialDropout1D(_keras.SpatialDropout1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self, rate: Number, seed: SupportsIndex | None = None, name: str | None = None, dtype: Any = None
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = False) -> Any: ...

class SpatialDropout2D(_keras.SpatialDropout2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        rate: Number,
        data_format: str | None = None,
        seed: SupportsIndex | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = False) -> Any: ...

class SpatialDropout3D(_keras.SpatialDropout3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        rate: Number,
        data_format: str | None = None,
        seed: SupportsIndex | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = False) -> Any: ...

class SpectralNormalization(_keras.SpectralNormalization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        layer: Any,
        power_iterations: SupportsIndex = 1,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = False) -> Any: ...

class StackedRNNCells(_keras.StackedRNNCells, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        cells: Any,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, states: Any, training: Flag = False, **kwargs: Any) -> Any: ...

class StringLookup(_keras.StringLookup, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        max_tokens: SupportsIndex | None = None,
        num_oov_indices: SupportsIndex = 1,
        mask_token: Any = None,
        oov_token: Any = "[UNK]",
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: Flag = False,
        output_mode: str = "int",
        pad_to_max_tokens: Flag = False,
        sparse: Flag = False,
        encoding: str = "utf-8",
        name: str | None = None,
        salt: Any = None,
        *,
        oov_method: Any = "floormod",
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Subtract(_keras.Subtract, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class TextVectorization(_keras.TextVectorization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        max_tokens: SupportsIndex | None = None,
        standardize: Any = "lower_and_strip_punctuation",
        split: Any = "whitespace",
        ngrams: Any = None,
        output_mode: str = "int",
        output_sequence_length: SupportsIndex | None = None,
        pad_to_max_tokens: Flag = False,
        vocabulary: Any = None,
        idf_weights: Any = None,
        sparse: Flag = False,
        ragged: Flag = False,
        encoding: str = "utf-8",
        name: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class TimeDistributed(_keras.TimeDistributed, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        layer: Any,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, training: Flag = None, mask: Any = None) -> Any: ...

class UnitNormalization(_keras.UnitNormalization, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        axis: Axes = -1,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class UpSampling1D(_keras.UpSampling1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        size: Sizes = 2,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class UpSampling2D(_keras.UpSampling2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        size: Sizes = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class UpSampling3D(_keras.UpSampling3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        size: Sizes = (2, 2, 2),
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class Wrapper(_keras.Wrapper, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        layer: Any,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class ZeroPadding1D(_keras.ZeroPadding1D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        padding: SupportsIndex
        | Sequence[SupportsFloat | Sequence[SupportsFloat] | HasShape | Iterator[Any]]
        | Iterator[Any] = 1,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class ZeroPadding2D(_keras.ZeroPadding2D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        padding: SupportsIndex
        | Sequence[SupportsFloat | Sequence[SupportsFloat] | HasShape | Iterator[Any]]
        | Iterator[Any] = (1, 1),
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

class ZeroPadding3D(_keras.ZeroPadding3D, Layer):
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __init__(
        self,
        padding: SupportsIndex
        | Sequence[SupportsFloat | Sequence[SupportsFloat] | HasShape | Iterator[Any]]
        | Iterator[Any] = ...,
        data_format: str | None = None,
        *,
        activity_regularizer: Function = None,
        trainable: Flag = True,
        dtype: Any = None,
        autocast: Flag = True,
        name: str | None = None,
        input_shape: Shape | None = None,
        input_dim: SupportsIndex | None = None,
    ) -> None: ...
    def __call__(self, inputs: Tensors, *, training: Flag = None) -> Any: ...

def Input(
    shape: Shape | None = None,
    batch_size: SupportsIndex | None = None,
    dtype: Any = None,
    sparse: Flag = None,
    ragged: Flag = None,
    batch_shape: Shape | None = None,
    name: str | None = None,
    tensor: Any = None,
    optional: Flag = False,
) -> Any: ...
def add(inputs: Sequence[Any], **kwargs: Any) -> Any: ...
def average(inputs: Sequence[Any], **kwargs: Any) -> Any: ...
def concatenate(inputs: Sequence[Any], axis: Axes = -1, **kwargs: Any) -> Any: ...
def dot(inputs: Sequence[Any], axes: Any = -1, **kwargs: Any) -> Any: ...
def maximum(inputs: Sequence[Any], **kwargs: Any) -> Any: ...
def minimum(inputs: Sequence[Any], **kwargs: Any) -> Any: ...
def multiply(inputs: Sequence[Any], **kwargs: Any) -> Any: ...
def subtract(inputs: Sequence[Any], **kwargs: Any) -> Any: ...
