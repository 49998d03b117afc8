/*
 * fixture: the identities of an end-to-end test, made once in a test program by
 * the real tlsecho-certs, in a directory in which the cases then work, and that
 * is removed at the end.
 *
 *	ca/	ca.pem, and of its identities NAME.pem and NAME.key:
 *		server (localhost, 127.0.0.1, ::1), renewed (the same names),
 *		alice, bob; expired, future; pfx-server and carol, with .pfx
 *	other/	an authority that nobody trusts; mallory
 *	password	opens the .pfx files
 *
 * Use: FIXTURE_SUITE("e2e/echo") instead of SUITE, as the last line.
 */
#ifndef TESTS_SUPPORT_FIXTURE_H
#define TESTS_SUPPORT_FIXTURE_H

#include "tests/support/suite.h"

/* As SUITE, with these identities. */
#define FIXTURE_SUITE(name)                                      \
	int main(int argc, char **argv)                          \
	{                                                        \
		return fixture_run(                              \
		    suite_joined(name, NULL, NULL), argc, argv); \
	}

/* Makes the identities, runs the suite, removes them: main's exit status. */
int fixture_run(struct suite *s, int argc, char **argv);

/* A word that is this run's alone; segments named e2e-WORD-... are removed. */
const char *fixture_word(void);

/* "ca/alice.key" and the like, as a path; good for the next seven calls. */
const char *fixture_path(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
