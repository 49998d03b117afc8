/* ends: texts of ends.def; see the header. */
#include "common/ends.h"

#include <ctype.h>
#include <stddef.h>

#include "common/assertion.h"

static const char *const texts[END_COUNT] = {
#define END(name, text, during, after) text,
#include "common/ends.def"
#undef END
};

static const char *const words[END_COUNT] = {
#define END(name, text, during, after) #name,
#include "common/ends.def"
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
