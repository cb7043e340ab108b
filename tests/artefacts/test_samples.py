"""Samples against an artefact: what fits, and what is said of what does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from tests.artefacts import made
from typedlayers.artefacts.fitting import findings_of
from typedlayers.artefacts.model import NO_FRONT, Artefact, Bounds, Form, Front, Port, Signature
from typedlayers.artefacts.samples import Samples
from typedlayers.diagnostics.model import Repair
from typedlayers.facts.ranges import ValueFacts
from typedlayers.spec import Carrier, Spec
from typedlayers.verifying import verify

FLOATS = np.linspace(0, 1, 16 * 64, dtype="float32").reshape(16, 8, 8, 1)
ROW, IDS = np.zeros((4, 8), "float32"), np.ones((4, 5), "int32")


def lines(*samples: Any) -> str:
    return "\n".join(map(json.dumps, samples))


def pictures(*shapes: tuple[int, ...], dtype: str = "uint8") -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "class").mkdir(parents=True)
        for place, shape in enumerate(shapes):
            noise = np.random.default_rng(place).integers(0, 256, shape).astype(dtype)
            (folder / "class" / f"{place}.png").write_bytes(tf.io.encode_png(noise).numpy())

    return write


ROWS = [
    # artefact         file         what is in it                                                  codes
    ("trained.keras", "x.npy", FLOATS, []),
    ("trained.keras", "x.npy", FLOATS.astype("float64"), []),
    ("trained.keras", "x.npy", np.asfortranarray(FLOATS), []),
    ("trained.keras", "x.npy", made.images().astype("float32"), ["TL406"]),
    ("trained.keras", "x.npy", FLOATS[0], ["TL503"]),
    ("trained.keras", "x.npy", FLOATS[..., 0], []),  # Keras adds the axis
    ("trained.keras", "x.npy", np.zeros((4, 8, 8, 3), "float32"), ["TL502"]),
    ("trained.keras", "x.npy", np.zeros((4, 8), "float32"), ["TL501"]),
    ("trained.keras", "x.npy", np.array([["a"]]), ["TL302"]),
    ("trained.keras", "x.npz", {"image": FLOATS}, []),
    ("trained.keras", "x.npz", {"arr_0": FLOATS}, []),
    ("trained.keras", "x.npz", {"arr_0": FLOATS, "arr_1": FLOATS}, ["TL507"]),
    ("trained.keras", "pictures", pictures((8, 8, 1), (8, 8, 1)), ["TL406"]),
    ("trained.keras", "pictures", pictures((8, 8, 1), (9, 8, 1)), ["TL406", "TL502"]),
    ("trained.keras", "pictures", pictures((8, 8, 1), dtype="uint16"), ["TL406"]),
    ("trained.keras", "x.jsonl", lines(*FLOATS.tolist()), []),
    ("trained", "x.npy", FLOATS, []),
    ("trained", "x.npy", FLOATS.astype("float64"), ["TL811"]),
    ("trained", "x.npy", made.images(), ["TL406"]),
    ("two", "x.npz", {"row": ROW, "ids": IDS}, []),
    ("two", "x.npz", {"row": ROW, "ids": IDS.astype("int64")}, ["TL811"]),
    ("two", "x.npz", {"row": ROW}, ["TL506"]),
    ("two", "x.npz", {"row": ROW, "id": IDS}, ["TL506"]),
    ("two.keras", "x.npz", {"row": ROW, "ids": IDS.astype("int64")}, []),
    ("two.tflite", "x.npz", {"row": ROW, "ids": IDS}, []),
    ("two", "x.jsonl", lines({"row": [0.5] * 8, "ids": [1, 2]}, {"row": [1] * 8, "ids": [3, 4]}), []),
    ("two", "x.json", lines({"instances": [{"row": [0.5] * 8, "ids": [1]}] * 2}), []),
    ("two", "x.jsonl", lines({"row": [0.5] * 8, "ids": [1]}, {"row": [0.5] * 8, "ids": [1, 2]}), []),
    ("two", "x.jsonl", lines({"row": [0.5] * 8, "ids": [1.5]}), ["TL811"]),
    ("two", "x.jsonl", lines({"row": [0.5] * 7, "ids": [1]}), ["TL502"]),
    ("two", "x.jsonl", lines({"row": ["a"] * 8, "ids": [1]}), ["TL302"]),
    ("m.onnx", "x.npz", {"image": np.ones((3, 4), "float32"), "ids": np.ones((3, 2), "int64")}, []),
    ("m.onnx", "x.npz", {"image": np.ones((3, 5), "float32"), "ids": np.ones((3, 2), "int32")}, ["TL502", "TL811"]),
]  # fmt: skip


def written(folder: Path, name: str, what: Any) -> str:
    """Writes what is to be in a file of samples."""
    file = folder / name
    if name.endswith(".npy"):
        np.save(file, what)
    elif name.endswith(".npz"):
        np.savez(file, **what)
    elif isinstance(what, str):
        file.write_text(what)
    else:
        what(file)
    return str(file)


@pytest.mark.parametrize(("artefact", "name", "what", "codes"), ROWS)
def test_samples(artefact: str, name: str, what: Any, codes: list[str], tmp_path: Path) -> None:
    report = verify(made.path(artefact), written(tmp_path, name, what))
    assert sorted(one.code for one in report) == codes
    assert report.ok is not bool(codes)
    assert "lenient" not in str(report)


# -------------------------------------------------------------------------------------------- the range
def artefact(bounds: Bounds | None, form: Form = Form.SAVED_MODEL, repair: Repair | None = None) -> Artefact:
    port = Port("row", Spec("float32", (None, 2)), Front(bounds, repair) if bounds or repair else NO_FRONT, "row")
    return Artefact(path="net", form=form, signatures=(Signature("serve", (port,), ()),))


def bounds(low: float, high: float, *, declared: bool) -> Bounds:
    return Bounds(ValueFacts(low, high), declared=declared)


RESCALE = Repair("rescale", "float32", scale=1 / 255)
NAN = [float("nan"), 1]

RANGES = [
    # range                                 values       codes, and whether they are errors
    (bounds(0, 1, declared=True), [0, 1], []),
    (bounds(0, 1, declared=True), [0, 1.01], [("TL812", True)]),
    (bounds(0, 1, declared=True), [-0.01, 1], [("TL812", True)]),
    (bounds(0, 1, declared=True), NAN, [("TL812", True)]),
    (bounds(0, 1, declared=False), [0, 9], []),  # training sees a part of what there is
    (bounds(0, 1, declared=False), [0, 11], [("TL812", False)]),
    (bounds(-2, 1, declared=False), [-21, 0], [("TL812", False)]),
    (bounds(0, 0, declared=False), [0, 11], []),
    (None, [0, 1e30], []),
]


@pytest.mark.parametrize(("known", "values", "codes"), RANGES, ids=str)
def test_ranges(known: Bounds | None, values: Any, codes: list[tuple[str, bool]]) -> None:
    x = np.array([values], "float32")
    found = findings_of(artefact(known), [Samples("x.npy", Spec("float32", x.shape, Carrier.ARRAY), x)])
    assert [(one.code, one.is_error) for one in found] == codes


@pytest.mark.parametrize("form", Form)
def test_bytes_are_taken_where_the_artefact_scales_them(form: Form) -> None:
    x = np.array([[0, 255]], "uint8")
    samples = [Samples("x.npy", Spec("uint8", x.shape, Carrier.ARRAY), x)]
    known = bounds(0, 1, declared=True)
    assert findings_of(artefact(known, form, RESCALE), samples) == []
    assert [one.code for one in findings_of(artefact(known, form), samples)] == ["TL812" if form.casts else "TL811"]


def test_the_signature_that_fits_best_counts() -> None:
    """An export that takes bytes and ready floats."""
    ports = [Port("x", Spec(dtype, (None, 2)), key="x") for dtype in ("uint8", "float32")]
    both = Artefact(
        path="net", form=Form.SAVED_MODEL, signatures=tuple(Signature(f"of {p.spec.dtype}", (p,), ()) for p in ports)
    )
    for dtype, codes in (("uint8", []), ("float32", []), ("int64", ["TL811"])):
        x = np.zeros((3, 2), dtype)
        samples = [Samples("x.npy", Spec(dtype, x.shape, Carrier.ARRAY), x)]
        assert [one.code for one in findings_of(both, samples)] == codes
