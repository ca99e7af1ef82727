/* SPDX-License-Identifier: ISC */
/*
 * The interrupt controllers of x86: the processor's local APIC (Intel SDM volume 3A, chapter 11)
 * and the machine's I/O APICs (82093AA), as one irq_chip.
 *
 * A line is a global system interrupt: a pin of the I/O APICs, counted on from one to the next;
 * APIC_LINE_TIMER is the local APIC's own timer, and the lines behind it are for messages, by which
 * a device interrupts with a write of its own (apic_take_message()). Line n has vector
 * VECTOR_IRQ + n. The 8259s are masked and stay so. The struct and its table of lines belong to the
 * caller and must live as long as interrupts may come.
 */
#ifndef DRIVERS_IRQ_APIC_APIC_H
#define DRIVERS_IRQ_APIC_APIC_H

#include <stdint.h>

#include "arch/mmio.h"
#include "base/attr.h"
#include "base/err.h"
#include "hal/irq.h"

enum {
	APIC_PINS = 48, /* of all I/O APICs */
	APIC_LINE_TIMER = APIC_PINS,
	APIC_LINE_MESSAGE = APIC_LINE_TIMER + 1,
	APIC_MESSAGES = 8,
	APIC_LINES = APIC_LINE_MESSAGE + APIC_MESSAGES,
	APIC_IOAPICS_MAX = 2,
};

struct ioapic {
	uintptr_t base;
	uint32_t first, n_pins; /* its lines */
};

struct apic {
	struct irq_chip chip;
	uintptr_t local;
	struct ioapic io[APIC_IOAPICS_MAX];
	unsigned n_io;
	unsigned n_messages; /* taken */
	struct irq_line lines[APIC_LINES];
};

/*
 * Enables the local APIC with its registers (4 KiB) at `local`, masks every line of the I/O APICs
 * (32 bytes each) at the `n_io` addresses `io`, at most APIC_IOAPICS_MAX, and masks the 8259s. An
 * address without an I/O APIC is passed over. ERR_NODEV: the local APIC is switched off or is not
 * there, or there is no I/O APIC.
 */
MUST_USE enum err apic_init(struct apic *apic, uintptr_t local, const uintptr_t *io, unsigned n_io);

/* What a device is to write where to interrupt as `line`, an edge. */
struct apic_message {
	uint64_t address;
	uint32_t data;
	uint32_t line;
};

/* A message that nobody has yet, and its line, for irq_attach(). ERR_NOMEM: all are taken. */
MUST_USE enum err apic_take_message(struct apic *apic, struct apic_message *message);

/* For the driver of the local APIC's timer: register `reg` of apic_regs.h. */
static inline uint32_t apic_read(const struct apic *apic, uint32_t reg)
{
	return mmio_read32(apic->local + reg);
}

static inline void apic_write(const struct apic *apic, uint32_t reg, uint32_t value)
{
	mmio_write32(apic->local + reg, value);
}

#endif
