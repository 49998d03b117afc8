/*
 * analyzer: what clang's analyzer cannot see from one file: these return -1.
 * Without it, every error path appears to go on as a success. check-tidy
 * includes this in front of each source.
 */
#ifndef TESTS_LINT_ANALYZER_H
#define TESTS_LINT_ANALYZER_H

#include "common/base/errmsg.h"

/* NOLINTBEGIN(readability-identifier-naming) */
#define errmsg_set(...)       (errmsg_set(__VA_ARGS__), -1)
#define errmsg_set_errno(...) (errmsg_set_errno(__VA_ARGS__), -1)
#define errmsg_prepend(...)   (errmsg_prepend(__VA_ARGS__), -1)
/* NOLINTEND(readability-identifier-naming) */

#endif
