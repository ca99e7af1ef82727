/* SPDX-License-Identifier: ISC */
#include "tests/unit/dns/rig.h"

#include "tests/fakes/ip_slots.h"

struct rig rig;

enum { BUF_BYTES = 512, UDP_HEADER = 8, RX_BUF_BYTES = 6144, LOCAL = 0x0a00020f };

/* --- below: network layer, random numbers, TCP ----------------------------------------------- */

static enum err fake_bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
			  void *self)
{
	(void)ip;
	assert_int_equal(proto, IP_PROTO_UDP);
	rig.input = input;
	rig.error = error;
	rig.input_self = self;
	return OK;
}

static enum err fake_route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	(void)ip;
	(void)dst;
	*out = (struct ip_route){.src = ip_addr_from_v4(LOCAL), .mtu = 1500};
	return OK;
}

static enum err fake_output(struct ip *ip, uint64_t now_us, struct pkt *p,
			    const struct ip_meta *meta)
{
	(void)ip;
	assert_int_equal(now_us, rig.now_us);
	assert_int_equal(p->n_pieces, 0);
	if (rig.output_error != OK)
		return rig.output_error;
	assert_true(rig.n_sent < SENT_MAX);
	struct sent *s = &rig.sent[rig.n_sent++];
	s->len = p->len - UDP_HEADER;
	s->from_port = load_be16(p->data);
	s->to_port = load_be16(p->data + 2);
	s->to = ip_addr_v4(&meta->dst);
	memcpy(s->bytes, p->data + UDP_HEADER, s->len);
	pkt_put(p);
	return OK;
}

static void fake_unreachable(struct ip *ip, uint64_t now_us, struct pkt *p,
			     const struct ip_meta *meta, enum ip_unreachable why)
{
	(void)ip;
	(void)now_us;
	(void)meta;
	(void)why;
	rig.unreachable++;
	pkt_put(p);
}

static enum err fake_read(struct rng *r, void *bytes, size_t len)
{
	uint8_t *out = bytes;

	(void)r;
	for (size_t i = 0; i < len; i++) {
		rig.seed = rig.seed * 1664525 + 1013904223;
		out[i] = (uint8_t)(rig.seed >> 24);
	}
	return rig.rng_error;
}

enum err tcp_connect(struct tcp *tcp, const struct ip_addr *addr, uint16_t port, uint64_t now_us,
		     struct flow **flow)
{
	assert_ptr_equal(tcp, &rig);
	assert_int_equal(port, 53);
	assert_int_equal(now_us, rig.now_us);
	if (rig.connect_error != OK)
		return rig.connect_error;
	if (rig.connects++ > 0)
		flow_fake_fini(&rig.flow);
	flow_fake_init(&rig.flow);
	rig.connected_to = ip_addr_v4(addr);
	*flow = &rig.flow.flow;
	return OK;
}

static void count_wake(void *arg)
{
	++*(unsigned *)arg;
}

/* --- life ------------------------------------------------------------------------------------ */

static void make_pools(void)
{
	size_t rx_bytes = PKT_POOL_BYTES(PACKETS, RX_BUF_BYTES);
	size_t tx_bytes = PKT_POOL_BYTES(PACKETS, BUF_BYTES);

	rig.rx_memory = aligned_alloc(CACHE_LINE_BYTES, rx_bytes);
	rig.tx_memory = aligned_alloc(CACHE_LINE_BYTES, tx_bytes);
	pkt_pool_init(&rig.rx, rig.rx_memory, PACKETS, RX_BUF_BYTES);
	pkt_pool_init(&rig.tx, rig.tx_memory, PACKETS, BUF_BYTES);
}

int setup(void **state)
{
	static const struct ip_ops ip_ops = {
		.bind = fake_bind,
		.route = fake_route,
		.output = fake_output,
		.unreachable = fake_unreachable,
		.join = ip_slot_join,
		.leave = ip_slot_leave,
		.owner = ip_slot_owner,
	};
	static const struct rng_ops rng_ops = {.read = fake_read};
	const struct ip_addr servers[] = {ip_addr_from_v4(SERVER_1), ip_addr_from_v4(SERVER_2)};
	const struct dns_config config = {
		.queries = QUERIES, .cache_entries = ENTRIES, .tcp_bytes = TCP_BYTES};

	(void)state;
	rig = (struct rig){.ip.ops = &ip_ops, .rng.ops = &rng_ops, .now_us = 7 * SECOND, .seed = 1};
	make_pools();
	assert_int_equal(udp_init(&rig.udp, &rig.ip, &rig.rng), OK);
	rig.memory = malloc(dns_memory_bytes(&config));
	struct waker waker = {.wake = count_wake, .arg = &rig.wakes};
	rig.dns = dns_init(rig.memory, &config, &rig.udp, &rig.tx, &rig.rng, waker);
	rig.resolver = dns_resolver(rig.dns);
	assert_int_equal(dns_add_servers(rig.dns, servers, 2), OK);
	dns_use_tcp(rig.dns, (struct tcp *)(void *)&rig);
	return 0;
}

/* Every packet, socket and flow has been given back. */
int teardown(void **state)
{
	(void)state;
	assert_int_equal(rig.tx.pool.used, 0);
	assert_int_equal(rig.rx.pool.used, 0);
	assert_true(list_empty(&rig.udp.sockets));
	if (rig.connects > 0) {
		assert_true(flow_fake_is_over(&rig.flow));
		flow_fake_fini(&rig.flow);
	}
	free(rig.memory);
	free(rig.rx_memory);
	free(rig.tx_memory);
	return 0;
}

/* --- above: requests ------------------------------------------------------------------------- */

static void note_done(struct resolver_request *r, uint64_t now_us)
{
	struct lookup *l = container_of(r, struct lookup, request);
	assert_int_equal(now_us, rig.now_us);
	l->done++;
	l->at_us = now_us;
}

void look_up(struct lookup *l, const char *name, enum resolver_family family)
{
	*l = (struct lookup){.request.done = note_done};
	assert_int_equal(resolver_start(rig.resolver, &l->request, name, family, rig.now_us), OK);
	assert_int_equal(l->done, 0);
}

void rig_poll(void)
{
	unsigned polls = 0;
	while ((rig.due_us = dns_poll(rig.dns, rig.now_us)) <= rig.now_us)
		assert_true(++polls < 32);
}

void rig_pass(uint64_t us)
{
	rig.now_us += us;
	rig_poll();
}

const struct sent *take_sent(void)
{
	rig_poll();
	return rig.n_taken < rig.n_sent ? &rig.sent[rig.n_taken++] : NULL;
}

const struct sent *take_query(uint32_t server)
{
	const struct sent *s = take_sent();
	assert_non_null(s);
	assert_int_equal(s->to, server);
	assert_int_equal(s->to_port, 53);
	assert_true(s->from_port >= 49152);
	assert_int_equal(load_be16(s->bytes + 2), 0x0100); /* a question, recursion desired */
	assert_int_equal(load_be16(s->bytes + 4), 1);
	return s;
}

void assert_error(const struct lookup *l, enum err e)
{
	assert_int_equal(l->done, 1);
	assert_int_equal(l->request.error, e);
	assert_int_equal(l->request.count, 0);
}

void assert_address(const struct lookup *l, uint32_t address)
{
	assert_int_equal(l->done, 1);
	assert_int_equal(l->request.error, OK);
	assert_int_equal(l->request.count, 1);
	assert_int_equal(ip_addr_v4(&l->request.address[0]), address);
}

void learn(const char *name, uint32_t ttl_s, uint32_t address)
{
	struct lookup l;
	look_up(&l, name, RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, ttl_s, address);
	deliver(&m, q);
	assert_address(&l, address);
}

/* --- messages -------------------------------------------------------------------------------- */

void put_bytes(struct message *m, const void *bytes, size_t len)
{
	assert_true(m->len + len <= sizeof(m->bytes));
	if (len > 0)
		memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
}

void put_be16(struct message *m, uint16_t v)
{
	store_be16(m->bytes + m->len, v);
	m->len += 2;
}

void put_be32(struct message *m, uint32_t v)
{
	store_be32(m->bytes + m->len, v);
	m->len += 4;
}

void put_name(struct message *m, const char *text)
{
	while (*text != '\0') {
		uint8_t len = (uint8_t)strcspn(text, ".");
		put_bytes(m, &len, 1);
		put_bytes(m, text, len);
		text += len + (text[len] == '.');
	}
	put_bytes(m, "", 1);
}

static size_t question_bytes(const struct sent *query)
{
	size_t at = DNS_HEADER_BYTES;
	while (query->bytes[at] != 0)
		at += 1u + query->bytes[at];
	return at + 5 - DNS_HEADER_BYTES;
}

struct message reply_to(const struct sent *query, uint16_t flags)
{
	struct message m = {.len = 0};
	put_bytes(&m, query->bytes, DNS_HEADER_BYTES + question_bytes(query));
	store_be16(m.bytes + 2, flags);
	store_be16(m.bytes + ADDITIONAL, 0);
	return m;
}

void put_record(struct message *m, enum section section, const char *name, uint16_t type,
		uint32_t ttl_s, const void *data, size_t data_bytes)
{
	store_be16(m->bytes + section, (uint16_t)(load_be16(m->bytes + section) + 1));
	if (name != NULL)
		put_name(m, name);
	else
		put_be16(m, 0xc000 | DNS_HEADER_BYTES);
	put_be16(m, type);
	put_be16(m, 1);
	put_be32(m, ttl_s);
	put_be16(m, (uint16_t)data_bytes);
	put_bytes(m, data, data_bytes);
}

void put_a(struct message *m, const char *name, uint32_t ttl_s, uint32_t address)
{
	uint8_t data[4];
	store_be32(data, address);
	put_record(m, ANSWER, name, DNS_TYPE_A, ttl_s, data, sizeof(data));
}

void put_cname(struct message *m, const char *name, uint32_t ttl_s, const char *target)
{
	struct message data = {.len = 0};
	put_name(&data, target);
	put_record(m, ANSWER, name, DNS_TYPE_CNAME, ttl_s, data.bytes, data.len);
}

void put_soa(struct message *m, const char *name, uint32_t ttl_s, uint32_t minimum_s)
{
	struct message data = {.len = 0};
	put_name(&data, "ns.test");
	put_name(&data, "admin.test");
	for (uint32_t i = 1; i <= 4; i++) /* serial, refresh, retry, expire */
		put_be32(&data, i);
	put_be32(&data, minimum_s);
	put_record(m, AUTHORITY, name, DNS_TYPE_SOA, ttl_s, data.bytes, data.len);
}

/* Moves the end of the first piece into `n` pieces, which lie in it all the same. */
static void cut_in_pieces(struct pkt *p, struct pkt *holder, unsigned n)
{
	size_t left = holder->len, at = 0;
	for (unsigned i = 0; i < n; i++) {
		struct slice s = pkt_slice(holder, 0);
		s.data += at;
		s.len = i + 1 < n ? left / 3 : left;
		at += s.len;
		left -= s.len;
		assert_true(pkt_add_piece(p, s));
	}
}

void deliver_from(const struct message *m, uint32_t server, uint16_t from, uint16_t to)
{
	struct pkt *p = pkt_alloc(&rig.rx, PKT_HEADROOM);
	const struct ip_meta meta = {.src = ip_addr_from_v4(server),
				     .dst = ip_addr_from_v4(LOCAL),
				     .proto = IP_PROTO_UDP};

	assert_non_null(p);
	uint8_t *header = pkt_append(p, UDP_HEADER);
	store_be16(header, from);
	store_be16(header + 2, to);
	store_be16(header + 4, (uint16_t)(UDP_HEADER + m->len));
	p->flags = PKT_CSUM_OK;
	if (rig.pieces == 0) {
		memcpy(pkt_append(p, (uint32_t)m->len), m->bytes, m->len);
	} else {
		struct pkt *holder = pkt_alloc(&rig.rx, PKT_HEADROOM);
		memcpy(pkt_append(holder, (uint32_t)m->len), m->bytes, m->len);
		cut_in_pieces(p, holder, rig.pieces);
		pkt_put(holder);
	}
	rig.input(rig.input_self, rig.now_us, p, &meta);
	rig_poll();
}

void deliver(const struct message *m, const struct sent *query)
{
	deliver_from(m, query->to, 53, query->from_port);
}

void deliver_error(enum err error, uint16_t from, uint32_t server, uint16_t to)
{
	const struct ip_meta meta = {.src = ip_addr_from_v4(LOCAL),
				     .dst = ip_addr_from_v4(server),
				     .proto = IP_PROTO_UDP};
	uint8_t header[UDP_HEADER] = {0};

	store_be16(header, from);
	store_be16(header + 2, to);
	rig.error(rig.input_self, rig.now_us, &meta, header, sizeof(header), error, 0);
	rig_poll();
}
