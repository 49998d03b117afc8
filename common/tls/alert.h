/*
 * alert: what the alerts of TLS are called.
 *
 * The names are those of RFC 8446, 6 and B.2, and for alerts of older versions
 * those of RFC 5246, 7.2, as IANA's registry of TLS alerts has them: the same
 * in a log, a report and JSON, whatever the library calls them.
 */
#ifndef COMMON_TLS_ALERT_H
#define COMMON_TLS_ALERT_H

#include <stdint.h>

enum {
	TLS_ALERTS = 256,    /* numbers there are */
	TLS_ALERT_NONE = -1, /* in place of a number */
	TLS_ALERT_TEXT = 36, /* the longest name, with its NUL */
};

/* "unknown_ca"; or "alert 123" for a number without a name. Returns text. */
const char *tls_alert_name(uint8_t number, char text[static TLS_ALERT_TEXT]);

#endif
