"""The devices in sight, and what a layer does on them."""

from __future__ import annotations

from dataclasses import replace

from typedlayers.bridge.backend import on_tensorflow
from typedlayers.contracts.dtypes import Integers, Policy


def sees_gpu() -> bool:
    """Returns True if TensorFlow may use a GPU; asking starts no device."""
    import tensorflow as tf

    return bool(tf.config.get_visible_devices("GPU"))


def on_devices(policy: Policy) -> Policy:
    """Returns a policy with what the backend and the devices in sight make of it.

    Devices are looked up for the layers that they concern only: a program may still choose them.
    """
    if policy.integers not in (Integers.FAILS, Integers.FAILS_ON_GPU):
        return policy
    if not on_tensorflow():  # JAX and PyTorch have other kernels: most of them take integers
        return replace(policy, integers=Integers.CONVERTED)
    return replace(policy, gpu=sees_gpu()) if policy.integers is Integers.FAILS_ON_GPU else policy
