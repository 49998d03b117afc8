/*
 * input: what fuzzers of files have in common: inputs to begin with that are
 * made, not kept, and a file that holds an input.
 *
 * Errors:	abort, which is what a fuzzer reports.
 * Use:
 *	... in LLVMFuzzerInitialize ...
 *		input_seed(*argc, *argv, "seed", data, size);
 *		fd = input_file("recording", path);
 *	... in LLVMFuzzerTestOneInput ...
 *		input_write(fd, bytes, n);
 *		... open path ...
 */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stddef.h>

/*
 * Writes an input to begin with into the corpus, the first argument of the
 * fuzzer that is no option, if that is a directory.
 */
void input_seed(
    int argc, char **argv, const char *name, const void *data, size_t size);

enum {
	INPUT_PATH = 64
};

/* A file in memory that its owner alone may use; its descriptor, and its path
 * in this process. */
int input_file(const char *name, char path[static INPUT_PATH]);
/* It holds these bytes and no more. */
void input_write(int fd, const void *data, size_t size);

#endif
