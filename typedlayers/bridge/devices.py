"""The devices in sight, and what a layer does on them."""

from __future__ import annotations

from dataclasses import replace

import keras

from typedlayers.contracts.dtypes import Integers, Policy


def sees_gpu() -> bool:
    """Returns True if TensorFlow may use a GPU; asking starts no device."""
    import tensorflow as tf

    return bool(tf.config.get_visible_devices("GPU"))


def on_devices(policy: Policy) -> Policy:
    """Returns a policy with what the devices in sight make of it.

    They are looked up for the layers that they concern only: a program may still choose its devices.
    """
    if policy.integers is not Integers.FAILS_ON_GPU:
        return policy
    if keras.backend.backend() != "tensorflow":  # not measured: nothing is said
        return replace(policy, integers=Integers.CONVERTED)
    return replace(policy, gpu=sees_gpu())
