# The commands of the project; `make help` lists them. `make run` is where to start.
# Everything is made in .venv (packages) and var/ (database, keys, collected files), both ignored
# by git. The scripts in .ci/ are as much part of this file as the lines below.

PORT ?= 8000
ARGS ?=
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
# Wheels only: building a package would run code that no hash covers.
PIP_INSTALL := $(PYTHON) -m pip install -qq --disable-pip-version-check --only-binary :all: --require-hashes
LOCK := $(PYTHON) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --no-header
# Keys that are no keys: they only have to be long enough for the check of a production's settings.
A_KEY := only-good-for-this-check-because-no-server-anywhere-has-such-a-one
AS_IN_PRODUCTION := TLS=1 EMAIL_URL='smtp://mail.example:587?tls=1' ALLOWED_HOSTS=crm.example SECRET_KEY=$(A_KEY) JOURNAL_KEY=$(A_KEY) SECOND_FACTOR_KEY=$(A_KEY)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

.NOTPARALLEL:
.PHONY: help run test lint proof mutate benchmark format messages permissions screens lock clean venv runtime demo dev catalogues

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name what; do \
		printf '  make %-12s%s\n' "$$name" "$$what"; done

run: export PORT := $(PORT)
run: export DEMO ?= 1
run: runtime demo catalogues ## Serve http://localhost:8000 with demo data (PORT=8001 for another port)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@[ "$$DEMO" != 1 ] || $(MANAGE) seed_demo --if-empty
	@printf '\nEpic Events CRM: http://localhost:%s (Ctrl+C stops it)\n\n' "$(PORT)"
	@exec $(PYTHON) -m gunicorn -c deploy/gunicorn.conf.py

test: dev catalogues ## Run every test (ARGS="-k sign" for some; DATABASE_URL=postgres://… for PostgreSQL)
	@$(PYTHON) -m pytest -n auto --dist worksteal $(ARGS)

lint: dev catalogues ## Check style, layers, types, templates, security, migrations and catalogues
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports --no-logo --cache-dir var/cache/import-linter
	$(PYTHON) -m mypy .
	$(PYTHON) -m djlint --lint templates
	.venv/bin/djade --check $$(find templates -name '*.html')
	$(PYTHON) .ci/dead_code.py
	$(PYTHON) -m bandit -q -c pyproject.toml -r .
	$(PYTHON) .ci/check_secrets.py
	$(PYTHON) .ci/proof.py --check
	$(MANAGE) check --fail-level WARNING
	$(AS_IN_PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	$(PYTHON) .ci/check_catalogue.py
	$(MANAGE) permissions --check

proof: dev catalogues ## Run what docs/threat-model.md and docs/asvs.md name, and print what became of it
	@$(PYTHON) .ci/proof.py

mutate: dev ## Break the policies one rule at a time, and see a test fail each time (ARGS=-v tells which)
	@$(PYTHON) .ci/mutate_policies.py $(ARGS)

format: dev ## Lay out code and templates, repair what ruff can
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
	.venv/bin/djade $$(find templates -name '*.html')

messages: dev ## Bring the catalogues up to date with the code (needs gettext)
	$(PYTHON) .ci/check_catalogue.py --update

benchmark: dev catalogues ## What the pages cost with 10,000 clients (ARGS=100000 for more, DATABASE_URL=… for PostgreSQL)
	@$(PYTHON) -m benchmarks $(ARGS)

screens: dev catalogues ## Take fresh pictures of the pages, into docs/screens (needs Chromium)
	@$(PYTHON) .ci/screens.py

permissions: dev ## Write docs/permissions.md anew from the policies
	$(MANAGE) permissions

lock: dev ## Lock the packages anew (ARGS=--upgrade for newer ones)
	$(LOCK) $(ARGS) -o requirements.txt requirements.in
	$(LOCK) $(ARGS) -o requirements-demo.txt requirements-demo.in
	$(LOCK) $(ARGS) -o requirements-dev.txt requirements-dev.in

clean: ## Remove what can be made again (never the database or the keys)
	rm -rf .venv var/static var/cache var/uv .hypothesis $(CATALOGUES)
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- What the commands above stand on ------------------------------------------------------------

venv:
	@sh .ci/venv

# A lock is installed when the copy of it that lies in .venv says the same.
runtime: venv
	@cmp -s requirements.txt .venv/requirements.txt || { \
		echo "Installing the packages (about 10 seconds) ..."; \
		$(PIP_INSTALL) -r requirements.txt && cp requirements.txt .venv/; }

demo: runtime
	@[ "$$DEMO" != 1 ] || cmp -s requirements-demo.txt .venv/requirements-demo.txt || { \
		$(PIP_INSTALL) -r requirements-demo.txt && cp requirements-demo.txt .venv/; }

dev: venv
	@cmp -s requirements-dev.txt .venv/requirements-dev.txt || { \
		echo "Installing the packages, those for development included (about 40 seconds) ..."; \
		$(PIP_INSTALL) -r requirements-dev.txt && cp requirements*.txt .venv/; }

catalogues: $(CATALOGUES)

# By polib and not by gettext, which a machine that only runs the CRM need not have.
%.mo: %.po
	@$(PYTHON) -c 'import sys, polib; polib.pofile(sys.argv[1]).save_as_mofile(sys.argv[2])' $< $@
