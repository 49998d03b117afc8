/* part: a grid on the wall clock; see the header. */
#include "client/part.h"

#include "common/base/assertion.h"
#include "common/base/clock.h"

static const uint64_t cell_max_ns = 10 * CLOCK_NS_PER_MS;

/* Products of a time and a rate. */
__extension__ typedef unsigned __int128 wide;

/* Moment k is k cells of parts * period / rate, rounded down. */
int64_t
part_grid_wait_ns(
    const struct part *part, uint64_t rate, uint64_t period_ns, int64_t wall_ns)
{
	wide each = (wide)part_count(part) * period_ns;
	wide k;

	ASSERT(wall_ns >= 0);
	if (!part_is_given(part) || each > rate * cell_max_ns)
		return 0;
	k = ((wide)wall_ns * rate + each - 1) / each;
	return (int64_t)(k * each / rate) - wall_ns;
}
