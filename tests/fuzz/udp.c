/* SPDX-License-Identifier: ISC */
#include "tests/fuzz/udp.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "tests/fakes/ip_slots.h"
#include "tests/fakes/rng_fake.h"

enum { UDP_HEADER = 8 };

static enum err bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
		     void *self)
{
	struct fuzz_udp *f = container_of(ip, struct fuzz_udp, ip);

	(void)proto;
	(void)error;
	f->input = input;
	f->input_self = self;
	return OK;
}

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	(void)ip;
	*out = (struct ip_route){.src = *dst, .mtu = 1500};
	return OK;
}

static enum err output(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct fuzz_udp *f = container_of(ip, struct fuzz_udp, ip);

	(void)now_us;
	(void)meta;
	f->sent++;
	f->from_port = load_be16(p->data);
	f->last_bytes = p->len - UDP_HEADER;
	memcpy(f->last, p->data + UDP_HEADER, f->last_bytes);
	pkt_put(p);
	return OK;
}

static enum err join(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	(void)ip;
	(void)now_us;
	return ip_addr_is_v4(group) ? OK : ERR_UNSUPPORTED;
}

void fuzz_udp_init(struct fuzz_udp *f)
{
	static const struct ip_ops ip_ops = {.bind = bind,
					     .route = route,
					     .output = output,
					     .unreachable = ip_slot_unreachable,
					     .join = join,
					     .leave = ip_slot_leave,
					     .owner = ip_slot_owner};

	memset(f, 0, offsetof(struct fuzz_udp, memory));
	f->ip.ops = &ip_ops;
	f->rng = rng_constant();
	pkt_pool_init(&f->tx, f->memory, FUZZ_UDP_PACKETS, FUZZ_UDP_BYTES);
	if (udp_init(&f->udp, &f->ip, &f->rng) != OK)
		abort();
}

void fuzz_udp_fini(const struct fuzz_udp *f)
{
	assert(f->tx.pool.used == 0 && list_empty(&f->udp.sockets));
}

static void release(struct ref *ref)
{
	struct pkt *p = container_of(ref, struct pkt, ref);

	free(p->buf);
	free(p);
}

void fuzz_udp_deliver(struct fuzz_udp *f, uint64_t now_us, const uint8_t *bytes, size_t len,
		      const struct ip_meta *meta, uint16_t from_port, uint16_t to_port)
{
	struct pkt *p = calloc(1, sizeof(*p));
	uint8_t *buf = malloc(UDP_HEADER + len);

	store_be16(buf, from_port);
	store_be16(buf + 2, to_port);
	store_be16(buf + 4, (uint16_t)(UDP_HEADER + len));
	store_be16(buf + 6, 0);
	if (len > 0)
		memcpy(buf + UDP_HEADER, bytes, len);
	p->ref = (struct ref){.count = 1, .release = release};
	p->buf = p->data = buf;
	p->len = p->buf_bytes = (uint32_t)(UDP_HEADER + len);
	p->flags = PKT_CSUM_OK;
	f->input(f->input_self, now_us, p, meta);
}
