# Every task, one line each: `make help`. CI calls the same targets.

VENV   ?= .venv
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,\
            $(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN    := $(VENV)/bin
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help up down test lint format docs shapes lock sbom picture clean

help: ## List the tasks
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

up: $(VENV)/.installed ## Make the virtual environment, the database and the schema, and say what is there
	@$(BIN)/alembic upgrade head
	@$(BIN)/mlb-perf sample
	@$(BIN)/mlb-perf maintain
	@$(BIN)/mlb-perf info

down: ## Stop the embedded PostgreSQL; its data stay
	@if test -x $(BIN)/mlb-perf; then $(BIN)/mlb-perf db stop; else echo "nothing is installed in $(VENV)"; fi

test: $(VENV)/.installed-dev ## Run the tests, on an embedded PostgreSQL of their own (ARGS="-k name" for some)
	@$(BIN)/pytest $(ARGS)

lint: $(VENV)/.installed-dev ## Check style (ruff), types (mypy), imports (import-linter) and the SQL of the migrations (squawk)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache
	@BIN=$(BIN) sh .ci/lint-migrations

format: $(VENV)/.installed-dev ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/.installed-dev ## Write docs/schema.md from the models
	@$(BIN)/mlb-perf schema > docs/schema.md.new && mv docs/schema.md.new docs/schema.md

shapes: $(VENV)/.installed-dev ## Write the shapes of the tables that the revisions rebuild, from the models
	@$(BIN)/python -m tests.support.shapes

LOCK := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --upgrade --no-emit-package mlb-perf --custom-compile-command 'make lock'
lock: | pip ## Write requirements/: the newest versions within the ranges of pyproject.toml, with hashes
	@$(BIN)/python -m venv build/lock && build/lock/bin/pip install --quiet --disable-pip-version-check uv
	@$(LOCK) --extra embedded --output-file requirements/run.txt pyproject.toml requirements/build.in
	@$(LOCK) --extra dev --output-file requirements/dev.txt pyproject.toml requirements/build.in

sbom: $(VENV)/.installed ## Write build/sbom.json: what is installed, with versions and licences (CycloneDX)
	@mkdir -p build && $(BIN)/python .ci/sbom.py > build/sbom.json

# The report's first screen. RESULT is what mlb-perf bench --json wrote.
RESULT   ?= build/picture.json
CHROMIUM ?= chromium
picture: $(VENV)/.installed-dev $(RESULT) ## Make docs/report.png, the report's first screen (RESULT=one.json; needs Chromium)
	@mkdir -p build
	@$(BIN)/mlb-perf bench --use $(RESULT) --html build/picture.html > /dev/null
	@$(CHROMIUM) --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --log-level=3 \
	    --hide-scrollbars --window-size=1200,960 --screenshot=$(CURDIR)/docs/report.png \
	    file://$(CURDIR)/build/picture.html

build/picture.json:
	@mkdir -p build
	@$(BIN)/mlb-perf bench latency ingest storage stall --scale 0.1 --json $@

clean: ## Remove the virtual environment and what tools left behind
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# A virtual environment that an older Python made, or that was interrupted before
# it had pip, would fail later and say less.
$(BIN)/python:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "mlb_perf needs Python 3.11 or later: install it, or name one (make up PYTHON=/path/to/python3)" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

.PHONY: pip
pip: $(BIN)/python
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "$(VENV) was made by a Python older than 3.11: remove it with make clean, and try again" >&2; exit 1; }
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(BIN)/python -m ensurepip > /dev/null

# The versions and hashes of requirements/, and no build backend but the one among them.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
$(VENV)/.installed: pyproject.toml requirements/run.txt | pip
	$(INSTALL) --require-hashes --requirement requirements/run.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml requirements/dev.txt | pip
	$(INSTALL) --require-hashes --requirement requirements/dev.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.installed
