/* pem: looks for BEGIN lines; see the header. */
#include "common/x509/pem.h"

#include <string.h>

static const char begin[] = "-----BEGIN ";
static const char dashes[] = "-----";
static const char old_prefix[] = "X509 ";

struct tls_pem
tls_pem_of(const struct file_bytes *bytes)
{
	const char *text = (const char *)bytes->data;

	return (struct tls_pem){ .at = text,
		.end = text + bytes->size,
		.counted = text,
		.line = 1 };
}

/* Counts the lines up to here. */
static void
count_lines(struct tls_pem *pem, const char *here)
{
	for (; pem->counted < here; pem->counted++)
		pem->line += *pem->counted == '\n';
}

static const char *
find(const char *from, const char *end, const char *what, size_t size)
{
	return memmem(from, (size_t)(end - from), what, size);
}

/* Whether the last line lacks its end, and may be the beginning of BEGIN. */
static bool
ends_in_dashes(const struct tls_pem *pem)
{
	const char *last = memrchr(pem->at, '\n', (size_t)(pem->end - pem->at));
	size_t size;

	last = last != NULL ? last + 1 : pem->at;
	size = (size_t)(pem->end - last);
	return size > 0 && size < sizeof begin - 1 &&
	    memcmp(last, begin, size) == 0;
}

static bool
is_label(const char *text, size_t size, const char *label)
{
	const size_t prefix = sizeof old_prefix - 1;

	if (size > prefix && memcmp(text, old_prefix, prefix) == 0 &&
	    strncmp(label, old_prefix, prefix) != 0) {
		text += prefix;
		size -= prefix;
	}
	return size == strlen(label) && memcmp(text, label, size) == 0;
}

/* To the next BEGIN line: its label, or NULL at the end. */
static const char *
next_label(struct tls_pem *pem, size_t *size)
{
	const char *at = find(pem->at, pem->end, begin, sizeof begin - 1);
	const char *label, *close, *line_end;

	if (at == NULL) {
		pem->is_cut = ends_in_dashes(pem);
		count_lines(pem, pem->end);
		pem->at = pem->end;
		return NULL;
	}
	count_lines(pem, at);
	label = at + sizeof begin - 1;
	line_end = memchr(label, '\n', (size_t)(pem->end - label));
	close = find(label, line_end != NULL ? line_end : pem->end, dashes,
	    sizeof dashes - 1);
	if (close == NULL) {
		pem->is_cut = true;
		pem->at = pem->end;
		return NULL;
	}
	pem->at = at;
	*size = (size_t)(close - label);
	return label;
}

bool
tls_pem_next(struct tls_pem *pem, const char *label)
{
	const char *found, *next;
	size_t size = 0;

	while (!pem->is_cut && pem->at < pem->end &&
	    (found = next_label(pem, &size)) != NULL) {
		const char *block = pem->at;

		next = find(found, pem->end, begin, sizeof begin - 1);
		pem->at = next != NULL ? next : found + size;
		if (!is_label(found, size, label))
			continue;
		pem->number++;
		pem->block = (gnutls_datum_t){
			(unsigned char *)(uintptr_t)block,
			(unsigned)((next != NULL ? next : pem->end) - block)
		};
		return true;
	}
	return false;
}

unsigned
tls_pem_count(const struct file_bytes *bytes, const char *label)
{
	struct tls_pem pem = tls_pem_of(bytes);

	while (tls_pem_next(&pem, label))
		continue;
	return pem.number;
}

int
tls_pem_check_end(const struct tls_pem *pem, struct errmsg *e)
{
	if (!pem->is_cut)
		return 0;
	return errmsg_set(
	    e, "line %zu: the file is cut off within a BEGIN line", pem->line);
}
