# Everything a person needs from a fresh clone: `make demo` and `make test`. Needs Python 3.11
# to 3.13 with its venv module, and nothing else installed.

PYTHON ?= python3
VENV ?= .venv
# More options for pytest: make test OPTIONS="-k wgan"
OPTIONS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PROJECTS := pyproject.toml $(sort $(wildcard plugins/*/pyproject.toml))
PLUGINS := $(patsubst %/pyproject.toml,%,$(filter-out pyproject.toml,$(PROJECTS)))
SOURCES := $(wildcard $(addsuffix /src,$(PLUGINS)))

# What is installed, and since when: a changed pyproject.toml installs again, nothing else does.
USABLE := $(VENV)/.ganzoo-usable
TESTABLE := $(VENV)/.ganzoo-testable

# Several test processes with one thread each beat one process with several threads.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4

.DELETE_ON_ERROR:
.PHONY: help demo test doctest suite check lint types imports format bench bench-peers mutation install clean

help:
	@echo "make demo     compare a few objectives on small data, in a few minutes"
	@echo "make test     run every test: of ganzoo, of the plugins, of the examples in docstrings"
	@echo "make check    run ruff, mypy and import-linter"
	@echo "make format   let ruff put the sources in order"
	@echo "make bench    measure the speed of a training step"
	@echo "make bench-peers  measure it beside the libraries people would take instead"
	@echo "make mutation change the formulas, one place at a time: does a test fail?"
	@echo "make install  only install ganzoo, its plugins and the tools into $(VENV)"
	@echo "make clean    remove $(VENV) and what the tools left behind"

demo: $(USABLE)
	$(BIN)/ganzoo compare

test: doctest suite

doctest: $(TESTABLE)
	$(BIN)/python -m pytest --quiet --doctest-modules ganzoo $(SOURCES)

suite: $(TESTABLE)
	$(PYTEST) $(OPTIONS)

check: lint types imports

lint: $(TESTABLE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TESTABLE)
	$(BIN)/mypy ganzoo $(SOURCES)

imports: $(TESTABLE)
	$(BIN)/lint-imports

format: $(TESTABLE)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(TESTABLE)
	$(BIN)/python -m pytest benchmarks --benchmark-enable $(OPTIONS)

# The libraries have an environment of their own, which sees all that is installed in $(VENV).
PEERS := $(VENV)-peers

bench-peers: $(PEERS)/.usable
	$(PEERS)/bin/python -m pytest benchmarks/test_peers.py --benchmark-enable $(OPTIONS)

$(PEERS)/.usable: benchmarks/peers/requirements.txt $(TESTABLE)
	$(BIN)/python -m venv $(PEERS)
	$(BIN)/python benchmarks/peers/environment.py $(PEERS)
	$(PEERS)/bin/python -m pip install --requirement benchmarks/peers/requirements.txt
	$(PEERS)/bin/python -m pip install --no-deps torchgan torch-mimicry vegans
	@touch $@

mutation: $(TESTABLE)
	$(PIP) install --quiet --editable '.[mutation]'
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.mutation $(OPTIONS)

install: $(TESTABLE)

# All projects in one command, so that pip takes the plugins' need of ganzoo from here.
$(USABLE): $(PROJECTS) | $(BIN)/python
	@echo "Installing into $(VENV). Most of it is PyTorch: some 5 GB, only once."
	$(PIP) install --editable . $(addprefix --editable ,$(PLUGINS))
	@touch $@

$(TESTABLE): $(PROJECTS) | $(BIN)/python
	@echo "Installing into $(VENV). Most of it is PyTorch: some 5 GB, only once."
	$(PIP) install --editable '.[test,check]' $(addprefix --editable ,$(PLUGINS))
	@touch $(USABLE) $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("ganzoo needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.13 ...")'
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) $(PEERS) build dist .benchmarks .hypothesis .import_linter_cache .mutation_cache .mypy_cache .ruff_cache
