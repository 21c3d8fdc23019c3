# Each command does what it needs first. `make run` serves the site; `make check` is what CI runs.
.DEFAULT_GOAL := help
.PHONY: help run dev test test-fast check check-code check-types check-style check-deploy test-sqlite test-postgres bench format lock clean
MAKEFLAGS += --no-print-directory
# Byte code is kept, whatever the environment says: each run of the tests starts a hundred Pythons.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PYTHON_HERE := $(BIN)/python
MANAGE := $(PYTHON_HERE) manage.py
BIOME := node_modules/.bin/biome
# Who is done first takes over half of what the other has left.
PYTEST := $(PYTHON_HERE) -m pytest -q -n auto --dist worksteal
# One worker more than cores, where no browser and no served site needs its share of them in time.
ONE_MORE := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
TEMPLATES = $(shell git ls-files '*/templates/*.html')
SOURCES = $(shell git ls-files '*.py')
TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
# Of `make bench`: posts in the communities that are measured, rounds whose median counts, the page that is written.
SIZE ?= 10000
ROUNDS ?= 3
TO ?= docs/performance.md
PIP := $(PYTHON_HERE) -m pip install -qq --disable-pip-version-check --no-input

help:
	@echo "make run      the site at http://127.0.0.1:8000 (PORT=8001 another port, DEMO=0 without the demo community)"
	@echo "make dev      the same site with auto-reload and the debug toolbar"
	@echo "make test     the whole suite, on SQLite or on what DATABASE_URL names (T=timeline/tests/models/test_like.py a part of it)"
	@echo "make test-fast  all but the browser, served sites and what is slow, on SQLite, in two minutes"
	@echo "make check    what CI runs: format, lint, types, migrations, deployment, tests on both databases"
	@echo "make bench    how fast the site is, on PostgreSQL, into docs/performance.md (SIZE=\"10000 100000\" posts, ROUNDS=1 for a short one)"
	@echo "make format   put code, templates, stylesheets and scripts into the house style"
	@echo "make lock     pin what requirements*.txt need in turn, by version and hash"
	@echo "make clean    take away what these commands made, but for var/"

# --- The site ---

run: .venv/run
	@exec $(MANAGE) serve --with-parent

dev: .venv/dev
	@DEBUG=1 exec $(MANAGE) serve --with-parent

# --- Its tests ---

test: .venv/dev
	@bin/need-chromium && bin/need-node
	@$(PYTEST) $(T)

test-fast: .venv/dev
	@env -u DATABASE_URL $(PYTEST) -m "not browser and not site and not slow" $(T)

check: check-code check-deploy test-sqlite test-postgres

# One core reads the types, which takes the longest; another does all else.
check-code: .venv/dev $(BIOME)
	@$(MAKE) -j2 --output-sync=target check-types check-style

check-types: .venv/dev
	$(PYTHON_HERE) -m mypy --no-error-summary .

check-style: .venv/dev $(BIOME)
	$(PYTHON_HERE) -m ruff format --check --quiet
	$(PYTHON_HERE) -m ruff check --quiet
	$(BIN)/djade --check $(TEMPLATES)
	$(PYTHON_HERE) bin/figures
	$(BIOME) check --error-on-warnings
	$(PYTHON_HERE) -m django_upgrade --target-version 6.1 --check $(SOURCES)
	$(MANAGE) makemigrations --check --dry-run

check-deploy: .venv/dev
	SITE_URL=https://microblog.example SECRET_KEY=$$($(PYTHON_HERE) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(MANAGE) check --deploy --fail-level WARNING

test-sqlite: .venv/dev
	@bin/need-chromium && bin/need-node
	env -u DATABASE_URL $(PYTEST)

test-postgres: .venv/dev
	@bin/need-chromium && bin/need-node
	@if $(PYTHON_HERE) -c 'import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=5)' "$(TEST_DATABASE_URL)" 2>/dev/null; then \
		echo "On PostgreSQL ($(TEST_DATABASE_URL)):" && DATABASE_URL="$(TEST_DATABASE_URL)" PGOPTIONS="-c synchronous_commit=off" $(PYTEST) -n $(ONE_MORE); \
	else \
		echo "!!! NOT TESTED ON POSTGRESQL: no server answers at $(TEST_DATABASE_URL). Start one, or set TEST_DATABASE_URL."; \
		[ "$(CI)" != true ]; \
	fi

# --- Its speed ---

bench: .venv/dev
	@bin/need-wrk
	@TEST_DATABASE_URL="$(TEST_DATABASE_URL)" $(PYTHON_HERE) -m testing.bench $(SIZE) --rounds $(ROUNDS) --to $(TO)

# --- Care ---

format: .venv/dev $(BIOME)
	$(PYTHON_HERE) -m ruff check --fix
	$(PYTHON_HERE) -m ruff format
	$(BIN)/djade $(TEMPLATES)
	$(BIOME) check --write

# After a change of requirements*.txt: what these need in turn is pinned too, and all by its hash.
lock: .venv/dev
	@$(PIP) uv==0.13.9
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-annotate \
			--custom-compile-command "make lock" $$name.txt --output-file $$name.lock; \
	done

clean:
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

# --- What they stand on: .venv/run and .venv/dev are stamps, newer than what they were installed from ---

.venv/bin/python .venv/bin/pip &:
	@python=$$(bin/find-python) && echo "Making .venv with $$python …" && "$$python" -m venv --clear .venv

.venv/run: requirements.lock | .venv/bin/pip
	@echo "Installing what requirements.txt names into .venv …"
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock | .venv/bin/pip
	@echo "Installing what requirements-dev.txt names into .venv …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch .venv/run $@

# What puts stylesheets and scripts into shape; the site needs nothing of it.
$(BIOME): package-lock.json
	@bin/need-node
	@echo "Installing what package.json names into node_modules …"
	@npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@
