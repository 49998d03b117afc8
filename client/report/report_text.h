/*
 * report_text: the report for people.
 *
 * Use:
 *	report_text_print(stdout, &report);
 */
#ifndef CLIENT_REPORT_REPORT_TEXT_H
#define CLIENT_REPORT_REPORT_TEXT_H

#include <stdio.h>

struct report;

/* The caller looks at ferror(out). */
void report_text_print(FILE *out, const struct report *report);

#endif
