/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#define LOG_MODULE "file"
#include "drivers/block/file/file_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { SECTOR_BYTES = 512, BATCH_MAX = 16 }; /* requests of one poll */

static struct file_disk *of(struct block *b)
{
	return container_of(b, struct file_disk, block);
}

static struct block_request *take(struct file_disk *d)
{
	struct list *node = list_pop_front(&d->queue);

	return node != NULL ? list_entry(node, struct block_request, node) : NULL;
}

static void stop(struct block *b)
{
	struct file_disk *d = of(b);
	struct block_request *r;

	b->sectors = 0; /* so that nothing is submitted meanwhile */
	while ((r = take(d)) != NULL)
		r->done(r, ERR_CLOSED);
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

static enum err refuse(struct block *b, const char *why)
{
	log_error("%s: %s: %s", b->name, of(b)->path, why);
	stop(b);
	return ERR_NODEV;
}

static enum err start(struct block *b)
{
	struct file_disk *d = of(b);
	off_t bytes;

	stop(b);
	d->fd = open(d->path, O_RDWR | O_CLOEXEC);
	b->read_only = d->fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM);
	if (b->read_only)
		d->fd = open(d->path, O_RDONLY | O_CLOEXEC);
	if (d->fd < 0)
		return refuse(b, errno == ENOENT
					 ? "there is no such file; truncate -s 16M FILE makes one"
					 : strerror(errno));
	bytes = lseek(d->fd, 0, SEEK_END);
	if (bytes < SECTOR_BYTES)
		return refuse(b, "that is no file of 512 bytes or more");
	b->sectors = (uint64_t)bytes / SECTOR_BYTES;
	log_info("%s: %llu MiB%s, %s", b->name, (unsigned long long)(b->sectors >> 11),
		 b->read_only ? ", read-only" : "", d->path);
	return OK;
}

static enum err submit(struct block *b, struct block_request *r)
{
	list_push_back(&of(b)->queue, &r->node);
	waker_wake(&b->waker);
	return OK;
}

/* All of it, however the system cuts it. A file that has become shorter has lost a sector. */
static enum err move_run(const struct file_disk *d, bool in, uint8_t *memory, size_t len, off_t at)
{
	while (len > 0) {
		ssize_t n = in ? pread(d->fd, memory, len, at) : pwrite(d->fd, memory, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_IO;
		memory += n;
		len -= (size_t)n;
		at += n;
	}
	return OK;
}

static enum err move(const struct file_disk *d, const struct block_request *r)
{
	off_t at = (off_t)(r->sector * SECTOR_BYTES);
	enum err e = OK;
	uint32_t run;

	for (uint32_t i = 0; i < r->count && e == OK; i += run) {
		uint8_t *memory = block_request_memory(r, SECTOR_BYTES, i, &run);
		size_t len = (size_t)run * SECTOR_BYTES;

		e = move_run(d, r->op == BLOCK_READ, memory, len, at);
		at += (off_t)len;
	}
	return e;
}

/* A hole reads as zeroes. */
static enum err make_hole(const struct file_disk *d, const struct block_request *r)
{
	off_t at = (off_t)(r->sector * SECTOR_BYTES), len = (off_t)r->count * SECTOR_BYTES;

	if (len == 0 || fallocate(d->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, len) == 0)
		return OK;
	return errno == EOPNOTSUPP ? ERR_UNSUPPORTED : ERR_IO;
}

static enum err perform(const struct file_disk *d, const struct block_request *r)
{
	if (block_is_transfer(r))
		return move(d, r);
	if (r->op != BLOCK_FLUSH)
		return make_hole(d, r);
	return d->block.read_only || fdatasync(d->fd) == 0 ? OK : ERR_IO;
}

static uint64_t poll(struct block *b, uint64_t now_us)
{
	struct file_disk *d = of(b);
	struct block_request *r;

	for (unsigned i = 0; i < BATCH_MAX && (r = take(d)) != NULL; i++)
		r->done(r, perform(d, r));
	return list_empty(&d->queue) ? UINT64_MAX : now_us; /* others first */
}

struct block *file_disk_init(struct file_disk *d, const char *path, const char *name)
{
	static const struct block_ops ops = {
		.start = start, .stop = stop, .submit = submit, .poll = poll};

	*d = (struct file_disk){
		.block = {.ops = &ops,
			  .name = name,
			  .sector_bytes = SECTOR_BYTES,
			  .limits = {.discard_max = UINT32_MAX,
				     .zero_max = UINT32_MAX,
				     .any_memory = true}},
		.path = path,
		.fd = -1,
	};
	list_init(&d->queue);
	return &d->block;
}
