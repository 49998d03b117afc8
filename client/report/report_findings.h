/*
 * report_findings: what a run has found out about the server, beside figures,
 * in lines of the report for people. Nothing is printed where there is nothing
 * to say.
 *
 * Use:
 *	report_print_strangers(out, &report);
 *	report_print_mismatch(out, &report);
 */
#ifndef CLIENT_REPORT_REPORT_FINDINGS_H
#define CLIENT_REPORT_REPORT_FINDINGS_H

#include <stdio.h>

struct report;

/* Of a run without a certificate: who was let in, and who was kept out. */
void report_print_strangers(FILE *out, const struct report *report);

/* Of a run that a wrong echo has ended: where it was, in hexadecimal. */
void report_print_mismatch(FILE *out, const struct report *report);

#endif
