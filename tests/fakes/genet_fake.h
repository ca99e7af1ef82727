/* SPDX-License-Identifier: ISC */
/*
 * The GENET and its PHY as registers in memory, with a cable and somebody at its other end. It does
 * what the drivers of Linux and U-Boot rely on: indices of 16 bits that cannot be set to what one
 * likes, descriptors in memory of its own, a link bit that is low once after each loss. Frames it
 * moves as a device that does not see the caches (tests/fakes/cache_fake.h).
 *
 * genet_fake_mmio.c holds the real driver with its accesses led here. Each read of a register, or
 * of the time, takes a microsecond.
 */
#ifndef TESTS_FAKES_GENET_FAKE_H
#define TESTS_FAKES_GENET_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/net/phy/phy.h"
#include "hal/irq.h"
#include "hal/timer.h"
#include "tests/fakes/phy_fake.h"

enum {
	GENET_FAKE_BASE = 0x580000,
	GENET_FAKE_LINE = 5,
	GENET_FAKE_FRAMES = 600, /* that were sent, of which it keeps the bytes */
	GENET_FAKE_1000_FULL = PHY_1000_FULL | PHY_10_100, /* what a partner offers */
};

struct genet_fake_frame {
	uint8_t bytes[2048];
	size_t len;
	unsigned pieces;
};

struct genet_fake {
	/* Set by the test. */
	bool is_absent, never_stops;
	bool mdio_hangs;
	bool babbles; /* interrupts whatever the mask says */

	uint32_t regs[0x10000 / 4];
	struct phy_fake phy;
	unsigned mac_resets;

	struct genet_fake_frame *sent; /* GENET_FAKE_FRAMES */
	unsigned n_sent;

	struct irq_line line;
	bool line_enabled;
	unsigned interrupts;
	uint64_t now_us, alarm_us;
};

extern struct genet_fake genet_fake;
extern struct timer genet_fake_timer;
extern struct irq_chip genet_fake_irq;

/* A controller that somebody has used before: its indices stand at `index`. */
void genet_fake_init(uint16_t index);
void genet_fake_fini(void);

/* The cable, to a partner that offers so much (enum phy_ability); 0: it is pulled. */
void genet_fake_link(unsigned offers);

/* Time passes; the alarm comes if it is due. */
void genet_fake_pass(uint64_t us);

/* Sends as many of the frames that it was given. */
void genet_fake_send(unsigned frames);

/* A frame comes, with the descriptor's flags and length as told; false: there is no buffer. */
bool genet_fake_receive_as(const void *frame, size_t len, uint32_t flags, size_t said_len);

/* The same for a good one. */
bool genet_fake_receive(const void *frame, size_t len);

/* Interrupts if there is reason to, once. */
void genet_fake_interrupt(void);

/* The driver's accesses. */
uint32_t genet_fake_read(uintptr_t address);
void genet_fake_write(uintptr_t address, uint32_t value);

#endif
