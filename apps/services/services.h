/* SPDX-License-Identifier: ISC */
/*
 * The small services: echo (RFC 862), discard (RFC 863) and character generator (RFC 864).
 *
 * None of them keeps state of its own for a connection: all that there is to know is in the flow.
 * What an echo cannot write yet stays in the flow's receive queue, so a peer that does not read
 * is slowed down by its own window.
 */
#ifndef APPS_SERVICES_SERVICES_H
#define APPS_SERVICES_SERVICES_H

#include "hal/flow.h"
#include "net/udp/udp.h"

enum {
	PORT_ECHO = 7,
	PORT_DISCARD = 9,
	PORT_CHARGEN = 19,
};

struct services_stats {
	uint64_t echoed_bytes, discarded_bytes, generated_bytes;
};

extern struct services_stats services_stats;

/* Take over a flow: signatures of a listener's callback (hal/flow.h). `arg` is unused. */
flow_accept_fn echo_accept;
flow_accept_fn discard_accept;
flow_accept_fn chargen_accept;

/* The run of bytes that chargen repeats: static, so it is sent without a copy. */
struct slice chargen_pattern(uint64_t offset);

/* Opens UDP echo, discard and chargen; `tx` supplies chargen's answers. ERR_EXISTS. */
MUST_USE enum err udp_services_open(struct udp *udp, struct pkt_pool *tx);

#endif
