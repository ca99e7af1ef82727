/* SPDX-License-Identifier: ISC */
#include "net/udp/udp.h"

#include "base/bytes.h"
#include "base/counter.h"
#include "hal/netif.h"

enum {
	HEADER_BYTES = 8,
	CHECKSUM_AT = 6,
	EPHEMERAL_FIRST = 49152, /* to 65535: RFC 6335 section 6 */
	EPHEMERAL_PORTS = UINT16_MAX + 1 - EPHEMERAL_FIRST,
};

static struct udp_socket *find(const struct udp *udp, uint16_t port)
{
	list_for_each (node, &udp->sockets) {
		struct udp_socket *s = list_entry(node, struct udp_socket, node);
		if (s->port == port)
			return s;
	}
	return NULL;
}

static void drop(struct pkt *p, uint32_t *counter)
{
	COUNT_AT(counter);
	pkt_put(p);
}

/* RFC 768: a zero field means that the sender made no checksum; over IPv4 only (RFC 8200 8.1). */
static bool is_intact(const struct pkt *p, const struct ip_meta *meta, uint32_t bytes)
{
	if ((p->flags & PKT_CSUM_OK) != 0)
		return true;
	if (load_be16(p->data + CHECKSUM_AT) == 0)
		return inet_is_v4(&meta->src);
	return csum_is_intact(pkt_csum(ip_pseudo_sum(meta, bytes), p));
}

/* The index of `group` among those that `s` has joined, or n_groups. */
static unsigned find_group(const struct udp_socket *s, const struct ip_addr *group)
{
	unsigned i = 0;
	while (i < s->n_groups && !ip_addr_equal(&s->group[i], group))
		i++;
	return i;
}

/* Broadcasts, and the groups of all hosts: 224.0.0.1 and ff02::1 (RFC 1112, RFC 4291 2.7.1). */
static bool is_for_all(const struct ip_addr *dst)
{
	static const struct ip_addr all_nodes = INET_ADDR(0xff020000, 0, 0, 1),
				    all_hosts = INET_ADDR(0, 0, 0xffff, 0xe0000001);
	return !ip_addr_is_group(dst) || ip_addr_equal(dst, &all_hosts) ||
	       ip_addr_equal(dst, &all_nodes);
}

static bool is_wanted(const struct udp_socket *s, const struct ip_addr *dst)
{
	return find_group(s, dst) < s->n_groups || is_for_all(dst);
}

void udp_input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct udp *udp = self;
	uint32_t bytes = p->len >= HEADER_BYTES ? load_be16(p->data + 4) : 0;
	if (bytes < HEADER_BYTES || bytes > pkt_bytes(p)) {
		drop(p, COUNTER_AT(udp->stats.bad_length));
		return;
	}
	pkt_trim(p, bytes);
	if (!is_intact(p, meta, bytes)) {
		drop(p, COUNTER_AT(udp->stats.bad_checksum));
		return;
	}
	struct udp_socket *s = find(udp, load_be16(p->data + 2));
	if (s == NULL) {
		COUNT(udp->stats.no_port);
		ip_unreachable(udp->ip, now_us, p, meta, IP_UNREACHABLE_PORT);
		return;
	}
	if (!inet_is_minimal && UNLIKELY(meta->broadcast) && !is_wanted(s, &meta->dst)) {
		drop(p, COUNTER_AT(udp->stats.not_joined));
		return;
	}
	COUNT(udp->stats.in);
	const struct udp_peer peer = {.addr = meta->src, .port = load_be16(p->data)};
	pkt_pull(p, HEADER_BYTES);
	s->input(s, now_us, p, &peer, &meta->dst);
}

/* Of a datagram that a socket sent from its port. */
static void error_input(void *self, uint64_t now_us, const struct ip_meta *meta,
			const uint8_t *transport, uint32_t len, enum err error, uint16_t mtu)
{
	struct udp *udp = self;
	struct udp_socket *s = len >= HEADER_BYTES ? find(udp, load_be16(transport)) : NULL;
	if (s == NULL || s->error == NULL)
		return;
	const struct udp_peer peer = {.addr = meta->dst, .port = load_be16(transport + 2)};
	COUNT(udp->stats.errors);
	s->error(s, now_us, &peer, error, mtu);
}

void udp_init_apart(struct udp *udp, struct ip *ip, struct rng *rng)
{
	*udp = (struct udp){.ip = ip, .rng = rng};
	list_init(&udp->sockets);
}

enum err udp_init(struct udp *udp, struct ip *ip, struct rng *rng)
{
	udp_init_apart(udp, ip, rng);
	return ip_bind(ip, IP_PROTO_UDP, udp_input, inet_is_bare() ? NULL : error_input, udp);
}

/* RFC 6056 section 3.3.1, algorithm 1: the first free port from a random one on. */
static enum err pick_port(struct udp *udp, uint16_t *port)
{
	uint16_t at;
	enum err e = rng_read(udp->rng, &at, sizeof(at));
	if (e != OK)
		return e;
	for (unsigned tries = 0; tries < EPHEMERAL_PORTS; tries++, at++) {
		*port = (uint16_t)(EPHEMERAL_FIRST + at % EPHEMERAL_PORTS);
		if (find(udp, *port) == NULL)
			return OK;
	}
	return ERR_NOMEM;
}

enum err udp_open(struct udp *udp, struct udp_socket *s)
{
	uint16_t port = s->port;
	enum err e = OK;
	if (port == 0)
		e = pick_port(udp, &port);
	else if (find(udp, port) != NULL)
		e = ERR_EXISTS;
	if (e != OK)
		return e;
	s->port = port;
	list_push_back(&udp->sockets, &s->node);
	return OK;
}

void udp_close(struct udp *udp, struct udp_socket *s)
{
	assert(find(udp, s->port) == s && s->n_groups == 0);
	list_remove(&s->node);
}

enum err udp_join(struct udp *udp, struct udp_socket *s, uint64_t now_us,
		  const struct ip_addr *group)
{
	if (find_group(s, group) < s->n_groups)
		return ERR_EXISTS;
	if (s->n_groups == UDP_GROUPS_MAX)
		return ERR_NOMEM;
	enum err e = ip_join(udp->ip, now_us, group);
	if (e == OK)
		s->group[s->n_groups++] = *group;
	return e;
}

void udp_leave(struct udp *udp, struct udp_socket *s, uint64_t now_us, const struct ip_addr *group)
{
	const struct ip_addr left = *group; /* it may be the table's own */
	unsigned i = find_group(s, &left);
	assert(i < s->n_groups);
	s->group[i] = s->group[--s->n_groups];
	ip_leave(udp->ip, now_us, &left);
}

/* Leaves the checksum, which is 0 yet, to the device, or makes it. One of 0 is sent as all ones
 * (RFC 768). */
static void emit_checksum(struct pkt *p, const struct ip_meta *meta, uint16_t bytes, bool offload)
{
	uint8_t *field = p->data + CHECKSUM_AT;
	uint32_t pseudo_sum = ip_pseudo_sum(meta, bytes);
	if (offload) {
		p->flags |= PKT_CSUM_PARTIAL;
		p->csum_start = 0;
		p->csum_offset = CHECKSUM_AT;
		csum_store(field, csum_partial(pseudo_sum));
		return;
	}
	uint16_t checksum = csum_fold(pkt_csum(pseudo_sum, p));
	csum_store(field, checksum != 0 ? checksum : UINT16_MAX);
}

enum err udp_send(struct udp *udp, struct udp_socket *s, uint64_t now_us, struct pkt *p,
		  const struct udp_peer *to, const struct ip_addr *from)
{
	struct ip_route route;
	size_t bytes = HEADER_BYTES + pkt_bytes(p);
	if (bytes > UINT16_MAX)
		return ERR_INVALID;
	enum err e = from != NULL ? ip_route_from(udp->ip, from, &to->addr, &route)
				  : ip_route(udp->ip, &to->addr, &route);
	if (e != OK)
		return e;
	const struct ip_meta meta = {
		.src = route.src,
		.dst = to->addr,
		.proto = IP_PROTO_UDP,
		.ttl = s->ttl,
	};
	uint8_t *header = pkt_push(p, HEADER_BYTES);
	store_be32(header, (uint32_t)s->port << 16 | to->port);
	store_be32(header + 4, (uint32_t)bytes << 16); /* and no checksum yet */
	p->flags = 0; /* it may be a received packet that goes back */
	emit_checksum(p, &meta, (uint16_t)bytes, (route.features & NETIF_CSUM_TX) != 0);
	e = ip_output(udp->ip, now_us, p, &meta);
	if (e == OK) {
		COUNT(udp->stats.out);
		return OK;
	}
	pkt_pull(p, HEADER_BYTES);
	p->flags = 0;
	return e;
}

enum err udp_send_or_put(struct udp *udp, struct udp_socket *s, uint64_t now_us, struct pkt *p,
			 const struct udp_peer *to)
{
	enum err e = udp_send(udp, s, now_us, p, to, NULL);
	if (e != OK)
		pkt_put(p);
	return e;
}
