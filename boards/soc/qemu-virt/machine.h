/* SPDX-License-Identifier: ISC */
/*
 * What the device tree says about the machine, checked: a struct of numbers, filled once.
 *
 * The tree comes from outside. boards/tree validates its structure as a whole; machine_parse()
 * takes only what it knows; addresses of devices must lie in the window that the board has mapped,
 * interrupt lines below MACHINE_LINES. Nothing in struct machine points into the tree, except what
 * struct tree says, which the caller copies. No I/O, no allocation: it is tested on the build
 * machine.
 */
#ifndef BOARDS_SOC_QEMU_VIRT_MACHINE_H
#define BOARDS_SOC_QEMU_VIRT_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/psci.h"
#include "base/attr.h"
#include "base/err.h"
#include "boards/tree/tree.h"
#include "hal/irq.h"

enum {
	MACHINE_LINES = 128, /* INTIDs: 16 PPIs and, from 32, the first SPIs */
	MACHINE_VIRTIO_MAX = 32,
};

struct machine_device {
	uintptr_t base; /* 0: there is none */
	uint32_t line;  /* 0: no interrupt */
	enum irq_trigger trigger;
};

enum machine_gic { MACHINE_GIC_NONE, MACHINE_GIC_V2, MACHINE_GIC_V3 };

struct machine {
	struct tree tree; /* memory, boot arguments, seeds */

	enum machine_gic gic;
	struct tree_range gic_distributor;
	struct tree_range gic_cpu;   /* version 2: CPU interface; version 3: redistributors */
	uint32_t timer_virtual_line; /* 0: none */
	uint32_t timer_physical_line;
	struct machine_device uart;
	struct machine_device rtc;
	struct machine_device virtio[MACHINE_VIRTIO_MAX]; /* by descending address */
	unsigned n_virtio;

	bool has_psci;
	enum psci_conduit psci;
};

/* Where devices and RAM may be: what lies outside is not believed. */
struct machine_limits {
	struct tree_range devices;
	uintptr_t ram_start; /* of the lowest RAM */
};

/*
 * Fills `m` from the tree at `fdt`, of which at most `max_bytes` may be read. ERR_INVALID: it
 * is damaged; ERR_NODEV: it lacks something that the image cannot do without; then *missing says
 * so in a sentence.
 */
MUST_USE enum err machine_parse(struct machine *m, void *fdt, size_t max_bytes,
				const struct machine_limits *limits, const char **missing);

#endif
