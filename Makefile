# Two commands from a fresh machine: make run, make test.
.PHONY: bench build test

build:
	scripts/build

test:
	scripts/test

bench:
	scripts/bench $(ARGS)
