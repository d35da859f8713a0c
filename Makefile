# Go >= 1.26 and Node >= 20.19 with npm are all that must be installed; everything else is pinned here and in package.json.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The pinned tools come first.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# jsii warns of a Node past its end of life, or newer than itself. What it knows to be broken it still says.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
export JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION := 1
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1

# Packages that never start the jsii kernel. Only they can run with -race: jsii-runtime has races of its own.
PURE := ./cmd/... ./config/... ./internal/... ./lambda/... ./local/... ./test/access/... ./test/e2e/... ./test/threats/...
LINT := go tool -modfile=tools/go.mod golangci-lint
STACKS = 'SecureCart-$(STAGE)/*'
# Further arguments for the program that a command runs.
ARGS ?=
STAGE ?=

.PHONY: help
help: ## lists the commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

node_modules/.installed: package.json package-lock.json .npmrc
	@node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || major == 20 && minor >= 19 ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null || { \
		echo "Node 20.19 or later with npm is needed, and this machine has $$(node --version 2>/dev/null || echo none): https://nodejs.org/en/download" >&2; exit 1; }
	@echo "installing the CDK CLI and the other tools as package-lock.json pins them …"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: tools
tools: node_modules/.installed ## installs the pinned tools (every other command does so, too)

# Only what is here decides how the app is compiled: no settings of the machine, no workspace.
SYNTH := env -u CDK_VALIDATION GOENV=off GOFLAGS= GOWORK=off GOTOOLCHAIN=local cdk synth --quiet --no-notices --ci

.PHONY: synth
synth: tools ## synthesizes and validates every stage, and prints a table of what came out
	@rm -rf cdk.out
	@echo "synthesizing every stage (the first build of the CDK takes a minute or more) …"
	@$(SYNTH) >/dev/null
	@go run ./cmd/synthcheck

.PHONY: test
test: tools ## runs every test but that in a browser
	@echo "running every test (the first build of the CDK takes a minute or more) …"
	@go test ./...

# What demo, local and e2e serve: synthesized without validating, which make synth does.
SERVED := .build/local/cdk.out
SERVE = -assembly $(SERVED) $(if $(STAGE),-stage $(STAGE))
LOCAL = go run ./cmd/local $(SERVE)
# Demos and tests take any ports, so that they do not meet make local.
ANYWHERE := -aws-port 0 -api-port 0 -login-port 0 -inbox-port 0
WATCH ?=

.PHONY: served
served: tools
	@echo "synthesizing (the first build of the CDK takes a minute or more) …"
	@mkdir -p .build/local
	@CDK_VALIDATION=false cdk synth --quiet --no-notices --ci --output $(SERVED) >.build/local/synth.log 2>&1 || { cat .build/local/synth.log >&2; exit 1; }

.PHONY: demo
demo: served ## serves the Dev stage on this machine, walks through the story and tries "Who may do what"
	@$(LOCAL) $(ANYWHERE) demo

.PHONY: local
local: ## serves a stage, Dev or STAGE=<name>, and the storefront until Ctrl-C; ARGS=-h lists flags; WATCH=1 restarts changed handlers
ifneq ($(filter -h -help --help,$(ARGS)),)
	@go run ./cmd/local/ready -h
else
	@go run ./cmd/local/ready $(SERVE) -storefront .build/storefront $(ARGS) serve
	@$(MAKE) --no-print-directory served storefront
	@$(LOCAL) -storefront .build/storefront $(if $(WATCH),-watch) $(ARGS) serve
endif

.PHONY: storefront
storefront: tools ## builds the page that make local serves
	@vite build --logLevel warn local/storefront

# Not a part of make test: it takes most of a minute, and a browser.
.PHONY: browser
browser: storefront ## walks through the storefront in Chromium; SCREENSHOTS=docs/screenshots takes its pictures anew
	@echo "walking through the storefront in a browser …"
	@SCREENSHOTS=$(if $(SCREENSHOTS),$(abspath $(SCREENSHOTS))) go test -count=1 -tags browser -run TestTheStorefrontInABrowser ./test/clients

.PHONY: e2e
e2e: ## runs the end-to-end tests here, or against AWS after a deploy: make e2e STAGE=Dev
ifeq ($(STAGE),)
	@$(MAKE) --no-print-directory served
	@$(LOCAL) $(ANYWHERE) run go test -count=1 -v ./test/e2e
else
	@test -f outputs.$(STAGE).json || { echo "outputs.$(STAGE).json is missing: make deploy STAGE=$(STAGE) writes it" >&2; exit 2; }
	@SECURECART_OUTPUTS=$(CURDIR)/outputs.$(STAGE).json go test -count=1 -v ./test/e2e
endif

.PHONY: race
race: tools ## runs the tests that can run with the race detector
	@go test -race $(PURE)

.PHONY: cover
cover: tools ## fails if tests leave out a statement of the functions that decide who may do what
	@echo "measuring what the tests execute …"
	@cd tools && go run ./coverage

.PHONY: lint
lint: ## vets and lints
	@go vet ./...
	@echo "linting (the first build of the linter takes minutes) …"
	@$(LINT) run ./...

.PHONY: types
types: tools ## compiles the TypeScript of docs/clients.md and of the storefront against the real packages
	@node docs/typecheck/extract.mjs
	@tsc -p docs/typecheck
	@tsc -p local/storefront

.PHONY: fmt
fmt: ## formats
	@$(LINT) fmt ./...

.PHONY: check
check: ## what CI runs: format, lint, types, tests, coverage, browser, synth, dependencies, and that nothing differs from what is committed
	@go mod tidy -diff
	@$(LINT) fmt --diff ./...
	@$(MAKE) --no-print-directory lint types test race cover browser synth
	@$(MAKE) --no-print-directory supply
	@git diff --exit-code --stat HEAD || { echo "the files above differ from what is committed: commit them, or find out what rewrote them" >&2; exit 1; }
	@echo "check: everything is in order"

.PHONY: golden
golden: tools ## writes the golden templates anew, for review
	@go test ./test -run TestTemplatesAreAsReviewed -update
	@git --no-pager diff --stat -- test/testdata/golden

.PHONY: bench
bench: tools ## measures synth, tests and functions against the smallest thing of their kind
	@go run ./cmd/bench

.PHONY: support
support: ## runs the support desk: make support STAGE=Dev ARGS="find jane@example.com -ticket T-1 -reason 'lost phone'"
	@go build -o .build/support ./cmd/support
	@.build/support $(ARGS) $(if $(STAGE),-stage $(STAGE))

# PREFLIGHT=no lets a deploy go on without it.
PREFLIGHT ?=
.PHONY: preflight
preflight: named ## looks at the account before a deploy, and changes nothing: make preflight STAGE=Dev; JSON=1 for programs
	@go run ./cmd/preflight -stage "$(STAGE)" $(if $(JSON),-json)

.PHONY: deploy
deploy: named ## deploys a stage, after a preflight: make deploy STAGE=Dev
	@$(if $(filter no,$(PREFLIGHT)),:,$(MAKE) --no-print-directory preflight)
	@$(MAKE) --no-print-directory stage
	@go run ./cmd/deploy -stage $(STAGE) -- $(ARGS)

.PHONY: diff
diff: stage ## shows what a deploy would change: make diff STAGE=Dev
	@cdk diff --app cdk.out --no-notices $(STACKS) $(ARGS)

.PHONY: verify
verify: ## asks a stage what only AWS can answer: make verify STAGE=Dev; without STAGE the stage of this machine
ifeq ($(STAGE),)
	@$(MAKE) --no-print-directory served
	@$(LOCAL) $(ANYWHERE) run go run ./cmd/verify -stage local
else
	@test -f outputs.$(STAGE).json || { echo "outputs.$(STAGE).json is missing: make deploy STAGE=$(STAGE) writes it" >&2; exit 2; }
	@go run ./cmd/verify -stage $(STAGE) -outputs outputs.$(STAGE).json
endif

.PHONY: destroy
destroy: stage ## deletes a stage: make destroy STAGE=Dev (refused where customers live)
	@go run ./cmd/synthcheck -stage $(STAGE) -deletable
	@cdk destroy --app cdk.out --no-notices $(STACKS) $(ARGS)

# Says at once that there is no such stage: nothing is built for that but this small program.
.PHONY: named
named:
	@test -n "$(STAGE)" || { echo "which stage? add STAGE=<name>, as in make deploy STAGE=Dev" >&2; exit 2; }
	@go run ./cmd/stages "$(STAGE)"

# Synthesizes and validates the one stage.
.PHONY: stage
stage: named tools
	@rm -rf cdk.out
	@echo "synthesizing $(STAGE) (the first build of the CDK takes a minute or more) …"
	@SECURECART_STAGE=$(STAGE) $(SYNTH) >/dev/null
	@go run ./cmd/synthcheck

.PHONY: docs
docs: licences ## writes docs/access-matrix.md, docs/security.md and docs/licences.md anew, for review
	@go run ./cmd/docs

.PHONY: licences
licences: ## lists the licences of all dependencies in docs/licences.md, and refuses those that are not accepted
	@cd tools && go run ./dependencies

.PHONY: sbom
sbom: ## writes a bill of materials (CycloneDX) to .build/sbom.cdx.json
	@cd tools && go run ./dependencies -sbom ../.build/sbom.cdx.json

.PHONY: audit
audit: ## looks for known vulnerabilities in all dependencies, where the databases can be reached
	@cd tools && go run ./audit

# The tools are a module of their own, which `./...` does not reach.
.PHONY: supply
supply: sbom audit
	@cd tools && go mod tidy -diff && go vet ./... && go tool golangci-lint fmt --diff ./... && go tool golangci-lint run ./... && go test ./...
