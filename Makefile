# Every target sets up what it needs and is quick when nothing changed.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The newest Python that AWS Lambda also runs, else whatever this machine has from 3.11 on.
PYTHON ?= $(shell for p in python3.13 $$HOME/.pyenv/versions/3.13*/bin/python python3.12 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)

export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export PYTHONPATH := $(CURDIR)/layers/billing_sync/python:$(CURDIR)
# Compiled modules are kept: a machine that does not keep them compiles all of aws-cdk each time.
export PYTHONDONTWRITEBYTECODE :=
export NODE_NO_WARNINGS := 1
# Trust what this machine trusts: many companies look into TLS with a certificate of their own.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1

.PHONY: help setup lint test coverage reliability reliability-full reference demo sandbox sandbox-stop deploy clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

setup: .venv/.installed .venv/bin/billing-sync .venv-sandbox/.installed node_modules/.installed ## install everything into .venv, .venv-sandbox and node_modules

.venv/.installed: requirements/development.txt requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: none found on PATH"; exit 1; }
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements/development.txt
	@touch $@

# The operator's command line: the program of this checkout.
.venv/bin/billing-sync: | .venv/.installed
	ln -sf ../../tools/operator/billing-sync $@

.venv-sandbox/.installed: requirements/sandbox.txt .venv/.installed
	.venv/bin/uv venv --quiet --clear --python .venv/bin/python .venv-sandbox
	.venv/bin/uv pip sync --quiet --python .venv-sandbox/bin/python --require-hashes requirements/sandbox.txt
	@touch $@

node_modules/.installed: package.json package-lock.json .venv/.installed
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@

lint: .venv/.installed ## check style and types
	ruff check .
	ruff format --check .
	mypy

# Three workers on two processors: one of them mostly waits for the sandbox.
test: setup ## unit, contract, integration, infrastructure and end-to-end tests
	pytest -n 3 --dist loadgroup

coverage: setup ## the same tests, with the lines and branches of the layer that they cover
	pytest -n 2 --dist loadgroup --cov=billing_sync --cov-branch --cov-report=term:skip-covered

reliability: setup ## fault-injection tests: crashes, throttling, lost replies, concurrent edits
	pytest -n 2 --dist worksteal tests/reliability

reliability-full: setup ## the same, with every interference, all pairs of deaths and ten times as many pairs of faults
	pytest -n 2 --dist worksteal tests/reliability --whole --pairs 400

reference: setup ## write docs/settings.md anew, from the code that reads the settings
	python -m tools.reference

demo: setup ## deploy to an embedded AWS and sync a made-up MSP, before your eyes
	python -m tools.sandbox.demo

sandbox: setup ## start the demo's world and leave it running until Ctrl-C (EMPTY=1: not set up yet)
	python -m tools.sandbox $(if $(EMPTY),--empty)

sandbox-stop: ## stop the running sandbox
	python -m tools.sandbox stop

deploy: setup ## deploy to the AWS account of your credentials
	cdk bootstrap
	cdk deploy --outputs-file build/outputs.json
	@python -m tools.operator test-events --outputs build/outputs.json || \
		echo "The stack is deployed; only its test events are not in the Lambda console."

clean: ## remove what was built and installed
	rm -rf build cdk.out .venv .venv-sandbox node_modules
