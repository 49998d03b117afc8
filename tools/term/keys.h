/*
 * keys: what each key does to the model.
 *
 * Use:
 *	if (keys_press(&model, key) == KEYS_QUIT) ...
 */
#ifndef TOOLS_TERM_KEYS_H
#define TOOLS_TERM_KEYS_H

#include "tools/term/model.h"

/* Characters stand for themselves, as bytes of the locale; above are keys. */
enum key {
	KEY_TAB = '\t',
	KEY_RETURN = '\n',
	KEY_ESCAPE = 27,
	KEY_RUBOUT = 127,
	KEY_CURSOR_UP = 0x1000,
	KEY_CURSOR_DOWN,
	KEY_CURSOR_LEFT,
	KEY_CURSOR_RIGHT,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_FIRST,
	KEY_FINAL,
	KEY_BACK_TAB
};

/* What is to be done besides drawing anew. */
enum keys_action {
	KEYS_DRAW,
	KEYS_QUIT,
	KEYS_REDRAW,   /* whatever the terminal shows now */
	KEYS_INTERVAL, /* or speed: it has changed */
	KEYS_BACK_10_S,
	KEYS_FORWARD_10_S,
	KEYS_BACK_MINUTE,
	KEYS_FORWARD_MINUTE
};

enum keys_action keys_press(struct model *m, int key);

#endif
