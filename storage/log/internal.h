/* SPDX-License-Identifier: ISC */
/*
 * What the sources of the store share. docs/STORAGE.md has the format that it speaks of.
 *
 * The *window* are the sequence numbers from the tail to the head; a block's place on the medium is
 * its number modulo their count. Numbers in the window that no block of the log has are *holes*
 * (bad blocks that were passed over). A record that ends in the next block *spans*; what lies of
 * it there is the block's *carry*.
 */
#ifndef STORAGE_LOG_INTERNAL_H
#define STORAGE_LOG_INTERNAL_H

#include "base/attr.h"
#include "base/bytes.h"
#include "storage/log/kvlog.h"

enum kvlog_type {
	KVLOG_VALUE = 1,
	KVLOG_LARGE = 2,
	KVLOG_REMOVED = 3,
	KVLOG_PIECE = 4,
	KVLOG_RETIRED = 5,
	KVLOG_TAIL = 6,
	KVLOG_TYPES
};

/* Spaces of keys in the index. */
enum kvlog_class { KVLOG_BY_KEY, KVLOG_BY_PIECE, KVLOG_BY_BLOCK, KVLOG_BY_ID };

enum {
	KVLOG_VERSION = 2,
	KVLOG_VERSION_MIN = 1,
	KVLOG_RECORD_BYTES = 20, /* of a record's header, without key and meta */
	KVLOG_VALUE_META = 16,
	KVLOG_LARGE_META = 36,
	KVLOG_TAIL_META = 8,
	KVLOG_PIECE_KEY = 12,
	KVLOG_BATCH_MAX = 65535,
};

/* The header of a block. */
struct kvlog_header {
	uint32_t version, block_bytes, blocks, unit;
	uint64_t id, seq;
	uint32_t epoch;      /* of two blocks the one with the greater, then with the greater
				seq, was begun later */
	uint64_t tail, prev; /* the tail and the block before, 0: none, when it was begun */
	uint32_t prev_end;   /* where the records that are whole end in the block before */
	uint32_t carry;
	uint32_t erases;
};

struct kvlog_record {
	struct kvlog_pos pos;
	uint8_t type, key_len;
	uint16_t index, left; /* in its batch: records before and after */
	uint32_t claim;       /* this block is synced up to here */
	uint32_t body_len, body_crc;
	const uint8_t *key, *meta;
	uint32_t meta_len;
	uint32_t bytes; /* all of it, rounded up to units */
	/* To be appended: */
	const void *body;
	const struct kvlog_pos *body_at; /* instead, from there */
};

/* Of a VALUE or LARGE record. */
struct kvlog_meta {
	uint64_t version, modified_s, bytes;
	uint64_t id;          /* of pieces */
	uint32_t piece_bytes; /* 0: the bytes are in the record */
};

/* Goes through the records that begin in a block. */
struct kvlog_walk {
	uint64_t seq;
	uint32_t off, end;
	uint32_t carry; /* one more begins at `end`, of which so much is in the next block; 0: none
			 */
};

/* --- medium.c: blocks ------------------------------------------------------------------------ */

bool kvlog_map_get(const struct kvlog *s, uint64_t seq, unsigned bit);
void kvlog_map_set(struct kvlog *s, uint64_t seq, unsigned bit, bool on);
enum { KVLOG_HOLE, KVLOG_BAD };

static inline uint32_t kvlog_block_bytes(const struct kvlog *s)
{
	return s->config.flash->block_bytes;
}

static inline uint32_t kvlog_blocks(const struct kvlog *s)
{
	return s->config.flash->blocks;
}

/* Bytes of a block that records may take. */
static inline uint32_t kvlog_payload(const struct kvlog *s)
{
	return kvlog_block_bytes(s) - s->room;
}

/* The block of the log that follows; 0: none. */
uint64_t kvlog_next(const struct kvlog *s, uint64_t seq);
/* The position `n` bytes on, n less than a block. */
struct kvlog_pos kvlog_pos_add(const struct kvlog *s, struct kvlog_pos at, uint32_t n);
uint32_t kvlog_place(const struct kvlog *s, struct kvlog_pos at);
struct kvlog_pos kvlog_pos_of(const struct kvlog *s, uint32_t place);
/* As flash_read(). What fails for other reasons than a bad place may work the second time. */
MUST_USE enum err kvlog_read_flash(struct kvlog *s, uint64_t at, void *out, uint32_t len);
/* Reads across the end of a block. */
MUST_USE enum err kvlog_read(struct kvlog *s, struct kvlog_pos at, void *out, uint32_t len);
/*
 * Reads the header on block `block` of the medium. ERR_NOTFOUND: there is none; ERR_DAMAGED: its
 * CRC is wrong; ERR_UNSUPPORTED: its version.
 */
MUST_USE enum err kvlog_read_header(struct kvlog *s, uint32_t block, struct kvlog_header *out);
/* Reads the header of a block of the log. ERR_DAMAGED also if another block is there. */
MUST_USE enum err kvlog_header_of(struct kvlog *s, uint64_t seq, struct kvlog_header *out);
/* Whether the places in it are some. */
bool kvlog_header_is_sane(const struct kvlog *s, const struct kvlog_header *h);
/* Whether a new head can be begun, as far as is known. */
bool kvlog_can_open(const struct kvlog *s);
/* Begins a new head; `carry` bytes of the record under way go there. ERR_NOSPACE. */
MUST_USE enum err kvlog_open_next(struct kvlog *s, uint32_t carry);
/* Erases a block that is to have this number, and tells how often that was done. */
MUST_USE enum err kvlog_erase(struct kvlog *s, uint64_t seq, uint32_t *erases);
MUST_USE enum err kvlog_write_header(struct kvlog *s, const struct kvlog_header *h);
/* A block has failed: it counts as bad if the change succeeds elsewhere. False: too many have. */
MUST_USE bool kvlog_suspect(struct kvlog *s, uint64_t seq);
void kvlog_unsuspect(struct kvlog *s);
void kvlog_count_free(struct kvlog *s);
bool kvlog_in_window(const struct kvlog *s, uint32_t block);
MUST_USE enum err kvlog_sync_flash(struct kvlog *s);

/* --- record.c -------------------------------------------------------------------------------- */

/* Reads header, key and meta to s->probe[buffer]. ERR_DAMAGED: there is no record. */
MUST_USE enum err kvlog_record_read(struct kvlog *s, struct kvlog_pos at, unsigned buffer,
				    struct kvlog_record *r);
/* The CRC of the bytes. ERR_DAMAGED. */
MUST_USE enum err kvlog_record_verify(struct kvlog *s, const struct kvlog_record *r);
/* Writes the 20 bytes of the header of `r`, which begins at r->pos. */
void kvlog_record_emit(const struct kvlog *s, const struct kvlog_record *r,
		       uint8_t out[KVLOG_RECORD_BYTES]);
uint32_t kvlog_record_bytes(const struct kvlog *s, uint32_t key_len, uint32_t meta_len,
			    uint32_t body_len);
struct kvlog_pos kvlog_body_pos(const struct kvlog *s, const struct kvlog_record *r);
struct kvlog_meta kvlog_meta_of(const struct kvlog_record *r);
void kvlog_meta_emit(const struct kvlog_meta *m, uint8_t *out);

/* --- walk.c ---------------------------------------------------------------------------------- */

MUST_USE enum err kvlog_walk_begin(struct kvlog *s, uint64_t seq, struct kvlog_walk *w);
/* The next record, in s->probe[0]; ERR_EOF. What is damaged in between is counted. */
MUST_USE enum err kvlog_walk_next(struct kvlog *s, struct kvlog_walk *w, struct kvlog_record *r);

/* --- append.c -------------------------------------------------------------------------------- */

/* Appends a record and fills in its position and size. ERR_NOSPACE; the errors of the medium. */
MUST_USE enum err kvlog_append(struct kvlog *s, struct kvlog_record *r);
/* Notes the beginning of the log, or just what is synced. */
MUST_USE enum err kvlog_append_tail(struct kvlog *s, uint64_t tail);
/* Programs the records of the head again, in block `to`, where they become those of its number. */
MUST_USE enum err kvlog_copy_head(struct kvlog *s, uint64_t to, uint32_t carry);
/* Notes blocks that have failed. */
void kvlog_note_retired(struct kvlog *s);

/* --- index.c --------------------------------------------------------------------------------- */

uint64_t kvlog_hash(const struct kvlog *s, enum kvlog_class class, const void *key, size_t len);
/* The first entry of the index that is not before the hash. */
uint32_t kvlog_index_bound(const struct kvlog *s, uint32_t hash);
/*
 * Looks for a key's entry, and reads its record to s->probe[1]. ERR_NOTFOUND. An entry whose record
 * is damaged is passed over.
 */
MUST_USE enum err kvlog_find(struct kvlog *s, enum kvlog_class class, const void *key, size_t len,
			     struct kvlog_record *r);
/* The entry with this hash and place; NULL. */
struct kvlog_entry *kvlog_index_at(struct kvlog *s, uint64_t hash, uint32_t place);
/* Adds an entry; ERR_NOSPACE. */
MUST_USE enum err kvlog_index_add(struct kvlog *s, uint64_t hash, uint32_t place);
void kvlog_index_remove(struct kvlog *s, uint64_t hash, uint32_t place);
enum kvlog_class kvlog_class_of(const struct kvlog_record *r);

/* --- replay.c: what a record means ----------------------------------------------------------- */

/* Takes a record that is on the medium into the index; its key is not in s->probe[1]. */
MUST_USE enum err kvlog_apply(struct kvlog *s, const struct kvlog_record *r);
/* Forgets the pieces of a value, and the entry of the record that lists them. */
MUST_USE enum err kvlog_forget_pieces(struct kvlog *s, const struct kvlog_meta *m, uint32_t place);
/* Applies all records from a position to the end. `pieces`: only those, else all others. */
MUST_USE enum err kvlog_replay(struct kvlog *s, struct kvlog_pos from, bool pieces);
/* Counts anew what is live. */
MUST_USE enum err kvlog_recount(struct kvlog *s);

/* --- collect.c ------------------------------------------------------------------------------- */

/* Makes room for `bytes` of records, and leaves the reserve. ERR_NOSPACE. */
MUST_USE enum err kvlog_make_room(struct kvlog *s, uint64_t bytes);
/* The same for what frees more than it takes, for which the reserve is there, too. */
MUST_USE enum err kvlog_make_room_to_remove(struct kvlog *s, uint64_t bytes);
/* Whether `more` bytes fit where `less` go. */
bool kvlog_has_capacity(const struct kvlog *s, uint64_t more, uint64_t less);

/* --- settle.c -------------------------------------------------------------------------------- */

/* Takes back what a loss of power or a failure has left of the head unusable. */
MUST_USE enum err kvlog_settle(struct kvlog *s);

/* --- store.c --------------------------------------------------------------------------------- */

void kvlog_set_ops(struct kvlog *s);

/* --- value.c, batch.c, list.c, writer.c: calls of hal/kv.h ------------------------------------ */

uint64_t kvlog_version(uint64_t so_far, const void *bytes, size_t len);
enum { KVLOG_VERSION_NONE = 0 };
uint64_t kvlog_now_s(const struct kvlog *s);
MUST_USE enum err kvlog_begin_change(struct kvlog *s, const char *key, size_t key_len);
/* Places may be others now, and blocks that failed under way are bad if all went well elsewhere. */
void kvlog_settle_suspects(struct kvlog *s, enum err e);
/* Ends a change in that way; what it ended with. */
enum err kvlog_end_change(struct kvlog *s, enum err e);
MUST_USE enum err kvlog_put_small(struct kvlog *s, const char *key, size_t key_len,
				  const void *bytes, size_t len, uint64_t version);
MUST_USE enum err kvlog_put_piece(struct kvlog *s, uint64_t id, uint32_t i, const void *bytes,
				  size_t len);
MUST_USE enum err kvlog_put_large(struct kvlog *s, const char *key, size_t key_len,
				  const struct kvlog_meta *m);
/* Unique: of pieces that are appended from now on. */
uint64_t kvlog_new_id(const struct kvlog *s);

MUST_USE enum err kvlog_stat(struct kv *kv, const char *key, size_t key_len, struct kv_info *out);
ssize_t kvlog_get_bytes(struct kv *kv, const char *key, size_t key_len, uint64_t offset, void *out,
			size_t len);
enum err kvlog_set(struct kv_rw *kv, const char *key, size_t key_len, const void *bytes,
		   size_t len);
enum err kvlog_remove(struct kv_rw *kv, const char *key, size_t key_len);
enum err kvlog_rename(struct kv_rw *kv, const char *from, size_t from_len, const char *to,
		      size_t to_len);
enum err kvlog_batch(struct kv_rw *kv, const struct kv_change *changes, unsigned n);
enum err kvlog_list(struct kv *kv, const char *folder, size_t folder_len, struct kv_cursor *cursor,
		    struct kv_entry *out);
enum err kvlog_writer_open(struct kv_rw *kv, struct kv_writer *w, const char *key, size_t key_len);
enum err kvlog_writer_append(struct kv_writer *w, const void *bytes, size_t len);
enum err kvlog_writer_close(struct kv_writer *w, bool keep);

static inline struct kvlog *kvlog_of(struct kv *kv)
{
	return container_of(kv, struct kvlog, rw.kv);
}

static inline struct kvlog *kvlog_of_rw(struct kv_rw *kv)
{
	return container_of(kv, struct kvlog, rw);
}

#endif
