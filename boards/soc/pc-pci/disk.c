/* SPDX-License-Identifier: ISC */
#include "boards/common/common.h"
#include "boards/soc/pc-pci/pc_pci.h"
#include "boards/soc/pc/pc.h"
#include "drivers/block/virtio_blk/virtio_blk.h"
#include "hal/board.h"

enum { DISKS_MAX = 2 };

struct block *board_block(unsigned index)
{
	static const char *const names[DISKS_MAX] = {"disk0", "disk1"};
	static struct virtio_pci slots[DISKS_MAX];
	static struct virtio_blk disks[DISKS_MAX];
	enum irq_trigger trigger;
	enum err e = ERR_NODEV;
	uint32_t line;

	if (index < DISKS_MAX && disks[index].dev != NULL)
		return &disks[index].block;
	if (index < DISKS_MAX)
		e = pc_pci_find(&slots[index], VIRTIO_ID_BLOCK, index);
	if (e == ERR_NODEV)
		board_complain("there is no such disk; give QEMU -drive if=none,id=d0,… "
			       "-device virtio-blk-pci,drive=d0");
	if (e != OK)
		return NULL;
	if (pc_pci_interrupt(&slots[index], &line, &trigger) != OK) {
		board_complain(
			"the disk has neither messages (MSI-X) nor a line to interrupt with");
		return NULL;
	}
	return virtio_blk_init(&disks[index], &slots[index].dev, &pc_apic()->chip, line, trigger,
			       names[index]);
}
