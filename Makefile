# Two commands from a fresh machine: make run, make test.
.PHONY: bench build clean run test

run:
	scripts/run

build:
	scripts/build

test:
	scripts/test

bench:
	scripts/bench $(ARGS)

clean:
	rm -rf out artifacts
