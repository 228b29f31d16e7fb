# `make` lists the targets. Everything is installed into .venv; nothing outside this folder is changed, except that
# `make test` installs Debian's Chromium with apt where that is allowed.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Where tests with these marks stand: to look through all tests for them takes half a minute (tests/house/test_make.py).
SLOW      := tests/simulation tests/cli tests/measurement
BROWSER   := tests/browser
FIELDWORK := tests/fieldwork
SPEED     := tests/benchmarks tests/house/test_speed.py tests/numerics tests/form/test_live_kept.py
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint types unit coverage simulation browser fieldwork speed docs format reference chromium postgresql clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "satmeter needs Python 3.11 or newer"; exit 1; }
	@sh tools/make-environment $(PYTHON) $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/.installed  ## simulated study from questionnaire to report; ends by naming the report
	@$(BIN)/satmeter demo

test:  ## everything that CI runs
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint types
	@$(MAKE) --no-print-directory unit coverage browser fieldwork speed

lint: $(VENV)/.developing  ## ruff and the one way through the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.developing  ## mypy --strict
	$(BIN)/mypy

unit: $(VENV)/.developing  ## tests of all rooms, properties, house, documents
	$(BIN)/pytest -n 2 -q -m 'not browser and not slow and not speed and not fieldwork'

coverage: $(VENV)/.developing  ## how often intervals hold the truth, without the longest simulations
	$(BIN)/pytest -n 2 -q -m 'slow and not long' $(SLOW)

simulation: $(VENV)/.developing  ## all simulations, about half as long again
	$(BIN)/pytest -n 2 -q -m slow $(SLOW)

postgresql:
	@sh tools/install-postgresql

chromium:
	@sh tools/install-chromium

browser: $(VENV)/.developing chromium  ## form and report in Debian's Chromium
	$(BIN)/pytest -n 2 -q -m browser -rs $(BROWSER)

fieldwork: $(VENV)/.developing chromium postgresql  ## the form server on SQLite and PostgreSQL: browsers, killed processes, hostile requests
	$(BIN)/pytest -n 2 -q -m 'fieldwork and not long' -rs $(FIELDWORK)

speed: $(VENV)/.developing  ## ratios of the README, measured one at a time
	$(BIN)/pytest -q -m speed $(SPEED)

docs: $(VENV)/.installed  ## write docs/errors.md and docs/cli.md from the code
	$(BIN)/python tools/write_docs.py

format: $(VENV)/.developing  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

reference:  ## make the reference values again (needs R with psych, survey)
	@sh tests/reference/scripts/make-all

clean:  ## remove the environment and all caches
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
