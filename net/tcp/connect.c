/* SPDX-License-Identifier: ISC */
/*
 * Connecting: an ephemeral port, and a connection in SYN-SENT (section 3.10.1, active OPEN).
 */
#include "net/tcp/tcp_internal.h"

enum {
	PORT_FIRST = 49152, /* RFC 6335 section 6: the dynamic ports */
	PORT_COUNT = 65536 - PORT_FIRST,
};

/*
 * RFC 6056 section 3.3.3: ports follow each other from a secret offset for each destination, so
 * that they neither repeat soon nor can be guessed. Of as many as there are endpoints, and one
 * more, one is free. False if all ports are taken.
 */
static bool pick_port(struct tcp *tcp, struct tcp_tuple *tuple, uint32_t *hash)
{
	tuple->local_port = 0;
	uint32_t offset = (uint32_t)tcp_tuple_secret(tcp, tuple);
	for (uint32_t i = 0; i < PORT_COUNT; i++) {
		uint32_t port = PORT_FIRST + (offset + tcp->port_offset++) % PORT_COUNT;
		tuple->local_port = (uint16_t)port;
		if (tcp_table_find(tcp, &tuple->local, &tuple->remote, tcp_tuple_ports(tuple),
				   hash) == NULL)
			return true;
	}
	return false;
}

static void begin(struct tcp_conn *c, uint64_t now_us)
{
	c->state = TCP_SYN_SENT;
	c->owned = true;
	uint64_t secret = tcp_tuple_secret(c->tcp, &c->ep.tuple);

	c->snd.iss = tcp_initial_seq(secret, now_us);
	c->ts.offset = tcp_ts_offset(secret);
	c->snd.una = c->snd.nxt = c->snd.max = c->snd.iss;
	c->snd.end = c->snd.iss + 1;
	tcp_conn_wake(c);
}

enum err tcp_connect(struct tcp *tcp, const struct ip_addr *addr, uint16_t port, uint64_t now_us,
		     struct flow **flow)
{
	struct ip_route route;
	uint32_t hash;

	assert(tcp_parts.connect && port != 0);
	if (!tcp_is_unicast(addr))
		return ERR_UNREACHABLE;
	enum err e = ip_route(tcp->ip, addr, &route);
	if (e != OK)
		return e;
	struct tcp_tuple tuple = {.local = route.src, .remote = *addr, .remote_port = port};
	if (!pick_port(tcp, &tuple, &hash))
		return ERR_NOMEM;
	struct tcp_conn *c = tcp_conn_new(tcp, &tuple, hash);
	if (c == NULL)
		return ERR_NOMEM;
	tcp_conn_set_route(c, &route);
	begin(c, now_us);
	*flow = &c->flow;
	return OK;
}
