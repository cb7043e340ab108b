# `make demo` and `make test` do all their set-up: they need Python 3.11 to 3.13 with pip, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: demo test lint types tests backends conformance neighbours runtimes versions docs stubs format bench clean

demo: $(VENV)/.demo
	$(BIN)/typedlayers demo

test: lint types tests

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/pyright --pythonpath $(BIN)/python

tests: $(VENV)/.test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# The site, in build/site; a broken link fails it.
docs: $(VENV)/.docs
	$(BIN)/python -m tools.site
	$(BIN)/zensical build --strict

stubs: $(VENV)/.test
	$(BIN)/python -m tools.stubs

# Keras on JAX and on PyTorch, each in an environment without TensorFlow.
backends: $(VENV)-jax/.backend $(VENV)-torch/.backend
	$(VENV)-jax/bin/python -m pytest tests/backends
	$(VENV)-torch/bin/python -m pytest tests/backends

$(VENV)-%/.backend: pyproject.toml
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --quiet install "keras>=3.8,<3.16" numpy jaxtyping "typeguard<5" typer rich pytest $*
	$(@D)/bin/python -m pip --quiet install --no-deps -e .
	touch $@

# Keras's own tests with the typed classes exchanged, in every mode; 40 minutes, a sample of them is in `make tests`.
conformance: $(VENV)-conformance/.ready
	$(VENV)-conformance/bin/python -m tests.conformance

# Programs with packages that build on Keras: keras-hub, keras-rs, keras-tuner, scikeras.
neighbours: $(VENV)-neighbours/.ready
	$(VENV)-neighbours/bin/python -m pytest tests/neighbours

# Artefacts of lenient models in ONNX Runtime and in LiteRT.
runtimes: $(VENV)-runtimes/.ready
	$(VENV)-runtimes/bin/python -m pytest tests/saving/test_ways_out.py

# A slice of the tests with each TensorFlow, its Keras and each Python that is installed here.
versions: $(VENV)-versions/.ready
	$(VENV)-versions/bin/nox

$(VENV)-%/.ready: pyproject.toml
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --quiet install -e ".[test,$*]"
	touch $@

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench
	$(BIN)/python benchmarks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	$(PIP) install -e ".[demo]"
	touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(PIP) install -e ".[test]"
	touch $@

$(VENV)/.docs: pyproject.toml | $(VENV)/bin/python
	$(PIP) install -e ".[docs]"
	touch $@

$(VENV)/.bench: pyproject.toml | $(VENV)/bin/python
	$(PIP) install -e ".[bench]"
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-* build .pytest_cache .ruff_cache .hypothesis
