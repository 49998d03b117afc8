/*
 * crc32c: the checksum of PP2_TYPE_CRC32C (proxy-protocol.txt, 2.2.3), which is
 * that of iSCSI (RFC 3720, 12.1 and appendix B.4).
 *
 * Use:
 *	crc = crc32c(crc32c(0, first, n), second, m);
 */
#ifndef SERVER_PROXY_CRC32C_H
#define SERVER_PROXY_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Of n more bytes; crc is that of those before them, 0 at the beginning. */
uint32_t crc32c(uint32_t crc, const uint8_t *bytes, size_t n);

#endif
