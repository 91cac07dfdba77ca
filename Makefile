# What a developer runs, and CI with them. `make` alone lists it.
#
# Only Go, git and make are needed beforehand: scripts/setup sees to the rest.
# The versions of tools are pinned in .tools/go.mod and .tools/rules/go.mod.

GO       ?= go
FUZZTIME ?= 30s
BENCH    ?= .
COUNT    ?= 1
CALLS    ?= 10000

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse HEAD 2>/dev/null)
LDFLAGS := -X github.com/patchcord/patchcord/bridge.version=$(VERSION) -X github.com/patchcord/patchcord/bridge.commit=$(COMMIT)
# What the linker wrote lies in the page cache in pieces of up to 2 MB, and Linux
# 6.18 maps such a piece whole when a byte of it is touched. bin/bridge is a copy,
# as every installed program is, and takes 4 MB less.
COMPILE  = sh -c "$(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/bridge ./cmd/bridge && \
	cp bin/bridge bin/.copy && mv bin/.copy bin/bridge"

.DEFAULT_GOAL := help
# What lists the modules of a binary. It reads the binary, so it lists what is linked.
SBOM := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

.PHONY: help demo build test soak fuzz bench fmt lint vuln sbom gofmt vet tidy golangci-lint alerts

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## a whole call on this machine, no account needed; ARGS="--json" and the like
	@scripts/setup $(COMPILE)
	@./bin/bridge demo $(ARGS)

build: ## build bin/bridge
	@scripts/setup --no-postgres $(COMPILE)

test: ## run all tests, with the race detector
	@scripts/setup scripts/test

soak: ## play CALLS (10000) calls with faults, and write docs/RELIABILITY.md; prints what was never reached
	@$(GO) test ./internal/chaos -run TestWorlds -count 1 -timeout 1h -v -chaos.calls $(CALLS) -chaos.report "$(CURDIR)/docs/RELIABILITY.md"

fuzz: ## fuzz every target for FUZZTIME (30s)
	@FUZZTIME=$(FUZZTIME) scripts/setup scripts/fuzz

bench: ## run the micro-benchmarks; BENCH=regexp, COUNT=6 for benchstat
	@scripts/setup $(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) \
		$$(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -n 1 dirname | sort -u)

fmt: ## format the code
	@gofmt -l -w .

lint: ## check format, vet, go.mod, the rules of .golangci.yaml, and the alerts
	@scripts/setup --no-postgres $(MAKE) --no-print-directory gofmt vet tidy golangci-lint alerts

vuln: ## look for known vulnerabilities that the code reaches
	@scripts/setup --no-postgres scripts/vuln

sbom: build ## list the modules in bin/bridge in bin/bridge.cdx.json (CycloneDX)
	$(GO) run $(SBOM) bin -json -std -version '$(VERSION)' -output bin/bridge.cdx.json bin/bridge

# The parts of lint. Each can be run alone.

gofmt:
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "not formatted, run 'make fmt':"; echo "$$files"; exit 1; }

# With cgo, without it, and as on a Mac: files that only one of them compiles.
vet:
	$(GO) vet ./...
	CGO_ENABLED=0 $(GO) vet ./...
	CGO_ENABLED=0 GOOS=darwin $(GO) vet ./...

tidy:
	$(GO) mod tidy -diff

# Building it takes some minutes the first time; Go's build cache keeps it.
# staticcheck is one of its parts.
golangci-lint:
	$(GO) tool -modfile=.tools/go.mod golangci-lint run

# As Prometheus reads them. Its own reader is a module apart, for what it depends on.
alerts:
	cd .tools/rules && $(GO) run . ../../docs/alerts.yaml
