# Made by `python -m tools.stubs` of Keras 3.15.1
"""``keras.applications``, Keras's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from keras.applications import VGG16 as VGG16
    from keras.applications import VGG19 as VGG19
    from keras.applications import ConvNeXtBase as ConvNeXtBase
    from keras.applications import ConvNeXtLarge as ConvNeXtLarge
    from keras.applications import ConvNeXtSmall as ConvNeXtSmall
    from keras.applications import ConvNeXtTiny as ConvNeXtTiny
    from keras.applications import ConvNeXtXLarge as ConvNeXtXLarge
    from keras.applications import DenseNet121 as DenseNet121
    from keras.applications import DenseNet169 as DenseNet169
    from keras.applications import DenseNet201 as DenseNet201
    from keras.applications import EfficientNetB0 as EfficientNetB0
    from keras.applications import EfficientNetB1 as EfficientNetB1
    from keras.applications import EfficientNetB2 as EfficientNetB2
    from keras.applications import EfficientNetB3 as EfficientNetB3
    from keras.applications import EfficientNetB4 as EfficientNetB4
    from keras.applications import EfficientNetB5 as EfficientNetB5
    from keras.applications import EfficientNetB6 as EfficientNetB6
    from keras.applications import EfficientNetB7 as EfficientNetB7
    from keras.applications import EfficientNetV2B0 as EfficientNetV2B0
    from keras.applications import EfficientNetV2B1 as EfficientNetV2B1
    from keras.applications import EfficientNetV2B2 as EfficientNetV2B2
    from keras.applications import EfficientNetV2B3 as EfficientNetV2B3
    from keras.applications import EfficientNetV2L as EfficientNetV2L
    from keras.applications import EfficientNetV2M as EfficientNetV2M
    from keras.applications import EfficientNetV2S as EfficientNetV2S
    from keras.applications import InceptionResNetV2 as InceptionResNetV2
    from keras.applications import InceptionV3 as InceptionV3
    from keras.applications import MobileNet as MobileNet
    from keras.applications import MobileNetV2 as MobileNetV2
    from keras.applications import MobileNetV3Large as MobileNetV3Large
    from keras.applications import MobileNetV3Small as MobileNetV3Small
    from keras.applications import NASNetLarge as NASNetLarge
    from keras.applications import NASNetMobile as NASNetMobile
    from keras.applications import ResNet50 as ResNet50
    from keras.applications import ResNet50V2 as ResNet50V2
    from keras.applications import ResNet101 as ResNet101
    from keras.applications import ResNet101V2 as ResNet101V2
    from keras.applications import ResNet152 as ResNet152
    from keras.applications import ResNet152V2 as ResNet152V2
    from keras.applications import Xception as Xception
    from keras.applications import convnext as convnext
    from keras.applications import densenet as densenet
    from keras.applications import efficientnet as efficientnet
    from keras.applications import efficientnet_v2 as efficientnet_v2
    from keras.applications import imagenet_utils as imagenet_utils
    from keras.applications import inception_resnet_v2 as inception_resnet_v2
    from keras.applications import inception_v3 as inception_v3
    from keras.applications import mobilenet as mobilenet
    from keras.applications import mobilenet_v2 as mobilenet_v2
    from keras.applications import mobilenet_v3 as mobilenet_v3
    from keras.applications import nasnet as nasnet
    from keras.applications import resnet as resnet
    from keras.applications import resnet50 as resnet50
    from keras.applications import resnet_v2 as resnet_v2
    from keras.applications import vgg16 as vgg16
    from keras.applications import vgg19 as vgg19
    from keras.applications import xception as xception

sys.modules[__name__] = vars(keras)["applications"]
