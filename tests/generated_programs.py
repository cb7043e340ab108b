"""Small random programs, right ones and ones with one change that may be a mistake; and what becomes of each.

    python -m tests.generated_programs 1000 [--seed S]

prints how many right programs were troubled, how many of the changed ones plain Keras refuses once it has begun, and
how many of those were said before any batch. A program is drawn from its number alone.
"""

from __future__ import annotations

import argparse
import collections
import random
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

Layer = tuple[str, dict[str, Any]]
"""The class of a layer and its arguments."""

SAMPLES: Final = 12


@dataclass(frozen=True)
class Program:
    """A Sequential, its loss, its data and how they are given.

    Attributes:
        shape: the shape of one sample.
        dtype: the dtype that the input declares.
        layers: the layers.
        loss: the loss.
        metrics: the metrics.
        x: the data.
        y: the targets.
        declared: whether the model declares its input.
        source: ``arrays``, ``dataset`` or ``generator``.
    """

    shape: tuple[int, ...]
    layers: tuple[Layer, ...]
    loss: str
    x: Any
    y: Any
    dtype: str = "float32"
    metrics: tuple[str, ...] = ()
    declared: bool = True
    source: str = "arrays"
    note: str = field(default="", compare=False)

    def model(self, k: Any) -> Any:
        """Returns the compiled model, of one namespace of Keras."""
        made = [getattr(k.layers, cls)(**arguments) for cls, arguments in self.layers]
        first = [k.Input(self.shape, dtype=self.dtype)] if self.declared else []
        model = k.Sequential([*first, *made])
        model.compile("sgd", self.loss, metrics=list(self.metrics) or None)
        return model

    def run(self, k: Any, *callbacks: Any) -> None:
        """Makes the model and trains it for an epoch."""
        size = {"batch_size": 4} if self.source == "arrays" else {}
        self.model(k).fit(*self.given(), epochs=1, verbose=0, callbacks=list(callbacks), **size)

    def given(self) -> tuple[Any, ...]:
        """Returns what is given to ``fit``."""
        import tensorflow as tf

        if self.source == "dataset":
            return (tf.data.Dataset.from_tensor_slices((self.x, self.y)).batch(4),)
        if self.source == "generator":
            return (((self.x[start : start + 4], self.y[start : start + 4]) for start in range(0, len(self.x), 4)),)
        return self.x, self.y


# --------------------------------------------------------------------------------------------- right programs
def right(seed: int) -> Program:
    """Returns a right program."""
    draw = random.Random(seed)
    kind = draw.choice([_table, _images, _signals, _words, _sequences])
    program = kind(draw, np.random.default_rng(seed))
    return replace(
        program, declared=draw.random() < 0.7, source=draw.choice(["arrays", "arrays", "dataset", "generator"])
    )


def _hidden(draw: random.Random, most: int = 2) -> list[Layer]:
    found: list[Layer] = []
    for _ in range(draw.randint(0, most)):
        found.append(("Dense", {"units": draw.randint(3, 9), "activation": draw.choice(["relu", "tanh", "gelu"])}))
        if draw.random() < 0.3:
            found.append(
                draw.choice([("Dropout", {"rate": 0.2}), ("BatchNormalization", {}), ("LayerNormalization", {})])
            )
    return found


def _headed(
    draw: random.Random, rng: Any, before: list[Layer], x: Any, steps: int | None = None, **more: Any
) -> Program:
    """Puts an output, its loss and its targets behind layers; with `steps`, one output for each step."""
    lead = (SAMPLES,) if steps is None else (SAMPLES, steps)
    classes = draw.randint(3, 6)
    match draw.choice(["number", "numbers", "yes or no", "ids", "one-hot", "labels"]):
        case "number":
            head, loss, y = (1, None), draw.choice(["mse", "mae", "huber"]), rng.normal(size=(*lead, 1))
        case "numbers":
            head, loss, y = (classes, None), "mse", rng.normal(size=(*lead, classes))
        case "yes or no":
            head, loss, y = (1, "sigmoid"), "binary_crossentropy", rng.integers(0, 2, (*lead, 1))
        case "ids":
            head, loss, y = (classes, "softmax"), "sparse_categorical_crossentropy", rng.integers(0, classes, lead)
        case "one-hot":
            y = np.eye(classes)[rng.integers(0, classes, lead)]
            head, loss = (classes, "softmax"), "categorical_crossentropy"
        case _:
            head, loss, y = (classes, "sigmoid"), "binary_crossentropy", rng.integers(0, 2, (*lead, classes))
    y = y.astype("int64" if loss.startswith("sparse") else "float32")
    units, activation = head
    layer = ("Dense", {"units": units, "activation": activation})
    accuracy = ("accuracy",) if loss.endswith("crossentropy") and draw.random() < 0.5 else ()
    return Program(tuple(x.shape[1:]), (*before, layer), loss, x, y, metrics=accuracy, **more)


def _table(draw: random.Random, rng: Any) -> Program:
    return _headed(draw, rng, _hidden(draw, 3), rng.normal(size=(SAMPLES, draw.randint(2, 9))).astype("float32"))


def _images(draw: random.Random, rng: Any) -> Program:
    side, channels = draw.choice([12, 16, 17]), draw.choice([1, 3])
    before: list[Layer] = []
    x = rng.uniform(size=(SAMPLES, side, side, channels)).astype("float32")
    if draw.random() < 0.3:
        x, before = (x * 255).astype("uint8"), [("Rescaling", {"scale": 1 / 255})]
    for _ in range(draw.randint(1, 2)):
        before.append(("Conv2D", {"filters": draw.randint(2, 5), "kernel_size": 3, "activation": "relu"}))
        before.append(
            (draw.choice(["MaxPooling2D", "AveragePooling2D"]), {"pool_size": 2})
            if draw.random() < 0.6
            else ("Dropout", {"rate": 0.1})
        )
    before.append((draw.choice(["Flatten", "GlobalAveragePooling2D"]), {}))
    return _headed(draw, rng, before + _hidden(draw, 1), x)


def _signals(draw: random.Random, rng: Any) -> Program:
    x = rng.normal(size=(SAMPLES, draw.randint(12, 20), draw.randint(1, 3))).astype("float32")
    before: list[Layer] = [("Conv1D", {"filters": 4, "kernel_size": 3, "activation": "relu"})]
    if draw.random() < 0.5:
        before.append(("MaxPooling1D", {}))
    before.append((draw.choice(["Flatten", "GlobalMaxPooling1D"]), {}))
    return _headed(draw, rng, before + _hidden(draw, 1), x)


def _words(draw: random.Random, rng: Any) -> Program:
    size, steps = draw.randint(10, 30), draw.randint(4, 8)
    x = rng.integers(0, size, (SAMPLES, steps)).astype(draw.choice(["int32", "int64"]))
    before: list[Layer] = [("Embedding", {"input_dim": size, "output_dim": draw.randint(2, 5)})]
    before += [
        draw.choice([("GlobalAveragePooling1D", {}), ("LSTM", {"units": 4}), ("GRU", {"units": 3}), ("Flatten", {})])
    ]
    return _headed(draw, rng, before + _hidden(draw, 1), x, dtype="int32")


def _sequences(draw: random.Random, rng: Any) -> Program:
    steps = draw.randint(4, 8)
    x = rng.normal(size=(SAMPLES, steps, draw.randint(1, 4))).astype("float32")
    whole = draw.random() < 0.4
    before: list[Layer] = []
    if draw.random() < 0.4:
        before.append(("LSTM", {"units": 5, "return_sequences": True}))
    before.append((draw.choice(["LSTM", "GRU", "SimpleRNN"]), {"units": 4, "return_sequences": whole}))
    return _headed(draw, rng, before, x, steps=steps if whole else None)


# ------------------------------------------------------------------------------------------------- changes
Change = Callable[[Program, random.Random, Any], Program | None]
"""Returns a program with one change, None if it does not apply."""


def _another_width(program: Program, draw: random.Random, rng: Any) -> Program | None:
    axis = draw.randint(1, program.x.ndim - 1)
    return replace(program, x=np.repeat(program.x, 2, axis=axis))


def _one_axis_less(program: Program, draw: random.Random, rng: Any) -> Program | None:
    return replace(program, x=program.x.reshape(SAMPLES, -1)) if program.x.ndim > 2 else None


def _one_axis_more(program: Program, draw: random.Random, rng: Any) -> Program | None:
    return replace(program, x=np.repeat(program.x[:, None], 2, axis=1))


def _other_counts(program: Program, draw: random.Random, rng: Any) -> Program | None:
    match program.source:
        case "arrays":
            return replace(program, y=program.y[: draw.randint(5, SAMPLES - 1)])
        case "generator":
            return replace(program, y=program.y[: draw.randint(1, 3)])  # of the first batch
    return None  # TensorFlow itself makes no dataset of them


def _seen(program: Program, draw: random.Random) -> int:
    """Any sample of arrays; one of the first batch of what Keras draws from: nothing is drawn ahead of it."""
    return draw.randint(0, SAMPLES - 1 if program.source == "arrays" else 3)


def _ids_beyond(program: Program, draw: random.Random, rng: Any) -> Program | None:
    if not program.loss.startswith("sparse"):
        return None
    y = program.y.copy()
    y.reshape(SAMPLES, -1)[_seen(program, draw), 0] = program.layers[-1][1]["units"] + draw.randint(0, 3)
    return replace(program, y=y)


def _words_beyond(program: Program, draw: random.Random, rng: Any) -> Program | None:
    if program.layers[0][0] != "Embedding":
        return None
    x = program.x.copy()
    x.reshape(SAMPLES, -1)[_seen(program, draw), 0] = program.layers[0][1]["input_dim"] + draw.randint(0, 3)
    return replace(program, x=x)


def _one_hot_targets(program: Program, draw: random.Random, rng: Any) -> Program | None:
    if not program.loss.startswith("sparse"):
        return None
    return replace(program, y=np.eye(program.layers[-1][1]["units"], dtype="float32")[program.y])


def _class_ids(program: Program, draw: random.Random, rng: Any) -> Program | None:
    return replace(program, y=program.y.argmax(-1)) if program.loss == "categorical_crossentropy" else None


def _wider_head(program: Program, draw: random.Random, rng: Any) -> Program | None:
    if program.y.shape[-1:] != (program.layers[-1][1]["units"],) or program.y.shape[-1] == 1:
        return None
    cls, arguments = program.layers[-1]
    wider = (cls, {**arguments, "units": arguments["units"] + draw.randint(1, 3)})
    return replace(program, layers=(*program.layers[:-1], wider))


def _without_a_layer(program: Program, draw: random.Random, rng: Any) -> Program | None:
    where = [
        place for place, (cls, _) in enumerate(program.layers[:-1]) if cls not in ("Dropout", "BatchNormalization")
    ]
    if not where:
        return None
    place = draw.choice(where)
    return replace(program, layers=program.layers[:place] + program.layers[place + 1 :])


def _sequence_or_not(program: Program, draw: random.Random, rng: Any) -> Program | None:
    where = [place for place, (_, arguments) in enumerate(program.layers) if "return_sequences" in arguments]
    if not where:
        return None
    place = draw.choice(where)
    cls, arguments = program.layers[place]
    turned = (cls, {**arguments, "return_sequences": not arguments["return_sequences"]})
    return replace(program, layers=(*program.layers[:place], turned, *program.layers[place + 1 :]))


def _large_window(program: Program, draw: random.Random, rng: Any) -> Program | None:
    where = [place for place, (_, arguments) in enumerate(program.layers) if "kernel_size" in arguments]
    if not where:
        return None
    place = draw.choice(where)
    cls, arguments = program.layers[place]
    large = (cls, {**arguments, "kernel_size": 40})
    return replace(program, layers=(*program.layers[:place], large, *program.layers[place + 1 :]))


def _text(program: Program, draw: random.Random, rng: Any) -> Program | None:
    return replace(program, x=program.x.astype("U16"))


def _no_batch(program: Program, draw: random.Random, rng: Any) -> Program | None:
    return (
        replace(program, x=program.x[0], y=program.y[0]) if program.source == "arrays" and program.x.ndim > 2 else None
    )


def _text_targets(program: Program, draw: random.Random, rng: Any) -> Program | None:
    return replace(program, y=np.array(["a", "b", "c"])[rng.integers(0, 3, SAMPLES)])


CHANGES: Final[tuple[Change, ...]] = (
    _another_width, _one_axis_less, _one_axis_more, _other_counts, _ids_beyond, _words_beyond, _one_hot_targets,
    _class_ids, _wider_head, _without_a_layer, _sequence_or_not, _large_window, _text, _no_batch, _text_targets,
)  # fmt: skip


def changed(seed: int) -> Program:
    """Returns a program with one change; it may be right still."""
    draw, rng = random.Random(f"change {seed}"), np.random.default_rng(seed)
    program = right(seed)
    for change in draw.sample(CHANGES, len(CHANGES)):
        found = change(program, draw, rng)
        if found is not None:
            return replace(found, note=change.__name__.strip("_"))
    raise AssertionError(f"no change applies to program {seed}")


# ------------------------------------------------------------------------------------------------- outcomes
@dataclass(frozen=True)
class Outcome:
    """What became of a program.

    Attributes:
        said: the codes of errors and warnings of contracts.
        raised: what else was raised, empty if nothing.
        batches: how many batches ran before.
    """

    said: tuple[str, ...] = ()
    raised: str = ""
    batches: int = 0


def outcome(program: Program, *, typed: bool) -> Outcome:
    """Runs a program with typed layers, or with those of plain Keras."""
    import keras

    import typedlayers as tl
    import typedlayers.keras as typed_keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    ended: list[int] = []
    counter = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: ended.append(batch))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        said: tuple[str, ...] = ()
        raised = ""
        try:
            program.run(typed_keras if typed else keras, counter)
        except tl.ContractError as error:
            said = tuple(one.code for one in error.diagnostics)
        except Exception as error:  # noqa: BLE001 - whatever Keras says of it is the outcome
            raised = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    warned = [one.message for one in caught if isinstance(one.message, tl.ContractWarning)]
    said += tuple(one.code for message in warned for one in message.diagnostics)
    return Outcome(said, raised, len(ended))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    troubled, late, table = 0, 0, collections.Counter[tuple[str, str]]()
    for seed in seeds:
        found = outcome(right(seed), typed=True)
        if found.said or found.raised:
            troubled += 1
            print(f"a right program is troubled: {seed}, {found}", flush=True)
    for seed in seeds:
        program = changed(seed)
        plain, found = outcome(program, typed=False), outcome(program, typed=True)
        said = found.said and not (found.batches and plain.raised)
        table["refused by Keras" if plain.raised else "runs in Keras", "said" if said else "not said"] += 1
        if plain.raised and not said:
            late += 1
            print(f"not said: {seed}, {program.note}, {program.source}, {plain.raised[:160]}", flush=True)
    refused = sum(count for (row, _), count in table.items() if row == "refused by Keras")
    print(f"right programs that are troubled: {troubled} of {asked.count}")
    for row, count in sorted(table.items()):
        print(f"changed programs, {', '.join(row)}: {count}")
    print(f"of those that Keras refuses, said before a batch: {100 * (1 - late / max(1, refused)):.1f} %")


if __name__ == "__main__":
    main()
