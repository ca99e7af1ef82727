/* SPDX-License-Identifier: ISC */
/*
 * A LAN9118 register by register: its FIFOs, the MAC's registers behind it, the PHY behind those,
 * and the ways in which it can fail. One at a time.
 */
#ifndef TESTS_FAKES_LAN9118_FAKE_H
#define TESTS_FAKES_LAN9118_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LAN9118_FAKE_BASE = 0x40200000, LAN9118_FAKE_FRAME_MAX = 2048, LAN9118_FAKE_FRAMES = 8 };

struct lan9118_fake {
	/* Knobs, kept over resets of the device. */
	bool absent;          /* no register answers */
	bool reset_hangs;     /* … or never ends */
	bool mac_hangs;       /* a MAC register is busy for ever */
	bool phy_hangs;       /* the serial line to the PHY is */
	bool discard_hangs;   /* a frame is never thrown away */
	bool link;            /* what the PHY sees */
	uint16_t partner;     /* what the other end can do: PHY register 5 */
	uint16_t tx_room;     /* bytes in the transmit FIFO */
	unsigned again;       /* times that a frame comes once more when it was the only one */
	uint32_t extra_bytes; /* that a status says a frame has and it has not */
	uint8_t mac[6];

	/* State to look at. */
	unsigned resets, n_sent, discarded, reads;
	uint32_t int_status, int_enable, irq_cfg, mac_cr;
	uint8_t sent[LAN9118_FAKE_FRAME_MAX]; /* the last frame */
	size_t sent_bytes;
};

extern struct lan9118_fake lan9118_fake;

/* As after power on, with a link to somebody who can do everything. */
void lan9118_fake_init(void);

/* A frame without its FCS arrives, with `status` beside its length. False: there is no room. */
bool lan9118_fake_receive(const void *frame, size_t bytes, uint32_t status);

/* The cable is put in or pulled. */
void lan9118_fake_set_link(bool up);

/* Whether the interrupt line is active. */
bool lan9118_fake_interrupts(void);

#endif
