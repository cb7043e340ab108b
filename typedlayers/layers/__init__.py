"""Every public name of ``keras.layers``: typed, or handed through from Keras.

A name that the installed Keras lacks is absent here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from typedlayers.layers._input import Input as Input
from typedlayers.layers._typed import Layer as Layer
from typedlayers.layers.activation import ELU as ELU
from typedlayers.layers.activation import LeakyReLU as LeakyReLU
from typedlayers.layers.activation import PReLU as PReLU
from typedlayers.layers.activation import ReLU as ReLU
from typedlayers.layers.activation import Softmax as Softmax
from typedlayers.layers.attention import AdditiveAttention as AdditiveAttention
from typedlayers.layers.attention import Attention as Attention
from typedlayers.layers.attention import MultiHeadAttention as MultiHeadAttention
from typedlayers.layers.augmentation import CenterCrop as CenterCrop
from typedlayers.layers.augmentation import Pipeline as Pipeline
from typedlayers.layers.augmentation import RandomBrightness as RandomBrightness
from typedlayers.layers.augmentation import RandomContrast as RandomContrast
from typedlayers.layers.augmentation import RandomCrop as RandomCrop
from typedlayers.layers.augmentation import RandomFlip as RandomFlip
from typedlayers.layers.augmentation import RandomRotation as RandomRotation
from typedlayers.layers.augmentation import RandomTranslation as RandomTranslation
from typedlayers.layers.augmentation import RandomZoom as RandomZoom
from typedlayers.layers.augmentation import Resizing as Resizing
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
from typedlayers.layers.lookup import CategoryEncoding as CategoryEncoding
from typedlayers.layers.lookup import Discretization as Discretization
from typedlayers.layers.lookup import HashedCrossing as HashedCrossing
from typedlayers.layers.lookup import Hashing as Hashing
from typedlayers.layers.lookup import IntegerLookup as IntegerLookup
from typedlayers.layers.lookup import StringLookup as StringLookup
from typedlayers.layers.lookup import TextVectorization as TextVectorization
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
from typedlayers.layers.spectrogram import MelSpectrogram as MelSpectrogram
from typedlayers.layers.wrappers import Bidirectional as Bidirectional
from typedlayers.layers.wrappers import SpectralNormalization as SpectralNormalization
from typedlayers.layers.wrappers import TimeDistributed as TimeDistributed
from typedlayers.layers.wrappers import Wrapper as Wrapper

if TYPE_CHECKING:
    from keras.layers import FlaxLayer as FlaxLayer
    from keras.layers import InputLayer as InputLayer
    from keras.layers import InputSpec as InputSpec
    from keras.layers import JaxLayer as JaxLayer
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

if hasattr(keras.layers, "AugMix"):
    from typedlayers.layers.augmentation import AugMix as AugMix

if hasattr(keras.layers, "AutoContrast"):
    from typedlayers.layers.augmentation import AutoContrast as AutoContrast

if hasattr(keras.layers, "ContrastLimitedAdaptiveHistogramEqualization"):
    from typedlayers.layers.augmentation import (
        ContrastLimitedAdaptiveHistogramEqualization as ContrastLimitedAdaptiveHistogramEqualization,
    )

if hasattr(keras.layers, "CutMix"):
    from typedlayers.layers.augmentation import CutMix as CutMix

if hasattr(keras.layers, "Equalization"):
    from typedlayers.layers.augmentation import Equalization as Equalization

if hasattr(keras.layers, "MaxNumBoundingBoxes"):
    from typedlayers.layers.augmentation import MaxNumBoundingBoxes as MaxNumBoundingBoxes

if hasattr(keras.layers, "MixUp"):
    from typedlayers.layers.augmentation import MixUp as MixUp

if hasattr(keras.layers, "RandAugment"):
    from typedlayers.layers.augmentation import RandAugment as RandAugment

if hasattr(keras.layers, "RandomColorDegeneration"):
    from typedlayers.layers.augmentation import RandomColorDegeneration as RandomColorDegeneration

if hasattr(keras.layers, "RandomColorJitter"):
    from typedlayers.layers.augmentation import RandomColorJitter as RandomColorJitter

if hasattr(keras.layers, "RandomElasticTransform"):
    from typedlayers.layers.augmentation import RandomElasticTransform as RandomElasticTransform

if hasattr(keras.layers, "RandomErasing"):
    from typedlayers.layers.augmentation import RandomErasing as RandomErasing

if hasattr(keras.layers, "RandomGaussianBlur"):
    from typedlayers.layers.augmentation import RandomGaussianBlur as RandomGaussianBlur

if hasattr(keras.layers, "RandomGrayscale"):
    from typedlayers.layers.augmentation import RandomGrayscale as RandomGrayscale

if hasattr(keras.layers, "RandomHue"):
    from typedlayers.layers.augmentation import RandomHue as RandomHue

if hasattr(keras.layers, "RandomInvert"):
    from typedlayers.layers.augmentation import RandomInvert as RandomInvert

if hasattr(keras.layers, "RandomPerspective"):
    from typedlayers.layers.augmentation import RandomPerspective as RandomPerspective

if hasattr(keras.layers, "RandomPosterization"):
    from typedlayers.layers.augmentation import RandomPosterization as RandomPosterization

if hasattr(keras.layers, "RandomSaturation"):
    from typedlayers.layers.augmentation import RandomSaturation as RandomSaturation

if hasattr(keras.layers, "RandomSharpness"):
    from typedlayers.layers.augmentation import RandomSharpness as RandomSharpness

if hasattr(keras.layers, "RandomShear"):
    from typedlayers.layers.augmentation import RandomShear as RandomShear

if hasattr(keras.layers, "Solarization"):
    from typedlayers.layers.augmentation import Solarization as Solarization

if hasattr(keras.layers, "ReversibleEmbedding"):
    from typedlayers.layers.lookup import ReversibleEmbedding as ReversibleEmbedding

if hasattr(keras.layers, "STFTSpectrogram"):
    from typedlayers.layers.spectrogram import STFTSpectrogram as STFTSpectrogram

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
