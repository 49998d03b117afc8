/* input: seeds, and files in memory; see the header. */
#include "tests/fuzz/input.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"

/* As libFuzzer, which writes what it finds to the first of several. */
static const char *
find_corpus(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (argv[i][0] != '-')
			return argv[i];
	return NULL;
}

void
input_seed(
    int argc, char **argv, const char *name, const void *data, size_t size)
{
	const char *corpus = find_corpus(argc, argv);
	char path[4096];
	FILE *out;

	if (corpus == NULL)
		return;
	(void)snprintf(path, sizeof path, "%s/%s", corpus, name);
	out = fopen(path, "w");
	if (out == NULL)
		return; /* there is no corpus: a single input is run again */
	ASSERT(fwrite(data, 1, size, out) == size && fclose(out) == 0);
}

int
input_file(const char *name, char path[static INPUT_PATH])
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	ASSERT(fd >= 0 && fchmod(fd, S_IRUSR | S_IWUSR) == 0);
	(void)snprintf(path, INPUT_PATH, "/proc/self/fd/%d", fd);
	return fd;
}

void
input_write(int fd, const void *data, size_t size)
{
	ASSERT(ftruncate(fd, (off_t)size) == 0 &&
	    pwrite(fd, data, size, 0) == (ssize_t)size);
}
