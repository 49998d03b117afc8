/* shm_case: names, options and checked calls; see the header. */
#include "tests/support/shm_case.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/demo_segment.h"

void
shm_case_init(struct shm_case *c, const char *label)
{
	demo_segment_name(c->name, label);
	(void)snprintf(c->path, sizeof c->path, "/dev/shm/tlsecho.%s", c->name);
	c->options = (struct stats_shm_options){ .name = c->name,
		.slots = 3,
		.mode = 0640,
		.group = (gid_t)-1,
		.program = "test 1.0" };
}

struct stats_shm *
shm_case_create(const struct shm_case *c)
{
	struct stats_shm *shm;
	struct errmsg e;

	ck_assert_msg(
	    stats_shm_create(&shm, &c->options, &e) == 0, "%s", e.text);
	return shm;
}

struct stats_shm *
shm_case_attach(const struct shm_case *c)
{
	struct stats_shm *shm;
	struct errmsg e;

	ck_assert_msg(stats_shm_attach(&shm, c->name, &e) == 0, "%s", e.text);
	return shm;
}

static void
must_have_failed(int result, const struct stats_shm *shm,
    const struct errmsg *e, const char *words)
{
	ck_assert_int_eq(result, -1);
	ck_assert_ptr_null(shm);
	ck_assert_msg(
	    strstr(e->text, words) != NULL, "'%s': %s", words, e->text);
}

void
shm_case_create_fails(const struct shm_case *c, const char *words)
{
	struct stats_shm *shm;
	struct errmsg e;
	int result = stats_shm_create(&shm, &c->options, &e);

	must_have_failed(result, shm, &e, words);
}

void
shm_case_attach_fails(const struct shm_case *c, const char *words)
{
	struct stats_shm *shm;
	struct errmsg e;
	int result = stats_shm_attach(&shm, c->name, &e);

	must_have_failed(result, shm, &e, words);
}

bool
shm_case_exists(const struct shm_case *c)
{
	return access(c->path, F_OK) == 0;
}
