/* SPDX-License-Identifier: ISC */
#include "net/group/table.h"

#include "base/assert.h"

/* A group's entry, or NULL. */
static struct group_member *find(struct group_table *t, const struct ip_addr *group)
{
	for (struct group_member *m = t->member; m < &t->member[t->n]; m++) {
		if (ip_addr_equal(&m->addr, group))
			return m;
	}
	return NULL;
}

/* The first to join takes an entry, and has the frames received. */
static enum err join(void *self, uint64_t now_us, const struct ip_addr *group)
{
	struct group_table *t = self;
	if (ip_addr_equal(group, &t->everybody))
		return OK;
	struct group_member *m = find(t, group);
	if (m != NULL) {
		m->users++;
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
	struct group_member *m = find(t, &left);
	assert(m != NULL);
	if (--m->users > 0)
		return;
	*m = t->member[--t->n];
	eth_leave_group(t->eth, &left);
	t->changed(t->changed_self, now_us, &left, false);
}

static bool is_member(void *self, const struct ip_addr *group)
{
	return find(self, group) != NULL;
}

const struct ip_membership group_table_membership = {
	.join = join,
	.leave = leave,
	.is_member = is_member,
};
