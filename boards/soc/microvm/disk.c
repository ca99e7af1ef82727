/* SPDX-License-Identifier: ISC */
#include "boards/common/common.h"
#include "boards/soc/microvm/microvm.h"
#include "drivers/block/virtio_blk/virtio_blk.h"
#include "hal/board.h"

enum { DISKS_MAX = 2 };

struct block *board_block(unsigned index)
{
	static const char *const names[DISKS_MAX] = {"disk0", "disk1"};
	static struct virtio_mmio slots[DISKS_MAX];
	static struct virtio_blk disks[DISKS_MAX];
	uint32_t line;

	if (index < DISKS_MAX && disks[index].dev != NULL)
		return &disks[index].block;
	if (index >= DISKS_MAX ||
	    microvm_find_virtio(&slots[index], VIRTIO_ID_BLOCK, index, &line) != OK) {
		board_complain("there is no such disk; give QEMU -drive if=none,id=d0,… "
			       "-device virtio-blk-device,drive=d0");
		return NULL;
	}
	return virtio_blk_init(&disks[index], &slots[index].dev, &pc_apic()->chip, line,
			       IRQ_LEVEL_HIGH, names[index]);
}
