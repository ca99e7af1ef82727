/* SPDX-License-Identifier: ISC */
/*
 * What the fakes of Ethernet controllers have in common: the time and an alarm, an interrupt line,
 * a PHY with its cable, and the frames that were sent. A test has one controller: its fake, which
 * includes this, is what mac_fake_send(), mac_fake_receive() and mac_fake_wants() are defined by.
 */
#ifndef TESTS_FAKES_MAC_FAKE_H
#define TESTS_FAKES_MAC_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/net/phy/phy.h"
#include "hal/irq.h"
#include "hal/timer.h"
#include "tests/fakes/phy_fake.h"

enum {
	MAC_FAKE_LINE = 5,
	MAC_FAKE_FRAMES = 600,                           /* of which it keeps the bytes */
	MAC_FAKE_1000_FULL = PHY_1000_FULL | PHY_10_100, /* what a partner offers */
};

struct mac_fake_frame {
	uint8_t bytes[2048];
	size_t len;
	unsigned pieces;
};

struct mac_fake {
	/* Set by the test. */
	bool never_stops, mdio_hangs;
	bool babbles; /* interrupts whatever the mask says */

	struct phy_fake phy;
	struct mac_fake_frame *sent; /* MAC_FAKE_FRAMES */
	unsigned n_sent;

	bool line_enabled;
	unsigned interrupts;
	uint64_t now_us, alarm_us;
};

extern struct mac_fake mac_fake;
extern struct timer mac_fake_timer;
extern struct irq_chip mac_fake_irq;

/* A PHY at `phy`, with a cable to a partner that offers so much (enum phy_ability). */
void mac_fake_init(uint8_t phy, unsigned offers);
void mac_fake_fini(void);

/* Zeroed memory below 4 GiB, in whole pages, for the length of the process. */
void *mac_fake_memory(size_t bytes);

/* The cable, to a partner that offers so much; 0: it is pulled. */
void mac_fake_link(unsigned offers);

/* Time passes; the alarm comes if it is due. */
void mac_fake_pass(uint64_t us);

/* Keeps a frame that was sent. */
void mac_fake_keep(const struct mac_fake_frame *f);

/* Interrupts if there is reason to, once. */
void mac_fake_interrupt(void);

/* --- the controller's ------------------------------------------------------------------------ */

/* Sends as many of the frames that it was given and told of. */
void mac_fake_send(unsigned frames);

/* A good frame comes by the wire; false: it was not taken. */
bool mac_fake_receive(const void *frame, size_t len);

/* Whether there is reason to interrupt. */
bool mac_fake_wants(void);

#endif
