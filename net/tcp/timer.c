/* SPDX-License-Identifier: ISC */
/*
 * The timers: a binary heap of endpoints by deadline, in an array with a place for every endpoint
 * that can have one. Setting and stopping cost O(log n), nothing to do costs nothing.
 */
#include "net/tcp/tcp_internal.h"

SELDOM void tcp_due(struct tcp *tcp, uint64_t deadline_us)
{
	if (deadline_us < tcp->due_us)
		tcp->due_us = deadline_us;
}

static void place(struct tcp *tcp, struct tcp_endpoint *ep, uint32_t at)
{
	tcp->heap[at] = ep;
	ep->heap_slot = at + 1;
}

/* Puts one into the heap where it belongs, `at` or above it or below. */
static SELDOM void settle(struct tcp *tcp, struct tcp_endpoint *ep, uint32_t at)
{
	while (at > 0) {
		uint32_t parent = (at - 1) / 2;
		if (tcp->heap[parent]->deadline_us <= ep->deadline_us)
			break;
		place(tcp, tcp->heap[parent], at);
		at = parent;
	}
	for (;;) {
		uint32_t child = 2 * at + 1;
		if (child >= tcp->heap_used)
			break;
		if (child + 1 < tcp->heap_used &&
		    tcp->heap[child + 1]->deadline_us < tcp->heap[child]->deadline_us)
			child++;
		if (ep->deadline_us <= tcp->heap[child]->deadline_us)
			break;
		place(tcp, tcp->heap[child], at);
		at = child;
	}
	place(tcp, ep, at);
	if (at == 0)
		tcp_due(tcp, ep->deadline_us);
}

void tcp_timer_set(struct tcp *tcp, struct tcp_endpoint *ep, uint64_t deadline_us)
{
	ep->deadline_us = deadline_us;
	if (ep->heap_slot == 0)
		ep->heap_slot = ++tcp->heap_used;
	settle(tcp, ep, ep->heap_slot - 1);
}

void tcp_timer_stop(struct tcp *tcp, struct tcp_endpoint *ep)
{
	if (ep->heap_slot == 0)
		return;
	uint32_t at = ep->heap_slot - 1;
	struct tcp_endpoint *last = tcp->heap[--tcp->heap_used];
	ep->heap_slot = 0;
	ep->deadline_us = TIME_NEVER;
	if (last != ep)
		settle(tcp, last, at); /* the last one fills the hole */
}

struct tcp_endpoint *tcp_timer_expired(struct tcp *tcp, uint64_t now_us)
{
	if (tcp->heap_used == 0 || tcp->heap[0]->deadline_us > now_us)
		return NULL;
	struct tcp_endpoint *ep = tcp->heap[0];
	tcp_timer_stop(tcp, ep);
	return ep;
}

uint64_t tcp_timer_next(const struct tcp *tcp)
{
	return tcp->heap_used > 0 ? tcp->heap[0]->deadline_us : TIME_NEVER;
}
