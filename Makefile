# Tejido: `make` alone says what there is.

SHELL := /bin/bash
# Commands start in a third of the time from compiled modules; some machines say that none be kept.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help setup runtime demo test pictures check bench docs audit lock format browser clean

PYTHON := .venv/bin/python
TEST_WORKERS ?= 2
TEST_ARGS ?=
# The real data sets lie beside the repository, not in it; without them the tests that read them are left out.
SHARED := $(wildcard ../shared/data)
# Where Python code and templates lie.
CODE := $(wildcard src scripts tests benchmarks)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

runtime: ## make .venv with what Tejido runs with, and nothing else
	@bash scripts/setup.sh runtime

setup: ## make .venv with everything, fetch the front-end parts, compile the translations
	@bash scripts/setup.sh all

demo: runtime ## a workspace with real data, served on this machine
	@.venv/bin/tejido demo --dir "$${TEJIDO_DEMO_DIR:-$$HOME/tejido-demo}"

browser: setup
	@$(PYTHON) scripts/browser.py --install > /dev/null

test: setup browser ## every check, then every test (TEST_ARGS=… goes to pytest)
	@$(if $(SHARED),,echo "· ../shared/data is not here: the tests marked shared are left out" >&2)
	@$(PYTHON) -m pytest -n $(TEST_WORKERS) $(if $(SHARED),,-m "not shared") $(TEST_ARGS)

pictures: browser ## walk through Tejido in a browser and keep the pictures that the README shows
	@$(PYTHON) -m pytest -q tests/journeys/test_journey.py -k en-1280
	@mkdir -p docs/pictures
	@for name in home collective incident; do cp .build/pictures/shown-$$name-en-1280.png docs/pictures/$$name.png; done

check: setup ## only the checks of the house: style, types, layers, templates, translations, documents
	@$(PYTHON) -m pytest tests/house

bench: setup ## measure, beside peers where there are any
	@$(PYTHON) -m benchmarks

docs: setup ## write the reference anew, and see that what the documents promise is there
	@$(PYTHON) scripts/reference.py
	@$(PYTHON) -m tejido.vocabularies.reference docs/reference/vocabularies.md
	@$(PYTHON) scripts/docs.py

audit: setup ## ask the advisory database about every locked package (needs the network)
	@$(PYTHON) scripts/audit.py

lock: ## choose the newest versions anew and write the hashed locks
	@bash scripts/lock.sh

format: setup ## put the code in order
	@.venv/bin/ruff check --quiet --fix $(CODE)
	@.venv/bin/ruff format --quiet $(CODE)

clean: ## remove what setup made
	rm -rf .venv .build node_modules src/tejido/web/static/vendor src/tejido/drawing/outlines
	find src -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
