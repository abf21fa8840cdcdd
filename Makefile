# `make` alone prints the commands.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

help: ## print the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.venv/made: requirements.lock pyproject.toml
	@echo "· making the virtual environment"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "· installing locked dependencies (first time: a minute or two)"
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/made-test: .venv/made requirements-test.lock
	@echo "· installing test dependencies"
	@$(BIN)/pip install --quiet --require-hashes -r requirements-test.lock
	@touch $@

fix: .venv/made-test ## format and mend what can be mended
	$(BIN)/ruff format silkcast tests bench
	$(BIN)/ruff check --fix silkcast tests bench

check: .venv/made-test ## ruff, mypy, walls
	$(BIN)/ruff format --check silkcast tests bench
	$(BIN)/ruff check silkcast tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: ## lock dependencies again, with hashes and without addresses
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra test -c requirements.lock requirements.in pyproject.toml -o requirements-test.lock

.PHONY: help fix check lock
