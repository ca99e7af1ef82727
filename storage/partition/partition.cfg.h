/* SPDX-License-Identifier: ISC */
/* The partitions of a disk. */
#ifndef STORAGE_PARTITION_CFG_H
#define STORAGE_PARTITION_CFG_H

#include <fata/module.h>

SIGNATURE(partition_table, "struct partition_scan *", "storage/partition/partition.h");

static inline partition_table_t partition_table(void)
{
	static const struct fata_spec spec = {
		.kind = "partitions",
		.about = "partitions of a disk (MBR, GPT)",
		.signature = &fata_signature_partition_table,
		.modules = "storage/partition",
		.headers = "storage/partition/partition.h",
		.state = "static struct partition_scan $self;",
		.value = "&$self",
	};
	return (partition_table_t){fata_device(&spec, NULL, FATA_USES())};
}
#define partition_table() FATA_HERE(partition_table())

FATA_OFFERS(partition_table, "partition_table_t partition_table(void)",
	    "what partitions a disk has: partition_scan_begin() reads it")

#endif
