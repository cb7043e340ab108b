"""What a user sees of an error: their own lines and the report, no frame of ours."""

from __future__ import annotations

import html
import linecache
import os
import subprocess
import sys
import textwrap
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.layers.test_errors_arrive_whole import OWNERS, WAYS, error_of, plain_sequential
from typedlayers import layers
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.verdict.report import Report


def homes_of(error: BaseException) -> list[str]:
    """The package of each frame of a traceback."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return [str(frame.f_globals.get("__name__")).partition(".")[0] for frame in frames]


@pytest.mark.parametrize("way", WAYS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("owner", OWNERS[:2], ids=lambda f: f.__name__)
def test_no_frame_of_ours_whatever_raises(owner: Callable[[], Any], way: Callable[[Any], None]) -> None:
    homes = homes_of(error_of(owner, way))
    assert "typedlayers" not in homes
    if way is not plain_sequential and "function" not in way.__name__ and way.__name__ != "dataset_map":
        around_it = {"keras"} if "fit" in way.__name__ or way.__name__ == "predict" else set()  # a plain model's own
        assert set(homes) - around_it == {"tests"}


def of_model() -> tl.Sequential:
    return tl.Sequential([keras.Input((4,)), layers.Dense(2)])


def compiled() -> Any:
    model = of_model()
    model.compile("sgd", "mse")
    return model


class Own(tl.Model):
    def __init__(self) -> None:
        super().__init__()
        self.conv = layers.Conv2D(2, 3)

    def call(self, x: Any) -> Any:
        return self.conv(x)


X, Y = np.ones((4, 4), "float32"), np.ones((3, 2), "float32")
ENTRIES: dict[str, Callable[[], Any]] = {
    "a constructor": lambda: layers.Dense("3"),  # pyright: ignore[reportArgumentType]
    "a Sequential": lambda: tl.Sequential([keras.Input((4, 4)), layers.Conv2D(2, 3)]),
    "add": lambda: of_model().add(layers.Conv2D(2, 3)),
    "a call": lambda: of_model()(np.ones((2, 3), "float32")),
    "a model of the user's": lambda: Own()(X),
    "fit": lambda: compiled().fit(X, Y, verbose=0),
    "evaluate": lambda: compiled().evaluate(X, Y, verbose=0),
    "predict": lambda: of_model().predict(np.ones((4, 5), "float32"), verbose=0),
    "train_on_batch": lambda: compiled().train_on_batch(X, Y),
    "annotate": lambda: tl.annotate(layers.Dense(3), outputs=list_of_bad()),
    "a report": lambda: Report(errors=(Diagnostic("TL201", "a tensor has too few axes"),)).raise_for_errors(),
}


def list_of_bad() -> Any:
    from jaxtyping import Float

    return Float[tl.Tensor, "batch 4"]


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_shows_the_user_s_lines_alone(name: str) -> None:
    with pytest.raises(tl.ContractError) as caught:
        ENTRIES[name]()
    assert set(homes_of(caught.value)) == {"tests"}


def test_keras_s_own_switch_shows_all_frames() -> None:
    keras.config.disable_traceback_filtering()
    try:
        with pytest.raises(tl.ContractError) as caught:
            layers.Dense("3")  # pyright: ignore[reportArgumentType]
    finally:
        keras.config.enable_traceback_filtering()
    assert "typedlayers" in homes_of(caught.value)


def test_other_errors_keep_their_frames() -> None:
    with pytest.raises(ValueError, match="units") as caught:
        layers.Dense(-1)
    assert "keras" in homes_of(caught.value)


def test_a_script_shows_its_own_lines_and_the_report(tmp_path: Path) -> None:
    text = """
        from typedlayers import keras, layers

        def build():
            return keras.Sequential([keras.Input((28, 28)), layers.Conv2D(8, 3, name="conv")])

        build()
    """
    script = tmp_path / "train.py"
    script.write_text(textwrap.dedent(text))
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=tmp_path, env=os.environ)
    told = done.stderr.partition("Traceback")[2]
    above, report = told.split('typedlayers.ContractError: error[TL201] Conv2D "conv" needs 4 dimensions but gets 3\n')
    assert [line.split(",")[0].strip() for line in above.splitlines() if "File" in line] == [f'File "{script}"'] * 2
    assert report.startswith("  where  train.py:5, ")


# ------------------------------------------------------------------------------------------- notebooks
@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A stand-in for IPython that runs text as its second cell."""
    file = "/tmp/ipykernel_7/123.py"

    def format_code_name(name: str) -> tuple[str, str] | None:
        return ("Cell", "In[2]") if name == file else None

    ipython: Any = ModuleType("IPython")
    ipython.get_ipython = lambda: SimpleNamespace(compile=SimpleNamespace(format_code_name=format_code_name))
    monkeypatch.setitem(sys.modules, "IPython", ipython)

    def run(text: str, names: dict[str, Any] | None = None) -> None:
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), {} if names is None else names)

    return run


def test_a_notebook_shows_cells_in_place_of_files(
    notebook: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with pytest.raises(tl.ContractError) as caught:
        notebook("from typedlayers import layers\nlayers.Dense('3')\n")
    shown = "\n".join(caught.value._render_traceback_())
    assert "Cell In[2], line 2\n    layers.Dense('3')\n\nerror[TL102] Dense needs an integer" in shown
    assert "  where  Cell In[2], line 2\n" in shown
    assert "ipykernel" not in shown


def test_a_notebook_names_cells_wherever_a_line_is_named(notebook: Callable[..., None]) -> None:
    with pytest.raises(tl.ContractError) as caught:
        notebook(
            "import numpy as np\nfrom typedlayers import keras, layers\n"
            "class Root(layers.Layer):\n    def call(self, x):\n        return np.sqrt(x)\n"
            "keras.Sequential([keras.Input((3,)), Root()])\n"
        )
    assert "call fails at Cell In[2], line 5: return np.sqrt(x)" in str(caught.value)
    assert "in place of np.sqrt at Cell In[2], line 5" in str(caught.value)
    assert "ipykernel" not in str(caught.value)


def test_a_model_of_another_cell_is_named_by_it(notebook: Callable[..., None]) -> None:
    names: dict[str, Any] = {}
    notebook(
        "from typedlayers import keras\nmade = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])\n", names
    )
    names["made"].compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(tl.ContractError, match=r"made at Cell In\[2\], line 2"):
        names["made"].fit(np.zeros((4, 3), "float32"), np.arange(4), verbose=0)


def test_a_notebook_shows_colours_unless_they_are_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    error = tl.ContractError([Diagnostic("TL201", "a tensor has too few axes")])
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1;31merror[TL201]" in "\n".join(error._render_traceback_())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in "\n".join(error._render_traceback_())


# ----------------------------------------------------------------------------------------------- values
def test_values_are_short_where_they_are_typed_in() -> None:
    contract = tl.contract_of(layers.Dense)
    assert repr(contract) == '<Contract: Compute "batch *axes features" → Compute "batch *axes {self.units}">'
    assert len(repr(tl.contract_of(layers.Dense(3)))) < 120
    assert contract._repr_html_().startswith("<code>Compute &quot;batch *axes features")  # pyright: ignore
    assert repr(tl.check(of_model())).startswith('<Report on Sequential "sequential')
    assert repr(tl.repairs(of_model())) == "<0 repairs>"


def test_the_ledger_is_shown_as_lines() -> None:
    model = tl.Sequential([keras.Input((4, 4)), layers.Conv2D(2, 3, name="conv")], mode="lenient")
    found = tl.repairs(model)
    assert repr(found) == "<1 repair>"
    assert str(found) == str(found[0])
    assert found._repr_html_() == f"<ul><li>{html.escape(str(found[0]))}</li></ul>"


def test_allow_needs_a_rule() -> None:
    with pytest.raises(TypeError, match="allow needs a rule"):
        tl.allow(layers.Dense(3))  # pyright: ignore


def test_dir_shows_public_names() -> None:
    assert set(dir(tl)) == {*tl.__all__, "__version__"}
