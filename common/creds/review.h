/*
 * review: what credentials come to that were accepted: their certificates and
 * roots, a line each, and what is odd about them, which does not keep a server
 * from starting, but clients out.
 *
 * Use:
 *	tls_review(creds, TLS_REVIEW_WARNINGS, warn, NULL);
 */
#ifndef COMMON_CREDS_REVIEW_H
#define COMMON_CREDS_REVIEW_H

struct tls_creds;

enum tls_review_kind {
	TLS_REVIEW_FACTS,
	/* At most 8, and how many more there are. That the own certificate has
	 * expired is left to who watches its date. */
	TLS_REVIEW_WARNINGS
};

/* Calls line for each; the text is valid during the call. */
void tls_review(const struct tls_creds *creds, enum tls_review_kind kind,
    void (*line)(void *owner, const char *text), void *owner);

#endif
