/* SPDX-License-Identifier: ISC */
/* A disk as flash memory. */
#ifndef STORAGE_FLASH_DISK_CFG_H
#define STORAGE_FLASH_DISK_CFG_H

#include <fata/module.h>

struct flash_over_options {
	unsigned
		block_bytes; /* of an erase block: a multiple of 4096, so that any sector will do */
};

static inline flash_t flash_over(disk_t disk, const struct flash_over_options *o)
{
	enum { MULTIPLE_OF = 4096 };
	const struct fata_spec spec = {
		.kind = "flashdisk",
		.about = "disk as flash memory",
		.signature = &fata_signature_flash,
		.modules = "storage/flash_disk",
		.headers = "storage/flash_disk/flash_disk.h",
		.state = "static struct flash_disk $self;",
		.value = "&$self.flash",
		.start = fata_text("flash_disk_init(&$self, $disk, %u);\nreturn OK;",
				   o->block_bytes),
	};

	if (o->block_bytes == 0 || o->block_bytes % MULTIPLE_OF != 0)
		fata_fault("erase blocks of %u bytes: expected a multiple of %u", o->block_bytes,
			   MULTIPLE_OF);
	return (flash_t){fata_device(&spec, NULL, FATA_USES({"disk", disk.node}))};
}

#define FLASH_OVER_DEFAULTS .block_bytes = 65536
#define FLASH_OVER_OPTIONS(...)                                                                    \
	(&(const struct flash_over_options){FLASH_OVER_DEFAULTS, __VA_ARGS__})
#define flash_over(DISK, ...) FATA_HERE(flash_over((DISK), FLASH_OVER_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(flash_over, "flash_t flash_over(disk_t disk, " FATA_TEXT_OF(FLASH_OVER_DEFAULTS) ")",
	    "a disk as flash memory, for stores that are written for that")

#endif
