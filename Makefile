# SPDX-License-Identifier: Apache-2.0
# Everything stays in this clone; only the package managers' own caches are outside it.
PYTHON ?= python3
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PIP := bin/python -m pip --quiet --disable-pip-version-check --no-input install
PYTHON_FITS := $(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 10) <= v <= (3, 13) else \
	"Python 3.10 to 3.13 is needed, this is %d.%d. Name another: make setup PYTHON=python3.12" % v)'
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
NODE_FITS := node -e 'if (parseInt(process.versions.node) < 20) { \
	console.error("Node.js 20 or later is needed, this is " + process.versions.node); process.exit(1) }'
BROWNIE_HOME := .home/.brownie/network-config.yaml
READY := .venv/.ready .venv-client/.ready .venv-proofs/.ready node_modules/.ready
# The demonstration needs neither the client's own environment nor the linters and the packages of the tests.
DEMO_READY := .venv/.ready-for-demo node_modules/.ready-for-demo

.PHONY: help setup compile abi lint types test prove bench bench-write demo format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## the virtual environments, the npm packages, the compiler, Brownie's home (PYTHON=python3.12 to choose)
	@$(MAKE) --no-print-directory --silent -j2 $(READY)
	@$(MAKE) --no-print-directory --silent $(BROWNIE_HOME)

# `.venv` holds Brownie, the client and the linters; `.venv-client` the client alone, on the newest web3; `.venv-proofs`
# what proves and inspects the contracts, and nothing of ours.
.venv/.ready-for-demo: requirements/demo.lock pyproject.toml
.venv/.ready: requirements/dev.lock .venv/.ready-for-demo
.venv-client/.ready: requirements/client.lock pyproject.toml
.venv/.ready-for-demo .venv/.ready .venv-client/.ready:
	@test -x $(@D)/bin/python || { $(PYTHON_FITS) && echo "$(@D): a new virtual environment" && $(PYTHON) -m venv $(@D); }
	@echo "$(@D): installing $<"
	@$(@D)/$(PIP) --use-pep517 --require-hashes -r $<
	@$(@D)/$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv-proofs/.ready: requirements/proofs.lock
	@test -x $(@D)/bin/python || { $(PYTHON_FITS) && echo "$(@D): a new virtual environment" && $(PYTHON) -m venv $(@D); }
	@echo "$(@D): installing $<"
	@$(@D)/$(PIP) --use-pep517 --require-hashes -r $<
	@touch $@

# `npm ci` begins with an empty folder: what the tests need holds what the demonstration needs, too.
node_modules/.ready: package-lock.json
	@$(NODE_FITS)
	@echo "node_modules: npm ci"
	@$(NPM_CI)
	@touch $@ node_modules/.ready-for-demo

node_modules/.ready-for-demo: package-lock.json
	@$(NODE_FITS)
	@echo "node_modules: npm ci, without the packages of the tests"
	@$(NPM_CI) --omit=dev --omit=optional
	@touch $@

$(BROWNIE_HOME): tools/brownie_home.py .venv/.ready-for-demo
	@.venv/bin/python -m tools.brownie_home

compile: setup ## compile the contracts into build/
	@tools/brownie compile

abi: compile ## write the ABIs and the storage layout of the compiled contracts into the client
	@.venv/bin/python -m tools.export_abi
	@.venv/bin/python -m tools.export_layout

lint: setup ## ruff: rules and layout
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

format: setup ## ruff: mend what can be mended
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

types: setup ## mypy --strict
	@.venv/bin/mypy

test: setup ## everything: lint, types, contracts, proofs, client on web3 7 and 8, JavaScript, gas, end to end
	@.venv/bin/python -m tools.run_tests

prove: setup ## prove the properties of docs/proofs.md by a solver (about three minutes; part of `make test`)
	@.venv/bin/python -m tools.prove

bench: compile ## the gas table, beside the Ethereum Attestation Service's, compared with benchmarks/gas.json; reading a claim; verifying; proofs; checks without a node; the size of a store; the outbox; the gateway
	@.venv/bin/python -m benchmarks.gas
	@.venv/bin/python -m benchmarks.reading
	@.venv/bin/python -m benchmarks.verifying
	@.venv/bin/python -m benchmarks.proving
	@.venv/bin/python -m benchmarks.offline
	@.venv/bin/python -m benchmarks.store_size
	@.venv/bin/python -m benchmarks.outbox
	@.venv/bin/python -m benchmarks.gateway

bench-write: compile ## the same, and write benchmarks/gas.json
	@.venv/bin/python -m benchmarks.gas --write

demo: ## the main job, told on the terminal and on a page, on a Ganache of its own or on a node (NETWORK=URL [FUNDER=keystore])
	@$(MAKE) --no-print-directory --silent -j2 $(DEMO_READY)
	@$(MAKE) --no-print-directory --silent $(BROWNIE_HOME)
	@.venv/bin/python -m scripts.demo $(if $(NETWORK),--network '$(NETWORK)') $(if $(FUNDER),--funder '$(FUNDER)')

lock: setup ## choose the versions of requirements/*.lock again (needs uv)
	uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header --all-extras \
		pyproject.toml requirements/dev.in -o requirements/dev.lock
	uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header --all-extras \
		pyproject.toml requirements/client.in -o requirements/client.lock
	uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header --extra fhir --extra envelope \
		pyproject.toml requirements/demo.in -o requirements/demo.lock
	uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header \
		requirements/proofs.in -o requirements/proofs.lock

clean: ## remove all that the other targets made (the accounts in .home/.brownie/accounts stay)
	@rm -rf .venv .venv-client .venv-proofs node_modules build dist reports .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find .home -mindepth 1 -maxdepth 2 ! -path '.home/.brownie' ! -path '.home/.brownie/accounts' \
		-exec rm -rf {} + 2>/dev/null || true
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
