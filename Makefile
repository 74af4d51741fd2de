# Every target is explained by `make help`. Two do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GLABELLA := $(BIN)/glabella
DEMO_HOME := demo/home
BENCHES := extraction metadata topics stories crawl desk mail
PYTEST := $(BIN)/python -m pytest
FAST := not servers and not browser and not slow
# Two halves of the tests that take as long as each other: what a browser or a mail reader sees, and the rest.
PAGES := $(wildcard $(addprefix tests/test_,desk*.py admin.py permissions*.py public*.py signup.py leaving.py sending.py labelling.py cli_*.py))
REST := $(filter-out $(PAGES),$(wildcard tests/test_*.py))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Small predictions and sums are faster on one thread, and two cores are shared by crawl and extraction.
export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help install demo serve test test-servers test-rest test-fast test-fast-pages test-fast-rest lint format messages screenshots lock clean bench $(addprefix bench-,$(BENCHES))

help: ## Explain every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-18s %s\n", $$1, $$2}'

$(VENV)/base.ok: requirements/base.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements/base.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev.ok: $(VENV)/base.ok requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements/dev.txt
	touch $@

.browser/ok: $(VENV)/dev.ok package.json package-lock.json
	$(BIN)/python tests/browser/install.py
	touch $@

install: $(VENV)/base.ok ## Make .venv with what Glabella needs

demo: $(VENV)/base.ok ## Show the whole way on a small newsroom (KEEP=1 goes on with the last one, SERVE=1 leaves it running)
	GLABELLA_HOME=$(DEMO_HOME) GLABELLA_ALLOW_PRIVATE=1 GLABELLA_DELAY=0.05 \
	  $(GLABELLA) demo $(if $(KEEP),--keep) $(if $(SERVE),--serve)

serve: $(VENV)/base.ok ## Start the web and the work beside it on ./var
	$(GLABELLA) serve

test: $(VENV)/dev.ok .browser/ok ## Run everything: both databases, real servers, a real browser; two halves at once
	@echo "Two halves run at once, about six minutes on two cores; each says what it found when it is done."
	$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target test-servers test-rest

test-servers: $(VENV)/dev.ok ## The half of test with servers, and on PostgreSQL what else has a database
	$(PYTEST) -m servers
	$(BIN)/python tests/with_servers.py $(PYTEST) -m "django_db and $(FAST)"

test-rest: $(VENV)/dev.ok .browser/ok ## The half of test without servers, and the browser
	$(PYTEST) -m "not servers"

test-fast: $(VENV)/dev.ok ## Run what needs no server and no browser, under a minute: two halves at once
	$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target test-fast-pages test-fast-rest

test-fast-pages: $(VENV)/dev.ok ## The half of test-fast about the desk, the public pages and the mails' verbs
	$(PYTEST) -m "$(FAST)" $(PAGES)

test-fast-rest: $(VENV)/dev.ok ## The other half of test-fast
	$(PYTEST) -m "$(FAST)" $(REST)

lint: $(VENV)/dev.ok .browser/ok ## Check style, types, layers, tables against migrations, and the compose file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	GLABELLA_HOME=$(VENV)/lint $(BIN)/python -m django makemigrations --check --dry-run --settings desk.settings
	GLABELLA_HOME=$(VENV)/lint $(BIN)/python -m django check --settings desk.settings
	$(BIN)/node .browser/node_modules/dclint/bin/dclint.cjs --quiet docker-compose.yml

format: $(VENV)/dev.ok ## Put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(VENV)/dev.ok ## Gather the words of pages and mails, and compile the German ones
	mkdir -p build
	for p in desk digest; do \
	  $(BIN)/pybabel -q extract -F $$p/locale/mapping.cfg -k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 --no-location --sort-output -o build/$$p.pot $$p && \
	  $(BIN)/pybabel -q update -D django -l de -w 100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -i build/$$p.pot -d $$p/locale && \
	  $(BIN)/pybabel -q compile -D django -l de -d $$p/locale || exit 1; done

$(addprefix bench-,$(BENCHES)): bench-%: $(VENV)/dev.ok
	$(BIN)/python -m benchmarks.$*

bench: $(VENV)/dev.ok ## Run every benchmark, or one as bench-extraction, bench-topics ...; each ends with a line per measure
	for b in $(BENCHES); do echo "== $$b"; $(BIN)/python -m benchmarks.$$b || exit 1; done

screenshots: $(VENV)/dev.ok .browser/ok ## Take the pictures of README.md and docs/ anew
	$(BIN)/python -m tests.browser.screenshots

lock: $(VENV)/dev.ok ## Renew the hashed requirements from pyproject.toml (needs uv in the venv)
	$(BIN)/python -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --strip-extras --no-header --quiet \
	  --extra postgres --extra build -o requirements/base.txt
	$(BIN)/python -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --strip-extras --no-header --quiet \
	  --extra postgres --extra build --extra test --extra lint --extra bench -c requirements/base.txt -o requirements/dev.txt

clean: ## Remove what make has made
	rm -rf $(VENV) .browser demo build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
