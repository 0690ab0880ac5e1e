# Zhiban: `make run` brings everything up, `make test` shows that it works. `make` alone lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
TEST_FILES_AT_ONCE ?= 2
.DEFAULT_GOAL := help
.PHONY: help run doctor setup setup-dev test test-ours test-rasa chaos chaos-ci check eval format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## set up what is missing and run the product (PORT=8080, DATA_DIR=./var, REDIS_URL= ...)
	@.venv/bin/zhiban run

doctor: setup ## say what is wrong on this machine, start nothing
	@.venv/bin/zhiban doctor

setup: ## both Python environments from their locks
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

test: setup-dev ## every test, under Python 3.11 and (what runs inside Rasa) 3.10
	@failed=0; \
	$(MAKE) --no-print-directory test-rasa || failed=1; \
	$(MAKE) --no-print-directory test-ours || failed=1; \
	[ $$failed = 0 ] && echo "make test: all passed" || { echo "make test: FAILED, see above"; exit 1; }

# Split so that both always run; ARGS goes to pytest, e.g. make test ARGS="-k handoff". Without, files run two at a time:
# much of a test is waiting. Each brings up servers of its own, so more than two need memory (2 GB each). What fails is
# asked again alone: a failure under load is in the log, one that stays ends the run.
test-rasa:
	@echo "== Python 3.10: tests/bot tests/dialogue"
	@.venv-rasa/bin/python -m pytest $(wildcard tests/bot tests/dialogue) $(ARGS)

test-ours:
	@echo "== Python 3.11: all others"
	@.venv/bin/python -m pytest $(if $(ARGS),$(ARGS),-n $(TEST_FILES_AT_ONCE) --dist loadfile || { \
		echo "== what failed beside others, again and alone"; \
		.venv/bin/python -m pytest --last-failed --last-failed-no-failures none; })

chaos: setup-dev ## 2,000 conversations while processes are killed and frozen; ARGS="--seed 7 --rate 15 ..."
	@.venv/bin/python -m tests.chaos $(ARGS)

chaos-ci: setup-dev
	@.venv/bin/python -m tests.chaos --minutes 3 --keep var/chaos $(ARGS)

check: setup-dev ## style, types and the direction of imports
	@failed=0; \
	for step in "ruff check ." "ruff format --check ." "mypy" "lint-imports"; do \
		echo "== $$step"; .venv/bin/$$step || failed=1; \
	done; \
	[ $$failed = 0 ] && echo "make check: all passed" || { echo "make check: FAILED, see above"; exit 1; }

eval: setup-dev ## how well it understands: var/eval/report.html; PEERS=1, SUGGESTIONS=1, or QUESTIONS= INTENTS= OUT_OF_SCOPE= of yours
	@if [ -n "$(QUESTIONS)$(INTENTS)" ]; then \
		.venv/bin/zhiban eval $(if $(QUESTIONS),--questions "$(QUESTIONS)") $(if $(INTENTS),--intents "$(INTENTS)") \
			$(if $(OUT_OF_SCOPE),--out-of-scope "$(OUT_OF_SCOPE)") $(ARGS); \
	else \
		.venv/bin/python -m benchmarks.evaluation $(if $(PEERS),--peers) $(if $(SUGGESTIONS),--suggestions) $(ARGS); \
	fi

format: setup-dev ## let ruff write the style
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

clean: ## remove caches, models and the data of a local run (not the environments)
	rm -rf var models .rasa .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
