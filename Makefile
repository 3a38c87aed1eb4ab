# studybot: `make demo` shows it at work, `make test` proves it. Both need only
# Python 3.11 or newer and make; everything else is installed into .venv.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin

.PHONY: help install demo test check messages clean

help:
	@echo "make demo     install into .venv and see studybot at work: no token, no server, no account"
	@echo "make test     install what tests need, then formatting, types, imports and all tests"
	@echo "make check    known vulnerabilities in what it is made of; asks PyPI, so it needs the network"
	@echo "make messages brings the catalogues of what the bot says up to date with the code"
	@echo "make install  only install into .venv"
	@echo "make clean    remove .venv and every cache"

install: .venv/installed

demo: .venv/installed
	@$(BIN)/studybot demo

test: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@# Tests of whole processes have time limits. One that ran out while both cores were
	@# taken is tried again alone; what is wrong fails twice. A run that ended otherwise than
	@# with tests that failed (status 1) is not: see tests/crashes.py.
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0 || { [ $$? -eq 1 ] && $(BIN)/pytest --last-failed --last-failed-no-failures none; }

AUDIT := .venv-audit/bin/pip-audit --strict --no-deps --disable-pip --progress-spinner off
check: .venv/installed-test .venv-audit/installed
	$(BIN)/python -m pip check --disable-pip-version-check
	@# First that it would fail: of a list on 127.0.0.1, with one dependency known to be vulnerable.
	$(BIN)/python -m tests.audit $(AUDIT)
	$(AUDIT) -r constraints.txt

# Which words there are is read from the code; what they are in a language, people write.
LOCALES := bot/render/locale
messages: .venv/installed
	$(BIN)/pybabel --quiet extract --no-default-keywords -k _ -k N_ -k _n:1,1 \
		-k QueryError -k StudyWordError -k _Asking --no-location --omit-header --sort-output --output-file=$(LOCALES)/.messages.pot bot
	for each in zh_Hant en; do $(BIN)/pybabel --quiet update --no-fuzzy-matching --omit-header \
		--ignore-obsolete --no-wrap --domain=studybot --locale=$$each \
		--input-file=$(LOCALES)/.messages.pot --output-file=$(LOCALES)/$$each.po; done
	rm $(LOCALES)/.messages.pot

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "studybot needs Python 3.11 or newer with venv (Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/installed-test: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch .venv/installed $@

# In an environment of its own: what looks must not change what is looked at.
.venv-audit/installed:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.10,<3'
	@touch $@

clean:
	rm -rf .venv .venv-audit build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
