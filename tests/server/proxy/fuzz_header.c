/*
 * fuzz_header: whatever comes before TLS: `make fuzz ROLE=proxy`.
 *
 * Each beginning of a header wants more; what is behind one changes nothing;
 * slices lie within it.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "server/proxy/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
check_slice(struct proxy_slice slice, const uint8_t *bytes, size_t n)
{
	if (slice.bytes == NULL)
		return;
	ASSERT(slice.bytes > bytes && slice.bytes + slice.n <= bytes + n);
}

static void
check_header(const struct proxy_header *h, const uint8_t *bytes, size_t n)
{
	char text[ADDR_TEXT];

	check_slice(h->authority, bytes, n);
	check_slice(h->unique_id, bytes, n);
	check_slice(h->alpn, bytes, n);
	check_slice(h->ssl.version, bytes, n);
	check_slice(h->ssl.cipher, bytes, n);
	check_slice(h->ssl.common_name, bytes, n);
	ASSERT(h->version == 1 || h->version == 2);
	(void)addr_format_peer(&h->source, text);
	(void)addr_format_peer(&h->destination, text);
}

/* With nothing behind these bytes, as a sanitizer sees. */
static enum proxy_result
parse(const uint8_t *bytes, size_t n)
{
	struct proxy_header header;
	uint8_t *copy = malloc(n);
	enum proxy_result result;
	size_t used = 0;

	ASSERT(copy != NULL || n == 0);
	if (n > 0)
		memcpy(copy, bytes, n);
	result = proxy_header_parse(&header, copy, n, &used);
	if (result == PROXY_OK) {
		ASSERT(used >= 8 && used <= n && used <= PROXY_HEADER_MAX);
		check_header(&header, copy, used);
	}
	ASSERT((result == PROXY_BAD) == (header.fault != NULL));
	ASSERT(result != PROXY_MORE || n < PROXY_HEADER_MAX);
	free(copy);
	return result;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct proxy_header header;
	size_t used = n;
	enum proxy_result result = proxy_header_parse(&header, bytes, n, &used);

	ASSERT(parse(bytes, n) == result);
	if (result == PROXY_OK)
		ASSERT(parse(bytes, used) == PROXY_OK);
	for (size_t i = 0; i < n && i < used; i++) {
		enum proxy_result before = parse(bytes, i);

		ASSERT(before == PROXY_MORE ||
		    (before == PROXY_BAD && result == PROXY_BAD));
	}
	return 0;
}
