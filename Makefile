# The whole of the tooling. `make run` and `make test` are enough on a fresh machine; both can be said again at no cost.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(shell find src -name '*.po' 2>/dev/null)
PAPERS := requirements-setup.txt requirements.txt pyproject.toml requirements.in src/astreinte/__init__.py

.PHONY: help run setup test test-long check bench docs messages lock catalogues development
.DEFAULT_GOAL := help

help: ## say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: setup ## start everything on http://127.0.0.1:8420 (data in ./var, or ASTREINTE_DATA)
	@exec $(BIN)/astreinte up

setup: $(VENV)/.running catalogues ## prepare .venv, with the command astreinte in it

test: development ## all checks and tests, on SQLite and on PostgreSQL
	@$(MAKE) -s check
	@tools/test "not long" --ignore=tests/house

test-long: development ## the slower stories
	@tools/test long

check: development ## style, types, layers, migrations, papers: under a minute
	@$(BIN)/python -m tools.check

bench: development ## measure; figures are kept in docs/operate/performance.md
	@set -e; for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file; done

docs: development ## write the pages that are made from the code
	@$(BIN)/python -m tools.docs

messages: development ## gather what is to be translated into the catalogues
	@$(BIN)/python -m tools.messages

lock: development ## lock the requirements again; UPGRADE=--upgrade takes newer versions
	@tools/lock $(UPGRADE)

development: $(VENV)/.developing catalogues

catalogues: $(CATALOGUES:.po=.mo)

%.mo: %.po | $(VENV)/.running
	@$(BIN)/pybabel --quiet compile -i $< -o $@

$(VENV)/.running: $(PAPERS) tools/setup
	@PYTHON="$(PYTHON)" tools/setup requirements.txt
	@touch $@

$(VENV)/.developing: $(VENV)/.running requirements-dev.txt
	@PYTHON="$(PYTHON)" tools/setup requirements-dev.txt
	@touch $@
