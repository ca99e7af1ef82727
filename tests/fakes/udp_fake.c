/* SPDX-License-Identifier: ISC */
#include "tests/fakes/udp_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "hal/timer.h"

#ifdef RIG_SMALLEST
enum { PACKETS = RIG_SMALLEST };
#else
enum { PACKETS = 16 };
#endif
enum { UDP_HEADER = 8 };

static struct udp_fake *fake_of(struct ip *ip)
{
	return container_of(ip, struct udp_fake, ip);
}

static enum err bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
		     void *self)
{
	struct udp_fake *f = fake_of(ip);

	assert_int_equal(proto, IP_PROTO_UDP);
	f->input = input;
	f->error = error;
	f->input_self = self;
	return OK;
}

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	bool on_link = ip_addr_v4(dst) >> 8 == UDP_FAKE_LOCAL >> 8;

	*out = (struct ip_route){.src = ip_addr_from_v4(UDP_FAKE_LOCAL),
				 .mtu = 1500,
				 .prefix_bits = on_link ? 24 : 0};
	if (!ip_addr_is_v4(dst))
		return ERR_UNREACHABLE;
	return fake_of(ip)->route_error;
}

static enum err output(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct udp_fake *f = fake_of(ip);

	assert_int_equal(now_us, f->now_us);
	assert_int_equal(p->n_pieces, 0);
	if (f->on_output != NULL)
		f->on_output(f->on_output_arg);
	if (f->output_error != OK)
		return f->output_error;
	assert_true(f->n_sent < UDP_FAKE_SENT_MAX && p->len <= UDP_FAKE_BYTES_MAX + UDP_HEADER);
	struct udp_fake_sent *s = &f->sent[f->n_sent++];
	s->len = p->len - UDP_HEADER;
	s->from_port = load_be16(p->data);
	s->to_port = load_be16(p->data + 2);
	s->from = meta->src;
	s->to = meta->dst;
	s->ttl = meta->ttl;
	s->at_us = now_us;
	memcpy(s->bytes, p->data + UDP_HEADER, s->len);
	pkt_put(p);
	return OK;
}

static void unreachable(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	(void)now_us;
	(void)meta;
	(void)why;
	fake_of(ip)->unreachable++;
	pkt_put(p);
}

static enum err join(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	struct udp_fake *f = fake_of(ip);

	assert_int_equal(now_us, f->now_us);
	if (f->join_error != OK || !ip_addr_is_v4(group))
		return f->join_error != OK ? f->join_error : ERR_UNSUPPORTED;
	assert_true(f->n_groups < UDP_GROUPS_MAX);
	f->group[f->n_groups++] = *group;
	return OK;
}

static void leave(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	struct udp_fake *f = fake_of(ip);
	unsigned i = 0;

	(void)now_us;
	while (i < f->n_groups && !ip_addr_equal(&f->group[i], group))
		i++;
	assert_true(i < f->n_groups);
	f->group[i] = f->group[--f->n_groups];
}

static struct ip *owner(struct ip *ip, const struct ip_addr *addr)
{
	return ip_addr_is_v4(addr) && ip_addr_v4(addr) == UDP_FAKE_LOCAL ? ip : NULL;
}

static enum err read_random(struct rng *r, void *bytes, size_t len)
{
	struct udp_fake *f = container_of(r, struct udp_fake, rng);
	uint8_t *out = bytes;

	for (size_t i = 0; i < len; i++) {
		f->seed = f->seed * 1664525 + 1013904223;
		out[i] = (uint8_t)(f->seed >> 24);
	}
	return f->rng_error;
}

static void count_wake(void *arg)
{
	((struct udp_fake *)arg)->wakes++;
}

static void make_pool(struct pkt_pool *pool, void **memory, uint32_t buf_bytes)
{
	*memory = aligned_alloc(CACHE_LINE_BYTES, PKT_POOL_BYTES(PACKETS, buf_bytes));
	pkt_pool_init(pool, *memory, PACKETS, buf_bytes);
}

void udp_fake_init(struct udp_fake *f, uint32_t tx_buf_bytes)
{
	static const struct ip_ops ip_ops = {.bind = bind,
					     .route = route,
					     .output = output,
					     .unreachable = unreachable,
					     .join = join,
					     .leave = leave,
					     .owner = owner};
	static const struct rng_ops rng_ops = {.read = read_random};

	*f = (struct udp_fake){.ip.ops = &ip_ops,
			       .rng.ops = &rng_ops,
			       .work = {.wake = count_wake, .arg = f},
			       .now_us = 7 * US_PER_S,
			       .seed = 1};
	make_pool(&f->tx, &f->tx_memory, tx_buf_bytes);
	make_pool(&f->rx, &f->rx_memory, 2048);
	assert_int_equal(udp_init(&f->udp, &f->ip, &f->rng), OK);
}

void udp_fake_fini(struct udp_fake *f)
{
	assert_int_equal(f->n_groups, 0);
	assert_int_equal(f->tx.pool.used, 0);
	assert_int_equal(f->rx.pool.used, 0);
	assert_true(list_empty(&f->udp.sockets));
	free(f->tx_memory);
	free(f->rx_memory);
}

const struct udp_fake_sent *udp_fake_take(struct udp_fake *f)
{
	return f->n_taken < f->n_sent ? &f->sent[f->n_taken++] : NULL;
}

void udp_fake_deliver_as(struct udp_fake *f, const void *bytes, size_t len,
			 const struct ip_meta *meta, uint16_t from_port, uint16_t to_port)
{
	struct pkt *p = pkt_alloc(&f->rx, PKT_HEADROOM);

	assert_non_null(p);
	uint8_t *header = pkt_append(p, UDP_HEADER);
	store_be16(header, from_port);
	store_be16(header + 2, to_port);
	store_be16(header + 4, (uint16_t)(UDP_HEADER + len));
	p->flags = PKT_CSUM_OK;
	if (len > 0)
		memcpy(pkt_append(p, (uint32_t)len), bytes, len);
	f->input(f->input_self, f->now_us, p, meta);
}

void udp_fake_deliver(struct udp_fake *f, const void *bytes, size_t len, uint32_t from,
		      uint16_t from_port, uint16_t to_port)
{
	const struct ip_meta meta = {.src = ip_addr_from_v4(from),
				     .dst = ip_addr_from_v4(UDP_FAKE_LOCAL),
				     .proto = IP_PROTO_UDP,
				     .ttl = 64};

	udp_fake_deliver_as(f, bytes, len, &meta, from_port, to_port);
}

void udp_fake_error(struct udp_fake *f, enum err error, const struct udp_fake_sent *s)
{
	const struct ip_meta meta = {.src = s->from, .dst = s->to, .proto = IP_PROTO_UDP};
	uint8_t header[UDP_HEADER] = {0};

	store_be16(header, s->from_port);
	store_be16(header + 2, s->to_port);
	f->error(f->input_self, f->now_us, &meta, header, sizeof(header), error, 0);
}
