/* SPDX-License-Identifier: ISC */
#include "storage/log/internal.h"

/* Whether the record that spans into a block is there as a whole: it lies before the block's end.
 */
static bool carry_is_whole(struct kvlog *s, uint64_t seq, uint32_t carry)
{
	struct kvlog_header h;
	uint64_t next = kvlog_next(s, seq);

	if (seq == s->end.seq)
		return s->end.off >= s->room + carry;
	if (next == 0 || kvlog_header_of(s, next, &h) != OK || h.prev != seq)
		return true;
	return h.prev_end >= s->room + carry;
}

/* Finds the end of the records of a block, which the next one tells. */
static enum err find_end(struct kvlog *s, struct kvlog_walk *w)
{
	struct kvlog_header h;
	uint64_t next = kvlog_next(s, w->seq);

	if (w->seq == s->end.seq || next == 0) {
		w->end = s->end.off;
		return OK;
	}
	enum err e = kvlog_header_of(s, next, &h);
	if (e == OK && h.prev == w->seq) {
		w->end = MAX(h.prev_end, s->room);
		if (h.carry > 0 && carry_is_whole(s, next, h.carry))
			w->carry = h.carry;
	} else if (e == ERR_DAMAGED) {
		e = OK;
	}
	return e;
}

enum err kvlog_walk_begin(struct kvlog *s, uint64_t seq, struct kvlog_walk *w)
{
	struct kvlog_header h;

	*w = (struct kvlog_walk){.seq = seq, .off = s->room, .end = kvlog_block_bytes(s)};
	enum err e = find_end(s, w);
	if (e != OK)
		return e;
	e = kvlog_header_of(s, seq, &h);
	if (e == OK) {
		w->off = MIN(s->room + h.carry, w->end);
	} else if (e == ERR_DAMAGED) {
		s->stats.damaged++;
		e = OK;
	}
	return e;
}

static enum err next_inside(struct kvlog *s, struct kvlog_walk *w, struct kvlog_record *r)
{
	bool counted = false;

	while (w->off < w->end) {
		enum err e = kvlog_record_read(s, (struct kvlog_pos){w->seq, w->off}, 0, r);

		if (e == OK && r->bytes <= w->end - w->off) {
			w->off += r->bytes;
			return OK;
		}
		if (e != OK && e != ERR_DAMAGED)
			return e;
		/* Its length may be what is damaged: the next one is where a header's CRC fits. */
		s->stats.damaged += !counted;
		counted = true;
		w->off += s->unit;
	}
	return ERR_EOF;
}

enum err kvlog_walk_next(struct kvlog *s, struct kvlog_walk *w, struct kvlog_record *r)
{
	uint32_t carry = w->carry;
	enum err e = next_inside(s, w, r);

	if (e != ERR_EOF || carry == 0)
		return e;
	w->carry = 0;
	w->off = UINT32_MAX;
	e = kvlog_record_read(s, (struct kvlog_pos){w->seq, w->end}, 0, r);
	if (e == ERR_DAMAGED || (e == OK && r->bytes != kvlog_block_bytes(s) - w->end + carry)) {
		s->stats.damaged++;
		return ERR_EOF;
	}
	return e;
}
