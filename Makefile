# One door to everything. On a fresh machine `make demo` and `make test` do all the set-up that they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
KITH := $(BIN)/kith
SHELL := /bin/bash
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
# Faces reach the database through services only: of them these, which call every operation.
POSTGRES_FACES := tests/faces/test_api.py tests/faces/test_ownership.py tests/faces/test_registry.py
# How many queries a page takes is the same on every database.
COUNTED := tests/services/test_growth.py

.PHONY: help setup setup-dev setup-system run demo test check bench fuzz docs shots fit clean

help:
	@echo "make demo    set up, fill a demo network, print this week's plan and serve the app"
	@echo "make run     serve the app on your own data"
	@echo "make test    install what the tests need and run all of them"
	@echo "make check   lint, types, import contracts, sizes, migrations"
	@echo "make bench   reproducible measurements    make docs   generate reference pages"
	@echo "make fuzz    every parser on broken input, N=300 each, then all properties on new examples"
	@echo "make shots   screenshots of the demo       make fit    fit the tie model again"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kithbook needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python could not make a virtual environment. On Debian: apt install python3-venv"; exit 1; }

$(VENV)/.installed: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@$(BIN)/python -m compileall -q src  # else every start compiles everything where Python may not write bytecode
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev
setup-system:
	@bash tests/install-system-packages

run: setup
	$(KITH) serve

demo: setup
	$(KITH) demo --home .demo

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/house

test: setup-dev setup-system
	$(PYTEST)
	KITHBOOK_TEST_DATABASE=postgres $(PYTEST) $(POSTGRES_FACES) tests/store tests/services --ignore=$(COUNTED)

bench: setup-dev
	$(BIN)/python -m benchmarks

fuzz: setup-dev
	$(BIN)/python -m tests.fuzz $(or $(N),300)
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=explore

docs: setup-dev
	$(BIN)/python -m docs.generate_operations
	$(BIN)/python -m docs.generate_requirements

shots: setup-dev setup-system
	$(BIN)/python -m docs.shots

fit: setup-dev
	$(BIN)/python benchmarks/ties_fit.py

clean:
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache build dist
