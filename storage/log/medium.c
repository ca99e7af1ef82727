/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/crc32c.h"
#include "storage/log/internal.h"

/* Of sequence numbers: more erases than any medium bears, so that sums of them do not overflow. */
enum { SEQ_BITS = 40, EPOCH_BITS = 24 };

/* Blocks that are only used to put the head in order: kvlog_settle(). */
enum { SPARE_BLOCKS = 1 };

static const char magic[8] = {'f', 'a', 't', 'a', '.', 'l', 'o', 'g'};

bool kvlog_map_get(const struct kvlog *s, uint64_t seq, unsigned bit)
{
	uint32_t at = (uint32_t)(seq % kvlog_blocks(s)) * 2 + bit;

	return (s->config.map[at / 8] >> at % 8 & 1) != 0;
}

void kvlog_map_set(struct kvlog *s, uint64_t seq, unsigned bit, bool on)
{
	uint32_t at = (uint32_t)(seq % kvlog_blocks(s)) * 2 + bit;
	uint8_t mask = (uint8_t)(1 << at % 8);

	if (on)
		s->config.map[at / 8] |= mask;
	else
		s->config.map[at / 8] &= (uint8_t)~mask;
}

uint64_t kvlog_next(const struct kvlog *s, uint64_t seq)
{
	while (++seq <= s->head) {
		if (!kvlog_map_get(s, seq, KVLOG_HOLE))
			return seq;
	}
	return 0;
}

struct kvlog_pos kvlog_pos_add(const struct kvlog *s, struct kvlog_pos at, uint32_t n)
{
	uint32_t rest = kvlog_block_bytes(s) - at.off;

	if (n < rest)
		return (struct kvlog_pos){at.seq, at.off + n};
	return (struct kvlog_pos){kvlog_next(s, at.seq), s->room + n - rest};
}

static uint64_t address(const struct kvlog *s, struct kvlog_pos at)
{
	return (at.seq % kvlog_blocks(s)) * kvlog_block_bytes(s) + at.off;
}

uint32_t kvlog_place(const struct kvlog *s, struct kvlog_pos at)
{
	return (uint32_t)(address(s, at) / s->unit);
}

/* The number in the window (or before it) that a block of the medium has. */
static uint64_t seq_of(const struct kvlog *s, uint32_t block)
{
	uint32_t blocks = kvlog_blocks(s);

	return s->head - (s->head % blocks + blocks - block) % blocks;
}

struct kvlog_pos kvlog_pos_of(const struct kvlog *s, uint32_t place)
{
	uint32_t per_block = kvlog_block_bytes(s) / s->unit;

	return (struct kvlog_pos){seq_of(s, place / per_block), place % per_block * s->unit};
}

bool kvlog_in_window(const struct kvlog *s, uint32_t block)
{
	return s->head - seq_of(s, block) <= s->head - s->tail;
}

enum err kvlog_read_flash(struct kvlog *s, uint64_t at, void *out, uint32_t len)
{
	enum err e = flash_read(s->config.flash, at, out, len);

	return e == ERR_IO ? flash_read(s->config.flash, at, out, len) : e;
}

enum err kvlog_read(struct kvlog *s, struct kvlog_pos at, void *out, uint32_t len)
{
	uint8_t *p = out;

	while (len > 0) {
		/* A place beyond the last block, which only a damaged length leads to. */
		if (at.seq == 0)
			return ERR_DAMAGED;
		uint32_t n = MIN(len, kvlog_block_bytes(s) - at.off);
		enum err e = kvlog_read_flash(s, address(s, at), p, n);

		if (e != OK)
			return e;
		p += n;
		len -= n;
		at = kvlog_pos_add(s, at, n);
	}
	return OK;
}

static void emit_header(const struct kvlog_header *h, uint8_t out[KVLOG_HEADER_BYTES])
{
	memcpy(out, magic, sizeof(magic));
	store_le32(&out[8], h->version);
	store_le32(&out[12], h->block_bytes);
	store_le32(&out[16], h->blocks);
	store_le32(&out[20], h->unit);
	store_le64(&out[24], h->id);
	store_le64(&out[32], (uint64_t)h->epoch << SEQ_BITS | h->seq);
	store_le32(&out[40], (uint32_t)(h->seq - h->tail));
	store_le32(&out[44], h->prev > 0 ? (uint32_t)(h->seq - h->prev) : 0);
	store_le32(&out[48], h->prev_end);
	store_le32(&out[52], h->carry);
	store_le32(&out[56], h->erases);
	store_le32(&out[60], crc32c(0, out, 60));
}

static enum err parse_header(const uint8_t bytes[KVLOG_HEADER_BYTES], struct kvlog_header *h)
{
	if (memcmp(bytes, magic, sizeof(magic)) != 0)
		return ERR_NOTFOUND;
	if (load_le32(&bytes[60]) != crc32c(0, bytes, 60))
		return ERR_DAMAGED;
	uint64_t number = load_le64(&bytes[32]);

	*h = (struct kvlog_header){.version = load_le32(&bytes[8]),
				   .block_bytes = load_le32(&bytes[12]),
				   .blocks = load_le32(&bytes[16]),
				   .unit = load_le32(&bytes[20]),
				   .id = load_le64(&bytes[24]),
				   .seq = number & (((uint64_t)1 << SEQ_BITS) - 1),
				   .epoch = (uint32_t)(number >> SEQ_BITS),
				   .prev_end = load_le32(&bytes[48]),
				   .carry = load_le32(&bytes[52]),
				   .erases = load_le32(&bytes[56])};
	uint32_t tail = load_le32(&bytes[40]), prev = load_le32(&bytes[44]);

	if (h->version < KVLOG_VERSION_MIN || h->version > KVLOG_VERSION)
		return ERR_UNSUPPORTED;
	if (h->seq == 0 || tail >= h->seq || prev >= h->seq)
		return ERR_DAMAGED;
	h->tail = h->seq - tail;
	h->prev = prev > 0 ? h->seq - prev : 0;
	return OK;
}

bool kvlog_geometry(const uint8_t bytes[KVLOG_HEADER_BYTES], struct flash *out, uint32_t *block)
{
	struct kvlog_header h;

	if (parse_header(bytes, &h) != OK || h.blocks == 0)
		return false;
	*block = (uint32_t)(h.seq % h.blocks);
	out->blocks = h.blocks;
	out->block_bytes = h.block_bytes;
	out->program_bytes = h.unit;
	return true;
}

enum err kvlog_read_header(struct kvlog *s, uint32_t block, struct kvlog_header *out)
{
	uint8_t bytes[KVLOG_HEADER_BYTES];
	enum err e =
		kvlog_read_flash(s, (uint64_t)block * kvlog_block_bytes(s), bytes, sizeof(bytes));

	return e == OK ? parse_header(bytes, out) : e;
}

bool kvlog_header_is_sane(const struct kvlog *s, const struct kvlog_header *h)
{
	return h->prev_end % s->unit == 0 && h->prev_end <= kvlog_block_bytes(s) &&
	       h->carry % s->unit == 0 && h->carry <= kvlog_payload(s) &&
	       (h->carry == 0 || h->prev_end >= s->room);
}

enum err kvlog_header_of(struct kvlog *s, uint64_t seq, struct kvlog_header *out)
{
	enum err e = kvlog_read_header(s, (uint32_t)(seq % kvlog_blocks(s)), out);

	if (e == ERR_NOTFOUND || e == ERR_UNSUPPORTED)
		return ERR_DAMAGED;
	if (e == OK && (out->seq != seq || out->id != s->id || !kvlog_header_is_sane(s, out)))
		return ERR_DAMAGED;
	return e;
}

enum err kvlog_sync_flash(struct kvlog *s)
{
	if (!s->unsynced)
		return OK;
	enum err e = flash_sync(s->config.flash);

	if (e == OK)
		s->unsynced = false;
	return e;
}

bool kvlog_suspect(struct kvlog *s, uint64_t seq)
{
	uint32_t block = (uint32_t)(seq % kvlog_blocks(s));

	if (s->n_retire == ARRAY_SIZE(s->retire))
		return false;
	s->retire[s->n_retire++] = block;
	kvlog_map_set(s, block, KVLOG_BAD, true);
	s->bad_blocks++;
	if (!kvlog_in_window(s, block))
		s->free_blocks--;
	return true;
}

void kvlog_unsuspect(struct kvlog *s)
{
	while (s->n_retire > 0) {
		uint32_t block = s->retire[--s->n_retire];

		kvlog_map_set(s, block, KVLOG_BAD, false);
		s->bad_blocks--;
		if (!kvlog_in_window(s, block))
			s->free_blocks++;
	}
}

void kvlog_count_free(struct kvlog *s)
{
	s->free_blocks = 0;
	for (uint32_t i = 0; i < kvlog_blocks(s); i++)
		s->free_blocks += !kvlog_in_window(s, i) && !kvlog_map_get(s, i, KVLOG_BAD);
}

/*
 * A block that was begun under this number before, and given up, as when the power goes: where an
 * erase leaves what was there, its records would come back as soon as there is a header again.
 * ERR_EXISTS: so it is.
 */
static enum err look_for_stale(struct kvlog *s, uint64_t seq)
{
	struct kvlog_record r;
	struct kvlog_header h;
	enum err e = kvlog_header_of(s, seq, &h);

	if (e != ERR_DAMAGED)
		return e == OK || e == ERR_IO ? ERR_EXISTS : e;
	e = OK;
	for (uint32_t off = s->room; e == OK && off < kvlog_block_bytes(s); off += s->unit) {
		e = kvlog_record_read(s, (struct kvlog_pos){seq, off}, 1, &r);
		/* What cannot be read may be read again when it has been programmed. */
		if (e == OK || e == ERR_IO)
			return ERR_EXISTS;
		if (e == ERR_DAMAGED)
			e = OK;
	}
	return e;
}

/* Makes a block all 0xff, on a medium that does not do so when it erases. */
static enum err wipe(struct kvlog *s, uint64_t seq)
{
	uint32_t n, bytes = kvlog_block_bytes(s);
	enum err e = OK;

	memset(s->config.buffer, 0xff, s->config.buffer_bytes);
	for (uint32_t off = 0; e == OK && off < bytes; off += n) {
		n = MIN(bytes - off, s->config.buffer_bytes);
		e = flash_program(s->config.flash, address(s, (struct kvlog_pos){seq, off}),
				  s->config.buffer, n);
	}
	if (e == OK)
		e = flash_sync(s->config.flash);
	if (e == OK)
		e = flash_erase(s->config.flash, (uint32_t)(seq % kvlog_blocks(s)));
	return e == OK ? flash_sync(s->config.flash) : e;
}

enum err kvlog_erase(struct kvlog *s, uint64_t seq, uint32_t *erases)
{
	uint32_t block = (uint32_t)(seq % kvlog_blocks(s));
	struct kvlog_header h;

	if (kvlog_read_header(s, block, &h) == OK && h.erases < UINT32_MAX)
		s->erases_max = MAX(s->erases_max, h.erases + 1);
	else
		h.erases = s->erases_max;
	*erases = h.erases + 1;
	enum err e = s->is_erased ? OK : flash_erase(s->config.flash, block);
	s->is_erased = false;
	/* Who sees the header can rely on the erase. */
	if (e == OK)
		e = flash_sync(s->config.flash);
	if (e == OK && seq <= s->stale_until)
		e = look_for_stale(s, seq);
	return e == ERR_EXISTS ? wipe(s, seq) : e;
}

enum err kvlog_write_header(struct kvlog *s, const struct kvlog_header *h)
{
	uint8_t *bytes = s->config.buffer;
	enum err e = h->epoch >> EPOCH_BITS == 0 ? OK : ERR_NOSPACE;

	for (uint32_t done = 0; e == OK && done < s->room;) {
		uint32_t n = MIN(s->room - done, s->config.buffer_bytes);

		memset(bytes, 0xff, n);
		if (done == 0)
			emit_header(h, bytes);
		s->unsynced = true;
		e = flash_program(s->config.flash, address(s, (struct kvlog_pos){h->seq, done}),
				  bytes, n);
		done += n;
	}
	return e;
}

/* Erases a block and writes its header. ERR_IO: it has failed. */
static enum err begin_block(struct kvlog *s, uint64_t seq, uint32_t carry)
{
	struct kvlog_header h = {.version = KVLOG_VERSION,
				 .block_bytes = kvlog_block_bytes(s),
				 .blocks = kvlog_blocks(s),
				 .unit = s->config.flash->program_bytes,
				 .id = s->id,
				 .seq = seq,
				 .epoch = s->epoch,
				 /* The first begins the log. */
				 .tail = s->end.seq != 0 ? s->tail : seq,
				 .prev = s->end.seq,
				 .prev_end = s->end.off,
				 .carry = carry};
	enum err e = kvlog_erase(s, seq, &h.erases);

	return e == OK ? kvlog_write_header(s, &h) : e;
}

/*
 * The last free block is the spare. Who has just lost a block that has failed may have it: what is
 * moved there frees another.
 */
bool kvlog_can_open(const struct kvlog *s)
{
	return s->free_blocks > (s->n_retire == 0 ? SPARE_BLOCKS : 0);
}

/*
 * What is behind is synced first: so only in the head can anything be torn, and a block is erased
 * only when a record that is safe says that the log begins behind it.
 */
enum err kvlog_open_next(struct kvlog *s, uint32_t carry)
{
	enum err e = kvlog_sync_flash(s);
	uint64_t seq = s->head;

	while (e == OK) {
		if (++seq - s->tail >= kvlog_blocks(s) || !kvlog_can_open(s) ||
		    seq >> SEQ_BITS != 0)
			return ERR_NOSPACE;
		kvlog_map_set(s, seq, KVLOG_HOLE, true);
		if (kvlog_map_get(s, seq, KVLOG_BAD))
			continue;
		e = begin_block(s, seq, carry);
		if (e == OK)
			break;
		if (e == ERR_IO && kvlog_suspect(s, seq))
			e = OK;
	}
	if (e != OK)
		return e;
	kvlog_map_set(s, seq, KVLOG_HOLE, false);
	s->head = seq;
	kvlog_count_free(s);
	s->off = s->room;
	s->claim = 0;
	s->unclaimed = 0;
	s->broken = false;
	if (s->end.seq == 0)
		s->tail = seq;
	if (carry == 0)
		s->end = (struct kvlog_pos){seq, s->room};
	return OK;
}
