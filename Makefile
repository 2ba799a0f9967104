# Every target says what it does: `make` prints the list.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PY := .venv/bin/python
export YUNTAI_SANDBOX ?= 1

help: ## print this list
	@printf '云台 Yuntai\n\n'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: setup ## install everything, play real tenders through three systems, print an account, stop
	@$(PY) -m yuntai city demo

up: setup ## run the city in the foreground: addresses and sandbox logins of each role; Ctrl-C stops it
	@$(PY) -m yuntai city up

test: setup browser ## install everything and run all tests, browser tests included
	@$(PY) -m tests

check: setup ## format, lint, types, import contracts, missing migrations, stale documents
	@$(PY) -m tests.check

bench: setup ## measure beside baselines: validations/s, sealed submits/s and messages/s
	@$(PY) -m benchmarks

docs: setup ## write the generated documents anew
	@$(PY) -m yuntai.procedures.pages

clean: ## remove what was installed and built; the city's data in var/ stays
	rm -rf .venv build node_modules

# ---- what the targets above need -------------------------------------------------------------------------

setup: .venv/.installed
	@$(PY) -m yuntai.kernel.frontend

.venv/.installed: requirements.lock pyproject.toml deploy/prepare/python.sh
	@PYTHON="$(PYTHON)" sh deploy/prepare/python.sh

browser:
	@sh deploy/prepare/browser.sh

.PHONY: help demo up test check bench docs clean setup browser
