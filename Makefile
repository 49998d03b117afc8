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

# What the build needs, and its packages; what the core tests need beside it;
# what lint needs; large peers of the tests; peers that `make bench` compares
# with; what the fleet's tests need; what `make deb` needs.
DEPS_BUILD := pkg-config libgnutls28-dev libjansson-dev libncurses-dev \
	libmicrohttpd-dev zlib1g-dev libseccomp-dev libinih-dev
DEPS_CORE  := gcc libc6-dev $(DEPS_BUILD) check gnutls-bin openssl socat jq procps \
	python3 python3-jsonschema softhsm2 tmux
DEPS_LINT  := clang clang-format clang-tidy groff-base shellcheck python3 \
	black pyflakes3 mypy yamllint
DEPS_PEERS := parallel zsh fish tshark iproute2 prometheus chromium chromium-driver \
	python3-selenium default-jre-headless libhdrhistogram-java systemd
DEPS_BENCH := python3 python3-matplotlib nginx libnginx-mod-stream haproxy \
	hitch stunnel4 socat ncat openssl
DEPS_FLEET := parallel openssh-server iproute2 procps curl jq slurm-wlm munge haproxy \
	prometheus
DEPS_DEB   := build-essential $(DEPS_BUILD) debhelper lintian
DEP_GOALS  := $(filter deps deps-peers deps-lint deps-fleet deps-deb \
	bench-deps,$(MAKECMDGOALS))

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
		$(if $(filter deps-fleet,$(DEP_GOALS)),$(DEPS_FLEET)) \
		$(if $(filter deps-deb,$(DEP_GOALS)),$(DEPS_DEB)) \
		$(if $(filter bench-deps,$(DEP_GOALS)),$(DEPS_BENCH))
	@$(if $(REST),$(MAKE) --no-print-directory $(REST),:)
else

# pkg-config --cflags and --libs of a package; a missing one is an error only
# when something is about to be built, not for `make clean` or `make help`.
# Programs need no libcheck, but its flags are among them where it is there: the
# same for each goal, so that none builds again what another has built.
PKGS	:= gnutls jansson ncursesw libmicrohttpd zlib libseccomp inih
NEEDED	:= $(PKGS) $(if $(filter check compile tests lint fuzz,$(MAKECMDGOALS)),check)
MISSING	:= $(strip $(foreach p,$(NEEDED),$(if $(shell pkg-config --exists $(p) \
	2>/dev/null && echo y),,$(p))))
NEEDS_NO_PKGS := clean help fmt uninstall check-deb check-debian
ifneq ($(and $(MISSING),$(or $(if $(MAKECMDGOALS),,all),\
	$(filter-out $(NEEDS_NO_PKGS),$(MAKECMDGOALS)))),)
NAME_gnutls := GnuTLS
NAME_ncursesw := ncurses
NAME_libmicrohttpd := GNU libmicrohttpd
NAME_inih   := libinih
NAME_check  := libcheck, which only the tests need,
$(error $(foreach p,$(MISSING),$(or $(NAME_$(p)),$(p))) not found: \
	run `make deps`)
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wvla -Walloca -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings \
	-Wundef -Wswitch -Wimplicit-fallthrough -Wnull-dereference \
	-Wdouble-promotion -Wredundant-decls -Wnested-externs -Wdate-time \
	-Wframe-larger-than=32768 $(if $(WERROR),-Werror)
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
	$(foreach p,$(PKGS) check,$(shell pkg-config --cflags $(p) \
	2>/dev/null)) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS := -pthread -pie -Wl,-z,relro,-z,now,-z,noexecstack \
	-Wl,-z,separate-code,--as-needed $(MODE_$(MODE)) $(LDFLAGS)
LIBS := $(shell pkg-config --libs gnutls jansson 2>/dev/null) -lm $(LDLIBS)
LIBS_TEST := $(shell pkg-config --libs check 2>/dev/null)

# A program is the objects of its folder and the library of common/; or a script.
COMPILED := tlsecho-server tlsecho-client tlsecho-stat tlsecho-certs
PROGRAMS := $(COMPILED) tlsecho-fleet
DIR_tlsecho-server := server
DIR_tlsecho-client := client
DIR_tlsecho-stat   := tools
DIR_tlsecho-certs  := certs
# Of the folder, besides LIBS: its programs and their tests.
LIBS_server := $(shell pkg-config --libs libseccomp inih 2>/dev/null)
LIBS_client := $(shell pkg-config --libs zlib 2>/dev/null)
LIBS_tools := $(shell pkg-config --libs ncursesw libmicrohttpd 2>/dev/null)
BINARIES := $(PROGRAMS:%=$(B)/%)
# Completions, made by the programs from their tables of options.
SHELLS := bash zsh fish
COMPLETIONS := $(foreach s,$(SHELLS),$(PROGRAMS:%=$(B)/completions/$(s)/%))
MAN_PAGES := $(wildcard */*.8 */*.1)
EXAMPLE	:= server/tlsecho-server.conf
# Folders of files for other programs.
SHARES	:= tools/fleet tools/monitoring tools/schemas client/schemas

# The .c files of a folder and of the rooms in it.
sources = $(sort $(wildcard $(1)/*.c $(1)/*/*.c))
objects = $(patsubst %.c,$(B)/%.o,$(call sources,$(1)))
COMMON	:= $(B)/libcommon.a
TEST_SOURCES := $(sort $(wildcard tests/*/test_*.c tests/*/*/test_*.c))
TESTS	:= $(TEST_SOURCES:%.c=$(B)/%)
CHOSEN	:= $(if $(T),$(foreach t,$(T),$(or $(filter %$(t),$(TESTS)),\
	$(error T=$(t): no test program's name ends like that))),$(TESTS))
SUPPORT	:= $(B)/tests/libsupport.a
BENCH	:= $(B)/tests/bench/plain-echo $(B)/tests/bench/plain-client \
	$(B)/tests/bench/arrivals
C_FILES := $(sort $(wildcard */*.c */*/*.c tests/*/*/*.c))
H_FILES := $(sort $(wildcard */*.h */*/*.h tests/*/*/*.h))

.PHONY: all capture bench bench-deps check check-bench check-deb check-debian \
	check-fleet compile tests demo fuzz install uninstall clean lint fmt help cflags programs FORCE deps \
	deps-peers deps-lint deps-fleet deps-deb deb
all: $(BINARIES) $(COMPLETIONS) ## build the programs (MODE=release|debug|asan|tsan|cov)

# Rebuilds everything when compiler or flags change.
$(B)/flags: export FLAGS = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS)
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo "$$FLAGS" | cmp -s - $@ || echo "$$FLAGS" >$@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(if $(Q),@echo '  CC    $<')
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Pages are in the binaries as they are (.incbin), which gcc -MMD does not see.
$(B)/tools/http/page.o: $(addprefix tools/http/page.,html css js)
$(B)/client/runs/page.o: $(addprefix client/runs/page.,html css js)

# Of libraries, programs take what they need: that halves the time to link.
FOLDERS := $(foreach p,$(COMPILED),$(DIR_$(p)))
$(COMMON): $(call objects,common)
$(SUPPORT): $(call objects,tests/support)
$(foreach d,$(FOLDERS),$(eval \
	$(B)/lib$(d).a: $(filter-out %/main.o,$(call objects,$(d)))))
$(COMMON) $(SUPPORT) $(FOLDERS:%=$(B)/lib%.a):
	$(Q)rm -f $@ && $(AR) rcs $@ $^

define program_rule
$(B)/$(1): $(call objects,$(DIR_$(1))) $(COMMON)
	$$(if $$(Q),@echo '  LD    $$@')
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS_$$(DIR_$(1))) $$(LIBS)
endef
$(foreach p,$(COMPILED),$(eval $(call program_rule,$(p))))

$(B)/tlsecho-fleet: tools/tlsecho-fleet
	$(Q)mkdir -p $(@D) && install -m 755 $< $@

$(COMPLETIONS): $(BINARIES)
	$(Q)mkdir -p $(@D)
	$(Q)$(B)/$(@F) --completion $(notdir $(@D)) >$@

# A test in tests/DIR is linked with DIR's library, which is all but its main,
# and with each *_case.c that stands in its own folder.
define test_rule
$(B)/$(1): $(B)/$(1).o \
		$(patsubst %.c,$(B)/%.o,$(wildcard $(dir $(1))*_case.c)) \
		$(SUPPORT) $(patsubst %,$(B)/lib%.a,$(filter $(2),$(FOLDERS))) \
		$(COMMON)
	$$(if $$(Q),@echo '  LD    $$@')
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ \
		$$(LIBS_TEST) $$(LIBS_$(2)) $$(LIBS)
endef
$(foreach t,$(TEST_SOURCES:.c=),$(eval $(call \
	test_rule,$(t),$(word 2,$(subst /, ,$(t))))))

# Where memory fails when the test says so.
$(B)/tests/common/tls/test_data: private ALL_LDFLAGS += \
	-Wl,--wrap=malloc,--wrap=realloc

# What plain-client.o defines keeps the same functions in the archive out, and
# it explains no connections.
$(B)/tests/bench/plain-client: \
	$(filter-out $(B)/client/explain/%,$(call objects,client))
$(BENCH): $(B)/%: $(B)/%.o $(COMMON)
	$(if $(Q),@echo '  LD    $@')
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter-out $(COMMON),$^) $(COMMON) \
		$(LIBS_client) $(LIBS)

tests: all $(TESTS) $(BENCH) ## build the test programs, too

# Every source, without the links, which are half of a build.
compile: $(C_FILES:%.c=$(B)/%.o)

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

check: all $(CHOSEN) ## build and run all tests (T=names runs some)
	$(Q)tests/run $(B) $(CHOSEN)

check-debian: ## the same without rights, here or in a new root (SUITE=trixie)
	$(Q)tests/debian $(call quoted,$(SUITE)) MODE=$(MODE) \
		$(if $(WERROR),WERROR=1) $(if $(T),$(call quoted,T=$(T)))

check-fleet: all ## many hosts, as network namespaces, as root (CASES=names runs some)
	$(Q)tests/fleet/run $(B) $(CASES)

check-deb: ## make packages, and use them in a bare root (SUITE=bookworm, trixie)
	$(Q)tests/debian --package $(call quoted,$(or $(SUITE),bookworm))

# Programs of clang's libFuzzer; what they find interesting stays beside them.
F	:= build/fuzz
FUZZ_server    := $(F)/tests/common/tls/fuzz_records
FUZZ_client    := $(FUZZ_server)
FUZZ_segment   := $(F)/tests/tools/fuzz/fuzz_segment
FUZZ_recording := $(F)/tests/tools/fuzz/fuzz_recording
FUZZ_proxy     := $(F)/tests/server/proxy/fuzz_header
FUZZ_config    := $(F)/tests/server/fuzz/fuzz_config
FUZZ_environment := $(F)/tests/server/fuzz/fuzz_environment
FUZZ_rules     := $(F)/tests/common/x509/fuzz_allow
FUZZ_tickets   := $(F)/tests/common/creds/fuzz_ticket_keys
# Inputs to begin with, where the program does not make its own.
SEEDS_proxy    := tests/server/proxy/seeds
SEEDS_config   := tests/server/fuzz/config
SEEDS_environment := tests/server/fuzz/environment
SEEDS_rules    := tests/common/x509/rules
SECONDS	?= 60
ROLE	?= server client segment recording proxy config environment rules tickets
$(FUZZ_server): $(F)/tests/support/tls_pair.o
$(FUZZ_segment) $(FUZZ_recording): $(F)/tests/tools/fuzz/show.o \
	$(patsubst %.c,$(F)/%.o,$(filter-out tools/main.c,$(call sources,tools)))
$(FUZZ_recording): $(F)/tests/tools/record/recording_case.o
$(FUZZ_proxy): $(patsubst %.c,$(F)/%.o,$(wildcard server/proxy/*.c))
$(FUZZ_config) $(FUZZ_environment): $(patsubst %.c,$(F)/%.o,$(filter-out \
	server/main.c,$(call sources,server)))
$(sort $(foreach r,$(ROLE),$(FUZZ_$(r)))): %: %.o $(F)/libcommon.a \
		$(patsubst %.c,$(F)/%.o,$(wildcard tests/fuzz/*.c))
	$(if $(Q),@echo '  LD    $@')
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $(filter-out %.a,$^) \
		$(filter %.a,$^) $(LIBS_tools) $(LIBS_server) $(LIBS)

fuzz: ## with clang, each for SECONDS=60 (ROLE=rules: one of them; see ROLE above)
	$(Q)$(MAKE) --no-print-directory MODE=fuzz CC=clang \
		$(sort $(foreach r,$(ROLE),$(FUZZ_$(r))))
	$(Q)$(foreach r,$(ROLE),mkdir -p $(FUZZ_$(r)).$(r) && ROLE=$(r) \
		$(FUZZ_$(r)) -timeout=60 -max_total_time=$(SECONDS) \
		-max_len=$(if $(filter segment,$(r)),40000,4096) \
		-artifact_prefix=$(FUZZ_$(r)).$(r)- $(FUZZ_$(r)).$(r) \
		$(SEEDS_$(r)) &&) :

demo: all ## server, 64 clients and the viewer for 10 seconds
	$(Q)tests/demo $(B)

capture: all ## one connection, captured, decrypted and explained (tshark)
	$(Q)tests/capture $(B)

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
SHARE_DIR = $(call quoted,$(DESTDIR)$(PREFIX)/share/tlsecho)
DOC_DIR = $(call quoted,$(DESTDIR)$(PREFIX)/share/doc/tlsecho)
MAN_DIR = $(call quoted,$(DESTDIR)$(PREFIX)/share/man)
# Units of systemd. What "systemctl reload" does depends on its version.
SYSTEM_DIR = $(call quoted,$(DESTDIR)$(PREFIX)/lib)
SYSTEMD_VERSION ?= $(shell systemctl --version 2>/dev/null | \
	sed -n 's/^systemd \([0-9]*\).*/\1/p')
UNIT = $(SYSTEM_DIR)/systemd/system/tlsecho-server.service
# Where each shell looks, and what it calls the file of a program.
COMPLETION_bash = $(SHARES_DIR)/bash-completion/completions/$(1)
COMPLETION_zsh  = $(SHARES_DIR)/zsh/site-functions/_$(1)
COMPLETION_fish = $(SHARES_DIR)/fish/vendor_completions.d/$(1).fish
SHARES_DIR = $(call quoted,$(DESTDIR)$(PREFIX)/share)
install: all ## install programs, man pages, schemas, ... (PREFIX, DESTDIR)
	install -d $(BIN_DIR) $(MAN_DIR)/man1 $(MAN_DIR)/man8 \
		$(foreach s,$(SHARES),$(SHARE_DIR)/$(notdir $(s)))
	install -m 755 $(BINARIES) $(BIN_DIR)
	install -m 644 -D $(EXAMPLE) $(DOC_DIR)/examples/$(notdir $(EXAMPLE))
	$(foreach m,$(MAN_PAGES),install -m 644 $(m) \
		$(MAN_DIR)/man$(subst .,,$(suffix $(m))) &&) :
	$(foreach s,$(SHARES),install -m 644 $(s)/* \
		$(SHARE_DIR)/$(notdir $(s)) &&) :
	$(foreach s,$(SHELLS),$(foreach p,$(PROGRAMS),install -m 644 -D \
		$(B)/completions/$(s)/$(p) $(call COMPLETION_$(s),$(p)) &&)) :
	install -d $(SYSTEM_DIR)/systemd/system
	sed 's|/usr/local/bin/|'$(call quoted,$(PREFIX))'/bin/|' \
		server/systemd/tlsecho-server.service >$(UNIT) && chmod 644 $(UNIT)
	install -m 644 server/systemd/tlsecho-server.path $(SYSTEM_DIR)/systemd/system
	install -m 644 -D server/systemd/sysusers.conf \
		$(SYSTEM_DIR)/sysusers.d/tlsecho.conf
	install -m 644 -D server/systemd/tmpfiles.conf \
		$(SYSTEM_DIR)/tmpfiles.d/tlsecho.conf
	[ "0$(SYSTEMD_VERSION)" -lt 253 ] || install -m 644 -D \
		server/systemd/notify-reload.conf $(UNIT).d/notify-reload.conf

uninstall: ## remove what install put there
	rm -rf $(SHARE_DIR) $(DOC_DIR) $(UNIT).d
	rm -f $(UNIT) $(UNIT:service=path) $(SYSTEM_DIR)/sysusers.d/tlsecho.conf \
		$(SYSTEM_DIR)/tmpfiles.d/tlsecho.conf
	rm -f $(PROGRAMS:%=$(BIN_DIR)/%) $(foreach m,$(MAN_PAGES),\
		$(MAN_DIR)/man$(subst .,,$(suffix $(m)))/$(notdir $(m))) \
		$(foreach s,$(SHELLS),$(foreach p,$(PROGRAMS),\
		$(call COMPLETION_$(s),$(p))))

deb: ## make Debian packages in build/deb
	$(Q)tools/deb/build $(DEPS_BUILD)

clean: ## remove build/
	rm -rf build

help: ## list the targets
	@echo 'deps          install the packages that build and tests need (Debian)'
	@echo 'deps-lint     install what lint needs; deps-peers: large test peers'
	@echo 'deps-deb      install what deb needs; deps-fleet: what check-fleet needs'
	@echo 'bench-deps    install the servers that bench compares with'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(firstword $(MAKEFILE_LIST)) \
		| expand -t 14

-include $(patsubst %.c,$(B)/%.d,$(C_FILES))
endif
