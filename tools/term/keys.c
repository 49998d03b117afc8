/* keys: see the header. */
#include "tools/term/keys.h"

#include <string.h>

#include "common/base/clock.h"
#include "tools/term/page.h"

enum {
	CTRL_L = 12,
	CTRL_H = 8,
	CTRL_U = 21,
	SPEED_MAX = 1024
};

/* Steps of + and -. */
static const int64_t intervals_ns[] = {
	50 * CLOCK_NS_PER_MS,
	100 * CLOCK_NS_PER_MS,
	250 * CLOCK_NS_PER_MS,
	500 * CLOCK_NS_PER_MS,
	1 * CLOCK_NS_PER_S,
	2 * CLOCK_NS_PER_S,
	5 * CLOCK_NS_PER_S,
	10 * CLOCK_NS_PER_S,
	30 * CLOCK_NS_PER_S,
	60 * CLOCK_NS_PER_S,
};

static struct list *
list_of(struct model *m)
{
	return &m->lists[m->page];
}

static bool
has_list(const struct model *m)
{
	return page_of(m->page)->table != NULL;
}

static void
go_to(struct model *m, enum page_id page)
{
	m->page = page;
	m->has_help = m->has_details = false;
	m->is_stale = true;
}

static void
end_typing(struct model *m, bool keeps)
{
	m->is_typing = false;
	m->is_stale = true;
	if (!keeps)
		list_of(m)->filter[0] = '\0';
}

/* A character of several bytes goes as a whole. */
static void
rub_out(char *filter)
{
	size_t n = strlen(filter);

	if (n == 0)
		return;
	do
		n--;
	while (n > 0 && ((unsigned char)filter[n] & 0xc0) == 0x80);
	filter[n] = '\0';
}

/* The list follows each letter. */
static void
type(struct model *m, int key)
{
	char *filter = list_of(m)->filter;
	size_t n = strlen(filter);

	if (key == KEY_RETURN || key == KEY_ESCAPE) {
		end_typing(m, key == KEY_RETURN);
		return;
	}
	if (key == KEY_RUBOUT || key == CTRL_H) {
		rub_out(filter);
	} else if (key == CTRL_U) {
		filter[0] = '\0';
	} else if (key >= ' ' && key < 0x100 && n + 1 < LIST_FILTER) {
		filter[n] = (char)key;
		filter[n + 1] = '\0';
	}
	list_of(m)->cursor = 0;
	m->is_stale = true;
}

static bool
move(struct model *m, int key)
{
	enum list_move how;

	switch (key) {
	case KEY_CURSOR_UP:
	case 'k':
		how = LIST_UP;
		break;
	case KEY_CURSOR_DOWN:
	case 'j':
		how = LIST_DOWN;
		break;
	case KEY_PAGE_UP:
		how = LIST_PAGE_UP;
		break;
	case KEY_PAGE_DOWN:
		how = LIST_PAGE_DOWN;
		break;
	case KEY_FIRST:
	case 'g':
		how = LIST_FIRST;
		break;
	case KEY_FINAL:
	case 'G':
		how = LIST_LAST;
		break;
	default:
		return false;
	}
	list_move(list_of(m), how);
	return true;
}

/* Keys of lists; false when it is none of them. */
static bool
press_in_list(struct model *m, int key)
{
	if (move(m, key))
		return true;
	switch (key) {
	case '/':
		m->is_typing = true;
		m->has_details = false;
		return true;
	case 's':
		listview_next_sort(page_of(m->page)->table, list_of(m));
		break;
	case 'r':
		list_of(m)->is_reversed = !list_of(m)->is_reversed;
		break;
	case 'f':
		list_toggle_follow(list_of(m));
		return true;
	case KEY_RETURN:
		m->has_details = !m->has_details;
		return true;
	default:
		return false;
	}
	m->is_stale = true;
	return true;
}

/* ESC leaves one thing after the other. */
static void
leave(struct model *m)
{
	if (m->has_help)
		m->has_help = false;
	else if (m->has_details)
		m->has_details = false;
	else
		end_typing(m, false);
}

static enum keys_action
change_pace(struct model *m, bool is_more)
{
	const size_t count = sizeof intervals_ns / sizeof *intervals_ns;
	size_t i = 0;

	if (m->is_recorded) {
		if (is_more && m->speed < SPEED_MAX)
			m->speed *= 2;
		else if (!is_more && m->speed > 1)
			m->speed /= 2;
		return KEYS_INTERVAL;
	}
	while (i < count && intervals_ns[i] < m->interval_ns)
		i++;
	if (is_more && i < count && intervals_ns[i] == m->interval_ns)
		i++;
	if (!is_more)
		i -= i > 0;
	if (i < count)
		model_set_interval(m, intervals_ns[i]);
	return KEYS_INTERVAL;
}

static enum keys_action
seek(const struct model *m, int key)
{
	if (!m->is_recorded)
		return KEYS_DRAW;
	switch (key) {
	case KEY_CURSOR_LEFT:
		return KEYS_BACK_10_S;
	case KEY_CURSOR_RIGHT:
		return KEYS_FORWARD_10_S;
	case '<':
		return KEYS_BACK_MINUTE;
	default:
		return KEYS_FORWARD_MINUTE;
	}
}

/* Help may be longer than the screen. */
static bool
scroll_help(struct model *m, int key)
{
	if (key == 'j' || key == KEY_CURSOR_DOWN || key == KEY_PAGE_DOWN)
		m->help_top++;
	else if (key == 'k' || key == KEY_CURSOR_UP || key == KEY_PAGE_UP)
		m->help_top -= m->help_top > 0;
	else
		return false;
	return true;
}

/* Keys of all pages. */
static enum keys_action
press(struct model *m, int key)
{
	switch (key) {
	case 'q':
	case 'Q':
		return KEYS_QUIT;
	case CTRL_L:
		return KEYS_REDRAW;
	case '?':
	case 'h':
		m->has_help = !m->has_help;
		break;
	case KEY_ESCAPE:
		leave(m);
		break;
	case 'p':
	case ' ':
		m->is_paused = !m->is_paused;
		return KEYS_INTERVAL;
	case 'd':
		m->shows_all = !m->shows_all;
		m->is_stale = true;
		break;
	case '0':
		if (m->now != NULL)
			model_toggle_base(m);
		break;
	case '+':
	case '=':
	case '-':
		return change_pace(m, key != '-');
	case KEY_TAB:
		go_to(m, (m->page + 1) % PAGES);
		break;
	case KEY_BACK_TAB:
		go_to(m, (m->page + PAGES - 1) % PAGES);
		break;
	case KEY_CURSOR_LEFT:
	case KEY_CURSOR_RIGHT:
	case '<':
	case '>':
		return seek(m, key);
	default:
		if (key >= '1' && key < '1' + PAGES)
			go_to(m, (enum page_id)(key - '1'));
		break;
	}
	return KEYS_DRAW;
}

enum keys_action
keys_press(struct model *m, int key)
{
	if (key == '\r')
		key = KEY_RETURN;
	if (m->is_typing) {
		type(m, key);
		return KEYS_DRAW;
	}
	if (m->has_help && scroll_help(m, key))
		return KEYS_DRAW;
	if (has_list(m) && m->now != NULL && !m->has_help &&
	    press_in_list(m, key))
		return KEYS_DRAW;
	return press(m, key);
}
