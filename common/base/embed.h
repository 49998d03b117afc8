/*
 * embed: files that are in the program as they are in the tree, such as a page.
 *
 * The path is from the root of the tree, where the compiler runs. It does not
 * know of the file (gcc -MMD): the Makefile must name it as a prerequisite.
 *
 * Use:
 *	EMBED(page_html, "tools/http/page.html");
 *	rest = embed_print_until(out, page_html, "<!-- page.css -->");
 */
#ifndef COMMON_BASE_EMBED_H
#define COMMON_BASE_EMBED_H

#include <stdio.h>
#include <string.h>

/* The bytes of a file as a string that ends with a NUL. */
#define EMBED(name, path)                         \
	extern const char name[];                 \
	__asm__(".pushsection .rodata\n"          \
		".global " #name "\n" #name ":\n" \
		".incbin \"" path "\"\n"          \
		".byte 0\n"                       \
		".popsection\n")

/* Prints until a mark, which is left out; what follows it. */
static inline const char *
embed_print_until(FILE *out, const char *text, const char *mark)
{
	const char *at = strstr(text, mark);

	if (at == NULL)
		return text;
	(void)fwrite(text, 1, (size_t)(at - text), out);
	return at + strlen(mark);
}

#endif
