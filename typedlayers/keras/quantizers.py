# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.quantizers``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.quantizers import AbsMaxQuantizer as AbsMaxQuantizer
    from keras.quantizers import AWQConfig as AWQConfig
    from keras.quantizers import Float8QuantizationConfig as Float8QuantizationConfig
    from keras.quantizers import GPTQConfig as GPTQConfig
    from keras.quantizers import Int4QuantizationConfig as Int4QuantizationConfig
    from keras.quantizers import Int8QuantizationConfig as Int8QuantizationConfig
    from keras.quantizers import QuantizationConfig as QuantizationConfig
    from keras.quantizers import Quantizer as Quantizer
    from keras.quantizers import abs_max_quantize as abs_max_quantize
    from keras.quantizers import abs_max_quantize_grouped_with_zero_point as abs_max_quantize_grouped_with_zero_point
    from keras.quantizers import compute_float8_amax_history as compute_float8_amax_history
    from keras.quantizers import compute_float8_scale as compute_float8_scale
    from keras.quantizers import deserialize as deserialize
    from keras.quantizers import fake_quant_with_min_max_vars as fake_quant_with_min_max_vars
    from keras.quantizers import get as get
    from keras.quantizers import pack_int4 as pack_int4
    from keras.quantizers import quantize_and_dequantize as quantize_and_dequantize
    from keras.quantizers import serialize as serialize
    from keras.quantizers import unpack_int4 as unpack_int4

sys.modules[__name__] = vars(keras)["quantizers"]
