# Everything a contributor or the continuous build runs. `make` lists it.
# Needs git, make and python3 (3.11 or newer) with venv; the rest is installed into .venv.

PYTHON ?= python3
# One more than there are cores: the tests that start servers wait for them.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
T ?= tests
K ?=
# All tests together take every branch of the rooms that decide.
HOLD := $(if $(filter tests,$(T)),--hold-coverage)

BIN := .venv/bin
CHECKED := src tests $(wildcard docs/*.py benchmarks examples)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check serve bench format openapi pins

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: .venv/.compiled ## Make .venv with the pinned dependencies and this project

demo: setup ## Run every scenario, told step by step
	$(BIN)/fullmakt scenario run all -v

test: check ## Check, then run the tests (T=path, K=word, WORKERS=n)
	$(BIN)/pytest -n $(WORKERS) --maxprocesses 8 $(T) $(if $(K),-k "$(K)",$(HOLD))

check: setup ## Lint, formatting, types, and the order of floors and rooms
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports

serve: setup ## Start a test world on this machine
	$(BIN)/fullmakt serve

bench: setup .venv/.bench ## Measure speed side by side with peers (needs wrk)
	@command -v wrk >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && apt-get install -qq -y --no-install-recommends wrk; \
	  else echo "make bench needs wrk. Install it: sudo apt-get install wrk" >&2; exit 2; fi; }
	$(BIN)/python -m benchmarks

format: setup ## Format the code and mend what the linter can
	$(BIN)/ruff check --fix-only --quiet $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

openapi: setup ## Renew the pages of docs/reference that are made from the code
	$(BIN)/python -m docs.generate

pins: ## Renew requirements/*.txt from pyproject.toml
	$(PYTHON) -m venv .venv/pins
	.venv/pins/bin/pip install --quiet pip-tools
	CUSTOM_COMPILE_COMMAND="make pins" .venv/pins/bin/pip-compile --quiet --upgrade \
	  --extra server --extra dev --generate-hashes --strip-extras --allow-unsafe \
	  --no-emit-options --output-file requirements/dev.txt pyproject.toml
	sed -n '/^bench = \[/,/^]/s/^ *"\(.*\)",/\1/p' pyproject.toml \
	  | CUSTOM_COMPILE_COMMAND="make pins" .venv/pins/bin/pip-compile --quiet --upgrade \
	  --generate-hashes --strip-extras --allow-unsafe --no-emit-options \
	  --output-file requirements/bench.txt -

# Each step leaves a stamp, so nothing is installed twice.

.venv/.pins: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Fullmakt needs Python 3.11 or newer; choose one with PYTHON=..." >&2; exit 2; }
	@$(PYTHON) -m venv .venv || \
	  { echo "python3 lacks venv. On Debian: apt-get install python3-venv" >&2; exit 2; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
	  --no-deps -r requirements/dev.txt
	$(BIN)/pip --disable-pip-version-check check
	@touch $@

.venv/.bench: .venv/.pins requirements/bench.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
	  --no-deps -r requirements/bench.txt
	@touch $@

.venv/.project: .venv/.pins pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# SPEED: a sixth of the start, where Python may not write bytecode itself (benchmarks/start.py).
.venv/.compiled: .venv/.project $(shell find src -name '*.py')
	$(BIN)/python -m compileall -q src
	@touch $@
