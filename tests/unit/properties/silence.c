/* SPDX-License-Identifier: ISC */
/*
 * Who was cut off: a connection may be given up when its link has let nothing through for as long
 * as the time limit says, which happens once in many thousand seeds, and for no other reason.
 */
#include "base/bytes.h"
#include "net/tcp/tcp_internal.h"
#include "tests/fakes/frames.h"
#include "tests/unit/properties/tests.h"

/* Bytes of a frame may be on their way for so long, and a limit counts from the first timeout. */
#define SLACK_US (15 * (uint64_t)US_PER_S)

void world_notice(unsigned from, uint64_t now_us, const uint8_t *frame, size_t len, bool lost)
{
	size_t bytes;
	const uint8_t *tcp = frame_tcp(frame, len, &bytes);
	if (tcp == NULL)
		return;
	unsigned i = load_be16(tcp + (from == 0 ? 2 : 0)) - FIRST_PORT;
	if (i >= world.connections || (tcp[13] & TCP_RST) != 0)
		return;
	struct notice *n = &world.connection[i].notice[from];
	n->sent_us = now_us;
	if (!lost)
		n->arrived_us = now_us;
}

static void notice_frame(void *self, uint64_t now_us, const uint8_t *frame, size_t len, bool lost)
{
	world_notice((unsigned)(uintptr_t)self, now_us, frame, len, lost);
}

void world_notice_all(void)
{
	for (unsigned from = 0; from < 2; from++) {
		world.sim.direction[from].tap = notice_frame;
		world.sim.direction[from].tap_self = (void *)(uintptr_t)from;
	}
}

/* The shortest silence after which this side may give up. */
static uint64_t limit_us(unsigned side)
{
	const struct tcp_config *c = world.host[side].tcp->config;
	uint64_t asks_us =
		(c->keepalive_idle_s + (uint64_t)c->keepalive_interval_s * c->keepalive_count) *
		US_PER_S;
	uint64_t quiet_us = TCP_GIVE_UP_US;
	if (c->user_timeout_s > 0)
		quiet_us = c->user_timeout_s * (uint64_t)US_PER_S;
	return c->keepalive != NULL ? MIN(asks_us, quiet_us) : quiet_us;
}

/* Its peer, closed by then, was cut off, and gave up; the reset that said so came through. */
static bool peer_was_cut_off(const struct connection *c, unsigned side)
{
	const struct party *p = side == 0 ? &c->client : &c->server;

	return p->error == ERR_RESET && p->peer->over &&
	       p->over_us + SLACK_US >= c->notice[1 - side].arrived_us + limit_us(1 - side);
}

bool party_was_cut_off(const struct connection *c, unsigned side)
{
	const struct party *p = side == 0 ? &c->client : &c->server;
	const struct notice *out = &c->notice[side], *in = &c->notice[1 - side];

	if (p->error != ERR_TIMEOUT)
		return peer_was_cut_off(c, side);
	/* It heard nothing, and what it asked did not arrive, or the answer did not. */
	return p->over_us + SLACK_US >= in->arrived_us + limit_us(side) &&
	       (out->arrived_us <= in->arrived_us || in->sent_us >= out->arrived_us);
}
