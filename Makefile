# What one does with a checkout of nixc. Needs python3, git and make; everything else goes to .venv.

VENV := .venv
BIN := $(VENV)/bin
# Tests start nixc, bats and shellcheck by name.
export PATH := $(abspath $(BIN)):$(PATH)

SHELL_FILES := $(wildcard runtime/*.sh runtime/*/*.sh) .ci/run .ci/venv .ci/editors
BATS_FILES := $(wildcard tests/runtime/*.bats)
PYTEST_FLAGS ?= -n auto --dist worksteal

.PHONY: demo test lint bench reference clean

demo: $(VENV)/.nixc
	@mkdir -p build
	$(BIN)/nixc build examples/demo.nxa -o build/demo.sh
	cd examples && ../build/demo.sh

test: lint
	$(if $(BATS_FILES),$(BIN)/bats --print-output-on-failure $(BATS_FILES))
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nixc fmt --check examples compiler
	$(BIN)/shellcheck $(SHELL_FILES)
	$(BIN)/shfmt -d $(SHELL_FILES)

bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]' || true
	@failed=; for what in run others output shell growth lsp copy oci ssh; do \
	  $(BIN)/python -m tests.bench.$$what || failed=1; \
	done; [ -z "$$failed" ]

reference: $(VENV)/.nixc
	@mkdir -p build
	$(BIN)/nixc schema --format markdown > build/reference.md
	mv build/reference.md grammar/reference.md

clean:
	rm -rf $(VENV) build dist

$(VENV)/.nixc: pyproject.toml .ci/venv
	sh .ci/venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: pyproject.toml .ci/venv
	sh .ci/venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.nixc
