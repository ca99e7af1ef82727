/* SPDX-License-Identifier: ISC */
#include "tests/fakes/ip_pipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "hal/netif.h"
#include "tests/fakes/ip_slots.h"

#undef assert

enum { TCP_HEADER_MIN = 20, IPV4_HEADER = 20, TCP_FIN_PSH = 9 };

uint32_t ip_pipe_random(struct ip_pipe *pipe)
{
	/* xorshift32: repeats exactly for a seed */
	uint32_t x = pipe->seed;
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return pipe->seed = x;
}

static bool chance(struct ip_pipe *pipe, unsigned per_mille)
{
	return per_mille != 0 && ip_pipe_random(pipe) % 1000 < per_mille;
}

/* --- the wire -------------------------------------------------------------------------------- */

static void fly(struct ip_pipe *pipe, struct ip_frame *f, uint64_t at_us)
{
	struct list *at = pipe->flying.prev;

	f->at_us = at_us;
	while (at != &pipe->flying && list_entry(at, struct ip_frame, node)->at_us > at_us)
		at = at->prev;
	list_insert_between(&f->node, at, at->next);
}

static struct ip_frame *frame_new(unsigned to, const struct ip_meta *meta, size_t len)
{
	struct ip_frame *f = malloc(sizeof(*f) + len);
	assert_non_null(f);
	*f = (struct ip_frame){.to = to, .meta = *meta, .len = len};
	list_init(&f->node);
	return f;
}

/* Puts one packet on the wire, which may lose, repeat or delay it. */
static void launch(struct ip_pipe *pipe, struct ip_frame *f)
{
	if ((pipe->filter != NULL && !pipe->filter(pipe->filter_arg, f)) ||
	    chance(pipe, pipe->loss)) {
		pipe->lost++;
		free(f);
		return;
	}
	if (chance(pipe, pipe->duplicate)) {
		struct ip_frame *copy = frame_new(f->to, &f->meta, f->len);
		memcpy(copy->bytes, f->bytes, f->len);
		fly(pipe, copy, pipe->now_us + pipe->delay_us * 2);
	}
	uint64_t late =
		chance(pipe, pipe->reorder) ? pipe->delay_us * (1 + ip_pipe_random(pipe) % 3) : 0;
	fly(pipe, f, pipe->now_us + pipe->delay_us + late);
}

/* --- what a device does ---------------------------------------------------------------------- */

static size_t flatten(struct pkt *p, uint8_t *out)
{
	size_t n = 0;
	for (unsigned i = 0; i <= p->n_pieces; i++) {
		struct slice s = pkt_slice(p, i);
		memcpy(out + n, s.data, s.len);
		n += s.len;
	}
	return n;
}

static void checksum_fill(uint8_t *bytes, size_t len, const struct ip_meta *meta)
{
	uint32_t sum = ip_pseudo_sum(meta, (uint32_t)len);
	memset(bytes + 16, 0, 2);
	csum_store(bytes + 16, csum_fold(csum_add(sum, bytes, len)));
}

static void checksum_check(const struct pkt *p, const struct ip_meta *meta, uint8_t *bytes,
			   size_t len)
{
	if ((p->flags & PKT_CSUM_PARTIAL) != 0) {
		/* The field has the pseudo-header's sum: so folding all gives the checksum. */
		assert_int_equal(p->csum_start, 0);
		assert_int_equal(p->csum_offset, 16);
		uint16_t field = csum_partial(ip_pseudo_sum(meta, (uint32_t)len));
		assert_memory_equal(bytes + 16, &field, 2);
		csum_store(bytes + 16, csum_fold(csum_add(0, bytes, len)));
	}
	uint32_t sum = csum_add(ip_pseudo_sum(meta, (uint32_t)len), bytes, len);
	assert_int_equal(csum_fold(sum), 0);
}

/* Cuts a segment into those of gso_bytes, as the device would. */
static void launch_cut(struct ip_pipe *pipe, unsigned to, const struct ip_meta *meta,
		       const uint8_t *bytes, size_t len, size_t header, size_t mss)
{
	for (size_t at = header; at < len; at += mss) {
		size_t n = MIN(mss, len - at);
		struct ip_frame *f = frame_new(to, meta, header + n);
		memcpy(f->bytes, bytes, header);
		memcpy(f->bytes + header, bytes + at, n);
		store_be32(f->bytes + 4, load_be32(bytes + 4) + (uint32_t)(at - header));
		if (at + n < len)
			f->bytes[13] &= (uint8_t)~TCP_FIN_PSH;
		checksum_fill(f->bytes, f->len, meta);
		launch(pipe, f);
	}
}

static void check_contract(const struct ip_pipe_end *end, const struct pkt *p)
{
	assert_true(pkt_headroom(p) >= IP_OUTPUT_HEADROOM);
	assert_true(p->len >= TCP_HEADER_MIN);
	assert_int_equal(p->ref.count, 1);
	if (p->n_pieces > 0)
		assert_true((end->features & NETIF_SG) != 0);
	if ((p->flags & PKT_CSUM_PARTIAL) != 0)
		assert_true((end->features & NETIF_CSUM_TX) != 0);
	if ((p->flags & PKT_GSO_TCP4) != 0) {
		assert_true((end->features & NETIF_TSO4) != 0);
		assert_true((p->flags & PKT_CSUM_PARTIAL) != 0);
		assert_int_equal(p->gso_header, (p->data[12] >> 4) * 4);
		assert_true(pkt_bytes(p) - p->gso_header <= end->tso_bytes);
		assert_true(p->gso_bytes + p->gso_header + IPV4_HEADER <= end->mtu);
	}
}

static void transmit(struct ip_pipe_end *end, struct pkt *p, const struct ip_meta *meta)
{
	static uint8_t bytes[1 << 16];
	unsigned to = end == &end->pipe->end[0] ? 1 : 0;
	size_t len = flatten(p, bytes);

	end->csum_partial += (p->flags & PKT_CSUM_PARTIAL) != 0;
	end->with_pieces += p->n_pieces > 0;
	end->pieces_max = MAX(end->pieces_max, p->n_pieces);
	checksum_check(p, meta, bytes, len);
	if ((p->flags & PKT_GSO_TCP4) != 0)
		end->gso++;
	if ((p->flags & PKT_GSO_TCP4) != 0 && end->pipe->end[to].run_bytes == 0) {
		launch_cut(end->pipe, to, meta, bytes, len, p->gso_header, p->gso_bytes);
		return;
	}
	struct ip_frame *f = frame_new(to, meta, len);
	memcpy(f->bytes, bytes, len);
	f->csum_ok = (p->flags & PKT_GSO_TCP4) != 0;
	launch(end->pipe, f);
}

/* --- struct ip ------------------------------------------------------------------------------- */

static struct ip_pipe_end *end_of(struct ip *ip)
{
	return container_of(ip, struct ip_pipe_end, ip);
}

static enum err pipe_bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
			  void *self)
{
	struct ip_pipe_end *end = end_of(ip);
	(void)proto;
	if (end->input != NULL)
		return ERR_EXISTS;
	end->input = input;
	end->error = error;
	end->self = self;
	return OK;
}

static enum err pipe_route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	struct ip_pipe_end *end = end_of(ip);
	(void)dst;
	if (end->route_error != OK)
		return end->route_error;
	*out = (struct ip_route){.src = end->addr,
				 .mtu = end->mtu,
				 .prefix_bits = 24,
				 .features = end->features,
				 .tso_bytes = end->tso_bytes};
	return OK;
}

static enum err pipe_output(struct ip *ip, uint64_t now_us, struct pkt *p,
			    const struct ip_meta *meta)
{
	struct ip_pipe_end *end = end_of(ip);

	assert_int_equal(now_us, end->pipe->now_us);
	check_contract(end, p);
	if (end->output_error != OK)
		return end->output_error;
	if (end->refuse > 0) {
		end->refuse--;
		end->refused++;
		return ERR_AGAIN;
	}
	if (pkt_bytes(p) + IPV4_HEADER > end->mtu && (p->flags & PKT_GSO_TCP4) == 0)
		return ERR_INVALID;
	end->outputs++;
	transmit(end, p, meta);
	pkt_put(p);
	return OK;
}

static struct ip *pipe_owner(struct ip *ip, const struct ip_addr *addr)
{
	return ip_addr_equal(&end_of(ip)->addr, addr) ? ip : NULL;
}

static const struct ip_ops pipe_ops = {
	.bind = pipe_bind,
	.route = pipe_route,
	.output = pipe_output,
	.unreachable = ip_slot_unreachable,
	.join = ip_slot_join,
	.leave = ip_slot_leave,
	.owner = pipe_owner,
};

void ip_pipe_init(struct ip_pipe *pipe, struct pkt_pool *rx0, struct pkt_pool *rx1)
{
	*pipe = (struct ip_pipe){.delay_us = 1000, .seed = 0x2545f491};
	list_init(&pipe->flying);
	for (unsigned i = 0; i < 2; i++) {
		pipe->end[i] = (struct ip_pipe_end){
			.ip.ops = &pipe_ops,
			.pipe = pipe,
			.rx = i == 0 ? rx0 : rx1,
			.addr = ip_addr_from_v4(0x0a000001 + i),
			.mtu = 1500,
		};
	}
}

void ip_pipe_fini(struct ip_pipe *pipe)
{
	struct list *node;
	while ((node = list_pop_front(&pipe->flying)) != NULL)
		free(list_entry(node, struct ip_frame, node));
}

/* --- delivery -------------------------------------------------------------------------------- */

/* Moves the payload from the first piece to further ones, of odd lengths where that is possible. */
static void split(struct ip_pipe_end *end, struct pkt *p)
{
	uint32_t header = (p->data[12] >> 4) * 4u;
	uint32_t payload = p->len > header ? p->len - header : 0, at = header;
	uint32_t share = payload / end->pieces | 1;

	for (unsigned i = 0; i < end->pieces && at < header + payload; i++) {
		struct pkt *q = pkt_alloc(end->rx, 0);
		if (q == NULL)
			return;
		uint32_t n = i + 1 == end->pieces ? header + payload - at
						  : MIN(share, header + payload - at);
		memcpy(pkt_append(q, n), p->data + at, n);
		assert_true(pkt_add_piece(p, pkt_slice(q, 0)));
		pkt_put(q);
		at += n;
	}
	memset(p->data + header, 0xee, payload);
	p->len = header;
}

/* A packet with all the bytes, or a run of several with up to `max` in each; NULL: no room. */
static struct pkt *fill(struct pkt_pool *pool, const uint8_t *bytes, size_t len, size_t max)
{
	struct pkt *first = pkt_alloc(pool, 64), *last = first, *p = first;

	for (size_t at = 0, n; p != NULL && at < len; at += n) {
		n = MIN(len - at, max);
		if (at > 0)
			p = pkt_alloc(pool, 64);
		if (p == NULL)
			break;
		if (n <= pkt_tailroom(p))
			memcpy(pkt_append(p, (uint32_t)n), bytes + at, n);
		if (at > 0)
			pkt_extend_run(first, last, p);
		last = p;
		if (n > p->len)
			p = NULL;
	}
	if (p == NULL && first != NULL)
		pkt_put(first);
	return p == NULL ? NULL : first;
}

bool ip_pipe_inject(struct ip_pipe *pipe, unsigned to, const struct ip_meta *meta,
		    const void *bytes, size_t len, bool csum_ok)
{
	struct ip_pipe_end *end = &pipe->end[to];
	struct pkt *p = fill(end->rx, bytes, len, end->run_bytes > 0 ? end->run_bytes : len);

	if (p == NULL) {
		end->rx_empty++;
		return false;
	}
	end->runs += p->more != NULL;
	p->l4 = 64;
	p->flags = csum_ok ? PKT_CSUM_OK : 0;
	if (end->pieces > 0 && end->run_bytes == 0 && len >= TCP_HEADER_MIN)
		split(end, p);
	if (end->input != NULL)
		end->input(end->self, pipe->now_us, p, meta);
	else
		pkt_put(p);
	return true;
}

unsigned ip_pipe_deliver(struct ip_pipe *pipe, unsigned to)
{
	unsigned n = 0;

	list_for_each_safe (node, next, &pipe->flying) {
		struct ip_frame *f = list_entry(node, struct ip_frame, node);
		if (f->at_us > pipe->now_us)
			break;
		if (f->to != to)
			continue;
		list_remove(node);
		(void)ip_pipe_inject(pipe, to, &f->meta, f->bytes, f->len, f->csum_ok);
		free(f);
		n++;
	}
	return n;
}

uint64_t ip_pipe_next(const struct ip_pipe *pipe)
{
	if (list_empty(&pipe->flying))
		return UINT64_MAX;
	return list_entry(pipe->flying.next, struct ip_frame, node)->at_us;
}

struct ip_frame *ip_pipe_take(struct ip_pipe *pipe, unsigned to)
{
	list_for_each (node, &pipe->flying) {
		struct ip_frame *f = list_entry(node, struct ip_frame, node);
		if (f->to != to)
			continue;
		list_remove(node);
		return f;
	}
	return NULL;
}
