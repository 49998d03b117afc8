/* der: tags and lengths; see the header. */
#include "common/x509/der.h"

/* Takes the length off the front: its short form, or its long form. */
static bool
take_length(struct tls_der *from, size_t *length)
{
	size_t bytes;

	if (from->left == 0)
		return false;
	*length = *from->at++;
	from->left--;
	if (*length < 0x80)
		return true;
	bytes = *length & 0x7f;
	if (bytes == 0 || bytes > sizeof(uint32_t) || bytes > from->left)
		return false;
	*length = 0;
	for (size_t i = 0; i < bytes; i++)
		*length = *length << 8 | from->at[i];
	from->at += bytes;
	from->left -= bytes;
	return true;
}

bool
tls_der_take_any(struct tls_der *from, uint8_t *tag, struct tls_der *content)
{
	struct tls_der rest = *from;
	size_t length;

	if (rest.left == 0)
		return false;
	*tag = *rest.at++;
	rest.left--;
	if (!take_length(&rest, &length) || length > rest.left)
		return false;
	*content = (struct tls_der){ rest.at, length };
	*from = (struct tls_der){ rest.at + length, rest.left - length };
	return true;
}

bool
tls_der_take(struct tls_der *from, uint8_t tag, struct tls_der *content)
{
	struct tls_der rest = *from, found;
	uint8_t its_tag;

	if (!tls_der_take_any(&rest, &its_tag, &found) || its_tag != tag)
		return false;
	*from = rest;
	*content = found;
	return true;
}
