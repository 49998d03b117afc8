/* reloadable: the table; see the header. */
#include "server/master/reloadable.h"

#include <stddef.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/creds/token.h"

struct field {
	const char *option;
	size_t offset, size; /* in struct config */
	int files;           /* names of files, NULL ends them early; 0: none */
};

#define FIELD(option, member, files)                               \
	{                                                          \
		option, offsetof(struct config, member),           \
		    sizeof(((struct config *)NULL)->member), files \
	}

static const struct field fields[] = {
	FIELD("cert", files.cert, TLS_KEY_PAIRS_MAX),
	FIELD("key", files.key, TLS_KEY_PAIRS_MAX),
	FIELD("pkcs12", files.pkcs12, 1),
	FIELD("password-file", files.password_file, 1),
	FIELD("ca", files.ca, TLS_CA_FILES_MAX),
	FIELD("crl", policy.crl, CONFIG_FILES_MAX),
	FIELD("allow-file", policy.allow_file, CONFIG_FILES_MAX),
	FIELD("allow-cn", policy.rules, 0), FIELD("allow-san", policy.rules, 0),
	FIELD("allow-pin", policy.rules, 0),
	FIELD("ticket-key-file", policy.ticket_key_file, 1),
	FIELD("log-level", log_level, 0), FIELD("log-level", log_level_file, 1),
	FIELD("config", file, 1), /* whose name stays */
};

enum {
	FIELDS = sizeof fields / sizeof *fields
};

bool
reloadable_has(const struct args_option *option)
{
	for (int i = 0; i < FIELDS; i++)
		if (strcmp(option->name, fields[i].option) == 0)
			return true;
	return false;
}

void
reloadable_copy(struct config *to, const struct config *from)
{
	for (int i = 0; i < FIELDS; i++)
		memcpy((char *)to + fields[i].offset,
		    (const char *)from + fields[i].offset, fields[i].size);
}

int
reloadable_files(
    const struct config *config, const char *files[static RELOADABLE_FILES_MAX])
{
	int count = 0;

	for (int i = 0; i < FIELDS; i++) {
		const char *const *list =
		    (const void *)((const char *)config + fields[i].offset);

		for (int k = 0; k < fields[i].files && list[k] != NULL; k++) {
			if (tls_is_token(list[k]))
				continue; /* no file */
			ASSERT(count < RELOADABLE_FILES_MAX);
			files[count++] = list[k];
		}
	}
	return count;
}
