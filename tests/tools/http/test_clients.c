/* Tests of tools/http/clients: who has to go, and who stays. */
#include "tools/http/clients.h"

#include <check.h>
#include <stddef.h>

#include "tests/support/suite.h"

static struct clients clients;

/* Descriptors 100, 101 and so on, the first being idle for longest. */
static void
fill(int count)
{
	clients_init(&clients, UINT64_MAX);
	for (int i = 0; i < count; i++)
		ck_assert_ptr_nonnull(clients_add(&clients, 100 + i, 1 + i));
}

TEST(room_for_all_that_may_stay)
{
	fill(CLIENTS_KEPT);
	ck_assert_int_eq(clients_surplus(&clients), -1);
}

static const struct {
	uint64_t files;
	unsigned kept;
} limits[] = {
	{ CLIENTS_FILES_MIN, CLIENTS_STREAMS + 1 },
	{ 64, 64 - CLIENTS_OTHER_FILES },
	{ CLIENTS_KEPT + CLIENTS_OTHER_FILES, CLIENTS_KEPT },
	{ UINT64_MAX, CLIENTS_KEPT },
};

TEST_EACH(few_files, limits)
{
	clients_init(&clients, limits[_i].files);
	for (unsigned i = 0; i < limits[_i].kept; i++) {
		ck_assert_ptr_nonnull(clients_add(&clients, 100, 1));
		ck_assert_int_eq(clients_surplus(&clients), -1);
	}
	ck_assert_ptr_nonnull(clients_add(&clients, 100, 1));
	ck_assert_int_eq(clients_surplus(&clients), 100);
}

TEST(the_idlest_goes_and_once_only)
{
	fill(CLIENTS_KEPT + 1);
	clients.of[0].active_ns = 1000;
	ck_assert_int_eq(clients_surplus(&clients), 101);
	ck_assert_int_eq(clients_surplus(&clients), -1);
	clients_remove(&clients, &clients.of[1]);
	ck_assert_int_eq(clients_surplus(&clients), -1);
	ck_assert_uint_eq(clients.count, CLIENTS_KEPT);
}

TEST(streams_stay)
{
	fill(CLIENTS_KEPT + 1);
	ck_assert(clients_begin_stream(&clients, &clients.of[0]));
	ck_assert_int_eq(clients_surplus(&clients), 101);
}

TEST(so_many_streams)
{
	fill(CLIENTS_STREAMS + 1);
	for (int i = 0; i < CLIENTS_STREAMS; i++)
		ck_assert(clients_begin_stream(&clients, &clients.of[i]));
	ck_assert(
	    !clients_begin_stream(&clients, &clients.of[CLIENTS_STREAMS]));
	clients_remove(&clients, &clients.of[3]);
	ck_assert(clients_begin_stream(&clients, &clients.of[CLIENTS_STREAMS]));
}

TEST(a_full_table)
{
	fill(CLIENTS_MAX);
	ck_assert_ptr_null(clients_add(&clients, 1, 1));
	clients_remove(&clients, &clients.of[9]);
	ck_assert_ptr_eq(clients_add(&clients, 1, 1), &clients.of[9]);
}

SUITE("tools/http/clients")
