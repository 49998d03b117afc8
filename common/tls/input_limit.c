/* input_limit: what a session takes in vain; see the header. */
#include "common/tls/input_limit.h"

enum {
	HEADER_SIZE = 5, /* type, version, length */
	/* What GnuTLS keeps of a record is more than its bytes. */
	RECORD_COST = 1024,
	IN_VAIN_MAX = 256 * 1024,
};

static void
add_header_byte(struct tls_intake *intake, uint8_t byte)
{
	if (++intake->header_got == HEADER_SIZE - 1)
		intake->length_high = byte;
	if (intake->header_got < HEADER_SIZE)
		return;
	intake->header_got = 0;
	intake->record_left = (uint32_t)intake->length_high << 8 | byte;
	intake->last_cost = RECORD_COST + intake->record_left;
	intake->in_vain += intake->last_cost;
}

void
tls_intake_add(struct tls_intake *intake, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		size_t step = 1;

		if (intake->record_left == 0) {
			add_header_byte(intake, *bytes);
		} else {
			step =
			    n < intake->record_left ? n : intake->record_left;
			intake->record_left -= (uint32_t)step;
		}
		bytes += step;
		n -= step;
	}
}

void
tls_intake_justify(struct tls_intake *intake)
{
	intake->in_vain -= intake->last_cost;
	intake->last_cost = 0;
}

void
tls_intake_forget(struct tls_intake *intake)
{
	intake->in_vain = 0;
	intake->last_cost = 0;
}

bool
tls_intake_is_too_much(const struct tls_intake *intake)
{
	return intake->in_vain > IN_VAIN_MAX;
}
