# Everything starts here. `make demo` and `make test` are all a newcomer needs.
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
UV := $(CURDIR)/.tools/bin/uv
RUN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
export DO_NOT_TRACK := 1
comma := ,

.PHONY: help setup lint format test demo up down nightly backfill quarantine replay rollback as-of restatements erase request-erasure purge subject-report rotate-key reader call-list open-call-list audit scorecard dashboards export postgres-copy postgres secrets test-cluster cluster-packages spark test-spark spark-packages browser screenshots trace bench docs clean debian-venv

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# A private uv, so that nothing but Python 3 is needed; Debian keeps venv's pip in a package apart.
$(UV):
	@command -v python3 >/dev/null || { echo "Python 3 is needed: install python3" >&2; exit 1; }
	@python3 -m venv .tools >/dev/null 2>&1 || $(MAKE) --no-print-directory debian-venv
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

debian-venv:
	@rm -rf .tools
	@$(SUDO) apt-get update -qq
	@$(SUDO) apt-get install -y -qq python3-venv
	@python3 -m venv .tools

.venv/.ready: $(UV) pyproject.toml uv.lock
	@$(UV) sync --locked --quiet --compile-bytecode
	@touch $@

setup: .venv/.ready ## Install the locked environment into .venv

lint: setup ## Check style of Python and SQL
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests

format: setup ## Rewrite Python and SQL in the house style
	@$(RUN)/ruff check --fix .
	@$(RUN)/ruff format .
	@$(RUN)/sqlfluff fix --disable-progress-bar --quiet dbt_project/models dbt_project/tests

test: setup ## Run every test
	@$(RUN)/python -m pytest -n logical

test-cluster: cluster-packages setup ## Run a night on PostgreSQL, Redis and two Celery workers
	@$(UV) sync --locked --quiet --inexact --extra cluster --group cluster
	@REGULARS_TEST_CLUSTER=1 $(RUN)/python -m pytest tests/cluster

cluster-packages:
	@{ command -v redis-server && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || { \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) apt-get install -y -qq --no-install-recommends postgresql redis-server >/dev/null; }

test-spark: spark-packages ## Build marts on Spark, a master and two workers, and compare them
	@REGULARS_TEST_SPARK=1 $(RUN)/python -m pytest tests/spark

# Spark 3.5 runs on Java 8, 11 and 17, not on later ones.
spark-packages: setup
	@command -v java >/dev/null || { \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; }
	@$(UV) sync --locked --quiet --inexact --extra spark

demo: setup ## Simulate a dessert chain, load three years of it, print the scorecard
	@$(RUN)/regulars demo

up: setup ## Start Airflow and leave it running
	@$(RUN)/regulars up

down: setup ## Stop the Airflow of this home
	@$(RUN)/regulars down

nightly: setup ## Close one business date: make nightly DATE=2014-12-31
	@$(RUN)/regulars nightly "$(DATE)"

backfill: setup ## Load a range in one run: make backfill FROM=2012-01-01 TO=2014-12-31 [DRY_RUN=1]
	@$(RUN)/regulars backfill "$(FROM)" "$(TO)" $(if $(DRY_RUN),--dry-run)

quarantine: setup ## List rows in quarantine: make quarantine [FEED=pos_sales]; word for word: ROLE=... BY=...
	@$(RUN)/regulars quarantine $(if $(ROLE),show "$(ROLE)" "$(BY)",list) $(FEED)

replay: setup ## Load rejected and quarantined files again: make replay FROM=... TO=...
	@$(RUN)/regulars quarantine replay "$(FROM)" "$(TO)"

rollback: setup ## Point readers at the previous version, or at VERSION=000003
	@$(RUN)/regulars rollback $(VERSION)

as-of: setup ## The marts as they stood: make as-of DATE=2014-06-30 [KNOWN_AT=...]
	@$(RUN)/regulars as-of "$(DATE)" $(if $(KNOWN_AT),"$(KNOWN_AT)")

restatements: setup ## Say why figures are told differently than in the version before
	@$(RUN)/regulars restatements $(VERSION)

erase: setup ## Erase a person with proof: make erase SUBJECT=c000123 (or a phone, or a mail)
	@$(RUN)/regulars erase "$(SUBJECT)"

request-erasure: setup ## Leave a sealed request for the DAG erase_person: make request-erasure SUBJECT=c000123
	@$(RUN)/regulars request-erasure "$(SUBJECT)"

purge: setup ## List words past their keeping period; purge the approved ones: make purge GO=yes
	@$(RUN)/regulars purge $(if $(filter yes,$(GO)),--go)

subject-report: setup ## All that is held about a person: make subject-report SUBJECT=c000123
	@$(RUN)/regulars subject-report "$(SUBJECT)"

rotate-key: setup ## Replace a key: make rotate-key KEY=token (or vault, archive, master)
	@$(RUN)/regulars rotate-key "$(KEY)"

reader: setup ## Read as a role: make reader ROLE=analyst BY=HQ-02 [SQL="select ..."]
	@$(RUN)/regulars reader "$(ROLE)" "$(BY)" $${SQL:+"$$SQL"}

call-list: setup ## Names and numbers to call, encrypted: make call-list ROLE=region_1 BY=HQ-03
	@$(RUN)/regulars call-list "$(ROLE)" "$(BY)"

open-call-list: setup ## Print such a list: make open-call-list FILE=data/exports/call_lists/...
	@$(RUN)/regulars open-call-list "$(FILE)"

audit: setup ## Known vulnerabilities, bill of materials, secrets: make audit [OFFLINE=1]
	@$(RUN)/regulars audit "$(UV)" $(if $(OFFLINE),--offline)

scorecard: setup ## Print the scorecard of the published version
	@$(RUN)/regulars scorecard

dashboards: setup ## Open the dashboards of the published version in a browser
	@$(RUN)/regulars dashboards

export: setup ## Write workbook and lists for people: make export [TO=folder]
	@$(RUN)/regulars export $(TO)

postgres-copy: setup ## Copy the published version to the database of postgres_url
	@$(UV) sync --locked --quiet --inexact --extra postgres
	@$(RUN)/regulars postgres-copy

spark: spark-packages ## Build the marts on Spark: make spark [SELECT="+fct_sales"]
	@$(RUN)/regulars spark $(SELECT)

postgres: ## Install the PostgreSQL server that the test of the copy starts (Debian, Ubuntu)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) apt-get install -y -qq --no-install-recommends postgresql >/dev/null; }

ENV_FILE := .env
secrets: ## Write .env with fresh secrets for docker-compose.yml; never over one that is there
	@[ ! -e $(ENV_FILE) ] || { echo "$(ENV_FILE) is there already: its secrets stay" >&2; exit 1; }
	@umask 077 && for name in $$(grep -oE '[A-Z_]+:\?' docker-compose.yml | tr -d ':?' | sort -u); do \
	  echo "$$name=$$(python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')"; \
	done > $(ENV_FILE)

browser: ## Install the browser that the page tests drive, with Chinese letters (Debian, Ubuntu)
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; }

# The pictures that README.md shows, and no others.
PICTURES = $(shell grep -oE 'docs/images/[a-z0-9-]+' README.md | cut -d/ -f3)

screenshots: setup browser ## Take the pictures of the README from the published version
	@$(RUN)/python tests/integration/headless.py data/published/current/dashboards docs/images $(PICTURES)

trace: setup ## Print requirement, check and result
	@$(RUN)/regulars trace

bench: setup ## Measure speed against plain DuckDB, of the fits, and of a large publication [BIG=1]
	@REGULARS_BENCH_LINES=1000000 REGULARS_BENCH_FILES=300 $(RUN)/python -m pytest benchmarks/test_ingest_speed.py -qs
	@REGULARS_BENCH_LINES=10000000 REGULARS_BENCH_FILES=30 $(RUN)/python -m pytest benchmarks/test_ingest_speed.py -qs
	@REGULARS_BENCH_MEMBERS=1000000 $(RUN)/python -m pytest benchmarks/test_people_cost.py -qs
	@REGULARS_BENCH_CUSTOMERS=400000 $(RUN)/python -m pytest benchmarks/test_clv_speed.py -qs
	@REGULARS_BENCH_RECORDS=50000 $(RUN)/python -m pytest benchmarks/test_linkage_speed.py -qs
	@REGULARS_BENCH_CHAINS=1000000,10000000,10000000/40000$(if $(BIG),$(comma)50000000$(comma)50000000/40000) $(RUN)/python -m pytest benchmarks/test_night_speed.py -qs
	@REGULARS_BENCH_GB=1 $(RUN)/python -m pytest tests/reliability/test_publication.py -qs

docs: setup ## Open the data dictionary of the published version, with dbt's documentation
	@$(RUN)/regulars docs

clean: ## Remove what was installed and built; keeps your data
	@rm -rf .venv .tools dbt_project/target dbt_project/logs .pytest_cache .ruff_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +
