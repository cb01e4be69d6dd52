# Everything a developer types. `make help` lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.installed-run
DEV_STAMP := .venv/.installed-dev

.PHONY: help install try test check format bench faults lock long runbook shots clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: set PYTHON to one, for example make PYTHON=python3.12 try"; exit 2; }
	$(PYTHON) -m venv .venv

$(RUN_STAMP): requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: $(RUN_STAMP) ## make .venv with all that the program needs

try: $(RUN_STAMP) ## open the local workspace in a browser
	@$(BIN)/preceptor try

# What pytest has compiled once it need not compile for each run, whatever a shell exports.
test long runbook: export PYTHONDONTWRITEBYTECODE =

test: $(DEV_STAMP) ## run the tests
	$(BIN)/python -m pytest -n auto

check: $(DEV_STAMP) ## format, lint, types, floors, and documents in step
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/preceptor docs --check

format: $(DEV_STAMP) ## format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV_STAMP) ## measure speed and memory, side by side in one run
	$(BIN)/python -m tests.bench

faults: $(DEV_STAMP) ## kill, cut off and mislead the program; count what is lost or doubled
	$(BIN)/python -m tests.faults

long: $(DEV_STAMP) ## run the long stories, and others once more: in a desktop window, on PostgreSQL
	$(BIN)/python -m pytest -q -n auto -m long

runbook: $(DEV_STAMP) ## run the steps of deploy/runbook.md as they are written
	$(BIN)/python -m pytest -q -n auto -m runbook

shots: $(DEV_STAMP) ## take pictures of all screens, to look at
	SHOTS=1 $(BIN)/python -m pytest -q -m browser

lock: $(BIN)/python ## pin the dependencies anew, with hashes and without addresses
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.txt

clean: ## remove what make has made
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
