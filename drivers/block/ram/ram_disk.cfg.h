/* SPDX-License-Identifier: ISC */
/* A disk in memory. */
#ifndef DRIVERS_BLOCK_RAM_CFG_H
#define DRIVERS_BLOCK_RAM_CFG_H

#include <fata/module.h>

#include "runtime/loop/loop.cfg.h"

static inline block_t ram_disk(uint64_t bytes)
{
	const struct fata_spec spec = {
		.kind = "ramdisk",
		.about = fata_text("disk of %llu bytes in memory", (unsigned long long)bytes),
		.signature = &fata_signature_block,
		.modules = "drivers/block/ram runtime/heap",
		.headers = "drivers/block/ram/ram_disk.h runtime/heap/heap.h",
		.state = "static struct ram_disk $self;",
		.value = "&$self.block",
		.start = fata_text("void *memory = memory_take($name, CACHE_LINE_BYTES, %lluu);\n"
				   "memset(memory, 0, %lluu);\n"
				   "ram_disk_init(&$self, memory, %lluu, $name)->waker = $waker;\n"
				   "return OK;",
				   (unsigned long long)bytes, (unsigned long long)bytes,
				   (unsigned long long)bytes),
		.stop = "block_stop(&$self.block);",
		.poll = "block_poll(&$self.block, now_us)",
		.own_task = true,
		.ram_bytes = bytes,
		.ram_use = "disk in memory",
	};
	if (bytes < 512)
		fata_fault("a disk of %llu bytes: expected 512 at least",
			   (unsigned long long)bytes);
	return (block_t){fata_device(&spec, NULL, FATA_USES({"loop", fata_loop()}))};
}
#define ram_disk(BYTES) FATA_HERE(ram_disk(BYTES))

FATA_OFFERS(ram_disk, "block_t ram_disk(uint64_t bytes)",
	    "a disk in memory, all zero when the image starts")

#endif
