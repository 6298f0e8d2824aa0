.PHONY: help run test check bench lock messages clean
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

help: ## Show what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: ## Set up and start everything on http://127.0.0.1:8000 (PORT changes it)
	@scripts/setup.sh run
	@TOJIMARI_DEMO=$${TOJIMARI_DEMO:-true} exec .venv/bin/tojimari up

test: ## Set up and run all tests (ARGS="tests/rules -k iccid" runs some)
	@scripts/setup.sh test
	@exec $(PYTHON) -m pytest $(ARGS)

check: ## Look at style, types, layers, migrations and translations
	@scripts/setup.sh test
	@exec scripts/check.sh

bench: ## Measure how fast lines are closed on a real HLR
	@scripts/setup.sh test
	@exec $(PYTHON) -m benchmarks

lock: ## Pin the newest versions of all libraries by hash
	@scripts/lock.sh

messages: ## Collect the texts for translators and compile their translations
	@scripts/setup.sh test
	@exec $(PYTHON) scripts/messages.py

clean: ## Remove the environment and everything that can be made again (data stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
