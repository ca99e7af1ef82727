/* SPDX-License-Identifier: ISC */
#include "tools/fata/kv_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tools/fata/fata.h"

enum {
	BLOCKS_MAX = 1 << 24,
	BUFFER_BYTES = 65536,
	STEP_BYTES = 512, /* a block with a header begins on one */
};

static struct kv_image *image_of(struct flash *f)
{
	return container_of(f, struct kv_image, flash);
}

/* --- the file as flash memory ---------------------------------------------------------------- */

static bool write_all(struct kv_image *image, uint64_t at, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = pwrite(image->fd, bytes, len, (off_t)(image->base + at));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static bool read_all(const struct kv_image *image, uint64_t at, uint8_t *out, size_t len)
{
	while (len > 0) {
		ssize_t n = pread(image->fd, out, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
		out += n;
		len -= (size_t)n;
	}
	return true;
}

static enum err file_read_at(struct flash *f, uint64_t at, void *out, size_t len)
{
	struct kv_image *image = image_of(f);

	return read_all(image, image->base + at, out, len) ? OK : ERR_IO;
}

/* A full disk or a fault of it is none of one block, which others could stand in for. */
static enum err file_program(struct flash *f, uint64_t at, const void *bytes, size_t len)
{
	return write_all(image_of(f), at, bytes, len) ? OK : ERR_TIMEOUT;
}

static enum err file_erase(struct flash *f, uint32_t block)
{
	uint8_t blank[4096];

	memset(blank, 0xff, sizeof(blank));
	for (uint64_t at = 0; at < f->block_bytes; at += sizeof(blank)) {
		size_t n = MIN(sizeof(blank), (size_t)(f->block_bytes - at));

		if (!write_all(image_of(f), (uint64_t)block * f->block_bytes + at, blank, n))
			return ERR_TIMEOUT;
	}
	return OK;
}

static enum err file_sync(struct flash *f)
{
	return fsync(image_of(f)->fd) == 0 ? OK : ERR_TIMEOUT;
}

static const struct flash_ops file_ops = {
	.read = file_read_at, .program = file_program, .erase = file_erase, .sync = file_sync};

static uint64_t now_s(void *arg)
{
	(void)arg;
	return (uint64_t)time(NULL);
}

/* --- opening --------------------------------------------------------------------------------- */

static bool is_power_of_two(uint64_t n)
{
	return n > 0 && (n & (n - 1)) == 0;
}

/* Opens and locks the file. `flags` of open(). */
static bool open_file(struct kv_image *image, const char *path, int flags)
{
	struct stat about;

	*image = (struct kv_image){.path = path, .flash = {.ops = &file_ops, .name = path}};
	image->fd = open(path, flags | O_CLOEXEC, 0666);
	if (image->fd < 0 || fstat(image->fd, &about) != 0) {
		complain("%s: %s", path, strerror(errno));
		return false;
	}
	off_t end = lseek(image->fd, 0, SEEK_END);
	if ((!S_ISREG(about.st_mode) && !S_ISBLK(about.st_mode)) || end < 0) {
		complain("%s is no file that can hold a store", path);
		return false;
	}
	image->bytes = (uint64_t)end;
	if (flock(image->fd,
		  (flags & O_ACCMODE) == O_RDONLY ? LOCK_SH | LOCK_NB : LOCK_EX | LOCK_NB) != 0) {
		complain("another program is using %s", path);
		return false;
	}
	return true;
}

/* Memory for a store of this geometry. */
static bool configure(struct kv_image *image, bool writes)
{
	struct flash *f = &image->flash;
	struct kvlog_config *c = &image->config;

	if (f->blocks > BLOCKS_MAX || !is_power_of_two(f->program_bytes) ||
	    f->program_bytes > BUFFER_BYTES) {
		complain(
			"%s: a store of %u blocks of %u bytes, written in units of %u, is none that "
			"this program can handle",
			image->path, f->blocks, f->block_bytes, f->program_bytes);
		return false;
	}
	c->flash = f;
	c->index_len = (uint32_t)MIN(flash_bytes(f) / 20 + 64, (uint64_t)1 << 24);
	c->index = allocate(c->index_len * sizeof(*c->index));
	c->map_bytes = KVLOG_MAP_BYTES((size_t)f->blocks);
	c->map = allocate(c->map_bytes);
	c->buffer = allocate(BUFFER_BYTES);
	c->buffer_bytes = BUFFER_BYTES;
	c->now_s = now_s;
	c->read_only = !writes;
	if (getrandom(&c->id, sizeof(c->id), 0) != sizeof(c->id))
		c->id = (uint64_t)time(NULL);
	return true;
}

/* Looks for a block's header, and tells from it where the store is. False: there is none. */
static bool find_store(struct kv_image *image)
{
	uint8_t *piece = allocate(BUFFER_BYTES);
	bool found = false;

	for (uint64_t at = 0; !found && at < image->bytes; at += BUFFER_BYTES) {
		size_t n = (size_t)MIN((uint64_t)BUFFER_BYTES, image->bytes - at);

		if (!read_all(image, at, piece, n))
			break;
		for (size_t in = 0; !found && in + KVLOG_HEADER_BYTES <= n; in += STEP_BYTES) {
			struct flash f;
			uint32_t block;

			if (!kvlog_geometry(piece + in, &f, &block))
				continue;
			uint64_t before = (uint64_t)block * f.block_bytes;
			uint64_t all = (uint64_t)f.blocks * f.block_bytes;
			if (before > at + in || all > image->bytes - (at + in - before))
				continue;
			image->base = at + in - before;
			image->flash.blocks = f.blocks;
			image->flash.block_bytes = f.block_bytes;
			image->flash.program_bytes = f.program_bytes;
			found = true;
		}
	}
	free(piece);
	return found;
}

static bool complain_mount(const struct kv_image *image, enum err e)
{
	switch (e) {
	case ERR_DAMAGED:
		complain("the store in %s is damaged beyond use", image->path);
		break;
	case ERR_UNSUPPORTED:
		complain("the store in %s is of another version of Fata, or too small",
			 image->path);
		break;
	case ERR_NOMEM:
		complain("the store in %s has more keys than this program can handle", image->path);
		break;
	default:
		complain("the store in %s cannot be opened: %s", image->path, err_str(e));
	}
	return false;
}

bool kv_image_open(struct kv_image *image, const char *path, bool writes)
{
	if (!open_file(image, path, writes ? O_RDWR : O_RDONLY))
		return false;
	if (!find_store(image)) {
		complain("%s holds no store; 'fata kv %s format' makes one of a file", path, path);
		return false;
	}
	if (!configure(image, writes))
		return false;
	enum err e = kvlog_mount(&image->store, &image->config);
	return e == OK || complain_mount(image, e);
}

/* Fills a file that was made just now as an erased flash. */
static bool fill(struct kv_image *image, const struct kv_geometry *g)
{
	if (g->bytes == 0) {
		complain("%s does not exist: --size=256k says how large it is to be", image->path);
		return false;
	}
	image->bytes = g->bytes;
	image->flash.block_bytes = g->block_bytes;
	for (uint32_t i = 0; i < g->bytes / g->block_bytes; i++) {
		if (file_erase(&image->flash, i) != OK) {
			complain("%s: %s", image->path, strerror(errno));
			return false;
		}
	}
	return true;
}

static bool has_valid_size(const struct kv_image *image, const struct kv_geometry *g)
{
	uint64_t bytes = g->bytes != 0 ? g->bytes : image->bytes;

	if (bytes > image->bytes) {
		complain("%s has %llu bytes only", image->path, (unsigned long long)image->bytes);
		return false;
	}
	if (bytes % g->block_bytes != 0 || bytes / g->block_bytes < KVLOG_BLOCKS_MIN ||
	    bytes / g->block_bytes > BLOCKS_MAX) {
		complain(
			"a store has %u blocks at least, and these fill it: %llu bytes in blocks of "
			"%u do not do",
			KVLOG_BLOCKS_MIN, (unsigned long long)bytes, g->block_bytes);
		return false;
	}
	return true;
}

static bool format(struct kv_image *image, const struct kv_geometry *g)
{
	uint64_t bytes = g->bytes != 0 ? g->bytes : image->bytes;

	image->flash.blocks = (uint32_t)(bytes / g->block_bytes);
	image->flash.block_bytes = g->block_bytes;
	image->flash.program_bytes = g->unit;
	if (!configure(image, true))
		return false;
	enum err e = kvlog_mount(&image->store, &image->config);
	if (e != ERR_NOTFOUND && e != ERR_UNSUPPORTED && !g->force) {
		complain("%s holds %s; --force overwrites it", image->path,
			 e == OK ? "a store already" : "something");
		return false;
	}
	e = kvlog_format(&image->store, &image->config);
	if (e == ERR_UNSUPPORTED) {
		complain("blocks of %u bytes are too small for a store that is written in units of "
			 "%u",
			 g->block_bytes, g->unit);
		return false;
	}
	return e == OK || complain_mount(image, e);
}

bool kv_image_format(struct kv_image *image, const char *path, const struct kv_geometry *g)
{
	bool is_new = access(path, F_OK) != 0;

	if (!open_file(image, path, is_new ? O_RDWR | O_CREAT | O_EXCL : O_RDWR)) {
		if (is_new && image->fd >= 0)
			unlink(path);
		return false;
	}
	if ((!is_new || fill(image, g)) && has_valid_size(image, g) && format(image, g))
		return true;
	if (is_new)
		unlink(path);
	return false;
}

void kv_image_close(struct kv_image *image)
{
	if (image->fd >= 0)
		close(image->fd);
	free(image->config.index);
	free(image->config.map);
	free(image->config.buffer);
}
