# What a person types. Everything works from an empty clone with Rust and Debian's package sources, as root and as an
# ordinary user who may use sudo; `cargo test` alone is enough where the packages are installed.

CARGO ?= cargo
PREFIX ?= /usr/local
DESTDIR ?=
# Random kills of `make torture`.
KILLS ?= 500
# Tests wait for servers as much as they compute: two of them for each core.
RUST_TEST_THREADS ?= $(shell expr 2 \* $$(nproc))
export RUST_TEST_THREADS

target = $(or $(CARGO_TARGET_DIR),target)
hostctl = $(target)/release/hostctl

.DEFAULT_GOAL := build
.PHONY: demo test bench bench-sites bench-domains bench-certificates torture lint install build generate deps deps-demo deps-test deps-bench

## demo: a private sandbox in which a site comes to life, fails half-way, and is killed and recovered
demo: deps-demo build
	$(hostctl) sandbox demo

## test: what must be green before anything is merged
# Lints are looked at while it is built, as `cargo clippy` does: a pass of their own would go through every dependency once more.
test: deps-test
	$(CARGO) fmt --check
	RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings $(CARGO) test

## bench: what a verb, a record, a look-up and a certificate cost beside the bare calls and other programs
bench: deps-bench build
	HOSTCTL=$(hostctl) sh benches/run.sh
	HOSTCTL=$(hostctl) sh benches/records.sh
	HOSTCTL=$(hostctl) sh benches/domains.sh
	HOSTCTL=$(hostctl) sh benches/certificates.sh

## bench-sites: many sites by manifest; SITES=1000 for the whole
bench-sites: deps-bench build
	HOSTCTL=$(hostctl) sh benches/sites.sh

## bench-domains: ten thousand domains verified at once, beside bare look-ups
bench-domains: deps-bench build
	HOSTCTL=$(hostctl) sh benches/domains.sh

## bench-certificates: one certificate beside lego and certbot, 200 that are due, 10,000 that are not
bench-certificates: deps-bench build
	HOSTCTL=$(hostctl) sh benches/certificates.sh

## torture: every place to fail or die, and KILLS kills at random instants; each seed is printed
torture: deps-test
	HOSTCTL_TORTURE=$(KILLS) $(CARGO) test --test suite -- --nocapture torture:: rollback hooks::crash mail_flow::verbs \
		accounts::adoption

## lint: dependencies' licences, sources and duplicates, and known vulnerabilities where the network allows
lint:
	@command -v cargo-deny >/dev/null || { echo "cargo-deny is not installed: $(CARGO) install --locked cargo-deny" >&2; exit 1; }
	$(CARGO) clippy --all-targets -- -D warnings
	$(CARGO) deny check bans licenses sources
	-$(CARGO) deny check advisories

## build: the program as it is shipped, without crash points
build:
	$(CARGO) build --release

## install: program, manual pages, completions and systemd units below $(DESTDIR)$(PREFIX); build first, as whoever owns the clone
install:
	@test -x $(hostctl) || { echo "nothing to install yet: make build" >&2; exit 1; }
	install -D -m 0755 $(hostctl) $(DESTDIR)$(PREFIX)/bin/hostctl
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's,/usr/local/bin/,$(PREFIX)/bin/,' packaging/hostctl-tick.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/hostctl-tick.service
	chmod 0644 $(DESTDIR)$(PREFIX)/lib/systemd/system/hostctl-tick.service
	install -m 0644 packaging/hostctl-tick.timer $(DESTDIR)$(PREFIX)/lib/systemd/system/
	install -D -m 0644 completions/hostctl.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/hostctl
	install -D -m 0644 completions/_hostctl $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_hostctl
	install -D -m 0644 completions/hostctl.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/hostctl.fish

## generate: manual pages, completions, the schema of manifests and the table of configuration keys in README; `make test` fails where they are old
generate:
	HOSTCTL_GENERATE=1 $(CARGO) test --test generated --test readme --test manifest_schema

## deps: the Debian packages and Python's that demo and test need; asks for nothing, quick where nothing is missing
deps: deps-test

deps-demo:
	@sh packaging/install-packages.sh demo

deps-bench:
	@sh packaging/install-packages.sh bench

deps-test:
	@sh packaging/install-packages.sh test
	@sh packaging/install-python.sh $(target)/tmp/python
