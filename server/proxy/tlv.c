/* tlv: fields of a header of version 2; see the header. */
#include "server/proxy/tlv.h"

#include "server/proxy/crc32c.h"
#include "server/proxy/header.h"

/* Sections 2.2.1 to 2.2.8. */
enum {
	TYPE_ALPN = 0x01,
	TYPE_AUTHORITY = 0x02,
	TYPE_CRC32C = 0x03,
	TYPE_UNIQUE_ID = 0x05,
	TYPE_SSL = 0x20,
	SUBTYPE_SSL_VERSION = 0x21,
	SUBTYPE_SSL_CN = 0x22,
	SUBTYPE_SSL_CIPHER = 0x23,

	TLV_HEADER = 3, /* type, length */
	CRC_SIZE = 4,
	SSL_FIXED = 5, /* client, verify */

	CLIENT_SSL = 0x01,
	CLIENT_CERT_CONN = 0x02, /* shown in this connection */
	CLIENT_CERT_SESS = 0x04, /* or in the session that it resumes */
};

struct tlv {
	uint8_t type;
	struct proxy_slice value;
};

/* The bytes that are left. */
struct tlvs {
	const uint8_t *bytes;
	size_t n;
};

static uint32_t
big_endian(const uint8_t *bytes, size_t n)
{
	uint32_t number = 0;

	for (size_t i = 0; i < n; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* Takes the next one off; false: there is none, or it is cut off. */
static bool
next(struct tlvs *left, struct tlv *tlv)
{
	size_t size;

	if (left->n < TLV_HEADER)
		return false;
	size = big_endian(left->bytes + 1, 2);
	if (size > left->n - TLV_HEADER)
		return false;
	tlv->type = left->bytes[0];
	tlv->value = (struct proxy_slice){ left->bytes + TLV_HEADER, size };
	left->bytes += TLV_HEADER + size;
	left->n -= TLV_HEADER + size;
	return true;
}

static bool
fail(struct proxy_header *header, const char *fault)
{
	header->fault = fault;
	return false;
}

/* "verify" is 0 also where there is nothing that could have been verified. */
static enum proxy_certificate
certificate(uint8_t client, uint32_t verify)
{
	if ((client & (CLIENT_CERT_CONN | CLIENT_CERT_SESS)) == 0)
		return PROXY_CERTIFICATE_NONE;
	return verify == 0 ? PROXY_CERTIFICATE_VERIFIED
			   : PROXY_CERTIFICATE_FAILED;
}

static bool
parse_ssl(struct proxy_header *header, struct proxy_slice value)
{
	struct proxy_ssl *ssl = &header->ssl;
	struct tlvs left;
	struct tlv tlv;

	if (value.n < SSL_FIXED)
		return fail(header, "its SSL field is too short");
	left = (struct tlvs){ value.bytes + SSL_FIXED, value.n - SSL_FIXED };
	ssl->present = (value.bytes[0] & CLIENT_SSL) != 0;
	ssl->certificate =
	    certificate(value.bytes[0], big_endian(value.bytes + 1, 4));
	while (next(&left, &tlv)) {
		if (tlv.type == SUBTYPE_SSL_VERSION)
			ssl->version = tlv.value;
		else if (tlv.type == SUBTYPE_SSL_CN)
			ssl->common_name = tlv.value;
		else if (tlv.type == SUBTYPE_SSL_CIPHER)
			ssl->cipher = tlv.value;
	}
	return left.n == 0 || fail(header, "a field within SSL is cut off");
}

static bool
take(struct proxy_header *header, const struct tlv *tlv)
{
	switch (tlv->type) {
	case TYPE_ALPN:
		header->alpn = tlv->value;
		return true;
	case TYPE_AUTHORITY:
		header->authority = tlv->value;
		return true;
	case TYPE_UNIQUE_ID:
		header->unique_id = tlv->value;
		return tlv->value.n <= PROXY_UNIQUE_ID_MAX ||
		    fail(header, "its unique id is longer than 128 bytes");
	case TYPE_CRC32C:
		return tlv->value.n == CRC_SIZE ||
		    fail(header, "its CRC32C has not 4 bytes");
	case TYPE_SSL:
		return parse_ssl(header, tlv->value);
	default: /* NOOP (section 2.2.4), or one of somebody's own (2.2.8) */
		return true;
	}
}

bool
proxy_tlv_parse(struct proxy_header *header, const uint8_t *bytes, size_t size,
    size_t offset)
{
	struct tlvs left = { bytes + offset, size - offset };
	struct tlv tlv;

	while (next(&left, &tlv))
		if (!take(header, &tlv))
			return false;
	return left.n == 0 || fail(header, "a field is cut off");
}

/* Over the whole header, with 0 in place of the checksum (section 2.2.3). */
static uint32_t
checksum(const uint8_t *bytes, size_t size, const uint8_t *stored)
{
	static const uint8_t zeros[CRC_SIZE];
	size_t before = (size_t)(stored - bytes);
	uint32_t crc = crc32c(0, bytes, before);

	crc = crc32c(crc, zeros, CRC_SIZE);
	return crc32c(crc, stored + CRC_SIZE, size - before - CRC_SIZE);
}

bool
proxy_tlv_has_wrong_checksum(const uint8_t *bytes, size_t size, size_t offset)
{
	struct tlvs left = { bytes + offset, size - offset };
	struct tlv tlv;

	while (next(&left, &tlv))
		if (tlv.type == TYPE_CRC32C && tlv.value.n == CRC_SIZE &&
		    big_endian(tlv.value.bytes, CRC_SIZE) !=
			checksum(bytes, size, tlv.value.bytes))
			return true;
	return false;
}
