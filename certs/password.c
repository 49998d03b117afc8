/* password: passwords in files; see the header. */
#include "certs/password.h"

int
password_read(struct file_bytes *out, const char *path, struct errmsg *e)
{
	if (file_read_line(out, path, e) < 0)
		return -1;
	if (out->size > 0)
		return 0;
	file_bytes_free(out);
	return errmsg_set(
	    e, "%s: no password in it: its first line is empty", path);
}
