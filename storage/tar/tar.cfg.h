/* SPDX-License-Identifier: ISC */
/* The files of a tar archive on a disk. */
#ifndef STORAGE_TAR_CFG_H
#define STORAGE_TAR_CFG_H

#include <fata/module.h>

#include "runtime/heap/heap.cfg.h"

struct tar_options {
	unsigned files;      /* more are an error of the mount */
	unsigned name_bytes; /* of all names; 0: 48 for each file */
};

static inline kv_t tar_files(disk_t disk, const struct tar_options *o)
{
	enum { FILES_MAX = 16384, NAME_BYTES = 48, NAME_BYTES_MAX = 1 << 22, FILE_BYTES = 32 };
	const unsigned name_bytes = o->name_bytes != 0 ? o->name_bytes : o->files * NAME_BYTES;

	if (o->files < 1 || o->files > FILES_MAX)
		fata_fault("a tar archive of %u files: expected 1 to %u", o->files, FILES_MAX);
	if (name_bytes > NAME_BYTES_MAX)
		fata_fault("a tar archive with names of %u bytes: expected %u at most", name_bytes,
			   NAME_BYTES_MAX);
	const struct fata_spec spec = {
		.kind = "tar",
		.about = "files of a tar archive",
		.signature = &fata_signature_kv,
		.modules = "storage/tar",
		.headers = "base/attr.h runtime/heap/heap.h storage/tar/tar.h",
		.state = "static struct tar $self;",
		.value = "&$self.kv",
		/* Without an archive there are no files, and each call says so: an image starts. */
		.start = fata_text(
			"const struct tar_room room = {\n"
			"\t.files = memory_take(\"tar index\", 8, %u * sizeof(struct tar_file)),\n"
			"\t.files_max = %u,\n"
			"\t.names = memory_take(\"tar names\", 1, %u),\n"
			"\t.names_max = %u,\n"
			"\t.sector = memory_take(\"tar sector\", CACHE_LINE_BYTES, "
			"TAR_SECTOR_BYTES_MAX),\n"
			"};\n"
			"(void)!tar_mount(&$self, $disk, &room);\n"
			"return OK;",
			o->files, o->files, name_bytes, name_bytes),
		.ram_bytes = (uint64_t)o->files * FILE_BYTES + name_bytes + 4096,
		.ram_use = "index",
	};
	return (kv_t){
		fata_device(&spec, NULL, FATA_USES({"disk", disk.node}, {"heap", fata_heap()}))};
}

#define TAR_DEFAULTS .files = 256, .name_bytes = 0
#define tar_files(DISK, ...)                                                                       \
	FATA_HERE(tar_files((DISK), &(const struct tar_options){TAR_DEFAULTS, __VA_ARGS__}))

FATA_OFFERS(tar_files, "kv_t tar_files(disk_t disk, " FATA_TEXT_OF(TAR_DEFAULTS) ")",
	    "the files of a tar archive, which begins with the disk's first sector")

#endif
