# for those who change the code; ./run is for everybody
.PHONY: check test golden schema nightly
BIN := .venv/bin
SEED ?= 1
ROUNDS ?= 10

check:            ## style, types, rules: what needs no run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" snakefmt --check Snakefile rules
	PATH="$(CURDIR)/$(BIN):$$PATH" snakemake --lint

test:             ## what fits twelve minutes on two cores
	./run test

golden:           ## make the golden numbers anew; look at the diff
	FACELOOM_GOLDEN=write ./run test -k on_record

schema:           ## workflow/config.schema.json from the settings
	$(BIN)/python -m faceloom.schema > workflow/config.schema.json

nightly:          ## everything, the slow and the live too; make nightly SEED=7 ROUNDS=20
	./run test -m ""
	$(BIN)/python benchmarks/faults.py --seed $(SEED) --rounds $(ROUNDS)
