/*
 * latency_text: the histograms of a run as a table, and a sentence where one
 * has to be read with care: messages that waited before they could be sent, and
 * stalls that a closed loop hides.
 *
 * Use:
 *	latency_text_print(stdout, &report);
 */
#ifndef CLIENT_REPORT_LATENCY_TEXT_H
#define CLIENT_REPORT_LATENCY_TEXT_H

#include <stdio.h>

struct report;

/* Nothing when there was no handshake. */
void latency_text_print(FILE *out, const struct report *report);

#endif
