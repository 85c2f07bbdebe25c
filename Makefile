# Two commands from a fresh machine: make run, make test.
.PHONY: build test

build:
	scripts/build

test:
	scripts/test
