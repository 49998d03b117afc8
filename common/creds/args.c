/* args: which options go together; see the header. */
#include "common/creds/args.h"

static int
check_pkcs12(const struct tls_files *files, struct errmsg *e)
{
	if (files->cert[0] != NULL || files->key[0] != NULL)
		return errmsg_set(
		    e, "--pkcs12 takes the place of --cert and --key");
	if (files->password_file == NULL)
		return errmsg_set(e, "--pkcs12 needs --password-file");
	return 0;
}

int
tls_files_check(const struct tls_files *files, struct errmsg *e)
{
	if (files->ca[0] == NULL)
		return errmsg_set(e, "--ca is missing: the roots to trust");
	if (files->pkcs12 != NULL)
		return check_pkcs12(files, e);
	if (files->password_file != NULL)
		return errmsg_set(e, "--password-file goes with --pkcs12");
	if (files->cert[0] == NULL || files->key[0] == NULL)
		return errmsg_set(e, "--%s is missing (or use --pkcs12)",
		    files->cert[0] == NULL ? "cert" : "key");
	for (int i = 1; i < TLS_KEY_PAIRS_MAX; i++)
		if ((files->cert[i] == NULL) != (files->key[i] == NULL))
			return errmsg_set(
			    e, "there must be as many --cert as --key");
	return 0;
}
