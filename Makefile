# Two commands from a fresh machine: make run, make test.
.PHONY: bench bench-table build clean docs geo run test

run:
	scripts/run

build:
	scripts/build

test:
	scripts/test

bench:
	scripts/bench $(ARGS)

# The country table in the binary, from newer data: see scripts/geo.
geo:
	scripts/geo

clean:
	rm -rf out artifacts

bench-table:
	scripts/bench-table

# The pages of docs/reference that follow from the program.
docs: build
	for page in configuration cli exit-codes; do out/edgeproxy __docs $$page > docs/reference/$$page.md; done
