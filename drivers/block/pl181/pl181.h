/* SPDX-License-Identifier: ISC */
/*
 * Arm's PrimeCell Multimedia Card Interface, PL180 and PL181, as struct sd_host.
 *
 * The FIFO holds 16 words, which a card at 12 MHz fills in 43 us over one line, and the controller
 * does not stop the card's clock meanwhile: data that wait any longer are lost. So the interrupt
 * handler moves them, as many words as the FIFO has or takes, and wakes when the command has ended.
 * sd_host_poll() does the same when it is called. An overrun or underrun is ERR_IO, as damage is.
 *
 * The controller is not told whether there is a card, a board may know. Nor does it see that a card
 * is busy after an answer: the card is asked.
 */
#ifndef DRIVERS_BLOCK_PL181_PL181_H
#define DRIVERS_BLOCK_PL181_PL181_H

#include "drivers/block/sd/sd_host.h"
#include "hal/irq.h"

struct pl181_config {
	uintptr_t base;         /* of its registers, 4 KiB */
	uint32_t clock_hz;      /* MCLK, which it divides */
	uint32_t hz_max;        /* of the bus, as fast as the board can move data */
	uint32_t line;          /* MCIINTR0 */
	bool has_one_line;      /* of data: only MCIDAT0 is wired */
	bool (*has_card)(void); /* false: surely there is none; or NULL: nothing tells */
};

struct pl181 {
	struct sd_host host;
	struct pl181_config config;
	struct irq_chip *irq;
	uint32_t fifo_words;
	uint32_t hz;    /* of the bus */
	uint32_t clock; /* MCIClock */
	bool attached;
	volatile bool armed;        /* it may interrupt: until then all below is the handler's */
	bool moves;                 /* the command has ended, its data have not */
	enum err result;            /* of the command, or ERR_AGAIN */
	struct sd_command *command; /* or NULL */
	uint32_t *next;             /* word of its data */
	uint32_t words_left;
};

/* Prepares the controller. Does not touch it before the start; ERR_NODEV then: it is another. */
struct sd_host *pl181_init(struct pl181 *s, const struct pl181_config *config, struct irq_chip *irq,
			   struct timer *timer);

#endif
