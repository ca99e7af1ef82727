/* SPDX-License-Identifier: ISC */
/*
 * A loss of power in the middle of a program leaves a head in which nothing more can be programmed.
 * In a store that is nearly full the rest of it must not be lost, since that may happen again and
 * again. So the head's records are copied to the spare, which gets its header when they are safe,
 * and takes the head's place by that; then back, since only bad blocks are left out of the log for
 * good. Wherever the power goes, the one block is whole or the other is, and the next attempt
 * begins with as much space as this one.
 */
#include "storage/log/internal.h"

/* The number that the head should have: the first behind the block before that is not bad. */
static uint64_t right_place(const struct kvlog *s, const struct kvlog_header *h)
{
	uint64_t seq = MAX(h->prev + 1, s->tail);

	while (seq < s->head && kvlog_map_get(s, seq, KVLOG_BAD))
		seq++;
	return seq;
}

/* The spare; 0: there is none. */
static uint64_t spare(const struct kvlog *s)
{
	for (uint64_t seq = s->head + 1; seq - s->tail < kvlog_blocks(s); seq++) {
		if (!kvlog_map_get(s, seq, KVLOG_BAD))
			return seq;
	}
	return 0;
}

/* The records of the head are those of `to` from now on. */
static void take_place(struct kvlog *s, uint64_t to)
{
	uint64_t from = s->head;

	for (uint32_t i = 0; i < s->n; i++) {
		struct kvlog_entry *entry = &s->config.index[i];
		struct kvlog_pos at = kvlog_pos_of(s, entry->place);

		if (at.seq == from)
			entry->place = kvlog_place(s, (struct kvlog_pos){to, at.off});
	}
	for (uint64_t seq = from + 1; seq < to; seq++)
		kvlog_map_set(s, seq, KVLOG_HOLE, true);
	kvlog_map_set(s, from, KVLOG_HOLE, true);
	kvlog_map_set(s, to, KVLOG_HOLE, false);
	s->head = to;
	s->end.seq = to;
	if (s->tail == from)
		s->tail = to;
	s->broken = false;
	s->claim = s->end.off;
	s->unclaimed = 0;
	s->verified = 0;
	s->generation++;
	kvlog_count_free(s);
}

static enum err move_head(struct kvlog *s, const struct kvlog_header *head, uint64_t to)
{
	struct kvlog_header h = *head;

	/* Of what was begun and given up, nothing may be taken for what is written now. */
	s->stale_until = MAX(s->stale_until, MAX(s->head, to));
	h.version = KVLOG_VERSION;
	h.epoch = s->epoch++;
	h.seq = to;
	h.tail = s->tail == s->head ? to : s->tail;
	if (s->end.off < s->room + h.carry)
		h.carry = 0;
	enum err e = kvlog_erase(s, to, &h.erases);
	if (e == OK)
		e = kvlog_copy_head(s, to, h.carry);
	if (e == OK)
		e = flash_sync(s->config.flash);
	if (e == OK)
		e = kvlog_write_header(s, &h);
	if (e == OK)
		e = flash_sync(s->config.flash);
	if (e == OK)
		take_place(s, to);
	return e;
}

/* A block that has failed already, or does now, is bad, and the next one is tried. */
static enum err try_move(struct kvlog *s, const struct kvlog_header *h, uint64_t to)
{
	enum err e = move_head(s, h, to);

	if (e != ERR_IO)
		return e;
	return kvlog_map_get(s, to, KVLOG_BAD) || kvlog_suspect(s, to) ? OK : e;
}

/* Whether a number below the head's may be the right one for it. */
static bool may_be_elsewhere(const struct kvlog *s)
{
	for (uint64_t seq = s->head - 1; seq >= s->tail && kvlog_map_get(s, seq, KVLOG_HOLE);
	     seq--) {
		if (!kvlog_map_get(s, seq, KVLOG_BAD))
			return true;
	}
	return false;
}

enum err kvlog_settle(struct kvlog *s)
{
	struct kvlog_header h;
	enum err e = OK;

	while (e == OK && (s->broken || may_be_elsewhere(s))) {
		e = kvlog_header_of(s, s->head, &h);
		/* It is lost with the next mount, so there is nothing to be saved. */
		if (e != OK)
			return e == ERR_DAMAGED ? OK : e;
		uint64_t to = right_place(s, &h);

		if (to == s->head && !s->broken)
			return OK;
		if (to == s->head)
			to = spare(s);
		if (to == 0)
			return OK;
		e = kvlog_sync_flash(s);
		if (e == OK)
			e = try_move(s, &h, to);
	}
	return e;
}
