PY   ?= python3
VENV := .venv
BIN  := $(VENV)/bin
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
.PHONY: help setup run test check fix docs changelog bench bench-cap bench-warn bench-flight bench-watch bench-track bench-engine bench-sustain bench-live bench-sweep bench-web validation soak release web bench-picture lock clean

help:   ## what the doors are
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: $(VENV)/.stamp   ## a virtual environment with everything, pinned by hash
$(VENV)/.stamp: requirements.lock bootstrap.lock pyproject.toml
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "hinomi needs Python 3.11 or later; found $$($(PY) --version). Try: make PY=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PY) -m venv --clear $(VENV) || { echo "python3 -m venv failed. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r bootstrap.lock
	$(BIN)/uv pip sync -q --require-hashes --python $(BIN)/python requirements.lock bootstrap.lock
	$(BIN)/uv pip install -q --no-deps --no-build-isolation --python $(BIN)/python -e .
	@touch $@

run: setup   ## set everything up and run the first study
	$(BIN)/hinomi run okinawa-2025

test: setup   ## set everything up and run the tests
	$(BIN)/python -m hinomi.study.warm
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --durations=12 --durations-min=5

check: setup   ## formatter, linter, types, import contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup   ## let the formatter and linter repair what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup   ## build the documentation into docs/_build
	$(BIN)/sphinx-build -n -W -q docs docs/_build

changelog: setup   ## write CHANGELOG.md anew from changelog.d (the site's page is made at each build)
	$(BIN)/python docs/changelog.py

bench: setup   ## time the first study and its links
	$(BIN)/python benchmarks/study.py

bench-cap: setup   ## time messages: compose, check, sign, verify, and hostile bytes
	$(BIN)/python benchmarks/bench_cap.py

bench-flight: setup .bench-venv/.stamp   ## time flights beside SciPy and diffrax, in an environment of its own
	.bench-venv/bin/python benchmarks/flight.py $(ARGS)
bench-watch: setup .bench-venv/.stamp   ## time looks and coverage beside Skyfield, in the same environment
	.bench-venv/bin/python benchmarks/watch.py $(ARGS)
	.bench-venv/bin/python benchmarks/coverage_day.py --skyfield .bench-venv/bin/python
bench-track: setup .bench-venv/.stamp   ## time filters and scans beside Stone Soup and FilterPy, in the same environment
	.bench-venv/bin/python benchmarks/track.py $(ARGS)
bench-warn: setup   ## time both predictors of the end area, and how far they differ
	$(BIN)/python benchmarks/bench_warn.py $(ARGS)
bench-defend: setup   ## time footprints and raids of growing size
	$(BIN)/python benchmarks/defend.py $(ARGS)
bench-engine: setup   ## time the study engine itself, and a table of 10^7 rows
	$(BIN)/python benchmarks/engine.py $(ARGS)
bench-picture: setup web   ## frames per second of the map in a headless browser, first paint, sizes of the pages
	$(BIN)/python benchmarks/picture.py $(ARGS)
bench-live: setup   ## time release to receipt over each carrier, 100 receivers, then 1,000
	$(BIN)/python benchmarks/carriers.py $(ARGS)
	$(BIN)/python benchmarks/carriers.py --carriers embedded --receivers 1000 --messages 5
bench-sustain: setup   ## time ten years of production with 40 suppliers
	$(BIN)/python benchmarks/sustain.py $(ARGS)
bench-web: setup   ## time the pages' interface under 50 clients
	$(BIN)/python benchmarks/web.py $(ARGS)
bench-sweep: setup   ## time 64 settings of 100 raids, with an empty and with a full cache of stages
	$(BIN)/python benchmarks/sweep.py $(ARGS)
.bench-venv/.stamp: benchmarks/bench.lock bootstrap.lock
	@$(PY) -m venv --clear .bench-venv
	$(BIN)/uv pip sync -q --require-hashes --python .bench-venv/bin/python benchmarks/bench.lock
	$(BIN)/uv pip install -q --no-deps --no-build-isolation --python .bench-venv/bin/python -e .
	@touch $@

validation: setup   ## write the two pages of validation from the rows the tests assert on
	$(BIN)/python tests/validation/page/write_page.py

soak: setup   ## the long form of the seeded samples, ten minutes of guided messages, 100 studies and 200 processes of exercises ended by kill -9
	$(BIN)/python -m pytest -q -m soak
	$(BIN)/python benchmarks/soak_cap.py --seconds 600 --write benchmarks/soak_cap.md
	$(BIN)/python benchmarks/soak_study.py --kills 100 --write benchmarks/soak_study.md
	$(BIN)/python benchmarks/soak_live.py --kills 200 --write benchmarks/soak_live.csv

release: setup web changelog   ## wheel, source archive, bill of materials; installed into empty environments and used there
	$(BIN)/python -m hatchling build -t wheel -t sdist
	$(BIN)/python release/check.py --bill $(ARGS)

web:   ## build the pages of hinomi serve (Node 20 or later); skipped when they are those of the sources
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2> /dev/null || { echo "the pages are built with Node 20 or later, found: $$(node --version 2> /dev/null || echo none). Debian and Ubuntu: apt-get install nodejs npm"; exit 1; }
	@cd frontend && if node build.mjs --check; then echo "the pages are up to date"; else { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-progress; } && npm run --silent build; fi

lock: setup   ## renew the pins: a deliberate act, never part of a build
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --group docs --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-header -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group bench --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-header -q -o benchmarks/bench.lock
	echo uv | $(BIN)/uv pip compile - --universal --generate-hashes --no-annotate --no-header -q -o bootstrap.lock

clean:   ## remove the environment and caches, never results
	rm -rf $(VENV) .bench-venv .cache docs/_build
