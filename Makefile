# What a person or a machine does with the whole repository. Needs Go and git;
# everything else is fetched or built here, into bin/.

SHELL := /bin/bash
export GOTOOLCHAIN := auto
export GOFLAGS ?=
SOAK ?= 2h

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.8.0
MODULES = $(shell go list -m -f '{{.Dir}}')

.PHONY: help build demo test format vet staticcheck vulnerabilities unit bench soak

help:
	@echo "make demo    the weather service, recorded, planned and measured again; then it stays up for you to try"
	@echo "make test    format, vet, staticcheck, known vulnerabilities, all tests"
	@echo "make bench   every published figure, one line each"
	@echo "make soak    generated programs for hours, looking for a difference"

# The fluxo command.
build:
	@mkdir -p bin
	go build -o bin/fluxo ./cmd/fluxo

# DEMO=-once ends after the comparison.
demo: build
	go build -o bin/providers ./examples/weather/providers
	go build -o bin/demo ./examples/weather/demo
	@echo
	@exec bin/demo -bin bin $(DEMO)

test: format vet staticcheck vulnerabilities unit
	@echo "== all passed"

format:
	@echo "== gofmt"
	@wrong=$$(git ls-files '*.go' | grep -v /testdata/ | xargs -r gofmt -l); \
	if [ -n "$$wrong" ]; then echo "not formatted, run gofmt -w on:"; echo "$$wrong"; exit 1; fi

vet:
	@set -e; for dir in $(MODULES); do echo "== go vet in $${dir#$(CURDIR)}"; (cd $$dir && go vet ./...); done

bin/staticcheck: Makefile
	@echo "== fetching $(STATICCHECK)"
	@GOBIN=$(CURDIR)/bin go install $(STATICCHECK)

staticcheck: bin/staticcheck
	@set -e; for dir in $(MODULES); do echo "== staticcheck in $${dir#$(CURDIR)}"; (cd $$dir && $(CURDIR)/bin/staticcheck ./...); done

bin/govulncheck: Makefile
	@echo "== fetching $(GOVULNCHECK)"
	@GOBIN=$(CURDIR)/bin go install $(GOVULNCHECK)

# Who works without a network must be able to work: only then nothing is checked.
vulnerabilities: bin/govulncheck
	@for dir in $(MODULES); do \
		echo "== govulncheck in $${dir#$(CURDIR)}"; \
		if ! out=$$(cd $$dir && timeout 300 $(CURDIR)/bin/govulncheck ./... 2>&1); then \
			echo "$$out"; \
			case "$$out" in *"fetching vulnerabilities"*) echo "   the vulnerability database cannot be reached: not checked"; exit 0;; esac; \
			exit 1; \
		fi; \
	done

unit:
	@set -e; for dir in $(MODULES); do echo "== go test in $${dir#$(CURDIR)}"; (cd $$dir && go test -count=1 -timeout 30m ./...); done

bench: build
	@cd bench && go run ./cmd/bench

# SOAK=8h goes on for longer. Differences are kept where the tests run them again.
soak: build
	@go run ./internal/lockstep/cmd/lockstep -fluxo bin/fluxo -for $(SOAK) -runs 4000 -keep cmd/fluxo/internal/lockstep/testdata
	@cd bench && go run ./cmd/bench -rounds 101
