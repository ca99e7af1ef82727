/* SPDX-License-Identifier: ISC */
/*
 * Disks: the virtio slots that hold a block device, in the order of QEMU's command line.
 */
#include "boards/common/common.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/block/virtio_blk/virtio_blk.h"
#include "hal/board.h"

enum { DISKS_MAX = 2 };

struct block *board_block(unsigned index)
{
	static const char *const names[DISKS_MAX] = {"disk0", "disk1"};
	static struct virtio_mmio slots[DISKS_MAX];
	static struct virtio_blk disks[DISKS_MAX];
	const struct machine_device *d = NULL;

	if (index < DISKS_MAX && disks[index].dev != NULL)
		return &disks[index].block;
	if (index < DISKS_MAX)
		d = qemu_virt_find(&slots[index], VIRTIO_ID_BLOCK, index);
	if (d == NULL) {
		board_complain("there is no such disk: add -drive if=none,id=d0,… "
			       "-device virtio-blk-device,drive=d0");
		return NULL;
	}
	return virtio_blk_init(&disks[index], &slots[index].dev, qemu_virt_irq_chip(), d->line,
			       d->trigger, names[index]);
}
