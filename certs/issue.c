/* issue: what the commands that make identities share; see the header. */
#include "certs/issue.h"

#include <stdio.h>
#include <time.h>

#include "certs/password.h"
#include "common/base/utc.h"

int
issue_check_options(const struct options *options, struct errmsg *e)
{
	if (options->pkcs12 && options->password_file == NULL)
		return errmsg_set(e,
		    "--pkcs12 needs --password-file FILE: NAME.pfx holds a "
		    "key");
	if (options->password_file != NULL && !options->pkcs12)
		return errmsg_set(e, "--password-file needs --pkcs12");
	if (options->rounds != 0 && !options->pkcs12)
		return errmsg_set(e, "--rounds needs --pkcs12");
	return 0;
}

static int
read_password(
    struct issue *issue, const struct options *options, struct errmsg *e)
{
	if (!options->pkcs12)
		return 0;
	if (password_read(&issue->password, options->password_file, e) < 0)
		return -1;
	issue->pbe = (struct pbe){
		.password = (const char *)issue->password.data,
		.rounds = options->rounds != 0 ? (unsigned int)options->rounds
					       : PBE_ROUNDS,
	};
	issue->maker.pbe = &issue->pbe;
	return 0;
}

/* --not-after is obeyed even if it is too late: tests want bad certificates. */
static void
note_outliving(const struct issue *issue, const struct options *options,
    time_t issuer_ends)
{
	char text[UTC_TEXT];

	if (options->life.has_not_after &&
	    issue->maker.validity.not_after > issuer_ends)
		fprintf(stderr,
		    "%s: note: --not-after is later than the authority's own "
		    "end, %s\n",
		    options_program.name, utc_format(issuer_ends, text));
}

int
issue_begin(struct issue *issue, const struct options *options, const char *dir,
    struct errmsg *e)
{
	struct identity_maker *maker = &issue->maker;
	time_t issuer_ends;

	maker->overwrite = options->force;
	maker->revoke_old = options->revoke_old;
	if (read_password(issue, options, e) < 0 ||
	    authority_open(&maker->authority, dir, AUTHORITY_SIGN,
		options->ca_password, e) < 0)
		return -1;
	issuer_ends = gnutls_x509_crt_get_expiration_time(
	    authority_cert(maker->authority));
	if (when_validity(&maker->validity, &options->life, time(NULL),
		issuer_ends, e) < 0)
		return -1;
	note_outliving(issue, options, issuer_ends);
	return 0;
}

void
issue_end(struct issue *issue)
{
	authority_close(&issue->maker.authority);
	file_bytes_free(&issue->password);
}
