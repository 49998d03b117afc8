/* proxied_json: an object of what the header says; see the header. */
#include "server/worker/proxied_json.h"

#include "server/worker/proxied.h"

/* null when it was not said. */
static json_t *
slice_json(struct proxy_slice slice)
{
	char text[PROXIED_VALUE];

	return slice.bytes != NULL ? json_string(proxied_show(slice, text))
				   : json_null();
}

static json_t *
ssl_json(const struct proxied *p)
{
	const struct proxy_ssl *ssl = &p->header->parsed.ssl;

	if (!ssl->present)
		return json_null();
	return json_pack("{s:o, s:o, s:s, s:o}", "version",
	    slice_json(ssl->version), "cipher", slice_json(ssl->cipher),
	    "certificate", proxied_certificate(p), "common_name",
	    slice_json(ssl->common_name));
}

json_t *
proxied_json(const struct proxied *p)
{
	char address[ADDR_TEXT], destination[ADDR_TEXT];
	const struct proxy_header *h;

	if (p == NULL)
		return NULL;
	h = &p->header->parsed;
	return json_pack("{s:s, s:i, s:b, s:s, s:o, s:o, s:o, s:o}", "address",
	    addr_format_peer(&p->proxy, address), "version", (int)h->version,
	    "local", h->is_local, "destination",
	    addr_format_peer(&h->destination, destination), "authority",
	    slice_json(h->authority), "unique_id", slice_json(h->unique_id),
	    "alpn", slice_json(h->alpn), "ssl", ssl_json(p));
}
