# Go >= 1.26 and Node >= 20.19 with npm are all that must be installed; everything else is pinned here and in
# package.json.
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
PURE := ./cmd/... ./config/... ./internal/... ./lambda/... ./local/... \
	./test/access/... ./test/e2e/... ./test/threats/...
LINT := go tool -modfile=tools/go.mod golangci-lint
ACTIONLINT := go tool -modfile=tools/actionlint/go.mod actionlint
STACKS = 'SecureCart-$(STAGE)/*'
# Further arguments for the program that a command runs.
ARGS ?=
STAGE ?=

.PHONY: help
help: ## lists the commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Commands that take long are announced and counted: "2 of 4: compiling the CDK …".
STEP := cmd/progress/step
# In each, $(1) is the number of the step.
INSTALL = $(STEP) "$(1): looking for the pinned tools, installed in half a minute the first time" \
	$(MAKE) --no-print-directory node_modules/.installed
COMPILE = $(STEP) "$(1): compiling the CDK, about 3 minutes the first time" go build -o /dev/null .

node_modules/.installed: package.json package-lock.json .npmrc
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || a == 20 && b >= 19 ? 0 : 1)' \
		2>/dev/null && command -v npm >/dev/null || { \
		echo "Node 20.19 or later with npm is needed, and this machine has $$(node --version 2>/dev/null || echo none):" \
			"https://nodejs.org/en/download" >&2; exit 1; }
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: tools
tools: ## installs the pinned tools (every other command does so, too)
	@$(call INSTALL,1 of 1)

# Only what is here decides how the app is compiled: no settings of the machine, no workspace.
APP := env -u CDK_VALIDATION GOENV=off GOFLAGS= GOWORK=off GOTOOLCHAIN=local
SYNTH := $(APP) cdk synth --quiet --no-notices --ci

.PHONY: synth
synth: ## synthesizes and validates every stage, and prints a table of what came out
	@rm -rf cdk.out
	@$(call INSTALL,1 of 3)
	@$(APP) $(call COMPILE,2 of 3)
	@$(STEP) "3 of 3: synthesizing and validating every stage" $(SYNTH)
	@go run ./cmd/synthcheck

.PHONY: test
test: ## runs every test but that in a browser
	@$(call INSTALL,1 of 3)
	@$(call COMPILE,2 of 3)
	@$(STEP) -v "3 of 3: running every test, some minutes" go test ./...

# What demo, local, e2e and verify serve: synthesized without validating, which make synth does.
SERVED := .build/local/cdk.out
LOCAL := .build/local/stage
# Demos and tests take any ports, so that they do not meet make local.
ANYWHERE := -aws-port 0 -api-port 0 -login-port 0 -inbox-port 0 -providers-port 0
SERVE = -assembly $(SERVED) $(if $(STAGE),-stage $(STAGE))
WATCH ?=
COLD ?=

# Refuses flags, a stage or ports that cannot be served, before anything else is built. $(2) are the arguments of
# serving.
READY = $(STEP) "$(1): looking at flags and ports" \
	bash -c 'go build -o .build/local/ready ./cmd/local/ready && exec .build/local/ready "$$@"' ready $(2)
SYNTHESIZE = $(STEP) "$(1): synthesizing the stages" \
	env CDK_VALIDATION=false SECURECART_STAGE=$(STAGE) cdk synth --quiet --no-notices --ci --output $(SERVED)
BUILD = $(STEP) "$(1): compiling the local stage, about a minute the first time" go build -o $(LOCAL) ./cmd/local
STOREFRONT = $(STEP) "$(1): building the storefront" vite build --logLevel warn local/storefront

.PHONY: demo
demo: ## serves the Dev stage on this machine, walks through the story and tries "Who may do what"
	@$(call INSTALL,1 of 4)
	@$(call COMPILE,2 of 4)
	@$(call SYNTHESIZE,3 of 4)
	@$(call BUILD,4 of 4)
	@$(LOCAL) $(SERVE) $(ANYWHERE) demo

NAME ?=

.PHONY: drill
drill: ## lists failures; NAME=<name> provokes one on this machine, and shows the alarms and what customers see
ifeq ($(NAME),)
	@go run ./cmd/local/ready drills
else
	@$(call READY,1 of 5,$(SERVE) $(ANYWHERE) drill $(NAME))
	@$(call INSTALL,2 of 5)
	@$(call COMPILE,3 of 5)
	@$(call SYNTHESIZE,4 of 5)
	@$(call BUILD,5 of 5)
	@$(LOCAL) $(SERVE) $(ANYWHERE) drill $(NAME)
endif

.PHONY: local
local: ## serves a stage, Dev or STAGE=<name>, until Ctrl-C; WATCH=1 follows changes; ARGS=-h lists further flags
ifneq ($(filter -h -help --help,$(ARGS)),)
	@go run ./cmd/local/ready -h
else
	@$(call READY,1 of 6,$(SERVE) -storefront .build/storefront $(ARGS) serve)
	@$(call INSTALL,2 of 6)
	@$(call COMPILE,3 of 6)
	@$(call SYNTHESIZE,4 of 6)
	@$(call STOREFRONT,5 of 6)
	@$(call BUILD,6 of 6)
	@$(LOCAL) $(SERVE) -storefront .build/storefront $(if $(WATCH),-watch) $(ARGS) serve
endif

.PHONY: storefront
storefront: ## builds the page that make local serves
	@$(call INSTALL,1 of 2)
	@$(call STOREFRONT,2 of 2)

# Not a part of make test: it takes most of a minute, and a browser.
.PHONY: browser
browser: ## walks through the storefront in Chromium; SCREENSHOTS=docs/screenshots takes its pictures anew
	@$(call INSTALL,1 of 3)
	@$(call STOREFRONT,2 of 3)
	@SCREENSHOTS=$(if $(SCREENSHOTS),$(abspath $(SCREENSHOTS))) $(STEP) -v "3 of 3: walking through it in a browser" \
		go test -count=1 -tags browser -run TestTheStorefrontInABrowser ./test/clients

# What e2e and verify run against the stage of this machine: its four steps, and then $(1).
define run-against-local
	@$(call INSTALL,1 of 5)
	@$(call COMPILE,2 of 5)
	@$(call SYNTHESIZE,3 of 5)
	@$(call BUILD,4 of 5)
	@$(STEP) -v "5 of 5: $(1)" $(LOCAL) $(SERVE) $(ANYWHERE) run $(2)
endef
OUTPUTS = test -f outputs.$(STAGE).json || { \
	echo "outputs.$(STAGE).json is missing: make outputs STAGE=$(STAGE) reads it from the deployed stage" >&2; exit 2; }

.PHONY: e2e
e2e: ## runs the end-to-end tests here, or against AWS after a deploy: make e2e STAGE=Dev
ifeq ($(STAGE),)
	$(call run-against-local,running the end-to-end tests,go test -count=1 -v ./test/e2e)
else
	@$(OUTPUTS)
	@SECURECART_OUTPUTS=$(CURDIR)/outputs.$(STAGE).json go test -count=1 -v ./test/e2e
endif

# Not a part of make check: it takes the time of the four commands.
.PHONY: walk
walk: ## clones what is committed, and runs the documents' commands there as a newcomer would; COLD=1 without caches
	@WALK_COLD=$(COLD) $(STEP) -v "walking: the commands of README and the documents, many minutes" \
		go test -count=1 -timeout 120m -tags walk -v ./test/walk

.PHONY: race
race: tools ## runs the tests that can run with the race detector
	@$(STEP) -v "running tests with the race detector" go test -race $(PURE)

.PHONY: cover
cover: tools ## fails if tests leave out a statement of the functions that decide who may do what
	@cd tools && ../$(STEP) -v "measuring what the tests execute" go run ./coverage

.PHONY: lint
lint: ## vets and lints
	@go vet ./...
	@$(STEP) -v "linting, after some minutes of compiling the linter the first time" $(LINT) run ./...
	@$(ACTIONLINT) -shellcheck= -pyflakes= .github/workflows/*.yml

.PHONY: types
types: tools ## compiles the TypeScript of docs/clients.md and of the storefront against the real packages
	@node docs/typecheck/extract.mjs
	@tsc -p docs/typecheck
	@tsc -p local/storefront

.PHONY: fmt
fmt: ## formats
	@$(LINT) fmt ./...

.PHONY: check
check: ## what CI runs: format, lint, types, tests, browser, synth, dependencies, and that nothing is left uncommitted
	@go mod tidy -diff
	@$(LINT) fmt --diff ./...
	@$(MAKE) --no-print-directory lint types test race cover browser synth
	@$(MAKE) --no-print-directory supply
	@git diff --exit-code --stat HEAD || { \
		echo "the files above differ from what is committed: commit them, or find out what rewrote them" >&2; exit 1; }
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

PREFLIGHT_OF = $(STEP) "$(1): compiling the preflight" go build -o .build/preflight ./cmd/preflight
# Synthesizes and validates the one stage, in steps $(1) to $(3) of all.
define one-stage
	@rm -rf cdk.out
	@$(call INSTALL,$(1))
	@$(APP) $(call COMPILE,$(2))
	@SECURECART_STAGE=$(STAGE) $(STEP) "$(3): synthesizing and validating $(STAGE)" $(SYNTH)
	@go run ./cmd/synthcheck
endef

# PREFLIGHT=no lets a deploy go on without it.
PREFLIGHT ?=
.PHONY: preflight
preflight: named ## looks at the account before a deploy: make preflight STAGE=Dev; JSON=1 for programs
	@$(call PREFLIGHT_OF,1 of 1)
	@.build/preflight -stage "$(STAGE)" $(if $(JSON),-json)

.PHONY: deploy
deploy: named ## deploys a stage, after a preflight: make deploy STAGE=Dev
	@$(call PREFLIGHT_OF,1 of 5)
	@$(if $(filter no,$(PREFLIGHT)),:,.build/preflight -stage "$(STAGE)")
	$(call one-stage,2 of 5,3 of 5,4 of 5)
	@$(STEP) "5 of 5: compiling the deploy" go build -o .build/deploy ./cmd/deploy
	@.build/deploy -stage $(STAGE) -- $(ARGS)

.PHONY: outputs
outputs: named ## reads the outputs of a deployed stage into outputs.<stage>.json: make outputs STAGE=Prod
	@go run ./cmd/outputs -stage $(STAGE)

.PHONY: diff
diff: named ## shows what a deploy would change: make diff STAGE=Dev
	$(call one-stage,1 of 3,2 of 3,3 of 3)
	@cdk diff --app cdk.out --no-notices $(STACKS) $(ARGS)

.PHONY: verify
verify: ## asks a stage what only AWS can answer: make verify STAGE=Dev; without STAGE the stage of this machine
ifeq ($(STAGE),)
	$(call run-against-local,asking the stage,go run ./cmd/verify -stage local)
else
	@$(OUTPUTS)
	@go run ./cmd/verify -stage $(STAGE) -outputs outputs.$(STAGE).json $(if $(OUTSIDE),-outside)
endif

.PHONY: stage
stage: named
	$(call one-stage,1 of 3,2 of 3,3 of 3)

.PHONY: delivery
delivery: NEEDS := Delivery
delivery: stage ## deploys what a pipeline of a stage may do, as an administrator: make delivery STAGE=Prod
	@cdk deploy --app cdk.out --no-notices --require-approval any-change SecureCart-Delivery-$(STAGE) $(ARGS)

.PHONY: replica
replica: NEEDS := Replica
replica: stage ## deploys the replica of a stage's user pool, as an administrator: make replica STAGE=Prod
	@cdk deploy --app cdk.out --no-notices --require-approval any-change SecureCart-$(STAGE)-Replica $(ARGS)

# Only the page goes to standard output.
.PHONY: changes
changes: ## says as Markdown what a deploy would delete, replace and change: make changes STAGE=Prod
	@$(MAKE) --no-print-directory stage >&2
	@go run ./cmd/changes -stage $(STAGE)

.PHONY: drift
drift: named ## looks for what was changed past the templates, and for old secrets: make drift STAGE=Prod
	@go run ./cmd/drift -stage $(STAGE)

.PHONY: destroy
destroy: named ## deletes a stage: make destroy STAGE=Dev (refused where customers live)
	$(call one-stage,1 of 3,2 of 3,3 of 3)
	@go run ./cmd/synthcheck -stage $(STAGE) -deletable
	@cdk destroy --app cdk.out --no-notices $(STACKS) $(ARGS)

# Says at once that there is no such stage, or that it lacks what the command needs of its config: nothing is built for
# that but this small program.
NEEDS :=
.PHONY: named
named:
	@test -n "$(STAGE)" || { echo "which stage? add STAGE=<name>, such as STAGE=Dev" >&2; exit 2; }
	@$(STEP) "looking for stage $(STAGE)" go run ./cmd/stages "$(STAGE)" $(NEEDS)

.PHONY: docs
docs: licences ## writes the generated pages and tables of docs/ anew, for review
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
	@cd tools && go mod tidy -diff && go vet ./... && go test ./...
	@cd tools && go tool golangci-lint fmt --diff ./... && go tool golangci-lint run ./...
