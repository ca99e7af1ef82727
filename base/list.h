/* SPDX-License-Identifier: ISC */
/*
 * Intrusive doubly linked list: a node lives inside the structure that it links.
 *
 * A list is a node whose ring holds the members. An unlinked node points to itself,
 * so list_remove() of an unlinked node does nothing and list_linked() can be asked of
 * any initialised node. Nothing here allocates or locks.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>

#include "base/attr.h"

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name)                                                                            \
	{                                                                                          \
		.next = &(name), .prev = &(name)                                                   \
	}

ALWAYS_INLINE void list_init(struct list *l)
{
	l->next = l;
	l->prev = l;
}

ALWAYS_INLINE bool list_empty(const struct list *l)
{
	return l->next == l;
}

ALWAYS_INLINE bool list_linked(const struct list *node)
{
	return node->next != node;
}

ALWAYS_INLINE void list_insert_between(struct list *node, struct list *prev, struct list *next)
{
	node->prev = prev;
	node->next = next;
	prev->next = node;
	next->prev = node;
}

BRIEF void list_push_back(struct list *l, struct list *node)
{
	list_insert_between(node, l->prev, l);
}

static inline void list_push_front(struct list *l, struct list *node)
{
	list_insert_between(node, l, l->next);
}

static inline void list_insert_before(struct list *at, struct list *node)
{
	list_insert_between(node, at->prev, at);
}

static inline void list_remove(struct list *node)
{
	struct list *prev = node->prev, *next = node->next;
	prev->next = next;
	next->prev = prev;
	list_init(node);
}

/* The first node, unlinked, or NULL if the list is empty. */
HOT(output) static inline struct list *list_pop_front(struct list *l)
{
	struct list *node = l->next;
	if (node == l)
		return NULL;
	struct list *next = node->next; /* whose neighbour is the list itself now */
	l->next = next;
	next->prev = l;
	list_init(node);
	return node;
}

/* Moves all of `from` to the empty or uninitialised list `to`. */
static inline void list_take(struct list *to, struct list *from)
{
	if (list_empty(from)) {
		list_init(to);
		return;
	}
	*to = *from;
	to->next->prev = to;
	to->prev->next = to;
	list_init(from);
}

#define list_entry(node, type, member) container_of(node, type, member)

/* The loop body must not unlink `it`; the _safe form allows just that. */
#define list_for_each(it, l) for (struct list *it = (l)->next; it != (l); it = it->next)
#define list_for_each_safe(it, tmp, l)                                                             \
	for (struct list *it = (l)->next, *tmp = it->next; it != (l); it = tmp, tmp = it->next)

#endif
