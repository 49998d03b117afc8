/*
 * list: an intrusive, circular, doubly linked list.
 *
 * Owns:	nothing; a link is a member of what it links.
 * Rule:	list_init makes a head empty, or a link alone. Only a link that
 *		is alone may be appended; one that is may also be removed.
 * Use:
 *	list_init(&head);
 *	list_init(&conn->link);
 *	list_append(&head, &conn->link);
 *	while ((l = list_pop(&head)) != NULL)
 *		free(CONTAINER_OF(l, struct conn, link));
 */
#ifndef COMMON_BASE_LIST_H
#define COMMON_BASE_LIST_H

#include <stdbool.h>

#include "common/base/assertion.h"
#include "common/base/container_of.h" /* from a link to its owner */

struct list {
	struct list *next, *prev;
};

static inline void
list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool
list_empty(const struct list *head)
{
	return head->next == head;
}

static inline void
list_append(struct list *head, struct list *link)
{
	ASSERT(list_empty(link)); /* a link is in one list at most */
	link->prev = head->prev;
	link->next = head;
	head->prev->next = link;
	head->prev = link;
}

static inline void
list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

/* Takes the first link out; NULL when there is none. */
static inline struct list *
list_pop(struct list *head)
{
	struct list *first = head->next;

	if (first == head)
		return NULL;
	list_remove(first);
	return first;
}

/* Moves everything to an empty head, in order. */
static inline void
list_move(struct list *to, struct list *from)
{
	ASSERT(list_empty(to));
	if (list_empty(from))
		return;
	*to = *from;
	to->next->prev = to;
	to->prev->next = to;
	list_init(from);
}

#endif
