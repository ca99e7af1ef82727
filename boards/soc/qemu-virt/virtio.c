/* SPDX-License-Identifier: ISC */
#include "boards/soc/qemu-virt/qemu_virt.h"

const struct machine_device *qemu_virt_find(struct virtio_mmio *slot, uint32_t id, unsigned index)
{
	const struct machine *m = &qemu_virt_machine;

	for (unsigned i = 0; i < m->n_virtio; i++) {
		if (virtio_mmio_probe(slot, m->virtio[i].base) != OK || slot->dev.id != id)
			continue;
		if (index-- == 0)
			return &m->virtio[i];
	}
	return NULL;
}
