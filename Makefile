# The commands that people type. Each sets up .venv first, from requirements-dev.txt; `install` from requirements.txt.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
INSTALLED := $(VENV)/.installed
# these start dozens of processes: keep the compiled files, even if the environment says otherwise
KEEP_BYTECODE := PYTHONDONTWRITEBYTECODE=

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

setup: $(READY) ## Set up .venv with everything for development, and nothing more
	@echo "Ready in $(VENV)."

install: $(INSTALLED) ## Set up .venv to run the bot, without the tools for development
	@echo "Ready in $(VENV). Next: $(BIN)/python -m bot manifest"

# Behind a company's TLS inspection, only the system's certificates are right: newer versions of pip use them anyway.
# Without a home to write in, caches are left out or kept in .venv.
DOWNLOADS = export UV_SYSTEM_CERTS=1; \
	for bundle in /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/certs/ca-certificates.crt; do \
		if [ -z "$$PIP_CERT" ] && [ -f $$bundle ]; then export PIP_CERT=$$bundle; fi; done; \
	{ [ -d "$$HOME" ] && mkdir -p "$$HOME/.cache" 2>/dev/null; } || export PIP_NO_CACHE_DIR=1 UV_CACHE_DIR=$(CURDIR)/$(VENV)/cache;
PIP := $(PYTHON) -m pip --disable-pip-version-check -q --python $(BIN)/python

define new_venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 setup"; exit 1; }
	@echo "Setting up $(VENV). This takes a few seconds, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
endef

$(READY): requirements-dev.txt
	$(new_venv)
	@$(DOWNLOADS) $(PIP) install uv && $(BIN)/uv pip install -q --python $(VENV) --require-hashes -r requirements-dev.txt
	@touch $(READY) $(INSTALLED)

$(INSTALLED): requirements.txt
	$(new_venv)
	@$(DOWNLOADS) $(PIP) install --require-hashes -r requirements.txt
	@touch $(INSTALLED)

demo: $(READY) ## Open a Slack of your own with the bot in it (ARGS="--empty --port 8123")
	@$(BIN)/python -m bot demo $(ARGS)

test: $(READY) ## Run all tests (ARGS="-k quorum"; --both runs every story on both databases)
	@$(KEEP_BYTECODE) $(BIN)/python -m slipcover --dont-wrap-pytest -m pytest -q -n 4 --dist worksteal $(ARGS)

check: $(READY) ## Check style, types and contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

node: ## Install Bolt for JavaScript for the tests that use it (needs Node 20 or later, and npm)
	@cd tests/sandbox/echo && npm ci --silent --ignore-scripts --no-audit --no-fund

bench: $(READY) ## Measure speed, print a table and write bench.json
	@$(KEEP_BYTECODE) $(BIN)/python -m tests.bench $(ARGS)

year: $(READY) ## Simulate a year of a consortium in minutes, and count what was due, sent, lost and repeated
	@$(KEEP_BYTECODE) $(BIN)/python -m tests.year $(ARGS)

house: $(READY) ## Print the shape of the code
	@$(BIN)/python -m tests.house

pictures: $(READY) ## Take the screenshots of the documentation again, in a Chromium
	@$(KEEP_BYTECODE) $(BIN)/python -m tests.browser.pictures $(ARGS)

lock: $(READY) ## Update the requirements from pyproject.toml
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

.PHONY: help setup install demo test check node bench year house pictures lock
