/*
 * utf16: text as PKCS #12 wants it: UTF-16, the high byte first.
 *
 * Use:
 *	struct file_bytes wide = FILE_BYTES_INIT;
 *	if (utf16_append(&wide, "name") < 0) ...
 */
#ifndef CERTS_UTF16_H
#define CERTS_UTF16_H

#include "common/sys/file.h"

/*
 * Appends what the UTF-8 says, without a NUL, whatever the user's locale is.
 * -1 if it is not UTF-8, or memory is short; then a part may be there.
 */
int utf16_append(struct file_bytes *out, const char *utf8);

#endif
