/*
 * words: what kind, unit and level of a field are called.
 *
 * Use:
 *	printf("%s in %s", words_kind(field), words_unit(field));
 */
#ifndef TOOLS_PRINT_WORDS_H
#define TOOLS_PRINT_WORDS_H

#include "common/stats/field.h"

const char *words_kind(const struct stats_field *field);  /* "total" */
const char *words_unit(const struct stats_field *field);  /* "bytes" */
const char *words_level(const struct stats_field *field); /* "detail" */

#endif
