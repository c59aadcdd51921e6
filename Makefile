# Everything that is done with this checkout. Each target sets up by itself what it needs.
# `make` lists the targets.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
ARGS ?=

##@ Use

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^##@/ { print substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' \
		$(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED) ## Install everything into .venv (Python 3.11 or newer, git and make are all it needs)

$(INSTALLED): requirements.lock pyproject.toml
	@python=$$(tools/find_python.sh) && { "$$python" -m venv $(VENV) || { \
		echo "$$python could not make a virtual environment (Debian and Ubuntu: install python3-venv)." >&2; exit 1; }; }
	@echo "Installing what requirements.lock names into $(VENV)." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: run
run: $(INSTALLED) ## Carry the seed articles through the whole stream on the embedded broker, and end
	@$(BIN)/tocsin run --replay seeds --once $(ARGS)

.PHONY: serve
serve: $(INSTALLED) ## The same, and stay up until Ctrl-C
	@$(BIN)/tocsin run --replay seeds $(ARGS)

##@ Work on it

.PHONY: test
test: $(INSTALLED) ## Run the tests, two files at a time; what needs Java, Docker or PostgreSQL is skipped with what to install
	@$(BIN)/python -m pytest --quiet -ra --numprocesses 2 --dist loadfile $(ARGS)

.PHONY: check
check: $(INSTALLED) ## Lint, format, types, generated files, lock files, no machine's names in any file
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy -p services -p schemas -p tools
	$(BIN)/python -m tools.generate_schemas --check
	$(BIN)/python -m tools.lock --check
	$(BIN)/python -m tools.tracked_files

.PHONY: format
format: $(INSTALLED) ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: schemas
schemas: $(INSTALLED) ## Write the JSON Schemas, the AsyncAPI document and the tables of docs/messages.md
	$(BIN)/python -m tools.generate_schemas

.PHONY: gazetteer
gazetteer: $(INSTALLED) ## Build the place names anew; its sources are installed for this alone, in .tocsin/gazetteer
	$(BIN)/uv pip install --quiet --no-deps --target .tocsin/gazetteer --group gazetteer
	PYTHONPATH=.tocsin/gazetteer $(BIN)/python -m tools.build_gazetteer $(ARGS)

.PHONY: lock
lock: $(INSTALLED) ## Make the lock files anew from pyproject.toml (ARGS=--upgrade takes the newest versions)
	$(BIN)/python -m tools.lock $(ARGS)

.PHONY: bench
bench: $(INSTALLED) ## Measure on real Apache Kafka, against stock Faust, as a ratio in one run (Java 17, Maven)
	$(BIN)/python -m bench.stream $(ARGS)

##@ Real Apache Kafka (Java 17 and Maven)

.PHONY: kafka-up
kafka-up: $(INSTALLED) ## Start Apache Kafka in the background and print the setting that points at it
	@$(BIN)/python -m tools.kafka_server up

.PHONY: kafka-down
kafka-down: $(INSTALLED) ## Stop it and remove what it wrote
	@$(BIN)/python -m tools.kafka_server down

##@ And away

.PHONY: clean
clean: ## Stop the background Kafka; remove .venv, caches and downloads. What the services stored stays
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m tools.kafka_server down 2>/dev/null || true; fi
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	rm -rf .tocsin/kafka .tocsin/kafka-libs .tocsin/compose .tocsin/gazetteer
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
