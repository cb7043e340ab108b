"""The contract language: jaxtyping's dimension syntax, parsed once and unified with specs."""
