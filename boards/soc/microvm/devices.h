/* SPDX-License-Identifier: ISC */
/*
 * Where the virtio devices are. Without ACPI, QEMU appends a word for each to the command line, in
 * the order in which the devices were given: virtio_mmio.device=512@0xfeb00e00:12 (size, address,
 * line; Linux, drivers/virtio/virtio_mmio.c). With ACPI, a table of bytecode says it, which nobody
 * here reads: the slots are where QEMU has always had them. Pure: tested on the build machine.
 */
#ifndef BOARDS_SOC_MICROVM_DEVICES_H
#define BOARDS_SOC_MICROVM_DEVICES_H

#include <stdint.h>

#include "base/err.h"

enum { MICROVM_DEVICES_MAX = 24 };

struct microvm_device {
	uintptr_t base;
	uint32_t line;
};

struct microvm_devices {
	struct microvm_device device[MICROVM_DEVICES_MAX]; /* QEMU's first device first */
	unsigned n;
	unsigned refused; /* words that are malformed, out of the window, twice there or too many */
};

/* Finds the words in `cmdline`, as the parser of boot arguments splits it (runtime/args.h). */
void microvm_devices_parse(struct microvm_devices *d, const char *cmdline);

/*
 * All slots of a machine with ACPI and `n_ioapics` (1 or 2) I/O APICs, empty ones too. Those that
 * QEMU fills first come first.
 */
void microvm_devices_of_acpi(struct microvm_devices *d, unsigned n_ioapics);

#endif
