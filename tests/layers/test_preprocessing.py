"""Layers of data pipelines: images, look-ups and spectrograms, in models and on what pipelines hold."""

from __future__ import annotations

import contextlib
import inspect
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.layers.rows import Case, L, Maker, case, eager, parse, symbolic, text_of, with_values
from typedlayers import layers
from typedlayers.catalogue import FAMILIES
from typedlayers.catalogue.lookup import encoded
from typedlayers.contracts.contract import check, infer
from typedlayers.contracts.dtypes import Integers, Policy
from typedlayers.spec import Spec

FIRST = "channels_first"
IMAGES = FAMILIES["augmentation"].CONTRACTS
LOOKUPS = FAMILIES["lookup"].CONTRACTS
ALL = {**IMAGES, **LOOKUPS, **FAMILIES["spectrogram"].CONTRACTS}

ARGUMENTS: dict[str, dict[str, Any]] = {
    **{name: {"height": 6, "width": 7} for name in ("CenterCrop", "Resizing", "RandomCrop")},
    **{name: {"factor": 0.2} for name in ("RandomBrightness", "RandomContrast", "RandomHue", "RandomRotation")},
    **{name: {"factor": 0.7} for name in ("RandomColorDegeneration", "RandomSharpness", "RandomSaturation")},
    "RandomColorJitter": {"brightness_factor": 0.2},
    "RandomInvert": {"factor": 1.0},
    "RandomPosterization": {"factor": 4},
    "RandomShear": {"x_factor": 0.2},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.2},
    "RandomZoom": {"height_factor": 0.2},
    "MaxNumBoundingBoxes": {"max_number": 3},
    "Pipeline": {"layers": ()},
}
"""What a layer needs to be made."""
NAMES = sorted(name for name in IMAGES if hasattr(keras.layers, name) and name != "Pipeline")
EVERY_IMAGE_LAYER = pytest.mark.parametrize("name", NAMES)


def made(name: str, home: Any = layers, **options: Any) -> Any:
    return getattr(home, name)(**ARGUMENTS.get(name, {}), **options)


def while_training(layer: Any, x: Any) -> Any:
    trains = "training" in inspect.signature(layer.call).parameters
    return layer(x, **({"training": True} if trains else {}))


def ends_in(outcome: Any) -> Any:
    """The result, or None if there is none."""
    with contextlib.suppress(Exception):
        return outcome()
    return None


def image(*shape: int, dtype: str = "float32") -> Any:
    return tf.cast(np.random.default_rng(0).uniform(0, 255, shape), dtype)


# ------------------------------------------------------------------------------------------------ images
@EVERY_IMAGE_LAYER
@pytest.mark.parametrize("shape", [(8, 9), (8, 9, 3), (2, 8, 9, 3), (2, 2, 8, 9, 3)])
def test_images_and_batches_of_them_pass(name: str, shape: tuple[int, ...]) -> None:
    theirs = ends_in(lambda: while_training(made(name, keras.layers), image(*shape)))
    if len(shape) in (3, 4):
        mine = while_training(made(name), image(*shape))
        assert (mine.shape, mine.dtype) == (theirs.shape, theirs.dtype)
    else:
        assert theirs is None
        with pytest.raises(tl.ContractError, match="TL201"):
            while_training(made(name), image(*shape))


CHANCES = {"RandAugment": 12}
"""Draws of a layer that fails on some of its draws only."""
BY_LUCK = {"AugMix"}
"""Layers that fail on some draws, and with some arguments on none: nothing is said of them."""


@EVERY_IMAGE_LAYER
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_channels_that_a_layer_cannot_take_are_refused(name: str, channels: int) -> None:
    keras.utils.set_random_seed(0)
    x, plain = image(2, 8, 9, channels), made(name, keras.layers)
    fails = any(ends_in(lambda: while_training(plain, x)) is None for _ in range(CHANCES.get(name, 1)))
    if name in BY_LUCK and channels not in (1, 3):
        return
    with pytest.raises(tl.ContractError, match="TL202") if fails else contextlib.nullcontext():
        while_training(made(name), x)


@EVERY_IMAGE_LAYER
@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_integers_are_what_they_are_in_a_run(name: str, dtype: str) -> None:
    x = image(2, 8, 9, 3, dtype=dtype)
    came = ends_in(lambda: while_training(made(name, keras.layers), x))
    stated = IMAGES[name].integers
    if stated is Integers.FAILS:
        assert came is None
        with pytest.raises(tl.ContractError, match="TL304"):
            while_training(made(name), x)
    else:
        assert came.dtype.name == {Integers.KEPT: dtype, Integers.CONVERTED: "float32"}[stated]
        while_training(made(name), x)


@EVERY_IMAGE_LAYER
def test_bytes_stay_in_the_range_of_bytes(name: str) -> None:
    """That is what the catalogue says of them, so that raw bytes are recognised behind an augmentation."""
    keras.utils.set_random_seed(0)
    came = np.asarray(while_training(made(name, keras.layers), image(4, 16, 16, 3)))
    assert came.max() > 64
    assert name == "RandomSaturation" or (came.min() > -1 and came.max() < 256)


@EVERY_IMAGE_LAYER
@pytest.mark.parametrize("data_format", ["channels_last", FIRST])
def test_infers_what_comes(name: str, data_format: str) -> None:
    if "data_format" not in inspect.signature(getattr(keras.layers, name)).parameters and data_format == FIRST:
        layer = ends_in(lambda: made(name, keras.layers, data_format=data_format))
        if layer is None:
            pytest.skip("it has no data_format")
    layer = made(name, keras.layers, data_format=data_format)
    resolved = IMAGES[name].for_layer(layer, Policy())
    for shape in ((2, 8, 9, 3), (8, 9, 3)):
        given = (*shape[:-3], shape[-1], *shape[-3:-1]) if data_format == FIRST else shape
        spec = Spec("float32", given)
        out = infer(resolved, check(resolved, {"inputs": spec}), spec)
        came = while_training(layer, image(*given))
        assert out == Spec(came.dtype.name, tuple(came.shape))


@EVERY_IMAGE_LAYER
def test_a_dict_of_images_and_labels_passes(name: str) -> None:
    data = {"images": image(2, 8, 9, 3), "labels": tf.one_hot([0, 1], 3)}
    theirs = ends_in(lambda: while_training(made(name, keras.layers), data))
    if theirs is not None:
        assert while_training(made(name), data)["images"].shape == theirs["images"].shape


@pytest.mark.parametrize("name", sorted({"RandomFlip", "Resizing", "RandomCrop", "RandomBrightness", "RandomContrast"}))
def test_a_pipeline_of_data_passes(name: str) -> None:
    """Unbatched and batched, doubles and unknown sizes, as tf.data hands them."""
    layer = made(name)
    single = tf.data.Dataset.from_tensor_slices(image(4, 8, 9, 3)).map(layer)
    assert next(iter(single)).shape[-1] == 3
    double = tf.data.Dataset.from_tensor_slices(image(4, 8, 9, 3, dtype="float64")).batch(2).map(layer)
    assert next(iter(double)).shape[-1] == 3
    layer(symbolic("f32[?,?,?,3]"))


def test_a_pipeline_layer_passes_on_what_comes() -> None:
    pipeline = layers.Pipeline([layers.RandomFlip(), layers.Rescaling(1 / 255)])
    assert pipeline(image(2, 8, 8, 3)).shape == (2, 8, 8, 3)


# --------------------------------------------------------------------------------------------- look-ups
STRINGS = L.StringLookup(vocabulary=["a", "b"])
NUMBERS = L.IntegerLookup(vocabulary=[1, 2])
TEXT = L.TextVectorization(vocabulary=["a", "b"])
ROWS = [
    case(STRINGS, "str[?,1]", gives="i64[?,1]"),
    case(STRINGS, "str[?]", gives="i64[?]"),
    case(L.StringLookup(vocabulary=["a"], invert=True), "i64[?,2]", gives="str[?,2]"),
    case(STRINGS, "i64[?,1]", code="TL308", lenient="refuse"),
    case(STRINGS, "f32[?,1]", code="TL308", lenient="refuse"),
    case(L.StringLookup(vocabulary=["a"], invert=True), "str[?,1]", code="TL308", lenient="refuse"),
    case(NUMBERS, "i64[?,1]", gives="i64[?,1]"),
    case(NUMBERS, "u8[?,3]", gives="i64[?,3]"),
    case(NUMBERS, "f32[?,1]", gives="i64[?,1]"),
    case(NUMBERS, "str[?,1]", code="TL308", lenient="refuse"),
    case(L.Hashing(num_bins=5), "str[?,3]", gives="i64[?,3]"),
    case(L.Hashing(num_bins=5), "i32[?,3]", gives="i64[?,3]"),
    case(L.Discretization(bin_boundaries=[0.0, 1.0]), "f64[2,3]", gives="i32[2,3]"),
    case(L.Discretization(bin_boundaries=[0.0, 1.0]), "str[?,3]", code="TL302", lenient="refuse"),
    case(L.Discretization(bin_boundaries=[0.0, 1.0]), "c64[?,3]", code="TL303", lenient="refuse"),
    case(L.CategoryEncoding(12), "i32[?,3]", gives="f32[?,12]"),
    case(L.CategoryEncoding(12, output_mode="one_hot"), "u8[?,1]", gives="f32[?,12]"),
    case(L.CategoryEncoding(12), "u8[?,3]", code="TL304", lenient="refuse"),
    case(L.CategoryEncoding(12), "str[?,3]", code="TL302", lenient="refuse"),
    case(L.TextVectorization(vocabulary=["a"], output_sequence_length=6), "str[?,1]", gives="i64[?,6]"),
    case(L.TextVectorization(vocabulary=["a"], output_sequence_length=6), "str[?]", gives="i64[?,6]"),
    *(case(L.TextVectorization(vocabulary=["a"], output_mode=mode), f"str[{shape}]", gives="i64[?,2]")
      for mode in ("multi_hot", "count") for shape in ("?", "?,1")),
    case(TEXT, "i64[?,1]", code="TL308", lenient="refuse"),
    case(TEXT, "str[?,4]", code="TL208", lenient="refuse"),
    case(L.MelSpectrogram(fft_length=64, sequence_stride=32, num_mel_bins=5), "f32[3,256]", gives="f32[3,5,9]"),
    case(L.MelSpectrogram(fft_length=64, sequence_stride=32, num_mel_bins=5), "f64[256]", gives="f32[5,9]"),
    case(L.MelSpectrogram(fft_length=64), "f32[?,256,1]", code="TL205", lenient="refuse"),
    case(L.MelSpectrogram(fft_length=64), "f32[?,32]", code="TL205", lenient="refuse"),
    case(L.MelSpectrogram(fft_length=64), "f32[]", code="TL201", lenient="refuse"),
    case(L.MelSpectrogram(fft_length=64), "str[?,256]", code="TL302", lenient="refuse"),
    case(L.STFTSpectrogram(frame_length=64, frame_step=32), "f32[?,256,2]", gives="f32[?,7,66]"),
    case(L.STFTSpectrogram(frame_length=64, frame_step=32), "f32[?,63,1]", code="TL205", lenient="refuse"),
    case(L.STFTSpectrogram(frame_length=64, data_format=FIRST), "f32[?,256,2]", code="TL205", lenient="refuse"),
    case(L.STFTSpectrogram(frame_length=64), "f32[?,256]", code="TL201", lenient="expand_dims"),
    case(L.STFTSpectrogram(frame_length=64), "i32[?,256,1]", code="TL304", lenient="cast"),
    case(L.ReversibleEmbedding(12, 4), "i32[?,3]", gives="f32[?,3,4]"),
]  # fmt: skip
ROWS = [row for row in ROWS if row.make.available]
REFUSED = [row for row in ROWS if row.code is not None]
SILENT = ("STFTSpectrogram",)
"""Layers that Keras runs on what is refused: the values have no meaning."""


@pytest.mark.parametrize("row", [row for row in ROWS if row.gives is not None], ids=str)
def test_accepted(row: Case) -> None:
    assert row.gives is not None
    assert text_of(row.make()(eager(row.given))) == with_values(row.gives)
    assert len(row.make()(symbolic(row.given)).shape) == len(parse(row.gives)[1])


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_refused(row: Case) -> None:
    for tensor in (eager, symbolic):
        layer = row.make()
        with pytest.raises(tl.ContractError) as caught:
            layer(tensor(row.given))
        assert [diagnostic.code for diagnostic in caught.value.diagnostics] == [row.code]
        assert layer.name in caught.value.diagnostics[0].headline
    if row.make.name not in SILENT:
        assert ends_in(lambda: row.make(keras.layers)(eager(row.given))) is None


@pytest.mark.parametrize("row", [row for row in REFUSED if row.lenient == "refuse"], ids=str)
def test_lenient_mode_raises_what_it_cannot_repair(row: Case) -> None:
    with tl.mode("lenient"), pytest.raises(tl.ContractError):
        row.make()(eager(row.given))


@pytest.mark.parametrize("row", [row for row in REFUSED if row.lenient != "refuse"], ids=str)
def test_lenient_mode_repairs(row: Case) -> None:
    layer = row.make()
    with tl.mode("lenient"):
        layer(eager(row.given))
    assert [entry.repair.kind for entry in tl.repairs(layer)] == [row.lenient]


@pytest.mark.parametrize(
    ("make", "size"),
    [(L.Hashing(num_bins=5, output_mode="multi_hot"), 5), (L.CategoryEncoding(5), 5), (NUMBERS, 3)],
    ids=str,
)
@pytest.mark.parametrize("mode", ["int", "one_hot", "multi_hot", "count"])
def test_the_shape_of_an_encoding_is_that_of_a_run(make: Maker, size: int, mode: str) -> None:
    if make.name == "CategoryEncoding" and mode == "int":
        return
    for shape in ((3,), (3, 1), (3, 4), (3, 4, 5)):
        layer = Maker(make.name, make.args, {**make.kwargs, "output_mode": mode})(keras.layers)
        x = tf.ones(shape, "int64")
        assert encoded(shape, mode, size) == tuple(layer(x).shape)
        resolved = LOOKUPS[make.name].for_layer(layer, Policy())
        spec = Spec("int64", shape)
        out = infer(resolved, check(resolved, {"inputs": spec}), spec)
        assert isinstance(out, Spec)
        assert out.shape is not None
        assert all(a in (None, b) for a, b in zip(out.shape, layer(x).shape, strict=True))


@pytest.mark.parametrize("home", [layers, keras.layers], ids=["typed", "plain"])
@pytest.mark.parametrize("mode", ["multi_hot", "count", "tf_idf"])
@pytest.mark.parametrize("form", ["stack", "functional"])
def test_texts_in_a_column_are_counted_to_rows(form: str, mode: str, home: Any) -> None:
    """Keras announces (batch, 1, words) for what gives (batch, words)."""
    count = home.TextVectorization(output_mode=mode)
    count.adapt(["a b", "c d"])
    texts, y = np.array([["a b"], ["c"]] * 4), np.arange(8) % 3
    text, head = tl.Input((1,), dtype="string"), home.Dense(3, activation="softmax")
    if form == "stack":
        model = tl.Sequential([text, count, head])
    else:
        model = tl.Model(text, head(count(text)))
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(tf.constant(texts), y, verbose=0)
    assert model.predict(tf.constant(texts), verbose=0).shape == (8, 3)


PIPELINES: list[tuple[Maker, Any]] = [
    (STRINGS, "a"),
    (STRINGS, ["a", "b"]),
    (STRINGS, np.array([["a"], ["b"]])),
    (STRINGS, np.array([["a"], ["b"]], object)),
    (STRINGS, tf.constant("a")),
    (STRINGS, tf.ragged.constant([["a"], ["a", "b"]])),
    (NUMBERS, 1),
    (NUMBERS, [1, 2]),
    (NUMBERS, np.array([1.0, 2.0])),
    (NUMBERS, tf.ragged.constant([[1], [1, 2]])),
    (NUMBERS, tf.sparse.from_dense([[1, 2]])),
    (L.Hashing(num_bins=5), ["a", "b"]),
    (L.Hashing(num_bins=5), tf.ragged.constant([["a"], ["a", "b"]])),
    (L.HashedCrossing(num_bins=5), (tf.constant(["a", "b"]), tf.constant([1, 2]))),
    (L.HashedCrossing(num_bins=5), ([1, 2], ["a", "b"])),
    (L.Discretization(bin_boundaries=[0.0]), [1, 2]),
    (L.Discretization(bin_boundaries=[0.0]), tf.sparse.from_dense([[1.0, 2.0]])),
    (L.Discretization(bin_boundaries=[0.0]), tf.ragged.constant([[1.0], [2.0, 3.0]])),
    (L.CategoryEncoding(4, output_mode="one_hot"), 1),
    (L.CategoryEncoding(4), [1, 2]),
    (TEXT, "a b"),
    (TEXT, ["a b", "a"]),
    (L.TextVectorization(vocabulary=["a"], split=None, standardize=None), tf.constant([["a", "b"]])),
]


@pytest.mark.parametrize(("make", "given"), PIPELINES, ids=lambda value: str(value)[:40])
def test_what_data_pipelines_hold_passes(make: Maker, given: Any) -> None:
    theirs = ends_in(lambda: make(keras.layers)(given))
    if theirs is not None:
        mine = make()(given)
        assert (type(mine), mine.dtype) == (type(theirs), theirs.dtype)


@pytest.mark.parametrize("make", [STRINGS, NUMBERS, TEXT, L.Hashing(num_bins=5)], ids=str)
def test_a_dataset_is_mapped(make: Maker) -> None:
    data = tf.constant(["a", "b"]) if make is not NUMBERS else tf.constant([1, 2])
    for dataset in (tf.data.Dataset.from_tensor_slices(data), tf.data.Dataset.from_tensor_slices(data).batch(2)):
        assert next(iter(dataset.map(make()))).dtype == tf.int64


def test_a_vocabulary_is_learned() -> None:
    lookup = layers.StringLookup()
    lookup.adapt(tf.constant(["a", "b", "a"]))
    np.testing.assert_array_equal(lookup(tf.constant(["a", "b", "c"])), [1, 2, 0])


def test_the_fix_of_a_wrong_lookup_mends() -> None:
    codes = symbolic("i64[?,1]")
    with pytest.raises(tl.ContractError) as caught:
        layers.StringLookup(vocabulary=["10"])(codes)
    assert caught.value.diagnostics[0].fixes[0].text.startswith("layers.IntegerLookup")
    assert layers.IntegerLookup(vocabulary=[10])(codes).shape == (None, 1)


def test_text_that_a_function_makes_is_looked_up() -> None:
    """Keras announces the compute dtype for a Lambda, whatever its function gives."""
    stack = [layers.Lambda(lambda x: tf.strings.as_string(x)), layers.StringLookup(vocabulary=["10", "20"])]
    model = tl.Sequential([tl.Input((1,), dtype="int64"), *stack])
    assert model.predict(np.array([[20], [10], [30]]), verbose=0).tolist() == [[2], [1], [0]]


# --------------------------------------------------------------------------------- ReversibleEmbedding
needs_reversible = pytest.mark.skipif(not hasattr(keras.layers, "ReversibleEmbedding"), reason="a newer Keras has it")


@needs_reversible
def test_an_embedding_is_reversed() -> None:
    layer = layers.ReversibleEmbedding(12, 4)
    assert layer(eager("i32[2,3]")).shape == (2, 3, 4)
    assert layer(eager("f32[2,3,4]"), reverse=True).shape == (2, 3, 12)
    assert layer(symbolic("f32[?,3,4]"), reverse=True).shape == (None, 3, 12)
    with pytest.raises(tl.ContractError, match="TL202"):
        layer(eager("f32[2,3,5]"), reverse=True)
    resolved = LOOKUPS["ReversibleEmbedding"].for_layer(layer, Policy())
    spec = Spec("float32", (2, 3, 4))
    checked = check(resolved, {"inputs": spec}, values={"reverse": True})
    assert infer(resolved, checked, spec, {"reverse": True}) == Spec("float32", (2, 3, 12))


@needs_reversible
def test_an_embedding_is_quantized() -> None:
    layer = layers.ReversibleEmbedding(12, 4)
    layer(eager("i32[2,3]"))
    layer.quantize("int8")
    assert layer(eager("i32[2,3]")).shape == (2, 3, 4)


# ------------------------------------------------------------------------------------------ as in Keras
MADE = {row.make.name: row.make for row in ROWS} | {name: Maker(name, (), ARGUMENTS.get(name, {})) for name in NAMES}


@pytest.mark.parametrize("name", sorted(MADE))
def test_configs_round_trip(name: str) -> None:
    mine, theirs = MADE[name](), MADE[name](keras.layers)
    if ends_in(lambda: type(theirs).from_config(theirs.get_config())) is None:
        pytest.skip("Keras itself does not read what it wrote")
    assert type(mine).from_config(mine.get_config()).get_config() == mine.get_config()
    assert mine.get_config().keys() == theirs.get_config().keys()


def test_every_layer_has_a_row() -> None:
    available = {name for name in ALL if hasattr(keras.layers, name)}
    assert available - set(MADE) == {"HashedCrossing", "Pipeline"}


def test_a_model_of_them_opens_in_plain_keras(tmp_path: Any) -> None:
    model = tl.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.RandomFlip(),
            layers.Resizing(4, 4),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    model.save(tmp_path / "model.keras")
    plain = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(*(m(image(2, 8, 8, 3), training=False) for m in (plain, model)))
    assert type(plain.layers[1]) is keras.layers.Resizing


ROWS = np.random.default_rng(0).normal(size=(8, 5)).astype("float32")


def adapted(rows: Any, **arguments: Any) -> Any:
    layer = layers.Normalization(name="norm", **arguments)
    layer.adapt(rows)
    return layer


def test_statistics_of_other_columns_are_refused() -> None:
    layer = adapted(ROWS)
    with pytest.raises(tl.ContractError) as caught:
        layer(ROWS[:, :4])
    (one,) = caught.value.diagnostics
    assert one.code == "TL208"
    assert "was adapted to 5 values for axis 1, which has size 4" in one.headline
    assert one.fixes[0].text.startswith("norm.adapt(x_train)")


@pytest.mark.parametrize(
    ("layer", "rows"),
    [
        (lambda: adapted(ROWS), ROWS[:3]),
        (lambda: adapted(ROWS[:, :1]), ROWS[:, :1]),
        (lambda: adapted(ROWS, axis=None), ROWS[:, :4]),
        (lambda: layers.Normalization(), ROWS),
    ],
    ids=["the same columns", "one column", "one mean of all", "never adapted"],
)
def test_statistics_that_fit_pass(layer: Any, rows: Any) -> None:
    assert layer()(rows).shape == rows.shape
