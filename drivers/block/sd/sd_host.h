/* SPDX-License-Identifier: ISC */
/*
 * An SD host controller: what moves commands and data between memory and a card.
 *
 * A controller's driver embeds struct sd_host first and fills every slot. There is one command at a
 * time: sd_host_begin() starts it, with its data if it has any, and sd_host_poll() moves on and
 * says whether it has ended. Nothing calls back; when something happened the interrupt handler
 * silences the controller and wakes `waker`. A driver without an interrupt for everything says in
 * `poll_us` how often it wants to be polled besides. How long a command may take is the card's
 * business: it polls until then and calls sd_host_cancel().
 *
 * The struct sd_command and its data are lent from begin until poll answers anything but ERR_AGAIN,
 * or until cancel returns. Event loop and start-up only.
 */
#ifndef DRIVERS_BLOCK_SD_SD_HOST_H
#define DRIVERS_BLOCK_SD_SD_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/waker.h"
#include "hal/timer.h"

/* What a card answers (SD Physical Layer Simplified Specification, section 4.9). R6 and R7 are as
 * R1 to a controller; R3 has no checksum; R2 has 136 bits. */
enum sd_response { SD_NO_RESPONSE, SD_R1, SD_R1B, SD_R2, SD_R3 };

struct sd_command {
	uint8_t index;
	uint8_t response; /* enum sd_response */
	bool writes;      /* its data go to the card */
	uint32_t argument;
	/* The answer; of R2 its bits 127 to 0, the highest first, of which the last 8 mean nothing.
	 */
	uint32_t answer[4];
	uint8_t *data; /* NULL: none; else CACHE_LINE_BYTES aligned */
	uint32_t blocks;
	uint32_t block_bytes; /* a multiple of 4, at most 512 */
};

struct sd_host;

struct sd_host_ops {
	enum err (*start)(struct sd_host *h);
	void (*stop)(struct sd_host *h);
	bool (*has_card)(struct sd_host *h);
	enum err (*set_clock)(struct sd_host *h, uint32_t hz);
	void (*set_width)(struct sd_host *h, unsigned bits);
	void (*begin)(struct sd_host *h, struct sd_command *c);
	enum err (*poll)(struct sd_host *h);
	void (*cancel)(struct sd_host *h);
};

struct sd_host {
	const struct sd_host_ops *ops;
	struct timer *timer;
	struct waker waker; /* set by the card before the start */
	uint32_t poll_us;   /* 0: polled when it wakes */
	uint32_t hz_max;    /* of the bus */
	uint32_t blocks_max;
	bool has_one_line; /* of data, so that the width stays 1 bit */
};

/*
 * Resets the controller, gives the card power, and sets a clock of 400 kHz and a width of 1 bit.
 * Waits a bounded time. ERR_NODEV, ERR_TIMEOUT, ERR_UNSUPPORTED.
 */
MUST_USE static inline enum err sd_host_start(struct sd_host *h)
{
	return h->ops->start(h);
}

/* Ends everything; nothing interrupts any more. */
static inline void sd_host_stop(struct sd_host *h)
{
	h->ops->stop(h);
}

/* False: surely there is no card. */
static inline bool sd_host_has_card(struct sd_host *h)
{
	return h->ops->has_card(h);
}

/* The fastest clock that is not above `hz`. Waits a bounded time until it is stable. ERR_TIMEOUT.
 */
MUST_USE static inline enum err sd_host_set_clock(struct sd_host *h, uint32_t hz)
{
	return h->ops->set_clock(h, hz);
}

/* Data go over 1 or 4 lines from now on. */
static inline void sd_host_set_width(struct sd_host *h, unsigned bits)
{
	h->ops->set_width(h, bits);
}

/* Lends a command; none is under way. */
static inline void sd_host_begin(struct sd_host *h, struct sd_command *c)
{
	h->ops->begin(h, c);
}

/*
 * ERR_AGAIN: under way. OK: done, data and answer are there, and the card is not busy as far as the
 * controller sees that. ERR_TIMEOUT: no answer or no data; ERR_IO: damaged ones. After an error the
 * controller is ready for the next command, the card may be sending still.
 */
MUST_USE static inline enum err sd_host_poll(struct sd_host *h)
{
	return h->ops->poll(h);
}

/* Ends the command under way, if there is one; its memory is the caller's again. */
static inline void sd_host_cancel(struct sd_host *h)
{
	h->ops->cancel(h);
}

#endif
