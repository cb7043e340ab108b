"""A model's config in a Keras file → what the model takes and gives. The catalogue infers what the file leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from typedlayers.artefacts.bag import NOT_KNOWN, Bag, policy_of, resolved
from typedlayers.artefacts.bounded import CannotRead
from typedlayers.artefacts.model import Port, Signature
from typedlayers.contracts.contract import check, infer
from typedlayers.spec import Shape, Spec, SpecTree

CALL: Final = "call"
"""The name of the one signature of a Keras model."""

MOST_DEPTH: Final = 16
"""How deep models inside models are followed."""

MOST_LAYERS: Final = 100_000

MOST_AXES: Final = 32

UNKNOWN: Final = Spec(None, None)


def signature_of(data: Any) -> Signature:
    """Returns what the model of a config takes and gives.

    Raises:
        CannotRead: if it is no model's config.
    """
    model = _Model.of(data)
    inputs, keyed = model.inputs()
    outputs = model.outputs({port.name: port.spec for port in inputs})
    return Signature(CALL, inputs, outputs, keyed, isinstance(model.config.get("output_layers"), Mapping))


@dataclass(frozen=True, slots=True)
class _Model:
    """A model's config.

    Attributes:
        kind: the name of its class.
        config: its config.
        whole: what was written of it, its build config included.
        depth: how many models are around it.
        known: what functional models inside give, by their config: each is gone through once.
    """

    kind: str
    config: Mapping[str, Any]
    whole: Mapping[str, Any]
    depth: int = 0
    known: dict[int, SpecTree] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Any, depth: int = 0, known: dict[int, SpecTree] | None = None) -> _Model:
        config = data.get("config") if isinstance(data, Mapping) else None
        if not isinstance(config, Mapping) or not isinstance(data.get("class_name"), str):
            raise CannotRead("its config is not a model's")
        if depth > MOST_DEPTH:
            raise CannotRead("models in it are nested too deeply")
        return cls(data["class_name"], config, data, depth, {} if known is None else known)

    @property
    def layers(self) -> tuple[Mapping[str, Any], ...]:
        found = self.config.get("layers")
        if not isinstance(found, list):
            return ()
        if len(found) > MOST_LAYERS:
            raise CannotRead(f"its model has more than {MOST_LAYERS} layers")
        return tuple(one for one in found if isinstance(one, Mapping))

    @property
    def is_functional(self) -> bool:
        return "input_layers" in self.config and "output_layers" in self.config

    # ------------------------------------------------------------------------------------------ inputs
    def inputs(self) -> tuple[tuple[Port, ...], bool]:
        """The inputs as Keras counts them, and whether they go by keys."""
        if self.is_functional:
            layers, tree = self.by_name(), self.config["input_layers"]
            ports = [Port(name, _declared(layers.get(name)), key=key or name) for key, (name, *_) in _counted(tree)]
            return tuple(ports), isinstance(tree, Mapping)
        first = next((_config(one) for one in self.layers if one.get("class_name") == "InputLayer"), None)
        if first is not None:
            name = str(first.get("name", "input"))
            return (Port(name, _input_spec(first), key=name),), False
        return self._built(), False

    def _built(self) -> tuple[Port, ...]:
        """The input of a model that declares none, from the shape that it was built for."""
        build = self.whole.get("build_config")
        shape = self.config.get("build_input_shape") or (
            build.get("input_shape") if isinstance(build, Mapping) else None
        )
        if isinstance(shape, list) and any(isinstance(one, list) for one in shape):
            return tuple(Port(f"input {place}", Spec(None, _shape(one))) for place, one in enumerate(shape))
        return (Port("input", Spec(None, _shape(shape)), key="input"),)

    def by_name(self) -> dict[str, Mapping[str, Any]]:
        return {str(one.get("name", _config(one).get("name"))): one for one in self.layers}

    # ----------------------------------------------------------------------------------------- outputs
    def outputs(self, inputs: Mapping[str, Spec]) -> tuple[Port, ...]:
        """The outputs, with what the catalogue infers of them."""
        if self.is_functional:
            layers, tree = self.by_name(), self.config["output_layers"]
            found = [(key or place[0], self._made(layers, place)) for key, place in _counted(tree)]
            return tuple(Port(name, _bounded(spec)) for name, spec in found)
        if not self.layers:
            return (Port("output", UNKNOWN),)
        spec = self.sequential(next(iter(inputs.values()), UNKNOWN))
        return (Port(str(_config(self.layers[-1]).get("name", "output")), _bounded(spec)),)

    def sequential(self, spec: Spec) -> Spec:
        """What a stack of layers gives; where one is not known, the next one's own build config helps."""
        for one in self.layers:
            if one.get("class_name") == "InputLayer":
                continue
            came = spec if spec.shape is not None else _built_for(one, spec)
            after = self._after(one, came)
            spec = after if isinstance(after, Spec) else UNKNOWN
        return spec

    def _made(self, layers: Mapping[str, Mapping[str, Any]], place: tuple[str, int, int]) -> Spec:
        """The tensor that a layer of a functional model gives at one of its calls."""
        name, call, index = place
        layer = layers.get(name)
        if layer is None:
            return UNKNOWN
        if layer.get("class_name") == "InputLayer":
            return _declared(layer)
        nodes = layer.get("inbound_nodes")
        node = nodes[call] if isinstance(nodes, list) and 0 <= call < len(nodes) else None
        args = node.get("args") if isinstance(node, Mapping) else None
        if not isinstance(args, list) or not args:
            return UNKNOWN
        given = self._after(layer, _tree(args[0]))
        flat = given if isinstance(given, tuple) else (given,)
        one = flat[index] if 0 <= index < len(flat) else None
        return one if isinstance(one, Spec) else UNKNOWN

    def _after(self, layer: Mapping[str, Any], came: SpecTree) -> SpecTree:
        """What a layer gives for what comes, None where only Keras knows."""
        if isinstance(_config(layer).get("layers"), list):
            return self._after_model(layer, came)
        bag = Bag(layer)
        contract = resolved(bag)
        if contract is None or came is None:
            return None
        specs = {contract.first: came}
        try:
            checked = check(contract, specs)
            return None if checked.mismatches else infer(contract, checked, specs)
        except NOT_KNOWN:
            return None

    def _after_model(self, layer: Mapping[str, Any], came: SpecTree) -> SpecTree:
        inner = _Model.of(layer, self.depth + 1, self.known)
        if not inner.is_functional:
            return inner.sequential(came) if isinstance(came, Spec) else None
        if id(layer) not in self.known:
            made = tuple(port.spec for port in inner.outputs({}))
            self.known[id(layer)] = made[0] if len(made) == 1 else made
        return self.known[id(layer)]


def _config(layer: Mapping[str, Any]) -> Mapping[str, Any]:
    found = layer.get("config")
    return found if isinstance(found, Mapping) else {}


def _declared(layer: Mapping[str, Any] | None) -> Spec:
    return UNKNOWN if layer is None else _input_spec(_config(layer))


def _input_spec(config: Mapping[str, Any]) -> Spec:
    shape = config.get("batch_shape", config.get("batch_input_shape"))
    dtype = config.get("dtype")
    return Spec(dtype if isinstance(dtype, str) else None, _shape(shape))


def _built_for(layer: Mapping[str, Any], spec: Spec) -> Spec:
    build = layer.get("build_config")
    shape = build.get("input_shape") if isinstance(build, Mapping) else None
    return Spec(spec.dtype or policy_of(Bag(layer).config.get("dtype")).compute, _shape(shape))


def _shape(data: Any) -> Shape | None:
    if not isinstance(data, list) or len(data) > MOST_AXES:
        return None
    return tuple(map(_size, data))


MOST_SIZE: Final = 2**53


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_SIZE else None


def _bounded(spec: Spec) -> Spec:
    return spec if spec.shape is None else spec.with_(shape=tuple(map(_size, spec.shape)))


def _counted(tree: Any, key: str = "", depth: int = 0) -> Iterator[tuple[str, tuple[str, int, int]]]:
    """Yields the tensors of a nest, dict keys sorted as Keras counts them, each with its key."""
    if depth > MOST_DEPTH:
        raise CannotRead("its inputs or outputs are nested too deeply")
    if isinstance(tree, Mapping):
        for name in sorted(tree):
            yield from _counted(tree[name], name, depth + 1)
    elif _is_place(tree):
        yield key, (tree[0], tree[1], tree[2])
    elif isinstance(tree, list):
        for one in tree:
            yield from _counted(one, key, depth + 1)


def _is_place(tree: Any) -> bool:
    return isinstance(tree, list) and len(tree) == 3 and [type(one) for one in tree] == [str, int, int]


def _tree(data: Any, depth: int = 0) -> SpecTree:
    """The specs of what a call was given: Keras writes each tensor with its shape and dtype."""
    if depth > MOST_DEPTH:
        return None
    if isinstance(data, Mapping) and data.get("class_name") == "__keras_tensor__":
        config = _config(data)
        dtype = config.get("dtype")
        return Spec(dtype if isinstance(dtype, str) else None, _shape(config.get("shape")))
    if isinstance(data, Mapping):
        return {str(name): _tree(one, depth + 1) for name, one in data.items()}
    return tuple(_tree(one, depth + 1) for one in data) if isinstance(data, list) else None
