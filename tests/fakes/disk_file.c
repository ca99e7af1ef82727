/* SPDX-License-Identifier: ISC */
#include "tests/fakes/disk_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"

static struct disk_file *file_of(struct disk *d)
{
	return container_of(d, struct disk_file, disk);
}

static enum err file_read(struct disk *d, uint64_t sector, uint32_t count, void *out)
{
	struct disk_file *f = file_of(d);
	size_t bytes = (size_t)count * d->sector_bytes;

	f->reads++;
	f->read_sectors += count;
	return pread(f->fd, out, bytes, (off_t)(sector * d->sector_bytes)) == (ssize_t)bytes
		       ? OK
		       : ERR_IO;
}

static enum err file_write(struct disk *d, uint64_t sector, uint32_t count, const void *bytes)
{
	struct disk_file *f = file_of(d);
	size_t n = (size_t)count * d->sector_bytes;

	f->writes++;
	f->written_sectors += count;
	return pwrite(f->fd, bytes, n, (off_t)(sector * d->sector_bytes)) == (ssize_t)n ? OK
											: ERR_IO;
}

static enum err file_zero(struct disk *d, uint64_t sector, uint64_t count)
{
	void *zeroes = calloc(count, d->sector_bytes);
	enum err e = zeroes != NULL ? file_write(d, sector, (uint32_t)count, zeroes) : ERR_NOMEM;

	free(zeroes);
	return e;
}

static enum err file_discard(struct disk *d, uint64_t sector, uint64_t count)
{
	(void)d, (void)sector, (void)count;
	return OK;
}

static enum err file_flush(struct disk *d)
{
	file_of(d)->flushes++;
	return OK;
}

bool disk_file_open(struct disk_file *d, const char *path, uint32_t sector_bytes)
{
	static const struct disk_ops ops = {
		.read = file_read,
		.write = file_write,
		.zero = file_zero,
		.discard = file_discard,
		.flush = file_flush,
	};
	struct stat about;

	*d = (struct disk_file){.fd = open(path, O_RDWR | O_CLOEXEC)};
	if (d->fd < 0 || fstat(d->fd, &about) != 0)
		return false;
	d->disk = (struct disk){
		.ops = &ops,
		.name = "file",
		.sectors = (uint64_t)about.st_size / sector_bytes,
		.sector_bytes = sector_bytes,
	};
	return d->disk.sectors > 0;
}

void disk_file_close(struct disk_file *d)
{
	close(d->fd);
}
