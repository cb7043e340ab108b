"""Tensors on an accelerator, with a device that is only said to be one: what is seen, and how much is copied."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge import on_device
from typedlayers.facts.far import HEAD
from typedlayers.facts.values import Values

DRAW = np.random.default_rng(0)
PHOTOS = DRAW.random((300, 24, 24, 3)).astype("float32")
BYTES = (PHOTOS * 256).astype("uint8")
MASKS = (PHOTOS[..., :1] > 0.5).astype("uint8") * 255
IDS = DRAW.integers(0, 5000, (400, 60))


def put(array: Any, places: Any, value: float) -> Any:
    changed = array.copy()
    changed[places] = value
    return changed


GIVEN = {
    "photos": PHOTOS,
    "bytes": BYTES,
    "scaled to -1..1": PHOTOS * 2 - 1,
    "one NaN": put(PHOTOS, (3, 5, 5, 1), np.nan),
    "infinite": put(put(PHOTOS, (7, 0, 0, 0), np.inf), (8, 0, 0, 0), -np.inf),
    "nothing finite": np.full((300, 100), np.nan, "float32"),
    "doubles": PHOTOS.astype("float64") * 1.0000000000000002,
    "halves": PHOTOS.astype("float16"),
    "channels first": np.moveaxis(BYTES, -1, 1),
    "masks": MASKS,
    "mask of three": put(MASKS, (299, 0, 0, 0), 128),
    "ids": IDS,
    "ids as floats": IDS.astype("float32"),
    "a fraction among ids": put(IDS.astype("float32"), (350, 7), 3.5),
    "flags": PHOTOS > 0.5,
    "one-hot": np.eye(200, dtype="float32")[IDS[:, 0] % 200],
}

LOOKS = {
    "range": lambda values: values.range,
    "gaps": lambda values: values.gaps,
    "noise": lambda values: values.noise,
    "levels": lambda values: values.levels > 64,
    "channels": lambda values: getattr(values.channels(3), "lows", None),
    "ids": lambda values: values.ids("float32"),
    "labels": lambda values: values.labels(),
    "rows": lambda values: (values.rows, getattr(values.labels(), "rows", None)),
}


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every tensor is said to lie on an accelerator; how many bytes each transfer copies."""
    sizes: list[int] = []
    to_host = on_device.to_host

    def counted(tensor: Any) -> Any:
        array = to_host(tensor)
        sizes.append(array.nbytes)
        return array

    monkeypatch.setattr(on_device, "is_far", lambda tensor: True)
    monkeypatch.setattr(on_device, "to_host", counted)
    return sizes


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", GIVEN)
def test_a_look_sees_there_what_it_sees_on_the_host(name: str, look: str, copied: list[int]) -> None:
    far = on_device.readable(tf.constant(GIVEN[name]))
    assert isinstance(far, on_device.OnDevice)
    there, here = (LOOKS[look](Values(one)) for one in (far, GIVEN[name]))
    assert str(there) == str(here)  # NaN is unlike itself


@pytest.mark.parametrize("look", ["range", "gaps", "noise", "levels", "channels", "ids", "labels"])
@pytest.mark.parametrize("name", ["photos", "bytes", "one NaN", "masks", "ids as floats"])
def test_no_look_copies_a_batch(name: str, look: str, copied: list[int]) -> None:
    given = np.concatenate([GIVEN[name]] * 8)
    LOOKS[look](Values(on_device.readable(tf.constant(given))))
    assert sum(copied) <= min(given.nbytes / 2, HEAD * given.itemsize + 64)


def test_what_is_small_is_copied_at_once(copied: list[int]) -> None:
    labels = np.arange(100)
    assert on_device.readable(tf.constant(labels)) is not None
    assert copied == [labels.nbytes]


@pytest.mark.parametrize("given", [PHOTOS, "text", None, [1, 2], keras.Input((3,)), tf.constant(["a"] * 20000)])
def test_nothing_else_is_touched(given: Any, copied: list[int]) -> None:
    assert on_device.readable(given) is given
    assert copied == []


def test_a_tensor_of_the_host_lies_on_none() -> None:
    assert not on_device.is_far(tf.ones(3))
    assert on_device.readable(tf.constant(PHOTOS)).device.endswith("CPU:0")


def net(**more: Any) -> Any:
    parts = [layers.Conv2D(2, 3), layers.GlobalAveragePooling2D(), layers.Dense(10, activation="softmax")]
    model = tl.Sequential([tl.Input((24, 24, 3)), *parts], **more)
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize(("x", "code"), [(PHOTOS, None), (BYTES, "TL401"), (GIVEN["one NaN"], "TL402")])
def test_fit_on_a_batch_that_lies_there(x: Any, code: str | None, copied: list[int]) -> None:
    x, y = tf.constant(x), tf.constant(np.arange(300) % 10)
    said = None
    try:
        net().fit(x, y, verbose=0)
    except tl.ContractError as error:
        said = error.diagnostics[0].code
    assert said == code
    assert 0 < max(copied) < x.numpy().nbytes / 2  # parts of it, and of data as a fix would change them


# ------------------------------------------------------------------------------- a dataset that was looked at
@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    from typedlayers.models import _intake

    found: list[Any] = []
    drawn = _intake.drawn_batch
    monkeypatch.setattr(_intake, "drawn_batch", lambda batch, what: (found.append(what), drawn(batch, what))[1])
    return found


def dataset(x: Any = PHOTOS) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, np.arange(300) % 10)).batch(100)


def test_a_second_fit_on_a_dataset_looks_no_more(looks: list[Any]) -> None:
    model, one, other = net(), dataset(), dataset(PHOTOS * 2)
    for data, number in ((one, 1), (one, 1), (other, 2), (one, 3), (one, 3)):
        model.fit(data, verbose=0)
        assert len(looks) == number


@pytest.mark.parametrize("change", ["compile", "set_weights", "arrays", "mode"])
def test_it_looks_again_after_a_change(change: str, looks: list[Any]) -> None:
    model, data = net(), dataset()
    model.fit(data, verbose=0)
    match change:
        case "compile":
            model.compile("sgd", "sparse_categorical_crossentropy")
        case "set_weights":
            model.set_weights(model.get_weights())
        case "arrays":
            model.fit(PHOTOS, np.arange(300) % 10, verbose=0)
    with tl.mode("lenient" if change == "mode" else "strict"):
        model.fit(data, verbose=0)
    assert len(looks) == 2


def test_what_was_repaired_is_looked_at_again(looks: list[Any]) -> None:
    model, data = net(mode="lenient"), dataset(BYTES)
    for _ in range(2):
        model.fit(data, verbose=0)
    assert [str(entry.repair) for entry in tl.repairs(model)] == ["rescale by 1/255"]
    assert len(looks) >= 1
