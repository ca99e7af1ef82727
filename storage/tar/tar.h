/* SPDX-License-Identifier: ISC */
/*
 * The files of a tar archive as a key-value store to read (hal/kv.h): ustar (POSIX.1-2017, pax,
 * "ustar Interchange Format"), its extended headers, the archives of before, and GNU's long names
 * and large numbers.
 *
 * The archive lies on a disk from its first sector, or in memory. It is walked once, at the mount,
 * and an index of its files made in memory that the caller gives; archives on a disk are read when
 * somebody asks, and their calls wait as the disk does. In memory values are lent, without a copy,
 * as long as the archive lives, and nothing waits. Of several members with one name the last
 * counts. A leading "./" of a name does not; what is no key afterwards (kv_key_is_valid()), and
 * what is neither a file, a hard link to one nor a folder, is left out and counted. Nothing that an
 * archive says is believed: sizes must lie in it, headers must have their checksum, and there may
 * be no more of them than the index makes plausible.
 *
 * One call at a time; no locks, no clock, no heap.
 */
#ifndef STORAGE_TAR_TAR_H
#define STORAGE_TAR_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "hal/disk.h"
#include "hal/kv.h"

enum {
	TAR_BLOCK_BYTES = 512,
	TAR_SECTOR_BYTES_MAX = 4096,
};

struct tar_file {
	uint64_t at, bytes; /* in the archive */
	uint64_t modified_s;
	uint32_t name_at; /* in the names */
	uint32_t name_len;
};

struct tar_stats {
	uint32_t headers;   /* seen */
	uint32_t left_out;  /* members that are no files, or whose names are no keys */
	uint32_t damaged;   /* mounts that ended with ERR_DAMAGED */
	uint32_t io_errors; /* reads that the disk failed */
};

/* What an index may take. */
struct tar_room {
	struct tar_file *files;
	unsigned files_max;
	char *names; /* of all files, one behind the other */
	size_t names_max;
	uint8_t *sector; /* TAR_SECTOR_BYTES_MAX, for an archive on a disk */
};

struct tar {
	struct kv kv;
	enum err state; /* what every call answers until a mount went well */
	struct disk *disk;
	const uint8_t *bytes; /* of an archive in memory */
	uint64_t size_bytes;  /* of the whole */
	struct tar_room room;
	unsigned n;       /* files, sorted by their names */
	size_t names_len; /* that are used */
	uint64_t sector;  /* that is in room.sector; UINT64_MAX: none */
	struct tar_stats stats;
};

/*
 * Mounts the archive on a disk, which must outlive it, as must the room. ERR_DAMAGED: a header or a
 * size that cannot be; ERR_NOMEM: more files, or longer names, than there is room for;
 * ERR_UNSUPPORTED: sectors of another size; the errors of the disk. Then every call answers that
 * error, and the log has told why. Waits as the disk does.
 */
MUST_USE enum err tar_mount(struct tar *t, struct disk *disk, const struct tar_room *room);

/* Mounts an archive of `len` bytes in memory, likewise borrowed. room->sector is not needed. */
MUST_USE enum err tar_mount_memory(struct tar *t, const void *bytes, size_t len,
				   const struct tar_room *room);

#endif
