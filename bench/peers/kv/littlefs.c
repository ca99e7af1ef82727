/* SPDX-License-Identifier: ISC */
/* littlefs 2, with a file for each key and the same memory for what is programmed at once. */
#include "lfs2.h"

#include "bench/peers/kv/store.h"

enum { CACHE_BYTES = 512, BLOCK_CYCLES = 500 };

static lfs2_t fs;
static struct lfs2_config config;

static struct flash *flash_of(const struct lfs2_config *c)
{
	return c->context;
}

static int result(enum err e)
{
	return e == OK ? LFS2_ERR_OK : LFS2_ERR_IO;
}

static int read_block(const struct lfs2_config *c, lfs2_block_t block, lfs2_off_t off, void *out,
		      lfs2_size_t len)
{
	return result(flash_read(flash_of(c), (uint64_t)block * c->block_size + off, out, len));
}

static int program(const struct lfs2_config *c, lfs2_block_t block, lfs2_off_t off,
		   const void *bytes, lfs2_size_t len)
{
	return result(
		flash_program(flash_of(c), (uint64_t)block * c->block_size + off, bytes, len));
}

static int erase(const struct lfs2_config *c, lfs2_block_t block)
{
	return result(flash_erase(flash_of(c), block));
}

static int sync_all(const struct lfs2_config *c)
{
	return result(flash_sync(flash_of(c)));
}

bool store_format(struct flash_memory *flash)
{
	static uint8_t reads[CACHE_BYTES], programs[CACHE_BYTES];
	static uint32_t lookahead[16];

	config = (struct lfs2_config){.context = &flash->flash,
				      .read = read_block,
				      .prog = program,
				      .erase = erase,
				      .sync = sync_all,
				      .read_size = flash->flash.program_bytes,
				      .prog_size = flash->flash.program_bytes,
				      .block_size = flash->flash.block_bytes,
				      .block_count = flash->flash.blocks,
				      .block_cycles = BLOCK_CYCLES,
				      .cache_size = CACHE_BYTES,
				      .lookahead_size = sizeof(lookahead),
				      .read_buffer = reads,
				      .prog_buffer = programs,
				      .lookahead_buffer = lookahead};
	return lfs2_format(&fs, &config) == LFS2_ERR_OK && lfs2_mount(&fs, &config) == LFS2_ERR_OK;
}

bool store_mount(void)
{
	return lfs2_unmount(&fs) == LFS2_ERR_OK && lfs2_mount(&fs, &config) == LFS2_ERR_OK;
}

bool store_set(const char *key, const void *bytes, size_t len)
{
	static uint8_t cache[CACHE_BYTES];
	const struct lfs2_file_config c = {.buffer = cache};
	lfs2_file_t file;

	if (lfs2_file_opencfg(&fs, &file, key, LFS2_O_WRONLY | LFS2_O_CREAT | LFS2_O_TRUNC, &c) !=
	    LFS2_ERR_OK)
		return false;
	bool done = lfs2_file_write(&fs, &file, bytes, len) == (lfs2_ssize_t)len;
	/* Closing is what makes it safe. */
	return lfs2_file_close(&fs, &file) == LFS2_ERR_OK && done;
}

bool store_get(const char *key, void *out, size_t len)
{
	static uint8_t cache[CACHE_BYTES];
	const struct lfs2_file_config c = {.buffer = cache};
	lfs2_file_t file;

	if (lfs2_file_opencfg(&fs, &file, key, LFS2_O_RDONLY, &c) != LFS2_ERR_OK)
		return false;
	bool done = lfs2_file_read(&fs, &file, out, len) == (lfs2_ssize_t)len;
	return lfs2_file_close(&fs, &file) == LFS2_ERR_OK && done;
}
