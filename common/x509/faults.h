/*
 * faults: what is wrong with each certificate of a chain that a server has
 * shown, for people: all of it, and not only the first that a verification
 * finds. Whether the chain is good is for tls/verify.c to say.
 *
 * Use:
 *	const struct tls_faults_query query = { .roots = &roots,
 *		.name = "localhost", .now = time(NULL) };
 *	faults = tls_faults_find(&chain, i, &query);
 *	for (int f = 0; f < TLS_FAULTS; f++)
 *		if (faults & 1U << f)
 *			puts(tls_fault_text(f));
 */
#ifndef COMMON_X509_FAULTS_H
#define COMMON_X509_FAULTS_H

#include <time.h>

#include "common/x509/chain.h"

/* The first that is found is the one to tell, if only one is told. */
enum tls_fault {
	TLS_FAULT_DAMAGED,     /* its issuer's key has not made its signature */
	TLS_FAULT_NAMESAKE,    /* a root has its issuer's name, not the key */
	TLS_FAULT_SELF_SIGNED, /* and is none of the roots */
	TLS_FAULT_NO_ISSUER,   /* neither in the chain nor among the roots */
	TLS_FAULT_NOT_CA,      /* stands above another, but may not issue */
	TLS_FAULT_EXPIRED,     /* RFC 5280, 4.1.2.5 */
	TLS_FAULT_NOT_YET_VALID, /* the same */
	TLS_FAULT_PURPOSE,       /* of the leaf; RFC 5280, 4.2.1.12 */
	TLS_FAULT_NAME,          /* of the leaf; RFC 6125 */
	TLS_FAULT_WEAK_KEY,      /* below 112 bits of security: RSA 2048 */
	TLS_FAULT_WEAK_DIGEST,   /* such as SHA-1 */
	TLS_FAULT_CRITICAL,      /* has a critical extension that GnuTLS does
				    not know; RFC 5280, 4.2 */
	TLS_FAULT_CONSTRAINT,    /* of the leaf: one above it does not permit it
				    (RFC 5280, 4.2.1.9 and 4.2.1.10) */
	TLS_FAULT_ORDER,         /* not issued by the next one (RFC 5246,
				    7.4.2); most programs bear it */
	TLS_FAULTS
};

struct tls_faults_query {
	const struct tls_chain *roots;
	const char *name; /* that the leaf must bear, or NULL */
	bool is_client;   /* its leaf is to be for clients, else for servers */
	time_t now;
};

/* Of certificate i, a bit for each fault: 1U << TLS_FAULT_EXPIRED. */
unsigned tls_faults_find(const struct tls_chain *chain, unsigned i,
    const struct tls_faults_query *query);

/* A few words: "expired". */
const char *tls_fault_text(enum tls_fault fault);

/* A word for JSON: "expired", "weak_key". */
const char *tls_fault_word(enum tls_fault fault);

#endif
