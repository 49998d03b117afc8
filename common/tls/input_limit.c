/* input_limit: follows the records of a stream; see the header. */
#include "common/tls/input_limit.h"
#include "common/base/assertion.h"

enum {
	HEADER_SIZE = 5, /* type, version, length */
	/* What GnuTLS keeps of a record is more than its bytes. */
	RECORD_COST = 1024,
	COST_MAX = 256 * 1024,
};

static void
add_header_byte(struct tls_input_limit *input_limit, uint8_t byte)
{
	if (++input_limit->header_got == HEADER_SIZE - 1)
		input_limit->length_high = byte;
	if (input_limit->header_got < HEADER_SIZE)
		return;
	input_limit->header_got = 0;
	input_limit->record_left =
	    (uint32_t)input_limit->length_high << 8 | byte;
	input_limit->last_cost = RECORD_COST + input_limit->record_left;
	input_limit->cost += input_limit->last_cost;
}

void
tls_input_limit_add(
    struct tls_input_limit *input_limit, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		size_t step = 1;

		if (input_limit->record_left == 0) {
			add_header_byte(input_limit, *bytes);
		} else {
			step = n < input_limit->record_left
			    ? n
			    : input_limit->record_left;
			input_limit->record_left -= (uint32_t)step;
		}
		bytes += step;
		n -= step;
	}
}

void
tls_input_limit_justify(struct tls_input_limit *input_limit)
{
	ASSERT(input_limit->cost >= input_limit->last_cost);
	input_limit->cost -= input_limit->last_cost;
	input_limit->last_cost = 0;
}

void
tls_input_limit_forget(struct tls_input_limit *input_limit)
{
	input_limit->cost = 0;
	input_limit->last_cost = 0;
}

bool
tls_input_limit_is_exceeded(const struct tls_input_limit *input_limit)
{
	return input_limit->cost > COST_MAX;
}
