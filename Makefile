# tlsecho: mutual-TLS echo server, load generator, viewer and certificates.
# `make help` lists the targets. Everything that is made goes to build/.

MODE	?= release
PREFIX	?= /usr/local
DESTDIR	?=
ifeq ($(origin CC),default)
CC	:= gcc
endif
B	:= build/$(MODE)
Q	:= $(if $(V),,@)
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

# What the build and the core tests need; what lint needs; large peers of the
# tests; peers that `make bench` compares with.
DEPS_CORE  := gcc libc6-dev pkg-config libgnutls28-dev libjansson-dev check \
	gnutls-bin openssl socat jq
DEPS_LINT  := clang clang-format clang-tidy groff-base shellcheck python3 \
	black pyflakes3 mypy
DEPS_PEERS :=
DEPS_BENCH := python3 python3-matplotlib nginx libnginx-mod-stream haproxy \
	hitch stunnel4 socat ncat openssl
DEP_GOALS  := $(filter deps deps-peers deps-lint bench-deps,$(MAKECMDGOALS))

ifneq ($(DEP_GOALS),)
# Packages first: this run only installs, and the rest of the goals is made by a
# second make, which sees what pkg-config did not know while this one parsed.
REST := $(filter-out $(DEP_GOALS),$(MAKECMDGOALS))
.PHONY: $(MAKECMDGOALS) install-packages
$(MAKECMDGOALS): install-packages ; @:
install-packages:
	@tools/install-packages $(if $(filter deps,$(DEP_GOALS)),$(DEPS_CORE)) \
		$(if $(filter deps-lint,$(DEP_GOALS)),$(DEPS_LINT)) \
		$(if $(filter deps-peers,$(DEP_GOALS)),$(DEPS_PEERS)) \
		$(if $(filter bench-deps,$(DEP_GOALS)),$(DEPS_BENCH))
	@$(if $(REST),$(MAKE) --no-print-directory $(REST),:)
else

# pkg-config --cflags and --libs of a package; a missing one is an error only
# when something is about to be built, not for `make clean` or `make help`.
# Programs need no libcheck.
PKGS	:= gnutls jansson $(if $(filter check tests lint fuzz,\
	$(MAKECMDGOALS)),check)
MISSING	:= $(strip $(foreach p,$(PKGS),$(if $(shell pkg-config --exists $(p) \
	2>/dev/null && echo y),,$(p))))
NEEDS_NO_PKGS := clean help fmt uninstall check-debian
ifneq ($(and $(MISSING),$(or $(if $(MAKECMDGOALS),,all),\
	$(filter-out $(NEEDS_NO_PKGS),$(MAKECMDGOALS)))),)
NAME_gnutls := GnuTLS
NAME_check  := libcheck, which only the tests need,
$(error $(foreach p,$(MISSING),$(or $(NAME_$(p)),$(p))) not found: \
	run `make deps`)
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wvla -Walloca -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings \
	-Wundef -Wswitch -Wimplicit-fallthrough -Wnull-dereference \
	-Wdouble-promotion -Wredundant-decls -Wnested-externs -Wdate-time \
	-Wframe-larger-than=16384 $(if $(WERROR),-Werror)
GCC_ONLY := -Wcast-align=strict -Wduplicated-cond -Wduplicated-branches \
	-Wlogical-op -Wjump-misses-init -Wformat-signedness -Warith-conversion \
	-ftrivial-auto-var-init=zero
IS_CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null))
HARDEN := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection $(if $(filter x86_64 i%86,$(shell uname -m)),\
	-fcf-protection=full)
# One static runtime: as two shared ones, gcc's ignore UBSAN_OPTIONS=log_path.
ASAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer $(if $(IS_CLANG),,-static-libasan -static-libubsan)
MODE_release := -O2 -g $(HARDEN)
MODE_debug   := -O0 -g3
MODE_asan    := -O1 -g $(ASAN)
MODE_tsan    := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
MODE_cov     := -O0 -g --coverage
MODE_fuzz    := -O1 -g $(ASAN) -fsanitize=fuzzer-no-link
$(if $(MODE_$(MODE)),,$(error MODE=$(MODE) is unknown: use release, debug, \
	asan, tsan or cov))

ALL_CFLAGS := -std=gnu17 -D_GNU_SOURCE -pthread -fPIE -fno-common -I. $(WARN) \
	$(if $(IS_CLANG),,$(GCC_ONLY)) $(MODE_$(MODE)) \
	$(foreach p,gnutls jansson check,$(shell pkg-config --cflags $(p) \
	2>/dev/null)) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS := -pthread -pie -Wl,-z,relro,-z,now,-z,noexecstack \
	-Wl,-z,separate-code,--as-needed $(MODE_$(MODE)) $(LDFLAGS)
LIBS := $(shell pkg-config --libs gnutls jansson 2>/dev/null) -lm $(LDLIBS)
LIBS_TEST := $(shell pkg-config --libs check 2>/dev/null)

# A program is the objects of its folder and the library of common/.
PROGRAMS := tlsecho-server tlsecho-client tlsecho-stat tlsecho-certs
DIR_tlsecho-server := server
DIR_tlsecho-client := client
DIR_tlsecho-stat   := tools
DIR_tlsecho-certs  := certs
BINARIES := $(PROGRAMS:%=$(B)/%)
MAN_PAGES := $(wildcard */*.8 */*.1)

# The .c files of a folder and of the rooms in it.
sources = $(sort $(wildcard $(1)/*.c $(1)/*/*.c))
objects = $(patsubst %.c,$(B)/%.o,$(call sources,$(1)))
COMMON	:= $(B)/libcommon.a
TEST_SOURCES := $(sort $(wildcard tests/*/test_*.c tests/*/*/test_*.c))
TESTS	:= $(TEST_SOURCES:%.c=$(B)/%)
CHOSEN	:= $(filter %$(T),$(TESTS))
$(if $(T),$(if $(CHOSEN),,$(error T=$(T): no test program's name ends like that)))
SUPPORT	:= $(call objects,tests/support)
BENCH	:= $(B)/tests/bench/plain-echo $(B)/tests/bench/plain-client
C_FILES := $(sort $(wildcard */*.c */*/*.c tests/*/*/*.c))
H_FILES := $(sort $(wildcard */*.h */*/*.h tests/*/*/*.h))

.PHONY: all bench bench-deps check check-bench check-debian tests demo fuzz \
	install uninstall clean lint fmt help cflags programs FORCE deps deps-peers \
	deps-lint
all: $(BINARIES) ## build the programs (MODE=release|debug|asan|tsan|cov)

# Rebuilds everything when compiler or flags change.
$(B)/flags: export FLAGS = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS)
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo "$$FLAGS" | cmp -s - $@ || echo "$$FLAGS" >$@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(if $(Q),@echo '  CC    $<')
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(COMMON): $(call objects,common)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

define program_rule
$(B)/$(1): $(call objects,$(DIR_$(1))) $(COMMON)
	$$(if $$(Q),@echo '  LD    $$@')
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rule,$(p))))

# A test in tests/DIR is linked with DIR's objects, all but its main, and with
# each *_case.c that stands in its own folder.
define test_rule
$(B)/$(1): $(B)/$(1).o $(SUPPORT) $(COMMON) \
		$(patsubst %.c,$(B)/%.o,$(wildcard $(dir $(1))*_case.c)) \
		$(filter-out %/main.o,$(call objects,$(2)))
	$$(if $$(Q),@echo '  LD    $$@')
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$(filter-out $(COMMON),$$^) \
		$(COMMON) $$(LIBS_TEST) $$(LIBS)
endef
$(foreach t,$(TEST_SOURCES:.c=),$(eval $(call \
	test_rule,$(t),$(word 2,$(subst /, ,$(t))))))

# Where memory fails when the test says so.
$(B)/tests/common/tls/test_data: private ALL_LDFLAGS += \
	-Wl,--wrap=malloc,--wrap=realloc

# What plain-client.o defines keeps the same functions in the archive out.
$(B)/tests/bench/plain-client: $(call objects,client)
$(BENCH): $(B)/%: $(B)/%.o $(COMMON)
	$(if $(Q),@echo '  LD    $@')
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter-out $(COMMON),$^) $(COMMON) \
		$(LIBS)

tests: all $(TESTS) $(BENCH) ## build the test programs, too

# `make bench ROUNDS=3 SUITES=echo-64`: each is an option of tests/bench/run.
BENCH_OPTIONS := base connections active size tls cipher pipeline duration rounds \
	rate late-limit storm workers client-workers key peers suites seed nostats
# A word for the shell, whatever it holds but dollars.
quoted = '$(subst ','\'',$(1))'
upper = $(shell echo $(1) | tr a-z- A-Z_)
bench: all $(BENCH) ## measure; two builds: BASE=DIR; a part: SUITES=echo-64 ROUNDS=3
	$(Q)tests/bench/run --build $(B) $(foreach o,$(BENCH_OPTIONS),$(if \
		$(findstring command,$(origin $(call upper,$(o)))),\
		$(call quoted,--$(o)=$($(call upper,$(o))))))
check-bench: ## test the parts of the benchmark
	$(Q)cd tests && /usr/bin/python3 -B -m unittest discover -t . -s bench

check: all $(CHOSEN) ## build and run all tests (T=name runs some)
	$(Q)tests/run $(B) $(CHOSEN)

check-debian: ## the same without rights, here or in a new root (SUITE=trixie)
	$(Q)tests/debian $(call quoted,$(SUITE)) MODE=$(MODE) $(if $(T),T=$(T))

# Programs of clang's libFuzzer; what they find interesting stays beside them.
FUZZER	:= build/fuzz/tests/common/tls/fuzz_records
SECONDS	?= 60
ROLE	?= server client
$(FUZZER): $(FUZZER).o $(B)/tests/support/tls_pair.o $(COMMON)
	$(if $(Q),@echo '  LD    $@')
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

fuzz: ## feed records to sessions, with clang (SECONDS=60 each ROLE=server, client)
	$(Q)$(MAKE) --no-print-directory MODE=fuzz CC=clang $(FUZZER)
	$(Q)for role in $(ROLE); do \
		mkdir -p $(FUZZER).$$role && ROLE=$$role $(FUZZER) -timeout=60 \
		-max_total_time=$(SECONDS) -max_len=4096 \
		-artifact_prefix=$(FUZZER).$$role- $(FUZZER).$$role || exit; \
	done

demo: all ## server, 64 clients and the viewer for 10 seconds
	$(Q)tests/demo $(B)

lint: ## layers, headers, man pages, format, warnings as errors
	$(Q)tests/lint/run

# For scripts.
cflags:
	@echo $(ALL_CFLAGS)
programs:
	@echo $(PROGRAMS)

fmt: ## format the sources in place
	clang-format -i $(C_FILES) $(H_FILES)

BIN_DIR = $(call quoted,$(DESTDIR)$(PREFIX)/bin)
MAN_DIR = $(call quoted,$(DESTDIR)$(PREFIX)/share/man)
install: all ## install programs and man pages (PREFIX, DESTDIR)
	install -d $(BIN_DIR) $(MAN_DIR)/man1 $(MAN_DIR)/man8
	install -m 755 $(BINARIES) $(BIN_DIR)
	$(foreach m,$(MAN_PAGES),install -m 644 $(m) \
		$(MAN_DIR)/man$(subst .,,$(suffix $(m))) &&) :

uninstall: ## remove what install put there
	rm -f $(PROGRAMS:%=$(BIN_DIR)/%) $(foreach m,$(MAN_PAGES),\
		$(MAN_DIR)/man$(subst .,,$(suffix $(m)))/$(notdir $(m)))

clean: ## remove build/
	rm -rf build

help: ## list the targets
	@echo 'deps          install the packages that build and tests need (Debian)'
	@echo 'deps-lint     install what lint needs; deps-peers: large test peers (none so far)'
	@echo 'bench-deps    install the servers that bench compares with'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(firstword $(MAKEFILE_LIST)) \
		| expand -t 14

-include $(patsubst %.c,$(B)/%.d,$(C_FILES))
endif
