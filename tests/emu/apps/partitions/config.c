/* SPDX-License-Identifier: ISC */
/* Partitions of a disk, by number, label and GUID. */
#include <fata/config.h>

void configure(void)
{
	block_t disk = default_block();

	unikernel("partitions",
		  job("tell", partition(disk, 2), partition(disk, .label = "data"),
		      partition(disk, .guid = "00112233-4455-6677-8899-AABBCCDDEEFF")));
}
