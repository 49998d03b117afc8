/* outcome: words for it; see the header. */
#include "client/identities/outcome.h"

#include <stdio.h>

#include "common/base/assertion.h"

const char *
outcome_format(unsigned outcome, char text[static OUTCOME_TEXT])
{
	char word[CLOSE_REASON_WORD];
	char name[TLS_ALERT_TEXT];

	ASSERT(outcome <= OUTCOME_REFUSED && outcome != OUTCOMES);
	if (outcome == OUTCOME_ACCEPTED)
		(void)snprintf(text, OUTCOME_TEXT, "accepted");
	else if (outcome == OUTCOME_REFUSED)
		(void)snprintf(text, OUTCOME_TEXT, "refused");
	else if (outcome_is_refusal(outcome))
		(void)snprintf(text, OUTCOME_TEXT, "refused %s",
		    tls_alert_name((uint8_t)outcome, name));
	else
		(void)snprintf(text, OUTCOME_TEXT, "%s",
		    close_reason_word(outcome - OUTCOME_REASON, word));
	return text;
}
