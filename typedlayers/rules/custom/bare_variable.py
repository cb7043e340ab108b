"""What is said of a ``tf.Variable`` that a layer holds itself."""

from __future__ import annotations

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import BareVariable
from typedlayers.facts.layers import LayerFacts


def untracked(code: str, layer: LayerFacts, bare: BareVariable, certainty: Certainty) -> Diagnostic:
    """Returns the diagnostic for a trainable variable that Keras does not know."""
    shape = ", ".join(map(str, bare.shape)) + ("," if len(bare.shape) == 1 else "")
    weight = f"self.add_weight(shape=({shape}), initializer=...)"
    owner = layer.subject.label.partition(" ")[0]
    held = f"holds a tf.Variable in self.{bare.attribute}"
    return Diagnostic(
        code,
        f"{layer.subject.label} {held}, which fit never trains and save does not keep",
        where=layer.subject.where,
        gets=f"{bare.dtype} ({shape}), trainable=True",
        needs="a weight of Keras",
        why="Keras 3 tracks only its own variables: this one is not among the trainable_weights of the layer",
        fixes=(
            Fix(
                f"{weight}, or keras.Variable(...), in place of tf.Variable(...)",
                edits=(Rewrite("tf.Variable(_x, ...)", "keras.Variable(_x, ...)", owner),),
            ),
            Fix(
                "tf.Variable(..., trainable=False), if it is not to be learned; it is not saved then either",
                edits=(Rewrite("tf.Variable(...)", "tf.Variable(..., trainable=False)", owner),),
            ),
        ),
        certainty=certainty,
    )
