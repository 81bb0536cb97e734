# Qianli: `make demo` and `make test` set up everything they need on a fresh Debian machine, then run.
# `make help` lists the targets.

PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
# Faces for rare characters, 46 MB to fetch; printing works without them, letters that need them are held.
RARE_FONTS := fonts-babelstone-han fonts-hanazono fonts-noto-core
PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk $(RARE_FONTS) poppler-utils
TEST_PACKAGES := fonts-lxgw-wenkai mupdf-tools ghostscript chromium libreoffice-calc-nogui postgresql

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo static check test bench screenshots clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/.installed ## Install system packages, virtual environment and Qianli
	@$(call need,$(PACKAGES))

setup-test: setup $(VENV)/.installed-dev ## The same, with what the tests need
	@$(call need,$(TEST_PACKAGES))

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch $@

demo: setup ## Run both example campaigns from spreadsheet to report
	@$(VENV)/bin/qianli demo

static: setup-test ## Lint, types, contracts
	$(VENV)/bin/ruff format --check --quiet .
	$(VENV)/bin/ruff check --quiet .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache --no-logo

check: static ## The same and the fast tests (every commit)
	$(PY) -m pytest -m "not slow" -n 2

test: static ## Everything, the longest tests first
	$(PY) -m pytest -n 4 --dist loadfile --no-loadscope-reorder

bench: setup-test $(VENV)/.installed-bench ## Measure the spine, addresses and the press beside others (an hour and more; BENCH_SIZES=600,6000 for a quick look)
	$(PY) tests/bench/bench.py
	$(PY) -m tests.bench.addresses
	$(PY) -m tests.bench.press
	$(PY) -m tests.bench.memory
	$(PY) -m tests.bench.papers
	$(PY) -m tests.bench.fortnight
	$(PY) -m tests.bench.hooks
	$(PY) -m tests.bench.following
	$(PY) -m tests.bench.booking
	$(PY) -m tests.bench.messages
	$(PY) -m tests.bench.web

screenshots: setup-test ## Take README's pictures of the pages anew
	$(PY) -m tests.web.pictures

clean: ## Remove the virtual environment and caches; var/ is yours and stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info

# Install Debian packages that are missing; as root, or through sudo.
define need
	missing=$$(for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
	if [ -n "$$missing" ]; then \
		root=$$([ $$(id -u) -eq 0 ] || echo sudo); \
		$$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef
