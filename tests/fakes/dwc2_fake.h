/* SPDX-License-Identifier: ISC */
/*
 * The DesignWare controller in memory, with the devices of usb_fake.h at its port. It does what its
 * manuals say and real ones do: keeps the data toggle in HCTSIZ, halts at each end of a chunk,
 * repeats NAKs by itself, does splits by halves, and fails the test if the driver does what it
 * must not: addresses that are odd or not the bus's, memory whose cache lines were not seen to.
 *
 * dwc2_fake_mmio.c holds the real driver with its accesses led here. A channel works whenever a
 * register is read, if `runs`, so that waits see progress.
 */
#ifndef TESTS_FAKES_DWC2_FAKE_H
#define TESTS_FAKES_DWC2_FAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/irq.h"
#include "hal/timer.h"

enum {
	DWC2_FAKE_BASE = 0x3f980000,
	DWC2_FAKE_LINE = 9,
	DWC2_FAKE_CHANNELS = 8,
	DWC2_FAKE_RANGES = 8
};
#define DWC2_FAKE_BUS 0xc0000000u

struct dwc2_fake {
	/* Set by the test. */
	bool is_absent;     /* other registers than this controller's */
	bool never_resets;  /* the core */
	bool never_enables; /* the port */
	bool never_halts;   /* a channel that is told to */
	bool lies;          /* of what it has moved */
	bool runs;
	unsigned split_waits; /* NYETs in front of each answer through a hub */

	uint32_t regs[0x1000 / 4];
	unsigned waits_left[DWC2_FAKE_CHANNELS];
	unsigned activations, splits;
	/* The ranges that the last operations on the cache were for. */
	struct dwc2_fake_range {
		uintptr_t start, end;
	} cleaned[DWC2_FAKE_RANGES], invalidated[DWC2_FAKE_RANGES];
	unsigned n_cleaned, n_invalidated;
	bool line_enabled;
	uint64_t now_us;
};

extern struct dwc2_fake dwc2_fake;
extern struct timer dwc2_fake_timer;
extern struct irq_chip dwc2_fake_irq;

void dwc2_fake_init(void);

uint32_t dwc2_fake_read(uintptr_t address);
void dwc2_fake_write(uintptr_t address, uint32_t value);

/* Has the channels work, then interrupts if there is reason to. */
void dwc2_fake_run(void);

/* The device at the port goes. */
void dwc2_fake_unplug(void);

/* Something was plugged into the port: device 0 of usb_fake.h, or another that hangs on none. */
void dwc2_fake_plug(void);

/* The driver's cache maintenance. */
void dwc2_fake_clean(const void *p, size_t bytes);
void dwc2_fake_invalidate(void *p, size_t bytes);

#endif
