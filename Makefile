# What people type. Everything is set up by itself, in .venv, from requirements-dev.txt.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# these start dozens of processes: what Python has compiled is kept, also where the environment says otherwise
KEEPING := PYTHONDONTWRITEBYTECODE=

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

setup: $(READY) ## Set everything up, and nothing more
	@echo "Set up in $(VENV)."

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 setup"; exit 1; }
	@echo "Setting up in $(VENV); this takes some seconds, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --disable-pip-version-check -q --python $(BIN)/python install uv
	@$(BIN)/uv pip install -q --python $(VENV) --require-hashes -r requirements-dev.txt
	@touch $(READY)

demo: $(READY) ## Open a Slack of your own with the bot in it (ARGS="--empty --port 8123")
	@$(BIN)/python -m bot demo $(ARGS)

test: $(READY) ## Run all tests (ARGS="-k quorum"; --both for every story on both databases)
	@$(KEEPING) $(BIN)/python -m slipcover --dont-wrap-pytest -m pytest -q -n 4 --dist worksteal $(ARGS)

check: $(READY) ## Look at style, types and contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

node: ## Get Bolt for JavaScript for the tests that run it (wants Node 20 or later, and npm)
	@cd tests/sandbox/echo && npm ci --silent --ignore-scripts --no-audit --no-fund

bench: $(READY) ## Measure speed; prints a table and writes bench.json
	@$(KEEPING) $(BIN)/python -m tests.bench $(ARGS)

year: $(READY) ## Live through a year of a consortium in minutes, and count what was due, sent, lost and doubled
	@$(KEEPING) $(BIN)/python -m tests.year $(ARGS)

pictures: $(READY) ## Make the pictures of the documentation anew, in a Chromium
	@$(KEEPING) $(BIN)/python -m tests.browser.pictures $(ARGS)

lock: $(READY) ## Write the requirements anew from pyproject.toml
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

.PHONY: help setup demo test check node bench year pictures lock
