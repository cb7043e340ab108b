"""Constructor arguments: what Keras takes passes, what has a wrong type does not."""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest
import typeguard

from typedlayers.catalogue import CONTRACTS
from typedlayers.catalogue.parameters import PARAMETERS, parameter_type

L = keras.layers


def fits(layer: str, parameter: str, value: object) -> bool:
    hint = parameter_type(CONTRACTS[layer], parameter)
    assert hint is not None, f"{layer} says nothing of {parameter}"
    try:
        typeguard.check_type(value, hint)
    except typeguard.TypeCheckError:
        return False
    return True


ACCEPTED = [
    # layer, arguments that Keras takes
    ("Dense", {"units": 3, "activation": "relu", "kernel_initializer": "he_normal", "kernel_regularizer": "l2"}),
    ("Dense", {"units": 3, "activation": keras.activations.relu, "use_bias": 0, "bias_constraint": "non_neg"}),
    ("Dense", {"units": 3, "activation": L.ReLU(), "use_bias": np.bool_(True), "lora_rank": 2, "lora_alpha": 0.5}),
    ("Dense", {"units": 3, "kernel_initializer": {"class_name": "HeNormal", "config": {}}, "bias_initializer": None}),
    ("Dense", {"units": 3, "kernel_initializer": np.ones((2, 3)), "activity_regularizer": keras.regularizers.L2()}),
    ("Dense", {"units": 3, "kernel_initializer": keras.initializers.Zeros, "kernel_constraint": lambda w: w}),
    ("Dense", {"units": 3, "kernel_initializer": keras.ops.ones((2, 3))}),
    ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "c"}),
    ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [None, 3], "bias_axes": None}),
    ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": (None, np.int64(3))}),
    ("Embedding", {"input_dim": 5, "output_dim": 3, "mask_zero": True, "embeddings_initializer": "uniform"}),
    ("Activation", {"activation": "tanh"}),
    ("Activation", {"activation": {"module": "builtins", "class_name": "function", "config": "relu"}}),
    ("Lambda", {"function": lambda x: x, "output_shape": (3,), "arguments": {"a": 1}, "mask": None}),
    ("Lambda", {"function": np.tanh, "output_shape": lambda shape: shape, "arguments": None}),
    ("Conv2D", {"filters": np.int64(3), "kernel_size": [3, 3], "strides": (1, 2), "padding": "SAME", "groups": 1}),
    ("Conv2D", {"filters": 3, "kernel_size": (np.int64(3), np.int32(2)), "data_format": "channels_last"}),
    ("Conv2D", {"filters": 3, "kernel_size": np.array([3, 3]), "dilation_rate": (2, 2), "data_format": None}),
    ("Conv2D", {"filters": 3, "kernel_size": range(2, 4), "strides": iter((1, 1))}),
    ("Conv2DTranspose", {"filters": 3, "kernel_size": 2, "strides": 2, "output_padding": (1, 0)}),
    ("Conv2DTranspose", {"filters": 3, "kernel_size": 2, "strides": 2, "output_padding": None}),
    ("DepthwiseConv2D", {"kernel_size": 2, "depth_multiplier": 2, "depthwise_initializer": "ones"}),
    ("SeparableConv2D", {"filters": 3, "kernel_size": 2, "pointwise_regularizer": keras.regularizers.L1(0.1)}),
    ("MaxPooling2D", {"pool_size": (2, 3), "strides": None, "padding": "same"}),
    ("AveragePooling1D", {"pool_size": [2], "strides": np.array([2])}),
    ("GlobalMaxPooling2D", {"keepdims": True, "data_format": "channels_first"}),
    ("AdaptiveMaxPooling2D", {"output_size": (2, 3)}),
    ("Flatten", {"data_format": "channels_last"}),
    ("Reshape", {"target_shape": (2, -1)}),
    ("Reshape", {"target_shape": [np.int64(2), 3]}),
    ("Reshape", {"target_shape": (None, 3)}),
    ("Reshape", {"target_shape": map(int, "23")}),
    ("Reshape", {"target_shape": np.array([2, 3])}),
    ("Permute", {"dims": [2, 1]}),
    ("RepeatVector", {"n": 3}),
    ("Cropping1D", {"cropping": 1}),
    ("Cropping1D", {"cropping": [1, 2]}),
    ("Cropping2D", {"cropping": ((1, 2), (3, 4))}),
    ("Cropping2D", {"cropping": [[1, 2], 3]}),
    ("Cropping3D", {"cropping": (1, 2, 3)}),
    ("ZeroPadding1D", {"padding": 1}),
    ("ZeroPadding2D", {"padding": ((1, 2), (3, 4))}),
    ("ZeroPadding2D", {"padding": np.array([[1, 2], [3, 4]])}),
    ("UpSampling1D", {"size": 2}),
    ("UpSampling2D", {"size": (2, 3), "interpolation": "bilinear"}),
    ("BatchNormalization", {"axis": np.int64(1), "momentum": np.float32(0.9), "epsilon": 1e-3, "scale": False}),
    ("BatchNormalization", {"renorm": True, "renorm_clipping": {"rmax": 2.0}, "moving_mean_initializer": "zeros"}),
    ("LayerNormalization", {"axis": [1, 2], "center": False, "beta_initializer": "zeros", "gamma_constraint": None}),
    ("GroupNormalization", {"groups": -1, "axis": -1}),
    ("UnitNormalization", {"axis": (1, 2)}),
    ("ReLU", {"max_value": np.float64(6), "negative_slope": 0, "threshold": np.array(0.5)}),
    ("ReLU", {"max_value": None}),
    ("ELU", {"alpha": 1}),
    ("PReLU", {"alpha_initializer": "zeros", "shared_axes": 1}),
    ("PReLU", {"alpha_regularizer": "l1", "shared_axes": (1, 2)}),
    ("Softmax", {"axis": (1, 2)}),
    ("Dropout", {"rate": 0.5, "noise_shape": (None, 1), "seed": 1}),
    ("Dropout", {"rate": 1, "noise_shape": [2, 1], "seed": None}),
    ("GaussianNoise", {"stddev": np.float32(0.1)}),
    ("ActivityRegularization", {"l1": 0.1, "l2": 1}),
    ("Rescaling", {"scale": 1 / 255, "offset": [0.1, 0.2, 0.3]}),
    ("Rescaling", {"scale": np.array([1.0, 2.0]), "offset": keras.ops.ones((2,))}),
    ("Rescaling", {"scale": [[1.0], [2.0]]}),
    ("Normalization", {"axis": None, "invert": True}),
    ("Normalization", {"axis": (1, 2)}),
]


ACCEPTED += [
    ("Concatenate", {"axis": np.int64(1)}),
    ("Dot", {"axes": [1, 2], "normalize": True}),
    ("Dot", {"axes": -1}),
    ("LSTM", {"units": np.int64(3), "recurrent_activation": "hard_sigmoid", "dropout": 0, "recurrent_dropout": 0.1}),
    ("LSTM", {"units": 3, "return_sequences": 1, "return_state": np.bool_(True), "use_cudnn": "auto"}),
    ("LSTM", {"units": 3, "unit_forget_bias": False, "stateful": True, "unroll": True, "use_cudnn": False}),
    ("GRU", {"units": 3, "reset_after": False, "go_backwards": True, "recurrent_initializer": "orthogonal"}),
    ("SimpleRNNCell", {"units": 3, "recurrent_regularizer": "l2", "recurrent_constraint": None, "seed": 1}),
    ("ConvLSTM2D", {"filters": 3, "kernel_size": [2, 3], "strides": 2, "padding": "SAME", "data_format": None}),
]


@pytest.mark.parametrize(("layer", "arguments"), ACCEPTED)
def test_accepted(layer, arguments):
    refused = [name for name, value in arguments.items() if not fits(layer, name, value)]
    assert refused == []
    if hasattr(L, layer):
        getattr(L, layer)(**arguments)


REFUSED = [
    # layer, parameter, value
    ("Dense", "units", "32"),
    ("Dense", "units", 32.0),
    ("Dense", "units", (32,)),
    ("Dense", "activation", 1),
    ("Dense", "use_bias", "yes"),
    ("Dense", "kernel_initializer", 0.5),
    ("Dense", "kernel_regularizer", 0.01),
    ("Dense", "lora_rank", "4"),
    ("EinsumDense", "equation", ("ab", "bc")),
    ("EinsumDense", "output_shape", "3"),
    ("Embedding", "input_dim", [100]),
    ("Embedding", "output_dim", 3.5),
    ("Activation", "activation", 0),
    ("Lambda", "function", "x + 1"),
    ("Lambda", "arguments", [1]),
    ("Conv2D", "filters", (3, 3)),
    ("Conv2D", "kernel_size", "3"),
    ("Conv2D", "kernel_size", None),
    ("Conv2D", "kernel_size", 3.0),
    ("Conv2D", "strides", "same"),
    ("Conv2D", "padding", 1),
    ("Conv2D", "data_format", 1),
    ("Conv2DTranspose", "output_padding", "1"),
    ("DepthwiseConv2D", "depth_multiplier", (1, 1)),
    ("SeparableConv2D", "pointwise_initializer", 1),
    ("MaxPooling2D", "pool_size", "2"),
    ("MaxPooling2D", "padding", None),
    ("GlobalMaxPooling2D", "keepdims", "yes"),
    ("AdaptiveMaxPooling2D", "output_size", "2"),
    ("Flatten", "data_format", ("channels_last",)),
    ("Reshape", "target_shape", 12),
    ("Reshape", "target_shape", "12"),
    ("Permute", "dims", "21"),
    ("RepeatVector", "n", [3]),
    ("Cropping2D", "cropping", "1"),
    ("ZeroPadding2D", "padding", "same"),
    ("UpSampling2D", "size", "2"),
    ("UpSampling2D", "interpolation", 1),
    ("BatchNormalization", "axis", "-1"),
    ("BatchNormalization", "momentum", "0.9"),
    ("BatchNormalization", "scale", "no"),
    ("BatchNormalization", "renorm_clipping", 2.0),
    ("LayerNormalization", "axis", 1.5),
    ("LayerNormalization", "epsilon", None),
    ("GroupNormalization", "groups", "8"),
    ("ReLU", "max_value", "6"),
    ("LeakyReLU", "negative_slope", None),
    ("ELU", "alpha", "1"),
    ("PReLU", "shared_axes", "1"),
    ("Softmax", "axis", "-1"),
    ("Dropout", "rate", "0.5"),
    ("Dropout", "noise_shape", 3),
    ("Dropout", "seed", "a seed"),
    ("GaussianNoise", "stddev", (0.1,)),
    ("ActivityRegularization", "l1", "l1"),
    ("Rescaling", "scale", "1/255"),
    ("Rescaling", "scale", None),
    ("Normalization", "axis", "-1"),
    ("LSTM", "units", "32"),
    ("GRU", "return_sequences", "yes"),
    ("SimpleRNN", "dropout", "0.1"),
    ("LSTMCell", "recurrent_activation", 1),
    ("ConvLSTM2D", "filters", (3, 3)),
    ("Bidirectional", "merge_mode", 1),
    ("SpectralNormalization", "power_iterations", 1.5),
]


@pytest.mark.parametrize(("layer", "parameter", "value"), REFUSED)
def test_refused(layer, parameter, value):
    assert not fits(layer, parameter, value)


ANYTHING = {
    "quantization_config",
    "gptq_unpacked_column_size",
    "weights",
    "mask_value",
    "mean",
    "variance",
    "mask",
    "dtype",
    # Keras says at once and clearly that these must be layers, or have a `call`
    "layer",
    "backward_layer",
    "cell",
    "cells",
}
"""Arguments of which nothing is said."""


@pytest.mark.parametrize("name", sorted(name for name in CONTRACTS if hasattr(L, name) and name != "InputLayer"))
def test_no_parameter_is_missing(name):
    cls = getattr(L, name)
    named = [p.name for p in inspect.signature(cls.__init__).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    unknown = {p for p in named[1:] if parameter_type(CONTRACTS[name], p) is None}
    assert unknown <= ANYTHING


@pytest.mark.parametrize("name", sorted(name for name in CONTRACTS if hasattr(L, name) and name != "InputLayer"))
def test_defaults_pass(name):
    for parameter in inspect.signature(getattr(L, name).__init__).parameters.values():
        if parameter.default is not parameter.empty and parameter_type(CONTRACTS[name], parameter.name) is not None:
            assert fits(name, parameter.name, parameter.default), parameter


def test_no_row_is_left_over():
    used = {
        p for name in CONTRACTS if hasattr(L, name) for p in inspect.signature(getattr(L, name).__init__).parameters
    }
    assert {name for name in PARAMETERS if name not in used} == set()
