# SPDX-License-Identifier: GPL-2.0-or-later
# Every command a person needs. `make help` lists them.

KERNEL ?= 6.1
KERNELS := 6.1 6.12
BUILD := build
JOBS ?= $(shell nproc)

ifeq ($(filter $(KERNEL),$(KERNELS)),)
$(error KERNEL=$(KERNEL) is not known, choose one of: $(KERNELS))
endif

MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(JOBS)
endif
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all
# `make V=1` shows the commands themselves.
Q := $(if $(V),,@)
note = $(if $(V),,@echo '  $(1) $(patsubst $(BUILD)/%,%,$@)')

# --- packages -----------------------------------------------------------------------------------

BUILD_PACKAGES := g++ make pkg-config libmnl-dev libnl-3-dev libnl-genl-3-dev libcap-ng-dev libsystemd-dev \
	libsqlite3-dev libssl-dev libtoml11-dev libcli11-dev nlohmann-json3-dev libspdlog-dev \
	libfmt-dev
KMOD_PACKAGES := gcc-12 kmod libelf1 pahole xz-utils
LINT_PACKAGES := clang clang-format clang-tidy libclang-rt-14-dev sparse shellcheck perl cpputest \
	python3 python3-yaml tshark
LAB_PACKAGES := qemu-system-x86 cpio dash ethtool iperf3 iproute2 iputils-ping jq nftables procps python3 python3-yaml radvd tcpdump \
	util-linux
PACKAGES := $(sort $(BUILD_PACKAGES) $(KMOD_PACKAGES) $(LINT_PACKAGES) $(LAB_PACKAGES))
NEED := $(PACKAGES)

.PHONY: deps
deps: ## install the Debian packages that the other targets need (they call this themselves)
	@installed=$$(dpkg-query -W -f='$${Package} $${db:Status-Status}\n' $(NEED) 2>/dev/null | \
		sed -n 's/ installed$$//p'); \
	missing=; \
	for package in $(NEED); do \
		case " $$(echo $$installed) " in *" $$package "*) ;; *) missing="$$missing $$package" ;; esac; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	echo "installing Debian packages:$$missing"; \
	as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	$$as_root apt-get update -qq && \
	$$as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends $$missing

# --- C++ ----------------------------------------------------------------------------------------

CXX := g++
# Line tables are enough for backtraces, and whole debug information costs a third more time.
CXXFLAGS ?= -O2 -g1
# Evaluated in the recipes, since pkg-config may be missing until `deps` has run.
LIBRARIES = libmnl libcap-ng libsystemd sqlite3 libcrypto spdlog fmt
LIBRARY_FLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(LIBRARIES) libnl-genl-3.0))
AGENT_LIBS = $(shell pkg-config --libs $(LIBRARIES))
CLI_LIBS = $(shell pkg-config --libs libnl-genl-3.0 fmt)
LOAD_LIBS = $(shell pkg-config --libs libcrypto fmt)
TEST_LIBS = $(shell pkg-config --libs cpputest)
ANCHOR6_CXXFLAGS = -std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
	-I. -Iagent -Iuapi $(LIBRARY_FLAGS)

# g++ 12 takes the members of a variant that it does not hold for uninitialised ones; clang does not
# know the option.
GXXFLAGS = -Wno-maybe-uninitialized

objects = $(patsubst %.cpp,$(BUILD)/obj/%.o,$(sort $(wildcard $(1)/*.cpp)))
WIRE := $(call objects,agent/wire)
CORE := $(call objects,agent/core)
IO := $(call objects,agent/io)
MAIN := $(BUILD)/obj/agent/main.o
CLI := $(call objects,tools/anchor6)
LOAD := $(call objects,tools/load)
UNIT := $(call objects,agent/tests)
ALL_OBJECTS := $(WIRE) $(CORE) $(IO) $(MAIN) $(CLI) $(LOAD) $(UNIT)
FUZZERS := $(patsubst agent/fuzz/%_fuzz.cpp,$(BUILD)/fuzz/%,$(wildcard agent/fuzz/*_fuzz.cpp))
PROGRAMS := $(if $(wildcard agent/main.cpp),$(BUILD)/anchor6d) $(if $(CLI),$(BUILD)/anchor6) \
	$(if $(LOAD),$(BUILD)/anchor6-load)

.PHONY: all programs
all: programs kmod ## build the agent, the tools and the module for KERNEL
programs: $(PROGRAMS) ## build anchor6d, anchor6 and anchor6-load

# To read the standard library's headers again for each file would cost a third of the whole time.
# clang reads them all the same, of clang-tidy and of the fuzzers, so what is not included is seen.
# Nothing is precompiled for ccache, which does not keep what such a header went into.
PRECOMPILED := $(if $(findstring ccache,$(realpath $(shell command -v $(CXX)))),,$(BUILD)/obj/standard.h)
$(BUILD)/obj/standard.h: agent/standard.h | deps
	@mkdir -p $(@D)
	@cp $< $@
$(BUILD)/obj/standard.h.gch: $(BUILD)/obj/standard.h | deps
	$(call note,CXX )
	$(Q)$(CXX) $(ANCHOR6_CXXFLAGS) $(GXXFLAGS) $(CXXFLAGS) -x c++-header -o $@ $<

$(BUILD)/obj/%.o: %.cpp $(addsuffix .gch,$(PRECOMPILED)) | deps
	@mkdir -p $(@D)
	$(call note,CXX )
	$(Q)$(CXX) $(ANCHOR6_CXXFLAGS) $(GXXFLAGS) $(CXXFLAGS) $(addprefix -include ,$(PRECOMPILED)) \
		-MMD -MP -c -o $@ $<

$(BUILD)/libwire.a: $(WIRE)
$(BUILD)/libcore.a: $(CORE)
$(BUILD)/libio.a: $(IO)
$(BUILD)/lib%.a: | deps
	@mkdir -p $(@D)
	@rm -f $@
	$(call note,AR  )
	$(Q)ar rcs $@ $^

AGENT_ARCHIVES := $(BUILD)/libio.a $(BUILD)/libcore.a $(BUILD)/libwire.a
$(BUILD)/anchor6d: $(MAIN) $(AGENT_ARCHIVES)
	$(call note,LINK)
	$(Q)$(CXX) $(CXXFLAGS) -o $@ $^ $(AGENT_LIBS)
$(BUILD)/anchor6: $(CLI) $(BUILD)/libwire.a
	$(call note,LINK)
	$(Q)$(CXX) $(CXXFLAGS) -o $@ $^ $(CLI_LIBS)
$(BUILD)/anchor6-load: $(LOAD) $(BUILD)/libwire.a
	$(call note,LINK)
	$(Q)$(CXX) $(CXXFLAGS) -o $@ $^ $(LOAD_LIBS)
$(BUILD)/unit-tests: $(UNIT) $(filter-out %/main.o,$(LOAD)) $(AGENT_ARCHIVES)
	$(call note,LINK)
	$(Q)$(CXX) $(CXXFLAGS) -o $@ $^ $(TEST_LIBS) $(AGENT_LIBS)

-include $(ALL_OBJECTS:.o=.d)

.PHONY: unit
unit: $(BUILD)/unit-tests ## run the unit tests of the agent and the load generator
	$(BUILD)/unit-tests -c

.PHONY: fuzz
FUZZ_SECONDS ?= 30
fuzz: $(FUZZERS) ## build the fuzzers and run each for FUZZ_SECONDS (30)
	@for fuzzer in $^; do \
		corpus=agent/fuzz/corpus/$$(basename $$fuzzer); grown=$$fuzzer.corpus; \
		mkdir -p $$grown; [ -d $$corpus ] || corpus=; \
		$$fuzzer -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 $$grown $$corpus || exit 1; \
	done
.PHONY: fuzz-corpus
fuzz-corpus: $(FUZZERS) ## build the fuzzers and run each over what is in agent/fuzz/corpus
	@for fuzzer in $^; do $$fuzzer -runs=0 agent/fuzz/corpus/$$(basename $$fuzzer) || exit 1; done
# The parser and the decisions again, by clang and with its sanitizers.
FUZZ_FLAGS := -O1 -g1 -fsanitize=address,undefined
# What the fuzzers have in common with the unit tests.
STORIES := $(patsubst %,$(BUILD)/obj/agent/tests/core_%.o,laboratory world script gateway_world \
	gateway_script node_world node_script)
FUZZ_OBJECTS := $(patsubst $(BUILD)/obj/%,$(BUILD)/fuzz/obj/%,$(WIRE) $(CORE) $(STORIES))
$(BUILD)/fuzz/obj/%.o: %.cpp | deps
	@mkdir -p $(@D)
	$(call note,FUZZ)
	$(Q)clang++ $(ANCHOR6_CXXFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/%: $(BUILD)/fuzz/obj/agent/fuzz/%_fuzz.o $(FUZZ_OBJECTS)
	$(call note,LINK)
	$(Q)clang++ $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $^ $(shell pkg-config --libs libcrypto)
-include $(FUZZ_OBJECTS:.o=.d) $(wildcard $(BUILD)/fuzz/obj/agent/fuzz/*.d)

# --- the module ---------------------------------------------------------------------------------

# Built in a tree of links, so that the sources stay clean and two kernels do not share objects.
INJECTOR_SOURCES := $(wildcard selftests/lab/injector/*)
KMOD_SOURCES := $(shell find kmod uapi -type f 2>/dev/null)
kernel_tree = $(BUILD)/kernel/$(1)
define link_sources # folder, sources of a module
	@mkdir -p $(1)
	@find $(1) -type l -delete
	@cp -rsT $(CURDIR)/$(2) $(1)
endef
define link_module # folder
	$(call link_sources,$(1)/kmod,kmod)
	@ln -sfn $(CURDIR)/uapi $(1)/uapi
endef
define build_module # kernel, folder below build/<kernel>, arguments for kbuild
	$(call link_module,$(BUILD)/$(1)/$(2))
	+$(MAKE) --no-print-directory -C $(call kernel_tree,$(1))/headers M=$(CURDIR)/$(BUILD)/$(1)/$(2)/kmod $(3) modules
endef

.PHONY: kmod
kmod: $(BUILD)/$(KERNEL)/anchor6.ko ## build anchor6.ko for KERNEL=6.1 (default) or 6.12
$(BUILD)/%/anchor6.ko: $(BUILD)/kernel/%/.unpacked $(KMOD_SOURCES) | deps
	$(call build_module,$*,module,)
	cp $(BUILD)/$*/module/kmod/anchor6.ko $@
$(BUILD)/%/anchor6-debug.ko: $(BUILD)/kernel/%/.unpacked $(KMOD_SOURCES) | deps
	$(call build_module,$*,debug,DEBUG=1)
	cp $(BUILD)/$*/debug/kmod/anchor6.ko $@

.PHONY: kernel
kernel: $(BUILD)/kernel/$(KERNEL)/.unpacked ## unpack Debian's kernel and headers of KERNEL under build/
$(BUILD)/kernel/%/.unpacked: | deps
	selftests/lab/unpack-kernel $* $(@D)
$(BUILD)/checkpatch/checkpatch.pl: | deps
	selftests/lab/unpack-checkpatch $(@D)

# --- checks -------------------------------------------------------------------------------------

.PHONY: lint
lint: $(BUILD)/checkpatch/checkpatch.pl $(BUILD)/kernel/$(KERNEL)/.unpacked ## checkpatch, sparse, clang-format, clang-tidy, shellcheck, structure
	@$(MAKE) --no-print-directory -s lint-tap | selftests/lab/tally

# Without clang-tidy, which takes longer than the others together.
QUICK_LINTERS := checkpatch sparse format shellcheck structure
LINTERS := $(QUICK_LINTERS) tidy
.PHONY: lint-tap
lint-tap:
	@for linter in $(LINTERS); do \
		log=$(BUILD)/lint/$$linter.log; mkdir -p $(BUILD)/lint; \
		if $(MAKE) --no-print-directory -s -k lint-$$linter >$$log 2>&1; then echo "ok - lint: $$linter"; \
		else sed 's/^/# /' $$log; echo "not ok - lint: $$linter"; fi; \
	done

CXX_SOURCES := $(sort $(wildcard agent/*.cpp agent/*/*.cpp tools/*/*.cpp))
CXX_HEADERS := $(sort $(wildcard agent/*/*.h tools/*/*.h))
SCRIPTS := $(shell git ls-files -co --exclude-standard selftests .ci packaging tools 2>/dev/null | \
	xargs -r grep -lE '^\#!/bin/(da|ba)?sh' 2>/dev/null)
# What runs on a router; tests and fuzzers would double the time.
TIDY_SOURCES := $(filter-out agent/fuzz/% agent/tests/%,$(CXX_SOURCES))
TIDY_STAMPS := $(TIDY_SOURCES:%.cpp=$(BUILD)/lint/tidy/%.ok)

.PHONY: lint-checkpatch lint-sparse lint-format lint-tidy lint-shellcheck lint-structure
lint-checkpatch: $(BUILD)/checkpatch/checkpatch.pl
	$< --no-tree --strict --terse --no-summary --max-line-length=100 -f $(filter %.c %.h,$(KMOD_SOURCES) $(INJECTOR_SOURCES))
lint-sparse: $(BUILD)/lint/sparse-$(KERNEL).ok
$(BUILD)/lint/sparse-%.ok: $(BUILD)/kernel/%/.unpacked $(KMOD_SOURCES) | deps
	@mkdir -p $(@D)
	$(call build_module,$*,sparse,W=1 C=2 CF=-D__CHECK_ENDIAN__ KCFLAGS=-Werror) >$(@D)/sparse-$*.out 2>&1 || \
		{ cat $(@D)/sparse-$*.out; exit 1; }
	@! grep -E '(warning|error):' $(@D)/sparse-$*.out
	@touch $@
lint-format:
	clang-format --dry-run -Werror $(CXX_SOURCES) $(CXX_HEADERS)
lint-tidy:
	@$(MAKE) --no-print-directory -s -k -j$(JOBS) $(TIDY_STAMPS)
$(BUILD)/lint/tidy/%.ok: %.cpp $(BUILD)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	clang-tidy --quiet --warnings-as-errors='*' $< -- $(ANCHOR6_CXXFLAGS) 2>/dev/null
	@touch $@
lint-shellcheck:
	shellcheck -S warning $(SCRIPTS)
lint-structure:
	selftests/lab/structure
	tools/abi-doc.py --check
	tools/counters-doc.py --check

.PHONY: check
check: $(BUILD)/checkpatch/checkpatch.pl programs $(BUILD)/$(KERNEL)/anchor6.ko $(BUILD)/$(KERNEL)/anchor6-debug.ko ## quick linters, unit tests, ABI check, a selftest of each kind in the lab on KERNEL; prints TAP
	@MAKEFLAGS= KERNEL=$(KERNEL) LINTERS="$(QUICK_LINTERS)" selftests/lab/check

.PHONY: check-full
check-full: $(BUILD)/checkpatch/checkpatch.pl programs $(BUILD)/$(KERNEL)/anchor6.ko $(BUILD)/$(KERNEL)/anchor6-debug.ko ## the same with all linters, the fuzzers' corpora and all selftests
	@MAKEFLAGS= KERNEL=$(KERNEL) LINTERS="$(LINTERS)" selftests/lab/check --full

# --- the lab ------------------------------------------------------------------------------------

.PHONY: demo shell
demo shell: NEED := $(sort $(BUILD_PACKAGES) $(KMOD_PACKAGES) $(LAB_PACKAGES))
ifeq ($(SCENARIO),list)
demo:
	@selftests/scenarios/list
else
demo: programs $(BUILD)/$(KERNEL)/anchor6.ko ## play scenario C, or SCENARIO=another one (SCENARIO=list), in a virtual machine
	@selftests/lab/boot --kernel $(KERNEL) --name demo --timeout 900 -- selftests/lab/demo $(SCENARIO)
endif
shell: programs $(BUILD)/$(KERNEL)/anchor6.ko ## a prompt in a network of namespaces, with the anchor's agent running
	@selftests/lab/boot --kernel $(KERNEL) --name shell --interactive -- selftests/lab/shell

# --- measuring ----------------------------------------------------------------------------------

# User-Mode Linux runs at native speed, so figures mean something there.
UML := $(BUILD)/uml/6.12
UML_PACKAGES := bc bison flex patch
$(UML)/build/linux: selftests/lab/build-uml selftests/lab/uml.config selftests/lab/uml-registers.patch | deps
	selftests/lab/build-uml 6.12 $(UML)
$(UML)/anchor6.ko: $(UML)/build/linux $(KMOD_SOURCES)
	$(call link_module,$(UML)/module)
	$(MAKE) --no-print-directory -C $(UML)/build ARCH=um M=$(CURDIR)/$(UML)/module/kmod modules
	cp $(UML)/module/kmod/anchor6.ko $@
$(UML)/injector.ko: $(UML)/build/linux $(INJECTOR_SOURCES)
	$(call link_sources,$(UML)/injector,selftests/lab/injector)
	$(MAKE) --no-print-directory -C $(UML)/build ARCH=um M=$(CURDIR)/$(UML)/injector modules
	cp $(UML)/injector/injector.ko $@

$(BUILD)/%/injector.ko: $(BUILD)/kernel/%/.unpacked $(INJECTOR_SOURCES) | deps
	$(call link_sources,$(BUILD)/$*/injector,selftests/lab/injector)
	+$(MAKE) --no-print-directory -C $(call kernel_tree,$*)/headers M=$(CURDIR)/$(BUILD)/$*/injector modules
	cp $(BUILD)/$*/injector/injector.ko $@

.PHONY: bench instructions
bench: NEED := $(sort $(KMOD_PACKAGES) $(LAB_PACKAGES) $(UML_PACKAGES) python3-matplotlib)
bench: $(UML)/anchor6.ko $(UML)/injector.ko $(BUILD)/6.12/anchor6.ko $(BUILD)/6.12/injector.ko ## what a packet costs with up to a million nodes, beside forwarding and ip6tnl
	@selftests/lab/bench
instructions: NEED := $(sort $(KMOD_PACKAGES) $(LAB_PACKAGES) python3-matplotlib)
instructions: $(BUILD)/$(KERNEL)/anchor6.ko $(BUILD)/$(KERNEL)/injector.ko ## instructions a packet on the kernel of the lab
	@selftests/lab/bench --instructions $(KERNEL)

# The same with everything on that finds errors, for the selftests.
SANITIZE := $(UML)/sanitize
$(SANITIZE)/linux: selftests/lab/build-uml selftests/lab/uml.config selftests/lab/uml-sanitize.config selftests/lab/uml-registers.patch | deps
	selftests/lab/build-uml 6.12 $(UML) sanitize uml.config uml-sanitize.config
$(SANITIZE)/anchor6.ko $(SANITIZE)/anchor6-debug.ko: $(SANITIZE)/%.ko: $(SANITIZE)/linux $(KMOD_SOURCES)
	$(call link_module,$(SANITIZE)/$*)
	$(MAKE) --no-print-directory -C $(SANITIZE) ARCH=um M=$(CURDIR)/$(SANITIZE)/$*/kmod \
		$(if $(findstring debug,$*),DEBUG=1) modules
	cp $(SANITIZE)/$*/kmod/anchor6.ko $@

.PHONY: sanitize
sanitize: NEED := $(sort $(BUILD_PACKAGES) $(KMOD_PACKAGES) $(LAB_PACKAGES) $(UML_PACKAGES))
sanitize: programs $(SANITIZE)/anchor6.ko $(SANITIZE)/anchor6-debug.ko ## the selftests on a kernel with KASAN, lockdep, kmemleak and their like
	@selftests/lab/sanitize

.PHONY: bench-signaling
bench-signaling: NEED := $(sort $(BUILD_PACKAGES) $(KMOD_PACKAGES) $(LAB_PACKAGES) $(UML_PACKAGES))
bench-signaling: programs $(UML)/anchor6.ko ## registrations and refreshes a second, in User-Mode Linux
	@selftests/lab/bench-signaling

# --- on a router --------------------------------------------------------------------------------

PREFIX ?= /usr
RELEASE ?= $(shell uname -r)
.PHONY: router install
router: NEED := $(BUILD_PACKAGES) $(KMOD_PACKAGES) linux-headers-$(RELEASE)
router: programs ## build the programs and the module for the running kernel (or RELEASE=...)
	$(call link_module,$(BUILD)/$(RELEASE)/module)
	$(MAKE) --no-print-directory -C /lib/modules/$(RELEASE)/build M=$(CURDIR)/$(BUILD)/$(RELEASE)/module/kmod modules
	cp $(BUILD)/$(RELEASE)/module/kmod/anchor6.ko $(BUILD)/$(RELEASE)/anchor6.ko
install: ## install what `make router` built (DESTDIR and PREFIX are honoured)
	install -Dm755 $(BUILD)/anchor6d $(DESTDIR)$(PREFIX)/sbin/anchor6d
	install -Dm755 -t $(DESTDIR)$(PREFIX)/bin $(BUILD)/anchor6 $(BUILD)/anchor6-load
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/man/man5 Documentation/man/*.5
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/man/man8 Documentation/man/*.8
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(wildcard tools/completion/*)
	install -Dm644 packaging/anchor6d.service $(DESTDIR)/lib/systemd/system/anchor6d.service
	install -Dm644 packaging/anchor6.sysusers $(DESTDIR)/usr/lib/sysusers.d/anchor6.conf
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/doc/anchor6/examples packaging/*.toml
	[ -e $(DESTDIR)/etc/anchor6/anchor6.toml ] || \
		install -Dm640 packaging/anchor6.toml $(DESTDIR)/etc/anchor6/anchor6.toml
	install -Dm644 $(BUILD)/$(RELEASE)/anchor6.ko $(DESTDIR)/lib/modules/$(RELEASE)/updates/anchor6.ko
	[ -n "$(DESTDIR)" ] || depmod $(RELEASE)
	[ -n "$(DESTDIR)" ] || [ ! -d /run/systemd/system ] || { systemd-sysusers; systemctl daemon-reload; }
	[ -n "$(DESTDIR)" ] || ! getent group anchor6 >/dev/null || chgrp anchor6 /etc/anchor6/anchor6.toml

.PHONY: clean help
clean: ## remove build/, unpacked kernels included
	rm -rf $(BUILD)
help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
