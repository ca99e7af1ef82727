/* SPDX-License-Identifier: ISC */
/*
 * A pairing heap (Fredman, Sedgewick, Sleator, Tarjan: "The pairing heap", 1986).
 *
 * A node's children form a chain through `sibling`; `link` is the pointer that points to the node,
 * so any node can be cut out without a search. Nothing recurses.
 */
#include "runtime/loop/timeout.h"

#include <stddef.h>

#include "base/assert.h"
#include "runtime/loop/loop_internal.h"

static struct timeout *root; /* the earliest; has no sibling */
static struct timeout *due;  /* chain through `sibling` of those taken out to be called */

/* One tree of two: the later root becomes the first child of the earlier. */
static struct timeout *meld(struct timeout *a, struct timeout *b)
{
	if (b->deadline_us < a->deadline_us) {
		struct timeout *t = a;
		a = b;
		b = t;
	}
	b->sibling = a->child;
	if (b->sibling != NULL)
		b->sibling->link = &b->sibling;
	b->link = &a->child;
	a->child = b;
	return a;
}

/* One tree of a chain, not empty: pairs from left to right, then those from right to left. */
static struct timeout *meld_chain(struct timeout *chain)
{
	struct timeout *pairs = NULL, *tree;
	do {
		struct timeout *pair = chain, *second = chain->sibling;
		chain = second != NULL ? second->sibling : NULL;
		if (second != NULL)
			pair = meld(pair, second);
		pair->sibling = pairs;
		pairs = pair;
	} while (chain != NULL);
	tree = pairs;
	pairs = pairs->sibling;
	while (pairs != NULL) {
		struct timeout *next = pairs->sibling;
		tree = meld(tree, pairs);
		pairs = next;
	}
	return tree;
}

static void insert(struct timeout *tree)
{
	root = root != NULL ? meld(root, tree) : tree;
	root->sibling = NULL;
	root->link = &root;
}

/* Takes `t` out of the heap or of the due chain, whose members have no children. */
static void cut(struct timeout *t)
{
	*t->link = t->sibling;
	if (t->sibling != NULL)
		t->sibling->link = t->link;
	if (t->child != NULL)
		insert(meld_chain(t->child));
	t->child = NULL;
	t->sibling = NULL;
	t->link = NULL;
	t->deadline_us = TIME_NEVER;
}

void timeout_init(struct timeout *t, void (*fn)(struct timeout *t, uint64_t now_us))
{
	*t = (struct timeout)TIMEOUT_INIT(fn);
}

void timeout_set(struct timeout *t, uint64_t deadline_us)
{
	assert(t->fn != NULL);
	if (t->link != NULL)
		cut(t);
	t->deadline_us = deadline_us;
	insert(t);
}

void timeout_cancel(struct timeout *t)
{
	if (t->link != NULL)
		cut(t);
}

bool timeout_pending(const struct timeout *t)
{
	return t->link != NULL;
}

uint64_t timeouts_next(void)
{
	return root != NULL ? root->deadline_us : TIME_NEVER;
}

/*
 * All that are due are taken out before the first is called: one that sets itself again for a time
 * that has passed waits for the next round, and cannot keep the loop here for ever.
 */
void timeouts_run(uint64_t now_us)
{
	struct timeout **end = &due;
	while (root != NULL && root->deadline_us <= now_us) {
		struct timeout *t = root;
		cut(t);
		t->link = end;
		*end = t;
		end = &t->sibling;
	}
	while (due != NULL) {
		struct timeout *t = due;
		cut(t);
		t->fn(t, now_us);
	}
}
