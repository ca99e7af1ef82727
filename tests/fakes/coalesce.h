/* SPDX-License-Identifier: ISC */
/*
 * Puts TCP segments together as a device with NETIF_COALESCE does, by the rules of Linux' GRO:
 * those that follow each other in one batch, of one connection, in order, with the same header but
 * for what must differ, each as long as the first but for the last. Both families.
 */
#ifndef TESTS_FAKES_COALESCE_H
#define TESTS_FAKES_COALESCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fakes/netif_fake.h"

struct coalesced {
	size_t len;        /* of what is there; 0: nothing */
	size_t tcp;        /* where its TCP header begins … */
	size_t header;     /* … and ends */
	size_t each;       /* bytes of payload of the first segment */
	unsigned segments; /* that are in it */
	bool ended;        /* by a shorter one, or one that says that nothing follows soon */
	uint8_t frame[NETIF_FAKE_FRAME_MAX];
};

/* Takes a frame. False: it does not go with what is there, or with nothing at all. */
bool coalesced_add(struct coalesced *c, const uint8_t *frame, size_t len);

#endif
