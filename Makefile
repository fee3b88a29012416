# Everything works from a fresh clone with nothing but Python 3.11 or newer and make.
PYTHON ?= python3
BIN := .venv/bin
CONSTRAINTS := deploy/constraints.txt
# Advisories that no version mends; SECURITY.md says why each is accepted.
ACCEPTED := GHSA-f4j7-r4q5-qw2c GHSA-36p7-vc44-83pf GHSA-2wm9-hf6c-p5cr GHSA-xph7-9rjv-w5fr

# A shell that forbids bytecode would have every process compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-long check bench evaluate chaos fuzz audit screenshots clean format

demo: .venv/run.stamp
	$(BIN)/remember demo

test: check
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m pytest -n 4 --dist loadgroup -m "not long"

test-long: .venv/dev.stamp
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m long

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry connector memory
	$(BIN)/vulture

bench: .venv/dev.stamp
	$(BIN)/python -m tests.bench

evaluate: .venv/dev.stamp
	$(BIN)/python -m tests.evaluation

chaos: .venv/dev.stamp
	$(BIN)/python -m tests.chaos --seeds 200

fuzz: .venv/dev.stamp
	$(BIN)/python -m tests.fuzz --minutes 10

audit: .venv/dev.stamp
	$(BIN)/pip install -q --group audit -c $(CONSTRAINTS)
	$(BIN)/shellcheck .ci/run
	$(BIN)/pip-audit --strict --no-deps --disable-pip -r $(CONSTRAINTS) \
		$(foreach id,$(ACCEPTED),--ignore-vuln $(id))

screenshots: .venv/dev.stamp
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m tests.browser.screenshots

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Pins decide what is installed; without them pip would take a PyTorch of several gigabytes.
.venv/pip.stamp:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --upgrade "pip>=25.1"
	touch $@

.venv/run.stamp: .venv/pip.stamp pyproject.toml $(CONSTRAINTS)
	$(BIN)/pip install -q -e . -c $(CONSTRAINTS)
	touch $@

.venv/dev.stamp: .venv/run.stamp
	$(BIN)/pip install -q -e . --group dev -c $(CONSTRAINTS)
	touch $@
