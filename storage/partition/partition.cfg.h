/* SPDX-License-Identifier: ISC */
/* Partitions of a disk: by number, by label, by GUID. */
#ifndef STORAGE_PARTITION_CFG_H
#define STORAGE_PARTITION_CFG_H

#include <ctype.h>

#include <fata/module.h>

#include "runtime/disk/disk.cfg.h"

SIGNATURE(partition_table, "struct partitions *", "storage/partition/partition.h");

struct partition_options {
	unsigned number;   /* as Linux counts them, from 1: of MBR 1 to 4, logical ones from 5 */
	const char *label; /* of GPT */
	const char *guid;  /* its own, of GPT: "0fc63daf-8483-4772-8e79-3d69d8477de4" */
};

/* The table, read once for all partitions of the disk. */
static inline struct fata_node *fata_partitions(disk_t disk)
{
	static const struct fata_spec spec = {
		.kind = "partitions",
		.about = "table of partitions (MBR, GPT)",
		.signature = &fata_signature_partition_table,
		.modules = "storage/partition",
		.headers = "storage/partition/partition.h",
		.state = "static struct partitions $self;",
		.value = "&$self",
		.start = "partitions_start(&$self, $disk);\nreturn OK;",
	};
	struct fata_node *there = fata_above(disk.node, spec.kind);

	return there != NULL ? there : fata_device(&spec, NULL, FATA_USES({"disk", disk.node}));
}

/* A GUID's text as the initialiser of its bytes on the disk (UEFI 2.10, appendix A); NULL: it is
 * none. */
static inline const char *fata_guid_bytes(const char *text)
{
	static const unsigned place[16] = {6,  4,  2,  0,  11, 9,  16, 14,
					   19, 21, 24, 26, 28, 30, 32, 34};
	const char *bytes = "";

	for (unsigned i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return NULL;
	}
	if (text[36] != '\0')
		return NULL;
	for (unsigned i = 0; i < 16; i++)
		bytes = fata_text("%s%s0x%.2s", bytes, i == 0 ? "" : ", ", &text[place[i]]);
	return bytes;
}

static inline disk_t fata_partition(disk_t disk, const struct partition_options *o)
{
	const char *guid = o->guid != NULL ? fata_guid_bytes(o->guid) : NULL;
	const char *wish = fata_text(".number = %u", o->number);

	if (o->label != NULL)
		wish = fata_text("%s, .label = %s", wish, fata_quote(o->label));
	if (guid != NULL)
		wish = fata_text("%s, .guid = (const uint8_t[]){%s}", wish, guid);
	const struct fata_spec spec = {
		.kind = "partition",
		.about = o->label != NULL ? fata_text("partition \"%s\"", o->label)
			 : o->number != 0 ? fata_text("partition %u", o->number)
					  : "partition",
		.signature = &fata_signature_disk,
		.modules = "storage/partition",
		.headers = "storage/partition/partition.h",
		.state = "static struct partition $self;",
		.value = "&$self.disk",
		.start = fata_text("const struct partition_wish wish = {%s};\n"
				   "partition_start(&$self, $table, &wish, $name);\n"
				   "return OK;",
				   wish),
	};
	struct fata_node *node =
		fata_device(&spec, NULL, FATA_USES({"table", fata_partitions(disk)}));
	if (o->guid != NULL && guid == NULL)
		fata_fault("\"%s\" is not a GUID: expected 0fc63daf-8483-4772-8e79-3d69d8477de4 or "
			   "the like",
			   o->guid);
	if (o->number == 0 && o->label == NULL && o->guid == NULL)
		fata_fault("which partition? By its number (from 1), .label or .guid");
	return (disk_t){node};
}

static inline disk_t fata_disk_of_disk(disk_t disk)
{
	return disk;
}

static inline disk_t fata_disk_of_block(block_t block)
{
	return (disk_over)(block);
}

#define partition(DISK, ...)                                                                       \
	FATA_HERE(fata_partition(_Generic((DISK), block_t                                          \
					  : fata_disk_of_block, disk_t                             \
					  : fata_disk_of_disk)(DISK),                              \
				 &(const struct partition_options){__VA_ARGS__}))

FATA_OFFERS(partition,
	    "disk_t partition(disk_t disk, unsigned number, .label = NULL, .guid = NULL)",
	    "a partition of a disk or block device, by its number, its label or its GUID")

#endif
