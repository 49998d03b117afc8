/* args: which options go together, and lists; see the header. */
#include "common/creds/args.h"

#include <ctype.h>
#include <string.h>

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
	if (files->password_file != NULL && files->key[0] == NULL)
		return errmsg_set(
		    e, "--password-file goes with --key or --pkcs12");
	if (files->own_is_optional && files->cert[0] == NULL &&
	    files->key[0] == NULL)
		return 0;
	if (files->cert[0] == NULL || files->key[0] == NULL)
		return errmsg_set(e, "--%s is missing (or use --pkcs12)",
		    files->cert[0] == NULL ? "cert" : "key");
	for (int i = 1; i < TLS_KEY_PAIRS_MAX; i++)
		if ((files->cert[i] == NULL) != (files->key[i] == NULL))
			return errmsg_set(
			    e, "there must be as many --cert as --key");
	return 0;
}

static bool
is_alpn_name(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (iscntrl((unsigned char)name[i]) ||
		    strchr(" \"'", name[i]) != NULL)
			return false;
	return n > 0 && n < TLS_ALPN_NAME;
}

int
tls_alpn_add(const char *names[static TLS_ALPN_MAX],
    char text[static TLS_ALPN_MAX][TLS_ALPN_NAME], const char *list,
    struct errmsg *e)
{
	unsigned count = 0;
	size_t n;

	while (count < TLS_ALPN_MAX && names[count] != NULL)
		count++;
	for (;; list += n + 1) {
		n = strcspn(list, ",");
		if (count == TLS_ALPN_MAX)
			return errmsg_set(
			    e, "more than %d names", TLS_ALPN_MAX);
		if (!is_alpn_name(list, n))
			return errmsg_set(e,
			    "'%.*s' is not a name of 1 to 255 bytes without "
			    "blanks and quotes: separate names by one comma, "
			    "such as h2,http/1.1",
			    n < TLS_ALPN_NAME ? (int)n : TLS_ALPN_NAME, list);
		memcpy(text[count], list, n);
		text[count][n] = '\0';
		names[count] = text[count];
		count++;
		if (list[n] == '\0')
			return 0;
	}
}
