/* SPDX-License-Identifier: ISC */
/* A disk in direct style over a block device: what stores are built over. */
#ifndef RUNTIME_DISK_CFG_H
#define RUNTIME_DISK_CFG_H

#include <fata/module.h>

/* Without a medium its driver has told so, and what is over it finds out when it asks. */
static inline disk_t disk_over(block_t block)
{
	static const struct fata_spec spec = {
		.kind = "blockdisk",
		.about = "disk in direct style",
		.signature = &fata_signature_disk,
		.modules = "runtime/disk",
		.headers = "runtime/disk/block_disk.h",
		.state = "static struct block_disk $self;",
		.value = "&$self.disk",
		.start = "enum err e = block_disk_start(&$self, $block);\n"
			 "return e == ERR_NODEV ? OK : e;",
	};
	struct fata_node *there = fata_above(block.node, spec.kind);

	if (there != NULL)
		return (disk_t){there};
	return (disk_t){
		fata_device(&spec, NULL, FATA_USES({"block", block.node}, {"loop", fata_loop()}))};
}
#define disk_over(BLOCK) FATA_HERE(disk_over(BLOCK))

FATA_OFFERS(disk_over, "disk_t disk_over(block_t block)",
	    "a block device as stores and partitions use it, started with the image")

#endif
