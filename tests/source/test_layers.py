"""Edits of layers in source text: in a list, added to a model, called on a tensor, in a class."""

from __future__ import annotations

import libcst as cst
import pytest

from tests.source.edits import made
from typedlayers.diagnostics.edit import Argument, Attribute, Edit, Exchange, Insert, Move, Remove, Replace, Side
from typedlayers.source.order import exchange, move
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program

LISTED = """\
from keras import layers
model = keras.Sequential([
    layers.Input((8, 8, 1), name="image"),  # digits
    layers.Conv2D(8, 3, name="conv"),
    layers.Dense(10, name="head"),  # one for each
])
"""
ON_ONE_LINE = "model = keras.Sequential([keras.layers.Dense(3), keras.layers.LSTM(4, name='lstm')])\n"
ADDED = """\
model = Sequential()
model.add(Conv2D(8, 3))

# the head
model.add(Dense(10))
"""
CALLED = """\
x = layers.Conv2D(8, 3, name="conv")(image)
y = layers.Dense(10, name="head")(layers.Dropout(0.1)(x))
"""
UNPACKED = """\
sizes = (3, 2)
options = {"padding": "valid", "activation": "relu"}
conv = layers.Conv2D(8, *sizes, name="conv", **options)
"""
SHARED = UNPACKED + "other = layers.Conv2D(8, *sizes, name='other', **options)\n"
PASSED_ON = """\
def conv(sizes, **options):
    return layers.Conv2D(8, *sizes, name="conv", **options)
"""
JOINED = 'z = k.layers.Concatenate(name="join")([a, b])\n'
KEPT = """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(8, 3)
        self.head = layers.Dense(10)

    def call(self, x):
        return self.head(self.conv(x))
"""
FLATTEN = "layers.Flatten()"

ROWS = [
    # source, edits, what changes: (the old text, the new text)
    pytest.param(
        LISTED,
        [Insert(FLATTEN, '"head"')],
        ('    layers.Dense(10, name="head")', '    layers.Flatten(),\n    layers.Dense(10, name="head")'),
        id="before an element",
    ),
    pytest.param(
        LISTED,
        [Insert(FLATTEN, '"conv"', Side.AFTER)],
        ('name="conv"),\n', 'name="conv"),\n    layers.Flatten(),\n'),
        id="after an element",
    ),
    pytest.param(
        LISTED,
        [Insert("layers.Rescaling(1 / 255)", 'Input "image"', Side.AFTER)],
        ("# digits\n", "# digits\n    layers.Rescaling(1 / 255),\n"),
        id="after an element with a comment",
    ),
    pytest.param(
        LISTED,
        [Insert('ops.cast(x, "float32")', '"head"')],
        (
            None,
            LISTED.replace("import layers", "import ops, layers").replace(
                "    layers.Dense(10", '    layers.Lambda(lambda x: ops.cast(x, "float32")),\n    layers.Dense(10'
            ),
        ),
        id="an op among layers",
    ),
    pytest.param(
        LISTED,
        [Argument('Dense "head"', "units", "3"), Insert(FLATTEN, '"head"'), Argument('"head"', "activation", '"relu"')],
        ('layers.Dense(10, name="head")', 'layers.Flatten(),\n    layers.Dense(3, name="head", activation="relu")'),
        id="several edits of one layer",
    ),
    pytest.param(LISTED, [Remove('"conv"')], ('    layers.Conv2D(8, 3, name="conv"),\n', ""), id="out of a list"),
    pytest.param(
        LISTED,
        [Replace('"conv"', "layers.Conv2DTranspose(8, 3)")],
        ('layers.Conv2D(8, 3, name="conv")', 'layers.Conv2DTranspose(8, 3, name="conv")'),
        id="another layer keeps the name",
    ),
    pytest.param(
        LISTED,
        [Replace('"conv"', "layers.Conv2DTranspose")],
        ("layers.Conv2D(", "layers.Conv2DTranspose("),
        id="another class keeps the arguments",
    ),
    pytest.param(
        LISTED,
        [Argument('Input "image"', "shape", "(28, 28, 1)")],
        ("(8, 8, 1)", "(28, 28, 1)"),
        id="the shape of an input",
    ),
    pytest.param(
        UNPACKED, [Argument('"conv"', "filters", "4")], ("Conv2D(8", "Conv2D(4"), id="before what is unpacked"
    ),
    pytest.param(UNPACKED, [Argument('"conv"', "strides", "1")], ("(3, 2)", "(3, 1)"), id="an element of a list"),
    pytest.param(
        SHARED,
        [Argument('"conv"', "strides", "1")],
        ('*sizes, name="conv"', '3, 1, name="conv"'),
        id="an element of a list that others unpack too",
    ),
    pytest.param(UNPACKED, [Argument('"conv"', "padding", '"same"')], ('"valid"', '"same"'), id="an entry of a dict"),
    pytest.param(
        SHARED,
        [Argument('"conv"', "padding", '"same"')],
        ('name="conv", **options', 'name="conv", **{**options, "padding": "same"}'),
        id="an entry of a dict that others unpack too",
    ),
    pytest.param(
        UNPACKED,
        [Argument('"conv"', "use_bias", "False")],
        ("**options)", "**options, use_bias=False)"),
        id="no entry of a dict",
    ),
    pytest.param(
        PASSED_ON.replace("*sizes", "sizes"),
        [Argument('"conv"', "padding", '"same"')],
        ("**options)\n", '**{**options, "padding": "same"})\n'),
        id="an entry of a dict that is not known",
    ),
    pytest.param(
        "layers.Conv2D(8, *(3, 2), name='conv')\n",
        [Argument('"conv"', "kernel_size", "5")],
        ("*(3, 2)", "*(5, 2)"),
        id="an element of a list that stands there",
    ),
    pytest.param(
        ON_ONE_LINE,
        [Argument('LSTM "lstm"', "return_sequences", "True")],
        ("name='lstm'", "name='lstm', return_sequences=True"),
        id="an argument more",
    ),
    pytest.param(
        ON_ONE_LINE,
        [Insert("layers.Dense(2)", '"lstm"', Side.AFTER)],
        ("name='lstm')]", "name='lstm'), keras.layers.Dense(2)]"),
        id="the end of a list on one line",
    ),
    pytest.param(ON_ONE_LINE, [Remove('"lstm"')], (", keras.layers.LSTM(4, name='lstm')", ""), id="the last one out"),
    pytest.param(
        "from keras.layers import Conv2D, Dense\n" + ADDED,
        [Insert(FLATTEN, 'Dense "dense"')],
        (
            None,
            "from keras.layers import Flatten, Conv2D, Dense\n"
            + ADDED.replace("# the head", "XX")
            .replace("\nXX\n", "\nmodel.add(Flatten())\n# the head\n")
            .replace("3))\n\nmodel.add(F", "3))\nmodel.add(F")
            .replace("Flatten())\n# the", "Flatten())\n\n# the"),
        ),
        id="a line of its own, and its import",
    ),
    pytest.param(
        "from keras.layers import *\n" + ADDED,
        [Remove('Conv2D "conv2d"')],
        ("model.add(Conv2D(8, 3))\n", ""),
        id="a line out",
    ),
    pytest.param(
        CALLED,
        [Insert(FLATTEN, '"head"')],
        ("(layers.Dropout(0.1)(x))", "(layers.Flatten()(layers.Dropout(0.1)(x)))"),
        id="before a call",
    ),
    pytest.param(
        CALLED,
        [Insert(FLATTEN, '"conv"', Side.AFTER), Insert("layers.Dense(2)", '"conv"', Side.AFTER)],
        (
            'layers.Conv2D(8, 3, name="conv")(image)',
            'layers.Dense(2)(layers.Flatten()(layers.Conv2D(8, 3, name="conv")(image)))',
        ),
        id="after a call, one on the other",
    ),
    pytest.param(CALLED, [Remove('Dropout "dropout"')], ("(layers.Dropout(0.1)(x))", "(x)"), id="out of a chain"),
    pytest.param(
        "a = b\nx = layers.Flatten()(x)\n",
        [Remove('"flatten"')],
        ("x = layers.Flatten()(x)\n", ""),
        id="a line that is left over",
    ),
    pytest.param(
        JOINED,
        [Insert(FLATTEN, '"join"', index=1)],
        ("[a, b]", "[a, k.layers.Flatten()(b)]"),
        id="one of two inputs, in the names of the place",
    ),
    pytest.param(
        CALLED,
        [Insert("ops.squeeze(x, axis=1)", '"conv"')],
        (None, "from keras import ops\n\n" + CALLED.replace("(image)", "(ops.squeeze(image, axis=1))")),
        id="an op on a tensor, and its import",
    ),
    pytest.param(
        KEPT,
        [Insert(FLATTEN, 'Dense "dense"')],
        (
            None,
            KEPT.replace("Dense(10)\n", "Dense(10)\n        self.flatten = layers.Flatten()\n").replace(
                "self.head(self.conv(x))", "self.head(self.flatten(self.conv(x)))"
            ),
        ),
        id="in a class",
    ),
    pytest.param(
        KEPT,
        [Remove('Conv2D "conv2d"')],
        (None, KEPT.replace("        self.conv = layers.Conv2D(8, 3)\n", "").replace("self.conv(x)", "x")),
        id="out of a class",
    ),
    pytest.param(
        KEPT,
        [Attribute("Net", "supports_masking", "True")],
        ("layers.Dense(10)\n", "layers.Dense(10)\n        self.supports_masking = True\n"),
        id="an attribute",
    ),
    pytest.param(
        'class Own(keras.layers.Layer):\n    """Doc."""\n\n    def call(self, x):\n        return x\n',
        [Attribute("Own", "supports_masking", "True")],
        (
            '"""Doc."""\n',
            '"""Doc."""\n\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n'
            "        self.supports_masking = True\n",
        ),
        id="a class without __init__",
    ),
    pytest.param(
        "flat = layers.Flatten()\nmodel = Sequential([flat, layers.Dense(3)])\n",
        [Insert("layers.Dense(2)", '"flatten"', Side.AFTER)],
        ("[flat, ", "[flat, layers.Dense(2), "),
        id="a layer kept under a name",
    ),
    pytest.param(
        "t = layers.TimeDistributed(layers.Dense(3, name='d'))\n",
        [Insert(FLATTEN, 'Dense "d" of TimeDistributed "t"')],
        (
            None,
            "import keras\n\n"
            "t = layers.TimeDistributed(keras.Sequential([layers.Flatten(), layers.Dense(3, name='d')]))\n",
        ),
        id="inside another layer",
    ),
    pytest.param(
        "model = Sequential([layers.Dense(3, input_shape=(28, 28))])\n",
        [Argument('Input "dense"', "shape", "(28, 28, 1)")],
        ("(28, 28)", "(28, 28, 1)"),
        id="an input that the first layer makes",
    ),
]


@pytest.mark.parametrize(("source", "edits", "change"), ROWS)
def test_an_edit_changes_this_and_nothing_else(source: str, edits: list[Edit], change: tuple[str | None, str]) -> None:
    old, new = change
    expected = new if old is None else source.replace(old, new, 1)
    assert made(source, *edits) == expected


REFUSED = [
    pytest.param(PASSED_ON, Argument('"conv"', "padding", '"same"'), "elements are not known", id="a list not known"),
    pytest.param(
        "m = [layers.Dense(3) for _ in range(2)]\n", Insert(FLATTEN, '"dense"'), "comprehension", id="comprehension"
    ),
    pytest.param("d = layers.Dense(3)\na = d(x)\nb = d(y)\n", Insert(FLATTEN, '"dense"'), "used 2 times", id="shared"),
    pytest.param("d = layers.Dense(3)\n", Insert(FLATTEN, '"other"'), "not known", id="another layer"),
    pytest.param("x = layers.Dense(3)(inputs=x)\n", Insert("nonsense(", '"dense"'), "no code", id="no code"),
    pytest.param(
        "def block():\n    return layers.Dense(3)\na = block()(block()(x))\n",
        Insert(FLATTEN, '"dense"'),
        "called 2 times",
        id="made by a function",
    ),
    pytest.param(
        "def f(layers):\n    return ops.cast(layers, 3)\nx = Dense(3)(x)\nops = 3\n",
        Insert('ops.cast(x, "int32")', '"dense"'),
        "means something else",
        id="a name that is taken",
    ),
]


@pytest.mark.parametrize(("source", "edit", "why"), REFUSED)
def test_what_has_no_place_is_refused_with_the_reason(source: str, edit: Edit, why: str) -> None:
    with pytest.raises(NoPlace, match=why):
        made(source, edit)


MOVES = [
    # source, the layer that moves behind another one, the source then
    pytest.param(
        ON_ONE_LINE,
        ("Dense(3)", "LSTM"),
        "model = keras.Sequential([keras.layers.LSTM(4, name='lstm'), keras.layers.Dense(3)])\n",
        id="in a list",
    ),
    pytest.param(
        ADDED,
        ("Conv2D", "Dense"),
        "model = Sequential()\n\n# the head\nmodel.add(Dense(10))\nmodel.add(Conv2D(8, 3))\n",
        id="a line",
    ),
    pytest.param(
        "x = layers.A(3)(x)\nx = layers.B(4)(x)\n",
        ("layers.A(3)", "layers.B"),
        "x = layers.B(4)(x)\nx = layers.A(3)(x)\n",
        id="a call",
    ),
]


def call_of(program: Program, start: str) -> cst.Call:
    return min(
        (call for call in program.calls if start in program.code(call)), key=lambda call: len(program.code(call))
    )


@pytest.mark.parametrize(("source", "layers", "expected"), MOVES)
def test_a_layer_moves(source: str, layers: tuple[str, str], expected: str) -> None:
    program = Program(source.encode())
    plan = Plan(program)
    move(plan, call_of(program, layers[0]), call_of(program, layers[1]), Side.AFTER)
    assert plan.done().decode() == expected


def test_two_inputs_are_exchanged() -> None:
    program = Program(b"x = layers.Attention()([query, key(1), value])\n")
    plan = Plan(program)
    exchange(plan, call_of(program, "Attention()"), 1, 2)
    assert plan.done() == b"x = layers.Attention()([query, value, key(1)])\n"


def test_the_edits_of_order_are_made() -> None:
    assert made(ON_ONE_LINE, Move('"lstm"', Side.BEFORE, 'Dense "dense"')) == (
        "model = keras.Sequential([keras.layers.LSTM(4, name='lstm'), keras.layers.Dense(3)])\n"
    )
    assert made(JOINED, Exchange('"join"', 0, 1)) == JOINED.replace("[a, b]", "[b, a]")


def test_a_layer_of_another_line_does_not_move_into_a_list() -> None:
    program = Program(b"x = A(1)(x)\nm = [B(2)]\n")
    with pytest.raises(NoPlace, match="do not stand"):
        move(Plan(program), call_of(program, "A(1)"), call_of(program, "B(2)"), Side.AFTER)
