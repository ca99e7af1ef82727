/* SPDX-License-Identifier: ISC */
/* A store for settings, in flash memory or on a disk. */
#ifndef STORAGE_LOG_LOG_CFG_H
#define STORAGE_LOG_LOG_CFG_H

#include <fata/module.h>

#include "hal/board.cfg.h"
#include "runtime/heap/heap.cfg.h"
#include "runtime/random/random.cfg.h"

struct log_store_options {
	unsigned keys;         /* entries of the index */
	unsigned blocks;       /* of the flash, at most */
	unsigned buffer_bytes; /* that are programmed at once */
	unsigned piece_bytes;  /* larger values are several records */
	bool writer;           /* values that come piece by piece: takes a piece's memory */
	bool format;           /* a blank medium is made a store */
};

static inline kv_rw_t log_store(flash_t flash, const struct log_store_options *o)
{
	enum { KEYS_MAX = 65536, BLOCKS_MAX = 65536, PIECE_MIN = 256, PIECE_MAX = 4096 };

	if (o->keys < 8 || o->keys > KEYS_MAX)
		fata_fault("a store of %u keys: expected 8 to %u", o->keys, KEYS_MAX);
	if (o->blocks < 6 || o->blocks > BLOCKS_MAX)
		fata_fault("a store of %u blocks: expected 6 to %u", o->blocks, BLOCKS_MAX);
	if (o->buffer_bytes < 64 || o->buffer_bytes > PIECE_MAX || o->buffer_bytes % 64 != 0)
		fata_fault("a buffer of %u bytes: expected a multiple of 64, up to %u",
			   o->buffer_bytes, PIECE_MAX);
	if (o->piece_bytes < PIECE_MIN || o->piece_bytes > PIECE_MAX)
		fata_fault("pieces of %u bytes: expected %u to %u", o->piece_bytes, PIECE_MIN,
			   PIECE_MAX);
	const unsigned writer_bytes = o->writer ? o->piece_bytes : 0;
	const struct fata_spec spec = {
		.kind = "store",
		.about = "log-structured store",
		.signature = &fata_signature_kv_rw,
		.modules = "storage/log",
		.headers = "base/wall_clock.h runtime/heap/heap.h runtime/time.h "
			   "storage/log/kvlog.h",
		.state = "static struct kvlog $self;",
		.value = "&$self.rw",
		.start = fata_text(
			"static struct kvlog_clock clock = {.now_us = time_now_us};\n"
			"const struct kvlog_config config = {\n"
			"\t.flash = $flash,\n"
			"\t.index = memory_take(\"store index\", 8, %u * sizeof(struct kvlog_entry)),\n"
			"\t.index_len = %u,\n"
			"\t.map = memory_take(\"store map\", 1, KVLOG_MAP_BYTES(%u)),\n"
			"\t.map_bytes = KVLOG_MAP_BYTES(%u),\n"
			"\t.buffer = memory_take(\"store buffer\", CACHE_LINE_BYTES, %u),\n"
			"\t.buffer_bytes = %u,\n"
			"%s"
			"\t.piece_bytes = %u,\n"
			"\t.format = %s,\n"
			"};\n"
			"clock.wall = $wall;\n"
			"kvlog_start(&$self, &config, $rng, &clock);\n"
			"return OK;",
			o->keys, o->keys, o->blocks, o->blocks, o->buffer_bytes, o->buffer_bytes,
			o->writer ? fata_text("\t.piece = memory_take(\"store piece\", 8, %u),\n",
					      o->piece_bytes)
				  : "",
			o->piece_bytes, o->format ? "true" : "false"),
		.ram_bytes = (uint64_t)o->keys * 8 + (o->blocks + 3) / 4 + o->buffer_bytes +
			     writer_bytes,
		.ram_use = "index and buffers",
	};
	return (kv_rw_t){fata_device(&spec, NULL,
				     FATA_USES({"flash", flash.node}, {"heap", fata_heap()},
					       {"rng", (default_rng)().node},
					       {"wall", (wall_clock)().node}))};
}

#define LOG_STORE_DEFAULTS                                                                         \
	.keys = 256, .blocks = 1024, .buffer_bytes = 512, .piece_bytes = 4096, .writer = true,     \
	.format = true
#define log_store(FLASH, ...)                                                                      \
	FATA_HERE(log_store((FLASH),                                                               \
			    &(const struct log_store_options){LOG_STORE_DEFAULTS, __VA_ARGS__}))

FATA_OFFERS(log_store, "kv_rw_t log_store(flash_t flash, " FATA_TEXT_OF(LOG_STORE_DEFAULTS) ")",
	    "a key-value store in flash memory that survives a loss of power: for settings")

#endif
