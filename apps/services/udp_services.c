/* SPDX-License-Identifier: ISC */
#include "apps/services/services.h"

#include <string.h>

static struct udp *udp_layer;
static struct pkt_pool *udp_tx;
static struct udp_socket echo, discard, chargen;

/* Sends the packet or, if that cannot be done now, drops it: UDP promises nothing. */
static void send_or_drop(struct udp_socket *s, uint64_t now_us, struct pkt *p,
			 const struct udp_peer *peer, const struct ip_addr *local)
{
	if (udp_send(udp_layer, s, now_us, p, peer, local) != OK)
		pkt_put(p);
}

/*
 * Two machines that answer each other's small services would do so for ever; so nothing goes to a
 * port below 1024 (the reason why these services are not for the open Internet).
 */
static bool may_answer(const struct udp_peer *peer)
{
	return peer->port >= 1024;
}

static void echo_input(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		       const struct udp_peer *peer, const struct ip_addr *local)
{
	if (!may_answer(peer)) {
		pkt_put(p);
		return;
	}
	services_stats.echoed_bytes += pkt_bytes(p);
	send_or_drop(s, now_us, p, peer, local); /* the very packet that came */
}

static void discard_input(struct udp_socket *s, uint64_t now_us, struct pkt *p,
			  const struct udp_peer *peer, const struct ip_addr *local)
{
	(void)s;
	(void)now_us;
	(void)peer;
	(void)local;
	services_stats.discarded_bytes += pkt_bytes(p);
	pkt_put(p);
}

/* RFC 864: a datagram of 0 to 512 characters for each one received; here always one line. */
static void chargen_input(struct udp_socket *s, uint64_t now_us, struct pkt *p,
			  const struct udp_peer *peer, const struct ip_addr *local)
{
	enum { LINE_BYTES = 74 };
	pkt_put(p);
	if (!may_answer(peer))
		return;
	p = pkt_alloc(udp_tx, PKT_HEADROOM);
	if (p == NULL)
		return;
	memcpy(pkt_append(p, LINE_BYTES), chargen_pattern(0).data, LINE_BYTES);
	services_stats.generated_bytes += LINE_BYTES;
	send_or_drop(s, now_us, p, peer, local);
}

enum err udp_services_open(struct udp *udp, struct pkt_pool *tx)
{
	udp_layer = udp;
	udp_tx = tx;
	echo = (struct udp_socket){.port = PORT_ECHO, .input = echo_input};
	discard = (struct udp_socket){.port = PORT_DISCARD, .input = discard_input};
	chargen = (struct udp_socket){.port = PORT_CHARGEN, .input = chargen_input};
	enum err e = udp_open(udp, &echo);
	if (e == OK)
		e = udp_open(udp, &discard);
	return e == OK ? udp_open(udp, &chargen) : e;
}
