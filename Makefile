# `make` alone prints the commands.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo -n)

help: ## print the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: .venv/made web ## start everything: database, shop, video, a live show; Ctrl-C ends it
	@$(BIN)/silkcast demo

dev: .venv/made-test web ## the server alone, on a database of its own in var/dev
	@SILKCAST_HOUSE__FOLDER=var/dev $(BIN)/silkcast serve

test: .venv/made-test web chromium compiler check ## every test, with a real database, encoder and browser
	$(BIN)/pytest -n 2 --dist loadfile

check: .venv/made-test ## formatting, types, walls
	$(BIN)/ruff format --check silkcast tests bench
	$(BIN)/ruff check silkcast tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/made-test ## format and mend what can be mended
	$(BIN)/ruff format silkcast tests bench
	$(BIN)/ruff check --fix silkcast tests bench

bench: .venv/made-test web chromium compiler ## measure speed and memory; a table here, JSON in bench/out
	$(BIN)/python -m bench

screenshots: .venv/made-test web chromium ## pictures of every page, in screenshots/
	$(BIN)/silkcast screenshots

web: web/.made ## build the browser's files
	@:

words: .venv/made ## gather the sentences of Python, templates and scripts; update the catalogs
	$(BIN)/python -m silkcast.faces.words.gather

migration: .venv/made-test ## a new migration from the difference of tables and database: make migration name="…"
	$(BIN)/silkcast migrate --write "$(name)"

lock: ## lock dependencies again, with hashes and without addresses
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra test -c requirements.lock requirements.in pyproject.toml -o requirements-test.lock

# --- what the commands above need, made once ---

.venv/made: requirements.lock pyproject.toml
	@echo "· making the virtual environment"
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "· this Python cannot make environments yet: installing python3-venv"; \
	  $(ROOT) apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; }
	@echo "· installing locked dependencies (the first time takes a minute or two)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/made-test: .venv/made requirements-test.lock
	@echo "· installing what the tests need"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

WEB_SOURCES := $(shell find web \( -name node_modules -o -name words -o -name .made -o -name .node -o -name __pycache__ \) -prune -o -type f -print) \
	$(wildcard silkcast/faces/words/*/LC_MESSAGES/*.po)

web/.made: .venv/made $(WEB_SOURCES)
	@$(BIN)/python web/build.py
	@touch $@

chromium:
	@command -v chromium >/dev/null || { echo "· installing Chromium for the browser tests"; \
	  $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq chromium >/dev/null; }

compiler:
	@command -v cc >/dev/null || { echo "· installing a C compiler for the crowd of buyers (bench/crowd)"; \
	  $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq gcc libc6-dev >/dev/null; }

.PHONY: help demo dev test check fix bench screenshots web words migration lock chromium compiler
