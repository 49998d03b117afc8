/*
 * refusal: whom a session has refused, and why, as text for people.
 *
 * Of what the peer has shown, all that tells certificates apart is named:
 * subject, alternative names, issuer, serial number, dates, purposes,
 * fingerprint (x509/describe.h).
 *
 * Use:		when the session has failed, and before tls_fini:
 *	if (close_reason_is_refusal(tls_reason(tls)))
 *		log_info("%s", tls_refusal_format(tls, text));
 */
#ifndef COMMON_TLS_REFUSAL_H
#define COMMON_TLS_REFUSAL_H

struct tls;

enum {
	TLS_REFUSAL_TEXT = 3584, /* within a line of sys/log.h */
	TLS_REFUSAL_CHAIN = 8192
};

/* One line of logfmt: refused (close_reason_word), because, and the facts of
 * the leaf. */
const char *tls_refusal_format(
    const struct tls *tls, char text[static TLS_REFUSAL_TEXT]);

/*
 * Several lines, each with its '\n': why, and then the certificates that the
 * peer has shown, in their order, as many as there is room for.
 */
const char *tls_refusal_format_chain(
    const struct tls *tls, char text[static TLS_REFUSAL_CHAIN]);

#endif
