/*
 * scratch: an empty directory of a test's own, to work in.
 *
 * Use:
 *	scratch_enter();
 *	... files with relative names ...
 *	scratch_leave();
 */
#ifndef TESTS_SUPPORT_SCRATCH_H
#define TESTS_SUPPORT_SCRATCH_H

#include <sys/types.h>

/* Makes a directory in TMPDIR and changes to it; once in a case. */
void scratch_enter(void);

/* Its absolute path. */
const char *scratch_path(void);

/* Removes it with all that is in it. */
void scratch_leave(void);

/* Number of entries of a directory, hidden ones too, but for "." and "..". */
int scratch_entries(const char *dir);

/* The permissions of a file or directory. */
mode_t scratch_mode(const char *file);

/* Writes a text to a file. */
void scratch_write(const char *file, const char *text);

#endif
