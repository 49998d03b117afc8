/* options: the command line of tlsecho-certs; see the header. */
#include "certs/options.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "certs/pbe.h"
#include "common/base/assertion.h"
#include "common/sys/args_rules.h"

static const char *
version(void)
{
	static char text[64];

	(void)snprintf(text, sizeof text, "GnuTLS %s, built with %s\n",
	    gnutls_check_version(NULL), GNUTLS_VERSION);
	return text;
}

static const struct completion_values values[] = {
	{ "key", "ecdsa-p256 ecdsa-p384 ed25519 rsa-2048 rsa-3072 rsa-4096" },
	{ .option = NULL },
};

#define LIFE "key days not-before not-after ca-password-file "
#define LEAF LIFE "pkcs12 password-file rounds revoke-old "

/* Of each command of main.c. */
static const struct args_rule takes[] = {
	{ "init", .takes = LIFE "name force" },
	{ "intermediate", .takes = LIFE "name permit force revoke-old" },
	{ "server", .takes = LEAF "force" },
	{ "client", .takes = LEAF "force count" },
	{ "renew", .takes = LEAF "new-key" },
	{ "revoke", .takes = "days ca-password-file" },
	{ "crl", .takes = "days force ca-password-file" },
	{ "list", .takes = "" },
	{ "show", .takes = "password-file" },
	{ "ticket-key", .takes = "" },
	{ .option = NULL },
};

const struct args_program options_program = {
	.name = "tlsecho-certs",
	.synopsis = "[options] COMMAND DIR|FILE [NAME...]",
	.summary = "A small certificate authority for mutual TLS.\n"
		   "\n"
		   "  init DIR              make an authority\n"
		   "  intermediate DIR NAME an authority of its own, below "
		   "DIR's\n"
		   "  server DIR NAME...    one certificate for a server of "
		   "these names\n"
		   "  client DIR NAME...    a certificate for each client\n"
		   "  renew DIR NAME...     the same certificates, of new "
		   "dates\n"
		   "  revoke DIR CERT...    revoke certificates: names, files "
		   "or serials\n"
		   "  crl DIR               issue the revocation list again\n"
		   "  list DIR              what was issued, and how it "
		   "stands\n"
		   "  show FILE...          the facts of certificates, lists, "
		   "keys, PKCS #12\n"
		   "  ticket-key FILE       make a server's --ticket-key-file, "
		   "or rotate it",
	.version = version,
	.commands = takes,
	.values = values,
};

static const struct args_option table[] = {
	ARGS_STRING('k', "key", "KIND", struct options, key_name,
	    "ecdsa-p256 (default), ecdsa-p384, ed25519,\n"
	    "rsa-2048, rsa-3072 or rsa-4096"),
	ARGS_COUNT('d', "days", "N", struct options, days, 1, OPTIONS_DAYS_MAX,
	    "life of a certificate (default 1825, 5 years);\n"
	    "until the next revocation list (default 30)"),
	ARGS_STRING(0, "not-before", "TIME", struct options, not_before,
	    "begin of its life (default five minutes ago):\n"
	    "2026-01-31T12:34:56Z, +2d, -90m"),
	ARGS_STRING(0, "not-after", "TIME", struct options, not_after,
	    "its end, instead of --days; may lie in the past"),
	ARGS_STRING('n', "name", "CN", struct options, root_name,
	    "the authority's name (default tlsecho root, or NAME)"),
	ARGS_LIST(0, "permit", "NAME", struct options, permit,
	    "intermediate: names it may certify, and no others:\n"
	    "example.org, 10.0.0.0/8, @example.org, uri:.example.org"),
	ARGS_COUNT('c', "count", "N", struct options, count, 1,
	    OPTIONS_COUNT_MAX, "client: NAME-0001 to NAME-N for each NAME"),
	ARGS_SWITCH('p', "pkcs12", struct options, pkcs12,
	    "also write NAME.pfx, with key and chain"),
	ARGS_STRING(0, "password-file", "FILE", struct options, password_file,
	    "its first line is the password for PKCS #12"),
	ARGS_STRING(0, "ca-password-file", "FILE", struct options,
	    ca_password_file,
	    "its first line is the password of ca.key, which\n"
	    "init and intermediate encrypt with it"),
	ARGS_COUNT(0, "rounds", "N", struct options, rounds, PBE_ROUNDS_MIN,
	    PBE_ROUNDS_MAX,
	    "how often the PKCS #12 password is hashed\n(default 2048)"),
	ARGS_SWITCH(
	    'f', "force", struct options, force, "replace files that exist"),
	ARGS_SWITCH(0, "revoke-old", struct options, revoke_old,
	    "revoke the certificates that are replaced"),
	ARGS_SWITCH(0, "new-key", struct options, new_key,
	    "renew: with a new key, of the old one's kind or --key"),
	{ .name = NULL },
};

static int
resolve(struct options *o, time_t now, struct errmsg *e)
{
	o->key_kind = key_kind_find(o->key_name);
	if (o->key_kind == NULL)
		return errmsg_set(e, "--key: '%s' is unknown: use %s",
		    o->key_name, key_kind_names());
	if (o->not_after != NULL && o->days != 0)
		return errmsg_set(
		    e, "--days and --not-after exclude each other");
	o->life.days = o->days != 0 ? (int)o->days : OPTIONS_DAYS;
	o->life.has_not_before = o->not_before != NULL;
	o->life.has_not_after = o->not_after != NULL;
	if (o->not_before != NULL &&
	    when_parse(&o->life.not_before, o->not_before, now, e) < 0)
		return errmsg_prepend(e, "--not-before");
	if (o->not_after != NULL &&
	    when_parse(&o->life.not_after, o->not_after, now, e) < 0)
		return errmsg_prepend(e, "--not-after");
	return 0;
}

int
options_parse(struct options *out, int argc, char **argv,
    struct args_parsed *parsed, struct errmsg *e)
{
	*out = (struct options){ .key_name = NULL };
	if (args_parse(&options_program, table, out, argc, argv, parsed, e) < 0)
		return -1;
	return resolve(out, time(NULL), e);
}

int
options_check_operands(
    const struct command *command, int count, struct errmsg *e)
{
	bool repeats = strstr(command->operands, "...") != NULL;
	int wanted = 1;

	for (const char *p = command->operands; *p != '\0'; p++)
		wanted += *p == ' ';
	if (count == wanted || (count > wanted && repeats))
		return 0;
	return errmsg_set(e, "too %s operands: %s %s",
	    count < wanted ? "few" : "many", command->name, command->operands);
}
