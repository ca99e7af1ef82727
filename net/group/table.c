/* SPDX-License-Identifier: ISC */
#include "net/group/table.h"

#include "base/assert.h"

/* The index of a group, or n. */
static unsigned find(const struct group_table *t, const struct ip_addr *group)
{
	unsigned i = 0;
	while (i < t->n && !ip_addr_equal(&t->member[i].addr, group))
		i++;
	return i;
}

/* The first to join takes an entry, and has the frames received. */
static enum err join(void *self, uint64_t now_us, const struct ip_addr *group)
{
	struct group_table *t = self;
	if (ip_addr_equal(group, &t->everybody))
		return OK;
	unsigned i = find(t, group);
	if (i < t->n) {
		t->member[i].users++;
		return OK;
	}
	if (t->n == t->max)
		return ERR_NOMEM;
	enum err e = eth_join_group(t->eth, group);
	if (e != OK)
		return e;
	t->member[t->n++] = (struct group_member){.addr = *group, .users = 1};
	t->changed(t->changed_self, now_us, group, true);
	return OK;
}

static void leave(void *self, uint64_t now_us, const struct ip_addr *group)
{
	struct group_table *t = self;
	const struct ip_addr left = *group; /* it may be the table's own */
	if (ip_addr_equal(&left, &t->everybody))
		return;
	unsigned i = find(t, &left);
	assert(i < t->n);
	if (--t->member[i].users > 0)
		return;
	t->member[i] = t->member[--t->n];
	eth_leave_group(t->eth, &left);
	t->changed(t->changed_self, now_us, &left, false);
}

static bool is_member(const void *self, const struct ip_addr *group)
{
	const struct group_table *t = self;
	return find(t, group) < t->n;
}

const struct ip_membership group_table_membership = {
	.join = join,
	.leave = leave,
	.is_member = is_member,
};
