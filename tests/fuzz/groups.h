/* SPDX-License-Identifier: ISC */
/*
 * A host that joins and leaves groups while routers and neighbours say what they like, of either
 * family. The input is steps of a byte (the low two bits enum groups_step, the others the group,
 * the time that passes, or what the family makes of it) and, of a message, its length and bytes.
 * What is sent is counted, for it must not be more than the rate allows.
 */
#ifndef TESTS_FUZZ_GROUPS_H
#define TESTS_FUZZ_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "net/ip/ip.h"
#include "tests/fuzz/link.h"

enum { GROUPS = 20, GROUPS_MESSAGE_MAX = 255 };

enum groups_step { STEP_JOIN_OR_LEAVE, STEP_TO_ALL, STEP_TO_GROUP, STEP_TIME };

struct groups {
	struct fuzz_link link;
	/* Of the family. */
	struct ip *ip;
	struct ip_addr (*group)(unsigned i); /* one of GROUPS */
	/* A message arrives, to all hosts or the group of this number. */
	void (*arrive)(struct groups *g, enum groups_step step, unsigned value,
		       const uint8_t *bytes, size_t len);
	void (*poll)(struct groups *g);
	bool (*check)(const uint8_t *frame, size_t len); /* what was sent; true: it is an answer */

	uint64_t answers;
	unsigned changes;
	bool joined[GROUPS];
};

/* Takes the whole input; the layers have been started over g->link. */
void groups_run(struct groups *g, const uint8_t *data, size_t size);

/* `frame` arrives, if the interface has a packet for it. */
void groups_inject(struct groups *g, const uint8_t *frame, size_t len);

#endif
