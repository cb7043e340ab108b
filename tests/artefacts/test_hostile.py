"""Files that are damaged, or made to hurt: each is refused in a sentence, soon and without much memory."""

from __future__ import annotations

import io
import json
import os
import random
import resource
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.artefacts import made
from typedlayers.artefacts.bounded import MOST_JSON, CannotRead
from typedlayers.artefacts.reading import read_artefact
from typedlayers.artefacts.samples import read_samples
from typedlayers.verifying import verify

SECONDS = 5


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_json", ".json").replace("_npy", ".npy"), data)
    return file.getvalue()


def config(data: Any) -> bytes:
    return zipped(config_json=json.dumps(data).encode())


def nested(depth: int) -> Any:
    """Functional models inside models, each with two outputs that lead through the one inside."""
    layer: Any = {"class_name": "Dense", "module": "keras.layers", "config": {"name": "d", "units": 2}}
    for _ in range(depth):
        node = {"args": [{"class_name": "__keras_tensor__", "config": {"shape": [None, 2], "dtype": "float32"}}]}
        inner = {**layer, "name": "d", "inbound_nodes": [node] * 9}
        outputs = [["d", call, 0] for call in range(9)]
        layer = {
            "class_name": "Functional",
            "config": {"layers": [inner], "input_layers": [], "output_layers": outputs},
        }
    return layer


def functional(inputs: Any, outputs: Any) -> Any:
    return {"class_name": "Functional", "config": {"input_layers": inputs, "output_layers": outputs}}


def twice() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("config.json", "[]")
    return file.getvalue()


def long_directory() -> bytes:
    return zipped(config_json=b"{}")[:-10] + struct.pack("<IIH", 1 << 30, 0, 0)


SEQUENTIAL = {"class_name": "Sequential", "config": {"layers": []}}

KERAS_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "not a zip file"),
    "no zip": (lambda: b"PK" + bytes(500), "not a zip file"),
    "cut off": (lambda: config(SEQUENTIAL)[:-30], "not a zip file"),
    "no config": (lambda: zipped(other=b"{}"), "no Keras file"),
    "a bomb": (lambda: zipped(config_json=b" " * (MOST_JSON * 4)), "would unpack to"),
    "twice": (twice, "2 times"),
    "a long directory": (long_directory, "directory of"),
    "no JSON": (lambda: zipped(config_json=b"{"), "not JSON"),
    "nested JSON": (lambda: zipped(config_json=b"[" * 100_000), "nested too deeply"),
    "a long number": (lambda: zipped(config_json=b"9" * 10_000), "not JSON"),
    "no model": (lambda: config([1]), "not a model's"),
    "no class": (lambda: config({"config": {}}), "not a model's"),
    "a nest of inputs": (
        lambda: config(functional(json.loads("[" * 99 + "]" * 99), [])),
        "nested too deeply",
    ),
    "models in models": (lambda: config(nested(40)), "nested too deeply"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), KERAS_FILES.values(), ids=list(KERAS_FILES))
def test_keras_files_that_are_refused(content: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    file = tmp_path / "m.keras"
    file.write_bytes(content())
    started = time.monotonic()
    with pytest.raises(CannotRead, match=said):
        read_artefact(str(file))
    assert time.monotonic() - started < SECONDS


DENSE = {"class_name": "Dense", "module": "keras.layers", "config": {"units": 3}}

UNKNOWN: dict[str, Any] = {
    "models in models": nested(12),
    "a size beyond all": {**SEQUENTIAL, "build_config": {"input_shape": [None, 10**300]}},
    "units beyond all": {
        "class_name": "Sequential",
        "config": {"layers": [{**DENSE, "config": {"units": 10**400}}]},
        "build_config": {"input_shape": [None, 2]},
    },
    "a long argument": {
        "class_name": "Sequential",
        "config": {"layers": [{**DENSE, "class_name": "Reshape", "config": {"target_shape": [1] * 100_000}}]},
        "build_config": {"input_shape": [None, 2]},
    },
    "text for layers": {"class_name": "Sequential", "config": {"layers": "abc"}},
    "numbers for layers": {"class_name": "Sequential", "config": {"layers": [1, None, [2]]}},
    "outputs of no layer": functional([["a", 0, 0]], [["b", -1, 9]]),
    "a shape of text": {**SEQUENTIAL, "build_config": {"input_shape": ["a", True, -3, 2.5]}},
    "a dtype of lists": {
        "class_name": "Sequential",
        "config": {"layers": [{**DENSE, "config": {"units": 3, "dtype": []}}]},
    },
}  # fmt: skip


@pytest.mark.parametrize("data", UNKNOWN.values(), ids=list(UNKNOWN))
def test_what_a_config_does_not_say_is_unknown(data: Any, tmp_path: Path) -> None:
    file = tmp_path / "m.keras"
    file.write_bytes(config(data))
    started = time.monotonic()
    found = read_artefact(str(file))
    assert time.monotonic() - started < SECONDS
    sizes = [
        size for port in (*found.signatures[0].inputs, *found.signatures[0].outputs) for size in port.spec.shape or ()
    ]
    assert all(size is None or size <= 2**53 for size in sizes)


# --------------------------------------------------------------------------------- folders, links, devices
def test_links_and_devices_inside_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"\x12\x00")
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "saved_model.pb").symlink_to(secret)
    with pytest.raises(CannotRead, match="is a link"):
        read_artefact(str(folder))
    (folder / "saved_model.pb").unlink()
    (folder / "saved_model.pb").write_bytes((Path(made.path("two")) / "saved_model.pb").read_bytes())
    (folder / "assets.extra").symlink_to(tmp_path)
    with pytest.raises(CannotRead, match="is a link"):
        read_artefact(str(folder))


def test_pipes_and_devices_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "m.keras")
    for path in (str(tmp_path / "m.keras"), "/dev/zero", str(tmp_path / "nothing.onnx"), "a\0b.keras", "a\0b"):
        with pytest.raises(CannotRead):
            read_artefact(path)
    with pytest.raises(CannotRead, match="not a regular file"):
        read_samples(str(_pipe(tmp_path)))


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "x.npy")
    return folder / "x.npy"


def test_other_files_are_named(tmp_path: Path) -> None:
    for name, content, said in (
        ("m.h5", b"\x89HDF\r\n\x1a\n", "HDF5"),
        ("m.txt", b"text", "is no artefact"),
        ("m", config(SEQUENTIAL), None),
    ):
        (tmp_path / name).write_bytes(content)
        if said is None:
            assert read_artefact(str(tmp_path / name)).form.value == "Keras file"
            continue
        with pytest.raises(CannotRead, match=said):
            read_artefact(str(tmp_path / name))
    with pytest.raises(CannotRead, match="is no SavedModel"):
        read_artefact(str(tmp_path))


# --------------------------------------------------------------------------------------- damaged at random
@pytest.mark.parametrize("name", ["two.keras", "two", "two.tflite", "m.onnx"])
def test_damaged_files_are_read_or_refused(name: str, tmp_path: Path) -> None:
    source = Path(made.path(name))
    inner = source / "saved_model.pb" if source.is_dir() else source
    whole, rng = inner.read_bytes(), random.Random(0)
    target = tmp_path / source.name / inner.name if source.is_dir() else tmp_path / source.name
    target.parent.mkdir(exist_ok=True)
    refused = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.choice([1, 4, 64])):
            data[rng.randrange(len(data))] = rng.randrange(256)
        target.write_bytes(bytes(data[: rng.randrange(1, len(data))]) if rng.random() < 0.3 else bytes(data))
        try:
            read_artefact(str(tmp_path / source.name))
        except CannotRead:
            refused += 1
    assert refused


# ------------------------------------------------------------------------------------------------ samples
def header(text: str, version: int = 1) -> bytes:
    data = text.encode()
    return b"\x93NUMPY" + bytes([version, 0]) + len(data).to_bytes(2 if version == 1 else 4, "little") + data


def array(shape: str, descr: str = "'<f4'") -> bytes:
    return header(f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}\n")


SAMPLES: dict[str, tuple[str, bytes, str]] = {
    "no array": ("x.npy", b"text", "not an array"),
    "a long header": ("x.npy", b"\x93NUMPY\x02\x00" + (1 << 31).to_bytes(4, "little"), "header of"),
    "a header of code": ("x.npy", header("__import__('os').abort()\n"), "cannot be read"),
    "a header nested": ("x.npy", header("(" * 5000 + "\n"), "cannot be read"),
    "objects": ("x.npy", array("(1,)", "'|O'") + b"cos\nabort\n(tR.", "unpickled"),
    "promises more": ("x.npy", array("(1000000000000,)"), "cut off"),
    "an endless shape": ("x.npy", array(f"({10**30}, 0)"), "impossible shape"),
    "a negative size": ("x.npy", array("(-1,)"), "impossible shape"),
    "no archive": ("x.npz", b"PK\x03\x04", "not an archive"),
    "an empty archive": ("x.npz", zipped(other=b""), "no arrays"),
    "an archive cut off": ("x.npz", zipped(a_npy=array("(9,)")), "cut off"),
    "an archive of objects": ("x.npz", zipped(a_npy=array("(1,)", "'|O'")), "unpickled"),
    "no lines": ("x.jsonl", b"\n\n", "no samples"),
    "no JSON": ("x.jsonl", b"{", "not JSON lines"),
    "nested lines": ("x.jsonl", b"[" * 100_000, "nested too deeply"),
    "a long line": ("x.jsonl", b"1" * (MOST_JSON + 9), "MiB"),
    "rows of other lengths": ("x.jsonl", b"[[1], [2, 3]]", "different lengths"),
    "an object": ("x.jsonl", b'[{"a": 1}, null]', "neither a number"),
    "too many shapes": ("x.jsonl", b"\n".join(b"[" + b"1," * n + b"1]" for n in range(40)), "shapes"),
    "another format": ("x.csv", b"1,2", "samples are read from"),
}


@pytest.mark.parametrize(("name", "content", "said"), SAMPLES.values(), ids=list(SAMPLES))
def test_samples_that_are_refused(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    started = time.monotonic()
    with pytest.raises(CannotRead, match=said):
        read_samples(str(tmp_path / name))
    assert time.monotonic() - started < SECONDS


def test_of_a_large_file_the_first_samples_are_looked_at(tmp_path: Path) -> None:
    """A sparse file of 64 GB, and an archive that would unpack to 4 GB."""
    large = tmp_path / "x.npy"
    large.write_bytes(array("(4000000000, 4)"))
    with large.open("r+b") as file:
        file.truncate(large.stat().st_size + 4_000_000_000 * 16)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (samples,) = read_samples(str(large))
    assert samples.x.shape == (4_000_000_000, 4)  # pyright: ignore
    assert [one.code for one in verify(made.path("m.onnx"), str(large))] == ["TL507"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


def picture(side: int) -> bytes:
    """The header of a picture, and no pixels."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIB", side, side, 8) + b"\2\0\0\0"


PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "no picture": (lambda: b"text", "is not a PNG"),
    "a bomb": (lambda: picture(60_000), "pixels"),
    "damaged": (lambda: picture(8), "no PNG"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), PICTURES.values(), ids=list(PICTURES))
def test_pictures_that_are_refused(content: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(content())
    with pytest.raises(CannotRead, match=said):
        verify(made.path("trained.keras"), tmp_path)


def test_a_folder_without_pictures(tmp_path: Path) -> None:
    (tmp_path / "link.png").symlink_to(made.path("two.keras"))
    with pytest.raises(CannotRead, match=r"without \.png"):
        verify(made.path("trained.keras"), tmp_path)
