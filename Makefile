# Two commands set everything up on a machine that has Python 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PHOTOS ?=
PORT ?=
SHOTS ?=

.PHONY: help demo test messages screenshots pictures lint lock clean

help:  ## say what the targets do
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/demo: requirements/demo.txt pyproject.toml
	@echo "Setting up .venv (downloads about 150 MB the first time) ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) install --quiet --require-hashes -r requirements/demo.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test: .venv/demo requirements/test.txt
	@echo "Adding the test tools to .venv ..."
	@$(PIP) install --quiet --require-hashes -r requirements/test.txt
	@touch $@

demo: .venv/demo  ## make a sample library, teach it, tag it, and serve it (PHOTOS=DIR for your own, PORT=8001)
	@$(BIN)/tagsmith demo --data demo $(if $(PHOTOS),--photos "$(PHOTOS)") $(if $(PORT),--port "$(PORT)")

test: .venv/test  ## run every check and every test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -n 2 --cov --cov-report=term

messages: .venv/test  ## bring the texts of all languages up to date with the sources, and compile them
	@$(BIN)/python tools/messages.py

screenshots: .venv/test  ## take pictures of every page into screenshots/ (SHOTS="home review" for some)
	@$(BIN)/python tools/screenshots.py screenshots $(SHOTS)

pictures: .venv/test  ## take the README's pictures anew, of a library of drawings that are our own
	@$(BIN)/python tools/readme_pictures.py screenshots/readme docs/pictures

lock:  ## resolve the dependencies anew into requirements/
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-annotate --no-header --extra demo --group build pyproject.toml -o requirements/demo.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-annotate --no-header --extra demo --extra hub --group build --group dev pyproject.toml -o requirements/test.txt

clean:  ## remove what the other targets made
	@rm -rf .venv demo screenshots .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
