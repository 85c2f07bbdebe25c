# Two commands from a fresh machine: make run, make test.
.PHONY: bench bench-micro bench-table bench-wireguard build clean docs fuzz geo run run-two-pops test

run:
	scripts/run

# Two POPs in network namespaces with the tunnel between them; needs root.
run-two-pops:
	scripts/run-two-pops

build:
	scripts/build

test:
	scripts/test

bench:
	scripts/bench $(ARGS)

bench-table:
	scripts/bench-table

# The tunnel beside wireguard-go, between two network namespaces.
bench-wireguard:
	scripts/bench-wireguard $(ARGS)

bench-micro:
	scripts/bench-micro $(ARGS)

# The country table in the binary, from newer data: see scripts/geo.
geo:
	scripts/geo

# Writes the pages of docs/reference that follow from the program.
docs:
	scripts/docs

# Mutates the corpus of every parser: FUZZ_SECONDS in all, 60 unless said otherwise.
fuzz:
	scripts/fuzz

clean:
	rm -rf out artifacts
