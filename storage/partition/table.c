/* SPDX-License-Identifier: ISC */
#include "storage/partition/table.h"

static bool overlap(const struct partition_entry *a, const struct partition_entry *b)
{
	return a->first < b->first + b->sectors && b->first < a->first + a->sectors;
}

enum err table_add(struct partition_table *t, const struct partition_entry *e, uint64_t low,
		   uint64_t span)
{
	if (e->sectors == 0 || e->first < low || e->first - low > span ||
	    e->sectors > span - (e->first - low))
		return ERR_INVALID;
	for (unsigned i = 0; i < t->n; i++) {
		if (overlap(e, &t->entry[i]))
			return ERR_INVALID;
	}
	if (t->n == PARTITIONS_MAX) {
		t->left_out++;
		return OK;
	}
	t->entry[t->n++] = *e;
	return OK;
}
