/* SPDX-License-Identifier: ISC */
/*
 * A network interface in memory: what the stack sends is shown to a client (client.h) at once, and
 * what the client sends waits until the next round begins. Nothing else happens in between, so the
 * instructions of a round are those of the stack.
 *
 * The work of the interface and of the client is not counted: link_count() switches callgrind's
 * collection on and off. There is one link in an image. Event loop only.
 */
#ifndef BENCH_INSTRUCTIONS_LINK_H
#define BENCH_INSTRUCTIONS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/pkt.h"
#include "hal/netif.h"

enum {
	LINK_MTU = 1500,
	LINK_TSO_BYTES =
		60000, /* payload of a segment that the device would cut, or has put together */
};

/* What the device does, as words of the boot argument --offload. */
enum link_offload {
	LINK_NONE,
	LINK_CHECKSUMS,
	LINK_ALL, /* cuts and puts together segments as well */
};

/* What is called with each frame that the stack sends; borrowed. */
typedef void link_frame_fn(const uint8_t *frame, size_t len);

/* The device, for a configuration: `rx` is where received packets come from. */
MUST_USE enum err link_connect(struct netif **self, struct pkt_pool *rx, unsigned offload);

void link_set_client(link_frame_fn *client);

/* A frame to the stack, in the next round. Asserts that there is a packet for it. */
void link_inject(const uint8_t *frame, size_t len);

/* Whether the stack has taken all that was delivered. */
bool link_is_idle(void);

/*
 * Hands over what was injected, once the stack has taken what came before, and wakes it. False: it
 * has nothing to do.
 */
bool link_deliver(void);

/* Whether checksums are the device's; whether it puts segments together. */
bool link_has_checksums(void);
bool link_coalesces(void);

/* Frames that the stack has sent and taken while it was counted. */
uint64_t link_frames_out(void);
uint64_t link_frames_in(void);

/* Counts instructions from here on, or does not. */
void link_count(bool on);

#endif
