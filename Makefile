# `make` installs everything and builds the article; `make test` runs every check and test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: all build setup validators test check fix modules lock bench bench-book bench-page mutants clean help

all: build

build: setup ## Build the article into build/
	$(BIN)/bifolio build source/article.md

setup: $(VENV)/.ready ## Install everything into .venv

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or later is needed; name it: make PYTHON=python3.12'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/bifolio doctor > $(VENV)/doctor.txt || { cat $(VENV)/doctor.txt; exit 1; }
	@touch $@

validators: setup tests/validators/node_modules/.ready tests/specs/packages/.ready ## Install Ace, the reader and the CommonMark specifications

tests/validators/node_modules/.ready: tests/validators/package-lock.json
	@command -v npm > /dev/null || { echo 'npm is missing: Ace and the reader will be skipped.'; exit 0; }; \
		PUPPETEER_SKIP_DOWNLOAD=1 npm ci --silent --ignore-scripts --prefix tests/validators && touch $@

tests/specs/packages/.ready: tests/specs/requirements.txt
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary marko \
		--require-hashes -r $< --dest $(@D) && touch $@

test: validators check ## Run every check and every test
	$(BIN)/python -m pytest -n auto

check: setup ## Check style, types and imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: setup ## Fix what Ruff can fix
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

modules: setup ## Write the list of modules to docs/modules.md
	$(BIN)/python -m tests.docs.modules

lock: setup ## Pin every dependency again
	$(BIN)/uv pip compile --quiet --universal --extra dev --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
		--python-version 3.11 -o requirements.lock pyproject.toml

bench: setup ## Compare build times of the article with peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pypandoc_binary==1.15"
	$(BIN)/python bench/article.py

bench-book: setup ## Compare build times of whole books with peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pypandoc_binary==1.15" psutil==7.2.2 typst==0.15.2
	-cd bench && PUPPETEER_SKIP_DOWNLOAD=1 npm install --no-save --no-audit --no-fund --silent \
		percollate@4.3.0 @vivliostyle/cli@9.7.1
	$(BIN)/python bench/book.py --write docs/benchmarks.md

bench-page: setup ## Compare printed pages with those of peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pypandoc_binary==1.15" typst
	$(BIN)/python bench/page.py

mutants: setup ## Count the small changes to the code that no test notices (takes an hour)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check mutmut==3.8.1 coverage==7.17.5
	$(BIN)/python bench/mutants.py

clean: ## Remove everything that was built or installed
	rm -rf build dist $(VENV) tests/validators/node_modules tests/specs/packages

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
