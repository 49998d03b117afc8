/* close_reason: texts of base/close_reason.def; see the header. */
#include "common/base/close_reason.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>

#include "common/base/assertion.h"

static const char *const texts[REASON_COUNT] = {
	[REASON_NONE] = "none",
#define REASON(name, text, during, after) [REASON_##name] = text,
#include "common/base/close_reason.def"
#undef REASON
};

static const char *const words[REASON_COUNT] = {
	[REASON_NONE] = "NONE",
#define REASON(name, text, during, after) [REASON_##name] = #name,
#include "common/base/close_reason.def"
#undef REASON
};

/* Here and below: in the order of the table, in which these stand together. */
bool
close_reason_is_refusal(enum close_reason reason)
{
	return reason >= REASON_NO_CERTIFICATE &&
	    reason <= REASON_BAD_CERTIFICATE;
}

bool
close_reason_is_connect_failure(enum close_reason reason)
{
	return reason >= REASON_CONNECT_REFUSED &&
	    reason <= REASON_CONNECT_ERROR;
}

bool
close_reason_is_limit(enum close_reason reason)
{
	return reason >= REASON_ADDRESS_LIMIT && reason <= REASON_RATE_LIMIT;
}

bool
close_reason_is_failure(enum close_reason reason)
{
	return reason != REASON_HEALTH_CHECK && !close_reason_is_limit(reason);
}

const char *
close_reason_text(enum close_reason reason)
{
	ASSERT(reason < REASON_COUNT);
	return texts[reason];
}

const char *
close_reason_word(enum close_reason reason, char word[static CLOSE_REASON_WORD])
{
	size_t i = 0;

	ASSERT(reason < REASON_COUNT);
	for (; words[reason][i] != '\0' && i < CLOSE_REASON_WORD - 1; i++)
		word[i] = (char)tolower((unsigned char)words[reason][i]);
	word[i] = '\0';
	return word;
}

enum close_reason
close_reason_of_connect(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return REASON_CONNECT_REFUSED;
	case ETIMEDOUT:
		return REASON_CONNECT_TIMEOUT;
	case ENETUNREACH:
	case EHOSTUNREACH:
		return REASON_CONNECT_UNREACHABLE;
	case EADDRNOTAVAIL:
		return REASON_CONNECT_NO_PORT;
	default:
		return REASON_CONNECT_ERROR;
	}
}
