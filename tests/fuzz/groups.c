/* SPDX-License-Identifier: ISC */
#include "tests/fuzz/groups.h"

static void check_sent(struct groups *g)
{
	static uint8_t frame[NETIF_FAKE_FRAME_MAX];
	size_t len;
	while ((len = netif_fake_take_bytes(&g->link.fake, frame, sizeof(frame))) > 0)
		g->answers += g->check(frame, len);
}

static void join_or_leave(struct groups *g, unsigned i)
{
	struct ip_addr group = g->group(i);
	g->changes++;
	if (g->joined[i]) {
		ip_leave(g->ip, g->link.now_us, &group);
		g->joined[i] = false;
	} else {
		g->joined[i] = ip_join(g->ip, g->link.now_us, &group) == OK;
	}
	check_sent(g);
}

void groups_inject(struct groups *g, const uint8_t *frame, size_t len)
{
	if (netif_fake_inject(&g->link.fake, frame, len))
		eth_input(&g->link.eth, g->link.now_us, netif_recv(&g->link.fake.netif));
}

/* False when the input is used up. */
static bool take_step(struct groups *g, struct cursor *c)
{
	uint8_t byte = cursor_u8(c), value = byte >> 2;
	enum groups_step step = byte % 4;
	if (!cursor_ok(c))
		return false;
	if (step == STEP_JOIN_OR_LEAVE) {
		join_or_leave(g, value % GROUPS);
	} else if (step == STEP_TIME) {
		g->link.now_us += UINT64_C(1) << value % 30;
	} else {
		size_t wanted = cursor_u8(c), len = MIN(wanted, c->left);
		g->arrive(g, step, value, cursor_bytes(c, len), len);
	}
	g->poll(g);
	check_sent(g);
	return true;
}

void groups_run(struct groups *g, const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(data, size);
	while (take_step(g, &c))
		continue;
}
