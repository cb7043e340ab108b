"""Every public name of ``keras.layers``: typed, or handed through from Keras.

A name that the installed Keras lacks is absent here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from typedlayers.layers._typed import Layer as Layer
from typedlayers.layers.activation import ELU as ELU
from typedlayers.layers.activation import LeakyReLU as LeakyReLU
from typedlayers.layers.activation import PReLU as PReLU
from typedlayers.layers.activation import ReLU as ReLU
from typedlayers.layers.activation import Softmax as Softmax
from typedlayers.layers.attention import AdditiveAttention as AdditiveAttention
from typedlayers.layers.attention import Attention as Attention
from typedlayers.layers.attention import MultiHeadAttention as MultiHeadAttention
from typedlayers.layers.convolution import Conv1D as Conv1D
from typedlayers.layers.convolution import Conv1DTranspose as Conv1DTranspose
from typedlayers.layers.convolution import Conv2D as Conv2D
from typedlayers.layers.convolution import Conv2DTranspose as Conv2DTranspose
from typedlayers.layers.convolution import Conv3D as Conv3D
from typedlayers.layers.convolution import Conv3DTranspose as Conv3DTranspose
from typedlayers.layers.convolution import Convolution1D as Convolution1D
from typedlayers.layers.convolution import Convolution1DTranspose as Convolution1DTranspose
from typedlayers.layers.convolution import Convolution2D as Convolution2D
from typedlayers.layers.convolution import Convolution2DTranspose as Convolution2DTranspose
from typedlayers.layers.convolution import Convolution3D as Convolution3D
from typedlayers.layers.convolution import Convolution3DTranspose as Convolution3DTranspose
from typedlayers.layers.convolution import DepthwiseConv1D as DepthwiseConv1D
from typedlayers.layers.convolution import DepthwiseConv2D as DepthwiseConv2D
from typedlayers.layers.convolution import SeparableConv1D as SeparableConv1D
from typedlayers.layers.convolution import SeparableConv2D as SeparableConv2D
from typedlayers.layers.convolution import SeparableConvolution1D as SeparableConvolution1D
from typedlayers.layers.convolution import SeparableConvolution2D as SeparableConvolution2D
from typedlayers.layers.core import Activation as Activation
from typedlayers.layers.core import Dense as Dense
from typedlayers.layers.core import EinsumDense as EinsumDense
from typedlayers.layers.core import Embedding as Embedding
from typedlayers.layers.core import Identity as Identity
from typedlayers.layers.core import Lambda as Lambda
from typedlayers.layers.core import Masking as Masking
from typedlayers.layers.merging import Add as Add
from typedlayers.layers.merging import Average as Average
from typedlayers.layers.merging import Concatenate as Concatenate
from typedlayers.layers.merging import Dot as Dot
from typedlayers.layers.merging import Maximum as Maximum
from typedlayers.layers.merging import Minimum as Minimum
from typedlayers.layers.merging import Multiply as Multiply
from typedlayers.layers.merging import Subtract as Subtract
from typedlayers.layers.merging import add as add
from typedlayers.layers.merging import average as average
from typedlayers.layers.merging import concatenate as concatenate
from typedlayers.layers.merging import dot as dot
from typedlayers.layers.merging import maximum as maximum
from typedlayers.layers.merging import minimum as minimum
from typedlayers.layers.merging import multiply as multiply
from typedlayers.layers.merging import subtract as subtract
from typedlayers.layers.normalization import BatchNormalization as BatchNormalization
from typedlayers.layers.normalization import GroupNormalization as GroupNormalization
from typedlayers.layers.normalization import LayerNormalization as LayerNormalization
from typedlayers.layers.normalization import UnitNormalization as UnitNormalization
from typedlayers.layers.pooling import AveragePooling1D as AveragePooling1D
from typedlayers.layers.pooling import AveragePooling2D as AveragePooling2D
from typedlayers.layers.pooling import AveragePooling3D as AveragePooling3D
from typedlayers.layers.pooling import AvgPool1D as AvgPool1D
from typedlayers.layers.pooling import AvgPool2D as AvgPool2D
from typedlayers.layers.pooling import AvgPool3D as AvgPool3D
from typedlayers.layers.pooling import GlobalAveragePooling1D as GlobalAveragePooling1D
from typedlayers.layers.pooling import GlobalAveragePooling2D as GlobalAveragePooling2D
from typedlayers.layers.pooling import GlobalAveragePooling3D as GlobalAveragePooling3D
from typedlayers.layers.pooling import GlobalAvgPool1D as GlobalAvgPool1D
from typedlayers.layers.pooling import GlobalAvgPool2D as GlobalAvgPool2D
from typedlayers.layers.pooling import GlobalAvgPool3D as GlobalAvgPool3D
from typedlayers.layers.pooling import GlobalMaxPool1D as GlobalMaxPool1D
from typedlayers.layers.pooling import GlobalMaxPool2D as GlobalMaxPool2D
from typedlayers.layers.pooling import GlobalMaxPool3D as GlobalMaxPool3D
from typedlayers.layers.pooling import GlobalMaxPooling1D as GlobalMaxPooling1D
from typedlayers.layers.pooling import GlobalMaxPooling2D as GlobalMaxPooling2D
from typedlayers.layers.pooling import GlobalMaxPooling3D as GlobalMaxPooling3D
from typedlayers.layers.pooling import MaxPool1D as MaxPool1D
from typedlayers.layers.pooling import MaxPool2D as MaxPool2D
from typedlayers.layers.pooling import MaxPool3D as MaxPool3D
from typedlayers.layers.pooling import MaxPooling1D as MaxPooling1D
from typedlayers.layers.pooling import MaxPooling2D as MaxPooling2D
from typedlayers.layers.pooling import MaxPooling3D as MaxPooling3D
from typedlayers.layers.preprocessing import Normalization as Normalization
from typedlayers.layers.preprocessing import Rescaling as Rescaling
from typedlayers.layers.recurrent import GRU as GRU
from typedlayers.layers.recurrent import LSTM as LSTM
from typedlayers.layers.recurrent import RNN as RNN
from typedlayers.layers.recurrent import ConvLSTM1D as ConvLSTM1D
from typedlayers.layers.recurrent import ConvLSTM2D as ConvLSTM2D
from typedlayers.layers.recurrent import ConvLSTM3D as ConvLSTM3D
from typedlayers.layers.recurrent import GRUCell as GRUCell
from typedlayers.layers.recurrent import LSTMCell as LSTMCell
from typedlayers.layers.recurrent import SimpleRNN as SimpleRNN
from typedlayers.layers.recurrent import SimpleRNNCell as SimpleRNNCell
from typedlayers.layers.recurrent import StackedRNNCells as StackedRNNCells
from typedlayers.layers.regularization import ActivityRegularization as ActivityRegularization
from typedlayers.layers.regularization import AlphaDropout as AlphaDropout
from typedlayers.layers.regularization import Dropout as Dropout
from typedlayers.layers.regularization import GaussianDropout as GaussianDropout
from typedlayers.layers.regularization import GaussianNoise as GaussianNoise
from typedlayers.layers.regularization import SpatialDropout1D as SpatialDropout1D
from typedlayers.layers.regularization import SpatialDropout2D as SpatialDropout2D
from typedlayers.layers.regularization import SpatialDropout3D as SpatialDropout3D
from typedlayers.layers.reshaping import Cropping1D as Cropping1D
from typedlayers.layers.reshaping import Cropping2D as Cropping2D
from typedlayers.layers.reshaping import Cropping3D as Cropping3D
from typedlayers.layers.reshaping import Flatten as Flatten
from typedlayers.layers.reshaping import Permute as Permute
from typedlayers.layers.reshaping import RepeatVector as RepeatVector
from typedlayers.layers.reshaping import Reshape as Reshape
from typedlayers.layers.reshaping import UpSampling1D as UpSampling1D
from typedlayers.layers.reshaping import UpSampling2D as UpSampling2D
from typedlayers.layers.reshaping import UpSampling3D as UpSampling3D
from typedlayers.layers.reshaping import ZeroPadding1D as ZeroPadding1D
from typedlayers.layers.reshaping import ZeroPadding2D as ZeroPadding2D
from typedlayers.layers.reshaping import ZeroPadding3D as ZeroPadding3D
from typedlayers.layers.wrappers import Bidirectional as Bidirectional
from typedlayers.layers.wrappers import SpectralNormalization as SpectralNormalization
from typedlayers.layers.wrappers import TimeDistributed as TimeDistributed
from typedlayers.layers.wrappers import Wrapper as Wrapper

if TYPE_CHECKING:
    from keras.layers import AugMix as AugMix
    from keras.layers import AutoContrast as AutoContrast
    from keras.layers import CategoryEncoding as CategoryEncoding
    from keras.layers import CenterCrop as CenterCrop
    from keras.layers import (
        ContrastLimitedAdaptiveHistogramEqualization as ContrastLimitedAdaptiveHistogramEqualization,
    )
    from keras.layers import CutMix as CutMix
    from keras.layers import Discretization as Discretization
    from keras.layers import Equalization as Equalization
    from keras.layers import FlaxLayer as FlaxLayer
    from keras.layers import HashedCrossing as HashedCrossing
    from keras.layers import Hashing as Hashing
    from keras.layers import Input as Input
    from keras.layers import InputLayer as InputLayer
    from keras.layers import InputSpec as InputSpec
    from keras.layers import IntegerLookup as IntegerLookup
    from keras.layers import JaxLayer as JaxLayer
    from keras.layers import MaxNumBoundingBoxes as MaxNumBoundingBoxes
    from keras.layers import MelSpectrogram as MelSpectrogram
    from keras.layers import MixUp as MixUp
    from keras.layers import Pipeline as Pipeline
    from keras.layers import RandAugment as RandAugment
    from keras.layers import RandomBrightness as RandomBrightness
    from keras.layers import RandomColorDegeneration as RandomColorDegeneration
    from keras.layers import RandomColorJitter as RandomColorJitter
    from keras.layers import RandomContrast as RandomContrast
    from keras.layers import RandomCrop as RandomCrop
    from keras.layers import RandomElasticTransform as RandomElasticTransform
    from keras.layers import RandomErasing as RandomErasing
    from keras.layers import RandomFlip as RandomFlip
    from keras.layers import RandomGaussianBlur as RandomGaussianBlur
    from keras.layers import RandomGrayscale as RandomGrayscale
    from keras.layers import RandomHue as RandomHue
    from keras.layers import RandomInvert as RandomInvert
    from keras.layers import RandomPerspective as RandomPerspective
    from keras.layers import RandomPosterization as RandomPosterization
    from keras.layers import RandomRotation as RandomRotation
    from keras.layers import RandomSaturation as RandomSaturation
    from keras.layers import RandomSharpness as RandomSharpness
    from keras.layers import RandomShear as RandomShear
    from keras.layers import RandomTranslation as RandomTranslation
    from keras.layers import RandomZoom as RandomZoom
    from keras.layers import Resizing as Resizing
    from keras.layers import ReversibleEmbedding as ReversibleEmbedding
    from keras.layers import Solarization as Solarization
    from keras.layers import STFTSpectrogram as STFTSpectrogram
    from keras.layers import StringLookup as StringLookup
    from keras.layers import TextVectorization as TextVectorization
    from keras.layers import TFSMLayer as TFSMLayer
    from keras.layers import TorchModuleWrapper as TorchModuleWrapper
    from keras.layers import deserialize as deserialize
    from keras.layers import serialize as serialize
else:
    __all__ = sorted(name for name in dir(keras.layers) if not name.startswith("_"))

if hasattr(keras.layers, "AdaptiveAveragePooling1D"):
    from typedlayers.layers.pooling import AdaptiveAveragePooling1D as AdaptiveAveragePooling1D

if hasattr(keras.layers, "AdaptiveAveragePooling2D"):
    from typedlayers.layers.pooling import AdaptiveAveragePooling2D as AdaptiveAveragePooling2D

if hasattr(keras.layers, "AdaptiveAveragePooling3D"):
    from typedlayers.layers.pooling import AdaptiveAveragePooling3D as AdaptiveAveragePooling3D

if hasattr(keras.layers, "AdaptiveMaxPooling1D"):
    from typedlayers.layers.pooling import AdaptiveMaxPooling1D as AdaptiveMaxPooling1D

if hasattr(keras.layers, "AdaptiveMaxPooling2D"):
    from typedlayers.layers.pooling import AdaptiveMaxPooling2D as AdaptiveMaxPooling2D

if hasattr(keras.layers, "AdaptiveMaxPooling3D"):
    from typedlayers.layers.pooling import AdaptiveMaxPooling3D as AdaptiveMaxPooling3D

if hasattr(keras.layers, "GroupQueryAttention"):
    from typedlayers.layers.attention import GroupQueryAttention as GroupQueryAttention

if hasattr(keras.layers, "RMSNormalization"):
    from typedlayers.layers.normalization import RMSNormalization as RMSNormalization


def __getattr__(name: str) -> Any:
    """Returns a name of ``keras.layers`` that has no typed layer (yet)."""
    if name.startswith("_") or not hasattr(keras.layers, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}, and keras.layers has none either")
    return getattr(keras.layers, name)


def __dir__() -> list[str]:
    """Returns the public names of ``keras.layers``, and what stands in this module."""
    return sorted({*globals(), *(name for name in dir(keras.layers) if not name.startswith("_"))})
