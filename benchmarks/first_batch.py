"""The look at the values of a first batch, over numpy.min and numpy.max of the same batch.

    python benchmarks/first_batch.py [--rounds 31]

One line for each batch: the median time of min and max, the ratio of min and max to itself (A/A), and the ratio of what
typedlayers looks at. From the second batch on nothing is looked at: a test counts that.
"""

from __future__ import annotations

from ratio import Row, measure, rounds_from_command_line

# ratio comes first: it sets the environment that TensorFlow reads
# isort: split
import numpy as np

from typedlayers.facts.values import facts_of


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 31)
    bytes_ = np.random.default_rng(0).integers(0, 256, (32, 224, 224, 3), dtype="uint8")
    batches = {"uint8 32x224x224x3": bytes_, "float32 32x224x224x3": bytes_.astype("float32") / 255}
    rows = []
    for name, batch in batches.items():

        def least_and_greatest(batch: np.ndarray = batch) -> object:
            return batch.min(), batch.max()

        def looked_at(batch: np.ndarray = batch) -> object:
            return facts_of(batch)

        rows.append(Row(name, least_and_greatest, least_and_greatest, {"looked at": looked_at}))
    measure(rows, rounds=rounds, seconds=0.02)


if __name__ == "__main__":
    main()
