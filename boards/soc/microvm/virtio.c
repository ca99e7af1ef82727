/* SPDX-License-Identifier: ISC */
/*
 * The virtio devices, for the images that ask for one.
 */
#include "boards/common/common.h"
#include "boards/soc/microvm/devices.h"
#include "boards/soc/microvm/microvm.h"

static const struct microvm_devices *find_devices(void)
{
	static struct microvm_devices devices;
	static bool found;

	if (found)
		return &devices;
	found = true;
	microvm_devices_parse(&devices, pc_loader.cmdline);
	if (devices.refused > 0)
		board_complain("ignored a virtio_mmio.device= that is not one of this machine's");
	if (microvm_has_acpi() && devices.n == 0)
		microvm_devices_of_acpi(&devices, pc_apic()->n_io);
	return &devices;
}

enum err microvm_find_virtio(struct virtio_mmio *slot, uint32_t id, unsigned index, uint32_t *line)
{
	const struct microvm_devices *devices = find_devices();

	for (unsigned i = 0; i < devices->n; i++) {
		if (virtio_mmio_probe(slot, devices->device[i].base) != OK || slot->dev.id != id)
			continue;
		if (index-- == 0) {
			*line = devices->device[i].line;
			return OK;
		}
	}
	return ERR_NODEV;
}

struct virtio_device *pc_rng_device(void)
{
	static struct virtio_mmio slot;
	uint32_t line;

	return microvm_find_virtio(&slot, VIRTIO_ID_RNG, 0, &line) == OK ? &slot.dev : NULL;
}
