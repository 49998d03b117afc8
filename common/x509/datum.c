/* datum: moves bytes from GnuTLS's memory; see the header. */
#include "common/x509/datum.h"

#include <gnutls/crypto.h>

#include "common/base/assertion.h"

int
tls_datum_move(struct file_bytes *to, gnutls_datum_t *from)
{
	int result;

	ASSERT(from->data != NULL);
	result = file_bytes_append(to, from->data, from->size);
	gnutls_memset(from->data, 0, from->size);
	gnutls_free(from->data);
	*from = (gnutls_datum_t){ NULL, 0 };
	return result;
}
