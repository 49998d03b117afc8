/* close_reason: texts of base/close_reason.def; see the header. */
#include "common/base/close_reason.h"

#include <ctype.h>
#include <stddef.h>

#include "common/base/assertion.h"

static const char *const texts[END_COUNT] = {
#define END(name, text, during, after) text,
#include "common/base/close_reason.def"
#undef END
};

static const char *const words[END_COUNT] = {
#define END(name, text, during, after) #name,
#include "common/base/close_reason.def"
#undef END
};

const char *
ends_text(enum end end)
{
	ASSERT(end < END_COUNT);
	return texts[end];
}

const char *
ends_word(enum end end, char word[static ENDS_WORD])
{
	size_t i = 0;

	ASSERT(end < END_COUNT);
	for (; words[end][i] != '\0' && i < ENDS_WORD - 1; i++)
		word[i] = (char)tolower((unsigned char)words[end][i]);
	word[i] = '\0';
	return word;
}
