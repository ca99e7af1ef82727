/* SPDX-License-Identifier: ISC */
#include "tests/unit/tcp/peer.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "tests/unit/tcp/tests.h"

void peer_init(struct peer *p, struct world *w, uint16_t port)
{
	*p = (struct peer){
		.world = w,
		.port = port,
		.remote_port = PORT,
		.iss = 1000000,
		.seq = 1000000,
		.window = 65535,
		.mss = 1460,
		.scale = -1,
	};
}

static size_t put_options(const struct peer *p, uint8_t flags, uint8_t *at)
{
	size_t n = 0;

	if (p->extra_len > 0) {
		memcpy(at, p->extra, p->extra_len);
		return p->extra_len;
	}
	if (p->ts) {
		store_be32(at, 0x0101080a);
		store_be32(at + 4, p->now);
		store_be32(at + 8, p->echo);
		n = 12;
	}
	if ((flags & TCP_SYN) == 0)
		return n;
	at += n;
	if (p->sack) {
		const uint8_t option[4] = {4, 2, 1, 1};
		memcpy(at, option, 4);
		at += 4;
		n += 4;
	}
	if (p->mss != 0) {
		at[0] = 2;
		at[1] = 4;
		store_be16(at + 2, p->mss);
		at += 4;
		n += 4;
	}
	if (p->scale >= 0) {
		const uint8_t option[4] = {3, 3, (uint8_t)p->scale, 1};
		memcpy(at, option, 4);
		n += 4;
	}
	return n;
}

void peer_put(struct peer *p, uint8_t flags, uint32_t seq, uint32_t ack, const void *data,
	      size_t len)
{
	static uint8_t bytes[65536];
	struct ip_pipe *pipe = &p->world->pipe;
	const struct ip_meta meta = {.src = pipe->end[1].addr,
				     .dst = pipe->end[0].addr,
				     .proto = IP_PROTO_TCP,
				     .tos = p->tos};

	memset(bytes, 0, 60);
	store_be16(bytes, p->port);
	store_be16(bytes + 2, p->remote_port);
	store_be32(bytes + 4, seq);
	store_be32(bytes + 8, ack);
	bytes[13] = flags;
	store_be16(bytes + 14, p->window);
	size_t header = 20 + put_options(p, flags, bytes + 20);
	bytes[12] = (uint8_t)(header / 4 << 4);
	if (len > 0)
		memcpy(bytes + header, data, len);
	uint32_t sum = ip_pseudo_sum(&meta, (uint32_t)(header + len));
	csum_store(bytes + 16, csum_fold(csum_add(sum, bytes, header + len)));
	if (p->bad_checksum)
		bytes[16] ^= 0x40;
	assert_true(ip_pipe_inject(pipe, 0, &meta, bytes, header + len, false));
}

void peer_send(struct peer *p, uint8_t flags, const void *data, size_t len)
{
	peer_put(p, flags, p->seq, p->ack, data, len);
	p->seq += (uint32_t)len + ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
}

static void parse_options(struct seen *s, const uint8_t *at, const uint8_t *end)
{
	s->mss = 0;
	s->scale = -1;
	s->sack = s->has_ts = false;
	s->blocks = 0;
	while (at < end && *at != 0) {
		if (*at == 1) {
			at++;
			continue;
		}
		assert_true(at + 1 < end && at[1] >= 2 && at + at[1] <= end);
		if (at[0] == 2)
			s->mss = load_be16(at + 2);
		if (at[0] == 3)
			s->scale = at[2];
		s->sack |= at[0] == 4;
		if (at[0] == 8) {
			assert_int_equal(at[1], 10);
			s->has_ts = true;
			s->ts = load_be32(at + 2);
			s->ts_echo = load_be32(at + 6);
		}
		for (const uint8_t *b = at + 2; at[0] == 5 && b < at + at[1]; b += 8)
			s->block[s->blocks++] = (struct tcp_range){load_be32(b), load_be32(b + 4)};
		at += at[1];
	}
}

bool peer_take(struct peer *p, struct seen *s)
{
	struct ip_frame *f = ip_pipe_take(&p->world->pipe, 1);
	if (f == NULL)
		return false;
	const uint8_t *h = f->bytes;
	size_t header = (h[12] >> 4) * 4u;
	assert_true(f->len >= header && header >= 20);
	s->src = load_be16(h);
	s->dst = load_be16(h + 2);
	s->seq = load_be32(h + 4);
	s->ack = load_be32(h + 8);
	s->flags = h[13];
	s->tos = f->meta.tos;
	s->window = load_be16(h + 14);
	s->len = (uint32_t)(f->len - header);
	parse_options(s, h + 20, h + header);
	memcpy(s->data, h + header, s->len);
	free(f);
	return true;
}

const struct seen *peer_expect(struct peer *p, uint8_t flags)
{
	static struct seen s;

	world_poll(p->world, 0);
	assert_true(peer_take(p, &s));
	assert_int_equal(s.flags, flags);
	assert_int_equal(s.dst, p->port);
	return &s;
}

void peer_expect_silence(struct peer *p)
{
	static struct seen s;

	world_poll(p->world, 0);
	assert_false(peer_take(p, &s));
}

void peer_wait(struct peer *p, uint64_t us)
{
	p->world->pipe.now_us += us;
	world_poll(p->world, 0);
}

struct app *peer_open(struct peer *p)
{
	peer_send(p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(p, TCP_SYN | TCP_ACK);
	assert_int_equal(s->ack, p->seq);
	p->irs = s->seq;
	p->ack = s->seq + 1;
	peer_send(p, TCP_ACK, NULL, 0);
	unsigned before = p->world->side[0].accepted;
	peer_expect_silence(p);
	assert_int_equal(p->world->side[0].accepted, before + 1);
	return world_server(p->world);
}

void peer_accept(struct peer *p, struct app *a)
{
	struct world *w = p->world;
	struct flow *f;

	assert_int_equal(
		tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, p->port, world_now(w), &f), OK);
	app_attach(a, w, f);
	const struct seen *s = peer_expect(p, TCP_SYN);
	p->irs = s->seq;
	p->ack = s->seq + 1;
	p->remote_port = s->src;
	peer_send(p, TCP_SYN | TCP_ACK, NULL, 0);
	(void)peer_expect(p, TCP_ACK);
	assert_true((a->events & FLOW_CONNECTED) != 0);
}

struct tcp_conn *peer_conn(const struct peer *p)
{
	const struct tcp *tcp = p->world->side[0].tcp;
	const struct tcp_tuple tuple = {.local = p->world->pipe.end[0].addr,
					.remote = p->world->pipe.end[1].addr,
					.local_port = p->remote_port,
					.remote_port = p->port};
	uint32_t hash;
	struct tcp_endpoint *ep =
		tcp_table_find(tcp, &tuple.local, &tuple.remote, tcp_tuple_ports(&tuple), &hash);
	assert_non_null(ep);
	assert_int_equal(ep->kind, TCP_CONN);
	return conn_of(ep);
}

size_t peer_drain(struct peer *p)
{
	static struct seen s;
	size_t n = 0;

	world_poll(p->world, 0);
	while (peer_take(p, &s))
		n += s.len;
	return n;
}

void peer_sack(struct peer *p, uint32_t ack, const struct tcp_range *block, unsigned n)
{
	uint8_t *at = p->extra;

	if (p->ts) {
		store_be32(at, 0x0101080a);
		store_be32(at + 4, p->now);
		store_be32(at + 8, p->echo);
		at += 12;
	}
	if (n > 0) {
		store_be32(at, 0x01010502 + 8 * n);
		at += 4;
	}
	for (unsigned i = 0; i < n; i++, at += 8) {
		store_be32(at, block[i].start);
		store_be32(at + 4, block[i].end);
	}
	p->extra_len = (unsigned)(at - p->extra);
	peer_put(p, TCP_ACK, p->seq, ack, NULL, 0);
	p->extra_len = 0;
}

void peer_ack(struct peer *p, uint32_t ack)
{
	p->ack = ack;
	peer_send(p, TCP_ACK, NULL, 0);
}
