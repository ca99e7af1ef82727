/* SPDX-License-Identifier: ISC */
/*
 * Segments into a TCP that listens on port 80 and connects to port 7, whose users read, write and
 * close as the input says. The input is a byte of options, then steps (enum step, and in the upper
 * bits which conversation or how much). Numbers of segments are given relative to what the TCP sent
 * last in that conversation, so that inputs get into all states. After each step the connections'
 * own rules are checked; at the end everything must have been given back.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/cursor.h"
#include "net/tcp/tcp_internal.h"
#include "tests/fakes/ip_slots.h"
#include "tests/fakes/rng_fake.h"

enum step {
	STEP_SEGMENT, /* flags, sequence, acknowledgement, window, payload: a byte each */
	STEP_PLAIN, /* the next bytes of the stream, acknowledging all: a byte of payload length */
	STEP_RAW,   /* a byte of length, and the segment itself */
	STEP_TIME,  /* a byte: passes 4 ms << (0 to 15) */
	STEP_WRITE,
	STEP_END,    /* shut down, close, abort, connect */
	STEP_DEVICE, /* full, or out of packets */
	STEP_ERROR,  /* ICMP: a byte of relative sequence number */
};

enum {
	PACKETS = 48,
	BUF_BYTES = 1024,
	CONVERSATIONS = 4,
	FLOWS = 4,
	STEPS_MAX = 400,
	MEMORY_BYTES = 32 * 1024,
	OPTION_FIX_CHECKSUM = 1,
	OPTION_PIECES = 2,
	OPTION_READ = 4,    /* users read at once */
	OPTION_OPTIONS = 8, /* the peer has timestamps and SACK */
	OPTION_FEATURES_SHIFT = 4,
	FLAG_BLOCKS = 0x40, /* a byte of count, and two for each SACK block */
	FLAG_OLD = 0x80,    /* a timestamp of the past */
};

static const struct tcp_config config = {
	.connections = 3,
	.half_open = 3,
	.time_wait = 2,
	.listeners = 1,
	.repairs = 2,
	.send_slices = 12,
	.send_bytes = 6000,
	.recv_bytes = 5000,
	.recv_packets = 6,
	.mtu_probing = true,
	.ecn = TCP_ECN_ON,
	.congestion = &tcp_cubic,
	.sack = true,
};

/* The peer's side of a four-tuple. */
struct conversation {
	uint16_t port, remote; /* the peer's, and the one of the TCP under test */
	uint32_t seq, ack;     /* as the TCP under test would like them */
	uint32_t echo;         /* its last timestamp */
};

struct world {
	struct pkt_pool rx, tx;
	struct tcp *tcp;
	struct ip ip;
	ip_input_fn *input;
	ip_error_fn *error;
	uint8_t options;
	unsigned refuse;
	uint64_t now_us;
	struct conversation talk[CONVERSATIONS];
	struct flow *flow[FLOWS];
	struct pkt *hoard[PACKETS];
};

static struct world world;
static _Alignas(CACHE_LINE_BYTES) uint8_t rx_memory[PKT_POOL_BYTES(PACKETS, BUF_BYTES)];
static _Alignas(CACHE_LINE_BYTES) uint8_t tx_memory[PKT_POOL_BYTES(PACKETS, BUF_BYTES)];
static _Alignas(CACHE_LINE_BYTES) uint8_t tcp_memory[MEMORY_BYTES];
static const uint8_t text[4096];

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* --- the network layer ----------------------------------------------------------------------- */

static enum err ip_bind_fake(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
			     void *self)
{
	(void)ip, (void)proto, (void)self;
	world.input = input;
	world.error = error;
	return OK;
}

static enum err ip_route_fake(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	(void)ip, (void)dst;
	*out = (struct ip_route){.src = ip_addr_from_v4(0x0a000001),
				 .mtu = 576,
				 .features = (uint32_t)world.options >> OPTION_FEATURES_SHIFT,
				 .tso_bytes = 3000};
	if ((out->features & 4) != 0) /* all of them */
		out->features = NETIF_CSUM_TX | NETIF_SG | NETIF_TSO4;
	return OK;
}

static void remember(const uint8_t *h, size_t len)
{
	uint32_t payload = (uint32_t)len - (h[12] >> 4) * 4u;
	for (unsigned i = 0; i < CONVERSATIONS; i++) {
		struct conversation *t = &world.talk[i];
		if (t->port != load_be16(h + 2) || (h[13] & TCP_RST) != 0)
			continue;
		t->remote = load_be16(h);
		t->ack = load_be32(h + 4) + payload + ((h[13] & (TCP_SYN | TCP_FIN)) != 0);
		if ((h[13] & TCP_ACK) != 0)
			t->seq = load_be32(h + 8);
		if ((h[12] >> 4) >= 8)
			t->echo = load_be32(h + 24);
	}
}

static enum err ip_output_fake(struct ip *ip, uint64_t now_us, struct pkt *p,
			       const struct ip_meta *meta)
{
	(void)ip, (void)meta;
	assert(now_us == world.now_us);
	assert(pkt_headroom(p) >= IP_OUTPUT_HEADROOM && p->len >= TCP_HEADER_BYTES);
	if (world.refuse > 0) {
		world.refuse--;
		return ERR_AGAIN;
	}
	assert(pkt_bytes(p) <= 556 || (p->flags & PKT_GSO_TCP4) != 0);
	remember(p->data, pkt_bytes(p));
	pkt_put(p);
	return OK;
}

static const struct ip_ops ip_ops = {
	.bind = ip_bind_fake,
	.route = ip_route_fake,
	.output = ip_output_fake,
	.unreachable = ip_slot_unreachable,
	.join = ip_slot_join,
	.leave = ip_slot_leave,
	.owner = ip_slot_owner,
};

/* --- users ----------------------------------------------------------------------------------- */

static void user_forget(const struct flow *f)
{
	for (unsigned i = 0; i < FLOWS; i++) {
		if (world.flow[i] == f)
			world.flow[i] = NULL;
	}
}

static void user_read(struct flow *f)
{
	struct slice s;
	while (flow_read(f, &s) == OK) {
		assert(s.len > 0);
		flow_consume(f, s.len > 2 ? s.len - 1 : s.len);
	}
}

static void user_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	(void)arg, (void)now_us;
	if ((events & FLOW_FAILED) != 0) {
		user_forget(f);
		flow_close(f);
	} else if ((world.options & OPTION_READ) != 0) {
		user_read(f);
	}
}

static void user_take(void *arg, struct flow *f, uint64_t now_us)
{
	(void)arg, (void)now_us;
	f->event = user_event;
	for (unsigned i = 0; i < FLOWS; i++) {
		if (world.flow[i] == NULL) {
			world.flow[i] = f;
			return;
		}
	}
	flow_abort(f);
}

static void step_write(unsigned what, struct cursor *c)
{
	struct flow *f = world.flow[what % FLOWS];
	size_t n = cursor_u8(c) * 16u;
	struct slice s = SLICE_STATIC(text, n);
	ssize_t written = 0;
	if (f == NULL)
		return;
	if ((what & 4) != 0)
		written = flow_write_copy(f, text, n);
	else
		written = flow_write(f, &s, 1);
	assert(written <= (ssize_t)n);
}

static void step_end(unsigned what)
{
	struct flow *f = world.flow[what % FLOWS];
	const struct ip_addr addr = ip_addr_from_v4(0x0a000002);
	if (f == NULL) {
		if (tcp_connect(world.tcp, &addr, 7, world.now_us, &f) == OK)
			user_take(NULL, f, 0);
		return;
	}
	if (what / 4 % 4 == 0) {
		flow_shutdown(f);
		return;
	}
	if (what / 4 % 4 == 1) {
		user_read(f);
		return;
	}
	user_forget(f);
	if (what / 4 % 4 == 2)
		flow_close(f);
	else
		flow_abort(f);
}

/* --- the peer -------------------------------------------------------------------------------- */

static const struct ip_meta meta_in = {.src = {{0, 0, 0xffff0000, 0x0200000a}},
				       .dst = {{0, 0, 0xffff0000, 0x0100000a}},
				       .proto = IP_PROTO_TCP};

/* Moves what is behind the header into a second packet. */
static void split(struct pkt *p)
{
	uint32_t header = p->len >= 20 ? (p->data[12] >> 4) * 4u : p->len;
	struct pkt *q = header < p->len ? pkt_alloc(&world.rx, 3) : NULL;
	if (q == NULL)
		return;
	uint32_t n = p->len - header;
	memcpy(pkt_append(q, n), p->data + header, n);
	if (pkt_add_piece(p, pkt_slice(q, 0)))
		p->len = header;
	pkt_put(q);
}

static void deliver(const uint8_t *bytes, uint32_t len)
{
	struct pkt *p = pkt_alloc(&world.rx, 0);
	if (p == NULL)
		return;
	memcpy(pkt_append(p, len), bytes, len);
	if ((world.options & OPTION_FIX_CHECKSUM) != 0 && len >= 20) {
		memset(p->data + 16, 0, 2);
		uint32_t sum = csum_add(ip_pseudo_sum(&meta_in, len), p->data, len);
		csum_store(p->data + 16, csum_fold(sum));
	} else {
		p->flags = PKT_CSUM_OK;
	}
	if ((world.options & OPTION_PIECES) != 0)
		split(p);
	world.input(world.tcp, world.now_us, p, &meta_in);
}

/* Small steps near, large ones far: -64 to 63, or times 512. */
static uint32_t relative(uint8_t byte)
{
	int32_t value = (byte >> 1) - 64;
	return (uint32_t)((byte & 1) != 0 ? value * 512 : value);
}

static uint32_t options(const struct conversation *t, uint8_t flags, uint8_t *at, struct cursor *c)
{
	uint8_t *begin = at;
	uint32_t old = (flags & FLAG_OLD) != 0 ? 1000 : 0;

	if ((world.options & OPTION_OPTIONS) == 0)
		return 0;
	store_be32(at, 0x0101080a);
	store_be32(at + 4, (uint32_t)(world.now_us >> 10) - old);
	store_be32(at + 8, t->echo);
	at += 12;
	if ((flags & TCP_SYN) != 0) {
		store_be32(at, 0x01010402);
		at += 4;
	} else if ((flags & FLAG_BLOCKS) != 0) {
		unsigned n = 1 + cursor_u8(c) % 3;
		store_be32(at, 0x01010502 + 8 * n);
		for (at += 4; n > 0; n--, at += 8) {
			uint32_t start = t->ack - cursor_u8(c) * 16u;
			store_be32(at, start);
			store_be32(at + 4, start + cursor_u8(c) * 16u);
		}
	}
	return (uint32_t)(at - begin);
}

static void segment(const struct conversation *t, uint8_t flags, uint32_t seq, uint32_t ack,
		    uint16_t window, uint32_t payload, struct cursor *c)
{
	uint8_t h[60 + 800] = {0};
	store_be16(h, t->port);
	store_be16(h + 2, t->remote);
	store_be32(h + 4, seq);
	store_be32(h + 8, ack);
	h[13] = flags;
	store_be16(h + 14, window);
	uint32_t header = 20 + options(t, flags, h + 20, c);
	h[12] = (uint8_t)(header / 4 << 4);
	memset(h + header, 'x', payload);
	deliver(h, header + payload);
}

static void step_segment(const struct conversation *t, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);
	uint32_t seq = t->seq + relative(cursor_u8(c)), ack = t->ack + relative(cursor_u8(c));
	uint16_t window = (uint16_t)(cursor_u8(c) * 64u);
	uint32_t payload = cursor_u8(c) * 3u;
	segment(t, flags, seq, ack, window, payload, c);
}

static void step_plain(const struct conversation *t, struct cursor *c)
{
	uint32_t payload = cursor_u8(c) * 3u;
	bool fin = payload == 255 * 3;
	uint8_t flags = t->ack == 0 ? TCP_SYN : TCP_ACK;
	segment(t, fin ? flags | TCP_FIN : flags, t->seq, t->ack, 4000, payload, c);
}

static void step_raw(struct cursor *c)
{
	size_t len = cursor_u8(c);
	len = MIN(len, c->left);
	const uint8_t *bytes = cursor_bytes(c, len);
	if (bytes != NULL)
		deliver(bytes, (uint32_t)len);
}

static void step_device(unsigned what)
{
	world.refuse = what & 3;
	for (unsigned i = 0; i < PACKETS; i++) {
		if (world.hoard[i] != NULL)
			pkt_put(world.hoard[i]);
		world.hoard[i] = (what & 4) != 0 ? pkt_alloc(&world.tx, 0) : NULL;
	}
}

static void step_error(const struct conversation *t, struct cursor *c)
{
	const struct ip_meta meta = {.src = meta_in.dst, .dst = meta_in.src, .proto = IP_PROTO_TCP};
	uint8_t quote[8], what = cursor_u8(c);
	store_be16(quote, t->remote);
	store_be16(quote + 2, t->port);
	store_be32(quote + 4, t->ack - (what & 63u));
	world.error(world.tcp, world.now_us, &meta, quote, sizeof(quote),
		    (what & 64) != 0 ? ERR_REFUSED : ERR_UNREACHABLE,
		    (what & 128) != 0 ? (uint16_t)(what * 9u) : 0);
}

/* --- rules ----------------------------------------------------------------------------------- */

/* Sorted and disjoint, of bytes that are in flight. */
static void check_scoreboard(const struct tcp_conn *c)
{
	const struct tcp_board *b = c->board;
	uint32_t edge = c->snd.una;
	assert(c->cc.sack == (b != NULL));
	if (b == NULL)
		return;
	assert(c->snd.nxt == c->snd.max && b->runs > 0 && b->runs <= TCP_RUNS_MAX);
	for (unsigned i = 0; i < b->runs; i++) {
		assert(seq_gt(b->run[i].end, edge) && b->run[i].state <= TCP_RUN_HAD);
		edge = b->run[i].end;
	}
	assert(edge == c->snd.max);
}

static void check_send_queue(const struct tcp_conn *c)
{
	uint32_t bytes = 0, at = 0;
	bool found = c->snd.at == NULL;
	for (const struct tcp_slice *s = c->snd.head; s != NULL; s = s->next) {
		if (s == c->snd.at) {
			at = bytes + c->snd.at_off;
			found = true;
			assert(c->snd.at_off <= s->len);
		}
		bytes += s->len;
	}
	assert(found && bytes == c->snd.bytes && bytes <= config.send_bytes);
	if (c->state <= TCP_SYN_RECEIVED)
		return;
	assert(seq_le(c->snd.una, c->snd.nxt) && seq_le(c->snd.nxt, c->snd.max));
	assert(seq_le(c->snd.max, c->snd.end + 1) && c->cc.cwnd > 0 && c->snd.mss > 0);
	if (c->snd.at != NULL && seq_le(c->snd.nxt, c->snd.end))
		assert(at == c->snd.nxt - c->snd.una);
	check_scoreboard(c);
}

static uint32_t check_gap(struct tcp_conn *c)
{
	uint32_t packets = 0, end = c->rcv.nxt;
	assert((c->rcv.gap != NULL) == (c->rcv.gap_packets > 0));
	if (c->rcv.gap == NULL)
		return 0;
	assert(c->rcv.gap->conn == c);
	list_for_each (node, &c->rcv.gap->packets) {
		const struct pkt *p = list_entry(node, struct pkt, node);
		assert(seq_gt(p->user, c->rcv.nxt) && seq_ge(p->user, end) && pkt_bytes(p) > 0);
		end = p->user + (uint32_t)pkt_bytes(p);
		packets++;
	}
	assert(packets == c->rcv.gap_packets && seq_le(end, c->rcv.edge));
	return packets;
}

static uint32_t check_receive_queue(struct tcp_conn *c)
{
	uint32_t bytes = 0, packets = 0;
	for (struct pkt *p = c->rcv.head; p != NULL; p = p->more) {
		bytes += p->len + pkt_piece_bytes(p);
		packets++;
		assert(p->more != NULL || p == c->rcv.tail);
	}
	assert(bytes == c->rcv.bytes && bytes <= config.recv_bytes);
	packets += check_gap(c);
	assert(packets == c->rcv.packets && packets <= config.recv_packets);
	return packets;
}

static void check(struct tcp *tcp)
{
	uint32_t held = 0;
	for (uint32_t i = 0; i <= tcp->table_mask; i++) {
		for (struct tcp_endpoint *ep = tcp->table[i]; ep != NULL; ep = ep->next) {
			assert((ep->hash & tcp->table_mask) == i);
			if (ep->kind != TCP_CONN)
				continue;
			assert(conn_of(ep)->state != TCP_CLOSED);
			check_send_queue(conn_of(ep));
			held += check_receive_queue(conn_of(ep));
		}
	}
	assert(held <= tcp->held); /* the rest is with flows that are over */
	for (uint32_t i = 0; i < tcp->heap_used; i++) {
		assert(tcp->heap[i]->heap_slot == i + 1);
		assert(i == 0 || tcp->heap[(i - 1) / 2]->deadline_us <= tcp->heap[i]->deadline_us);
	}
}

/* --- one input ------------------------------------------------------------------------------- */

static void poll(void)
{
	/* A deadline at or before now may come once more for what events caused, not for ever. */
	uint64_t next_us = 0;
	for (unsigned i = 0; i < 4 && next_us <= world.now_us; i++) {
		next_us = tcp_poll(world.tcp, world.now_us);
		check(world.tcp);
	}
	assert(next_us > world.now_us);
}

static void step(uint8_t op, struct cursor *c)
{
	unsigned what = op >> 3 & 15;
	const struct conversation *t = &world.talk[what % CONVERSATIONS];
	switch ((enum step)(op & 7)) {
	case STEP_SEGMENT:
		step_segment(t, c);
		break;
	case STEP_PLAIN:
		step_plain(t, c);
		break;
	case STEP_RAW:
		step_raw(c);
		break;
	case STEP_TIME:
		world.now_us += 4000ull << what;
		break;
	case STEP_WRITE:
		step_write(what, c);
		break;
	case STEP_END:
		step_end(what);
		break;
	case STEP_DEVICE:
		step_device(what);
		break;
	case STEP_ERROR:
		step_error(t, c);
		break;
	}
	check(world.tcp);
	if ((op & 128) == 0)
		poll();
}

static void begin(uint8_t options)
{
	struct rng rng = rng_constant();
	struct waker none = {0};
	world = (struct world){.ip.ops = &ip_ops, .options = options, .now_us = 1000000};
	pkt_pool_init(&world.rx, rx_memory, PACKETS, BUF_BYTES);
	pkt_pool_init(&world.tx, tx_memory, PACKETS, BUF_BYTES);
	assert(tcp_memory_bytes(&config) <= MEMORY_BYTES);
	enum err e = tcp_init(&world.tcp, tcp_memory, &config, &world.ip, &world.tx, &rng, none);
	assert(e == OK);
	e = tcp_listen(world.tcp, 80, user_take, NULL);
	assert(e == OK);
	for (unsigned i = 0; i < CONVERSATIONS; i++)
		world.talk[i] = (struct conversation){
			.port = (uint16_t)(i == 0 ? 7 : 4000 + i), .remote = 80, .seq = 1000 * i};
}

static void close_flows(void)
{
	for (unsigned i = 0; i < FLOWS; i++) {
		struct flow *f = world.flow[i];
		world.flow[i] = NULL;
		if (f != NULL)
			flow_close(f);
	}
}

static void end(void)
{
	step_device(0);
	for (unsigned i = 0; i < 40; i++) {
		close_flows(); /* a handshake may have been completed in the last poll */
		poll();
		world.now_us += 10 * (uint64_t)US_PER_S;
	}
	assert(tcp_connections(world.tcp) == 0 && world.tcp->held == 0);
	assert(world.rx.pool.used == 0 && world.tx.pool.used == 0);
	assert(world.tcp->slices.used == 0 && world.tcp->time_waits.used == 0);
	assert(tcp_poll(world.tcp, world.now_us) == TIME_NEVER);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	begin(cursor_u8(&c));
	for (unsigned i = 0; i < STEPS_MAX && c.left > 0; i++) {
		uint8_t op = cursor_u8(&c);
		step(op, &c);
	}
	end();
	return 0;
}
