/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "storage/log/internal.h"

/* Of a blank medium, so much of each block is looked at. */
enum { BLANK_BYTES = 4096 };

/* What a look at all headers found. */
struct found {
	struct kvlog_header head; /* the newest */
	bool any, other_version, other_geometry, damaged;
};

static bool is_later(const struct kvlog_header *h, const struct kvlog_header *than)
{
	return h->epoch > than->epoch || (h->epoch == than->epoch && h->seq > than->seq);
}

static enum err look_at_headers(struct kvlog *s, struct found *f)
{
	const struct flash *flash = s->config.flash;
	struct kvlog_header h;

	*f = (struct found){0};
	for (uint32_t i = 0; i < flash->blocks; i++) {
		enum err e = kvlog_read_header(s, i, &h);

		if (e != OK) {
			f->other_version |= e == ERR_UNSUPPORTED;
			/* The power may have gone while it was programmed. */
			f->damaged |= e == ERR_DAMAGED || e == ERR_IO;
			if (e != ERR_UNSUPPORTED && e != ERR_DAMAGED && e != ERR_NOTFOUND &&
			    e != ERR_IO)
				return e;
		} else if (h.blocks != flash->blocks || h.block_bytes != flash->block_bytes ||
			   h.unit != flash->program_bytes || h.seq % flash->blocks != i ||
			   h.seq - h.tail >= flash->blocks) {
			f->other_geometry = true;
		} else if (!kvlog_header_is_sane(s, &h)) {
			f->damaged = true;
		} else {
			s->erases_max = MAX(s->erases_max, h.erases);
			if (!f->any || is_later(&h, &f->head))
				f->head = h;
			f->any = true;
		}
	}
	return OK;
}

/* Whether `len` bytes read as erased, or as zero (a new disk's, or a file's, which `zero` says). */
static enum err look_blank(struct kvlog *s, uint64_t at, uint64_t len, bool *blank, bool *zero)
{
	while (len > 0) {
		uint32_t n = (uint32_t)MIN(len, (uint64_t)s->config.buffer_bytes);
		const uint8_t *p = s->config.buffer;
		enum err e = kvlog_read_flash(s, at, s->config.buffer, n);

		if (e != OK)
			return e;
		for (uint32_t i = 0; i < n; i++) {
			*blank = *blank && p[i] == 0xff;
			*zero = *zero && p[i] == 0;
		}
		at += n;
		len -= n;
	}
	return OK;
}

/*
 * Whether nobody has anything on the medium. A header that a loss of power has cut short, of the
 * first block of a store that was just being made, is nothing; that is never block 0, where others
 * have what they begin with. `first` is a block to make a store in, `erased` that it needs no
 * erasing.
 */
static enum err look_for_blank(struct kvlog *s, bool *nothing, uint32_t *first, bool *erased)
{
	uint32_t bytes = kvlog_block_bytes(s), n = MIN(bytes, (uint32_t)BLANK_BYTES);

	*erased = false;
	*first = 1;
	for (uint32_t i = 0; i < kvlog_blocks(s); i++) {
		bool blank = true, zero = true, header_blank = true, header_zero = true;
		uint64_t at = (uint64_t)i * bytes;
		enum err e = look_blank(s, at, s->room, &header_blank, &header_zero);

		if (e == ERR_IO && i > 0) {
			header_blank = header_zero = false;
			e = OK;
		}
		if (e == OK)
			e = look_blank(s, at + s->room, n - s->room, &blank, &zero);
		if (e != OK)
			return e;
		*nothing = (blank || zero) && (i > 0 || header_blank || header_zero);
		if (!*nothing)
			return OK;
		if (i > 0 && !*erased && blank && header_blank) {
			*erased = true;
			*first = i;
		}
	}
	return OK;
}

/* Makes an empty store whose first block is `first`. */
static enum err make(struct kvlog *s, uint32_t first, bool erased)
{
	uint32_t blocks = kvlog_blocks(s);

	if (s->config.read_only)
		return ERR_READONLY;
	memset(s->config.map, 0, KVLOG_MAP_BYTES(blocks));
	s->id = s->config.id;
	/* As if there were a block before, in which nothing is. */
	s->head = s->tail = first - 1;
	s->free_blocks = blocks;
	s->is_erased = erased;
	enum err e = kvlog_open_next(s, 0);
	kvlog_count_free(s);
	if (e == OK)
		e = kvlog_sync_flash(s);
	return kvlog_end_change(s, e);
}

/* Finds out which of the numbers of the window are blocks of the log. */
static enum err find_blocks(struct kvlog *s, const struct kvlog_header *head)
{
	struct kvlog_header h = *head;
	bool known = true; /* which block is before */

	kvlog_map_set(s, s->head, KVLOG_HOLE, false);
	for (uint64_t seq = s->head - 1; seq >= s->tail && seq > 0; seq--) {
		enum err e = ERR_DAMAGED;

		kvlog_map_set(s, seq, KVLOG_HOLE, true);
		if (known && seq > h.prev)
			continue;
		e = kvlog_header_of(s, seq, &h);
		known = e == OK;
		if (known)
			kvlog_map_set(s, seq, KVLOG_HOLE, false);
		else if (e == ERR_DAMAGED)
			s->stats.damaged++;
		else
			return e;
	}
	return OK;
}

static void set_tail(struct kvlog *s, uint64_t tail)
{
	if (tail < s->tail || tail > s->head)
		return;
	while (kvlog_map_get(s, tail, KVLOG_HOLE))
		tail++;
	s->tail = tail;
}

/* What records from `off` of the head on say of how much of it is safe. */
static enum err claim_behind(struct kvlog *s, uint32_t off, uint32_t *claim)
{
	struct kvlog_record r;

	*claim = 0;
	for (; off < kvlog_block_bytes(s); off += s->unit) {
		enum err e = kvlog_record_read(s, (struct kvlog_pos){s->head, off}, 0, &r);

		if (e == OK)
			*claim = MAX(*claim, MIN(r.claim, off));
		else if (e != ERR_DAMAGED && e != ERR_IO)
			return e;
	}
	return OK;
}

/* A record that may be cut short, or fail to be read for that: OK if it is whole. */
static enum err look_at(struct kvlog *s, struct kvlog_pos at, uint32_t room, uint64_t *tail,
			uint32_t *bytes)
{
	struct kvlog_record r;
	enum err e = kvlog_record_read(s, at, 0, &r);

	*bytes = 0;
	if (e != OK)
		return e == ERR_IO ? ERR_DAMAGED : e;
	if (r.bytes > room)
		return ERR_DAMAGED;
	*bytes = r.bytes;
	if (r.type == KVLOG_TAIL)
		*tail = load_le64(r.meta);
	e = kvlog_record_verify(s, &r);
	return e == ERR_IO ? ERR_DAMAGED : e;
}

/*
 * Finds the end of the log in the head, which is the only block where a loss of power can have left
 * something unfinished: the first record that is not whole, unless one behind it says that all was
 * safe there once. Takes the newest word on the tail along. `known`: where it ends, if a block that
 * was begun in vain says so; 0: nobody does.
 */
static enum err find_end(struct kvlog *s, const struct kvlog_header *head, uint32_t known)
{
	uint32_t off = s->room, bytes = 0, claim = known;
	uint32_t block_bytes = known > 0 ? known : kvlog_block_bytes(s);
	uint64_t tail = head->tail;
	enum err e = OK;
	bool asked = known > 0;

	if (head->carry > 0) {
		struct kvlog_pos at = {head->prev, head->prev_end};

		e = kvlog_map_get(s, at.seq, KVLOG_HOLE) || at.seq < s->tail
			    ? ERR_DAMAGED
			    : look_at(s, at, kvlog_block_bytes(s) - at.off + head->carry, &tail,
				      &bytes);
		if (e == ERR_DAMAGED) {
			e = asked ? OK : claim_behind(s, off + head->carry, &claim);
			asked = true;
			if (e == OK && claim < off + head->carry) {
				s->end = (struct kvlog_pos){s->head, off};
				s->broken = true;
				return OK;
			}
		}
		off += head->carry;
	}
	while (e == OK && off < block_bytes) {
		e = look_at(s, (struct kvlog_pos){s->head, off}, block_bytes - off, &tail, &bytes);
		if (e == ERR_DAMAGED && !asked) {
			asked = true;
			e = claim_behind(s, off + s->unit, &claim);
			if (e == OK)
				e = ERR_DAMAGED;
		}
		if (e == ERR_DAMAGED && off < claim) {
			e = OK;
			bytes = bytes > 0 ? bytes : s->unit;
		}
		if (e == OK)
			off += bytes;
	}
	s->end = (struct kvlog_pos){s->head, off};
	set_tail(s, tail);
	return e == ERR_DAMAGED ? OK : e;
}

/* Whether more can be programmed behind the end. */
static enum err look_behind_end(struct kvlog *s)
{
	bool blank = true, zero = true;
	uint64_t at = (s->head % kvlog_blocks(s)) * kvlog_block_bytes(s) + s->end.off;
	enum err e = look_blank(s, at, kvlog_block_bytes(s) - s->end.off, &blank, &zero);

	if (!blank || e == ERR_IO)
		s->broken = true;
	s->stats.torn += s->broken;
	return e == ERR_IO ? OK : e;
}

static enum err replay_all(struct kvlog *s)
{
	const struct kvlog_pos from = {s->tail, 0};

	s->n = 0;
	s->has_large = false;
	enum err e = kvlog_replay(s, from, false);
	if (e == OK && s->has_large)
		e = kvlog_replay(s, from, true);
	return e == OK ? kvlog_recount(s) : e;
}

/* Finds the blocks of the log, and its end: `known` as of find_end(). */
static enum err find_log(struct kvlog *s, const struct kvlog_header *head, uint32_t known)
{
	s->id = head->id;
	s->head = head->seq;
	s->tail = head->tail;
	s->broken = false;
	memset(s->config.map, 0, KVLOG_MAP_BYTES(kvlog_blocks(s)));
	/* Numbers in front of the first were never used. */
	enum err e = find_blocks(s, head);
	set_tail(s, s->tail);
	if (e == OK)
		e = find_end(s, head, known);
	if (e == OK && known == 0)
		return look_behind_end(s);
	s->broken = known < kvlog_block_bytes(s);
	s->stats.torn += s->broken;
	return e;
}

/*
 * A head in which nothing is whole is begun anew, even if it reads as erased: perhaps that has been
 * tried before, and the power went while it was half erased. Then the log ends in the block before,
 * as it did when the head was begun.
 */
static enum err go_back(struct kvlog *s, const struct kvlog_header *head)
{
	struct kvlog_header before;

	if (s->end.off != s->room || head->prev == 0)
		return OK;
	s->broken = true;
	if (head->prev < s->tail || kvlog_map_get(s, head->prev, KVLOG_HOLE))
		return OK;
	enum err e = kvlog_header_of(s, head->prev, &before);
	if (e == OK)
		e = find_log(s, &before, MAX(head->prev_end, s->room));
	return e == ERR_DAMAGED ? OK : e;
}

static enum err open_store(struct kvlog *s, const struct kvlog_header *head)
{
	enum err e = find_log(s, head, 0);

	if (e == OK)
		e = go_back(s, head);
	if (e == OK)
		e = replay_all(s);
	kvlog_count_free(s);
	s->epoch = head->epoch + 1;
	/* A block behind the newest header may have been begun, and failed ones passed over. */
	s->stale_until = head->seq + 1 + s->bad_blocks;
	/* What was found may still be on its way, if it was not the power that ended the last use.
	 */
	s->unsynced = true;
	if (e == OK && !s->config.read_only && !s->broken && kvlog_sync_flash(s) == OK)
		s->claim = s->end.off;
	return e == ERR_NOSPACE ? ERR_NOMEM : e;
}

/* Takes the configuration over, and finds out whether a store can be on such a medium. */
static enum err begin(struct kvlog *s, const struct kvlog_config *config)
{
	const struct flash *f = config->flash;
	uint32_t unit = MAX(f->program_bytes, 4u);

	*s = (struct kvlog){.config = *config, .unit = unit};
	kvlog_set_ops(s);
	if (f->blocks == 0)
		return ERR_NODEV;
	/* It may be what a file says of itself. */
	if (f->program_bytes == 0 || (f->program_bytes & (f->program_bytes - 1)) != 0)
		return ERR_UNSUPPORTED;
	s->room = ROUND_UP((uint32_t)KVLOG_HEADER_BYTES, unit);
	s->config.buffer_bytes = ROUND_DOWN(config->buffer_bytes, unit);
	if (f->blocks < KVLOG_BLOCKS_MIN || f->block_bytes < KVLOG_BLOCK_BYTES_MIN ||
	    f->block_bytes % unit != 0 || f->block_bytes / unit < 8 ||
	    flash_bytes(f) / unit > UINT32_MAX)
		return ERR_UNSUPPORTED;
	if (KVLOG_MAP_BYTES((size_t)f->blocks) > config->map_bytes ||
	    s->config.buffer_bytes < KVLOG_BUFFER_BYTES_MIN)
		return ERR_NOMEM;
	uint32_t most = f->block_bytes - s->room - KVLOG_RECORD_BYTES - KVLOG_VALUE_META -
			KV_KEY_BYTES_MAX - unit;
	if (config->piece_bytes > 0)
		most = MIN(most, config->piece_bytes);
	s->piece_bytes = MIN(most, (uint32_t)KVLOG_PIECE_BYTES_MAX);
	return OK;
}

static enum err mount(struct kvlog *s, const struct kvlog_config *config)
{
	struct found f;
	bool nothing = false, erased;
	uint32_t first;
	enum err e = begin(s, config);

	if (e == OK)
		e = look_at_headers(s, &f);
	if (e != OK)
		return e;
	if (f.other_version)
		return ERR_UNSUPPORTED;
	if (f.any)
		return open_store(s, &f.head);
	e = look_for_blank(s, &nothing, &first, &erased);
	if (e != OK)
		return e;
	if (nothing)
		return config->format ? make(s, first, erased) : ERR_NOTFOUND;
	if (f.other_geometry)
		return ERR_RANGE;
	return f.damaged ? ERR_DAMAGED : ERR_INVALID;
}

static enum err format(struct kvlog *s, const struct kvlog_config *config)
{
	struct kvlog_header h;
	enum err e = begin(s, config);

	if (e == OK && config->read_only)
		e = ERR_READONLY;
	/* Whatever could be taken for a part of a store, of this or another version. */
	for (uint32_t i = 0; e == OK && i < kvlog_blocks(s); i++) {
		if (kvlog_read_header(s, i, &h) == ERR_NOTFOUND)
			continue;
		e = flash_erase(config->flash, i);
		if (e == ERR_IO)
			e = OK;
	}
	if (e == OK)
		e = flash_sync(config->flash);
	return e == OK ? make(s, 1, false) : e;
}

enum err kvlog_mount(struct kvlog *s, const struct kvlog_config *config)
{
	enum err e = mount(s, config);

	return s->mounted = e;
}

enum err kvlog_format(struct kvlog *s, const struct kvlog_config *config)
{
	enum err e = format(s, config);

	return s->mounted = e;
}
