/* SPDX-License-Identifier: ISC */
/*
 * A resolver that asks for one name, and the input as the response, once over UDP, once over TCP.
 * Its first byte chooses the family, whether the message is cut, and whether the header and the
 * question are those of a response to what was asked; the rest is what stands in or behind them.
 * However it ends, each request is done once and everything is given back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "hal/timer.h"
#include "net/dns/dns.h"
#include "net/dns/dns_msg.h"
#include "tests/fakes/ip_slots.h"

enum { PACKETS = 4, BUF_BYTES = 2048, LOCAL_PORT_AT = 0, UDP_HEADER = 8 };
enum { INPUT_IPV6 = 1, INPUT_CUT = 2, INPUT_RAW = 4 };

static struct {
	ip_input_fn *input;
	void *input_self;
	uint8_t query[DNS_QUERY_BYTES_MAX];
	size_t query_bytes;
	uint16_t port;
	unsigned done;
	struct flow *flow;
	const uint8_t *stream;
	size_t stream_bytes;
	struct flow tcp_flow;
	bool over;
} w;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- network --------------------------------------------------------------------------------- */

static enum err fuzz_bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
			  void *self)
{
	(void)ip;
	(void)proto;
	(void)error;
	w.input = input;
	w.input_self = self;
	return OK;
}

static enum err fuzz_route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	(void)ip;
	*out = (struct ip_route){.src = *dst, .mtu = 1500};
	return OK;
}

static enum err fuzz_output(struct ip *ip, uint64_t now_us, struct pkt *p,
			    const struct ip_meta *meta)
{
	(void)ip;
	(void)now_us;
	(void)meta;
	w.port = load_be16(p->data + LOCAL_PORT_AT);
	w.query_bytes = p->len - UDP_HEADER;
	memcpy(w.query, p->data + UDP_HEADER, w.query_bytes);
	pkt_put(p);
	return OK;
}

static void fuzz_unreachable(struct ip *ip, uint64_t now_us, struct pkt *p,
			     const struct ip_meta *meta, enum ip_unreachable why)
{
	(void)ip;
	(void)now_us;
	(void)meta;
	(void)why;
	pkt_put(p);
}

static enum err fuzz_random(struct rng *r, void *bytes, size_t len)
{
	(void)r;
	memset(bytes, 0x5a, len);
	return OK;
}

/* --- a connection over which the stream comes in runs of 7 bytes ----------------------------- */

static enum err fuzz_read(struct flow *f, struct slice *out)
{
	(void)f;
	assert(!w.over);
	*out = (struct slice){.data = w.stream, .len = MIN(w.stream_bytes, (size_t)7)};
	return w.stream_bytes > 0 ? OK : ERR_EOF;
}

static void fuzz_consume(struct flow *f, size_t bytes)
{
	(void)f;
	assert(!w.over && bytes <= w.stream_bytes);
	w.stream += bytes;
	w.stream_bytes -= bytes;
}

static ssize_t fuzz_write_copy(struct flow *f, const void *bytes, size_t len)
{
	(void)f;
	(void)bytes;
	return (ssize_t)len;
}

static void fuzz_abort(struct flow *f)
{
	(void)f;
	assert(!w.over);
	w.over = true;
}

enum err tcp_connect(struct tcp *tcp, const struct ip_addr *addr, uint16_t port, uint64_t now_us,
		     struct flow **flow)
{
	static const struct flow_ops ops = {.read = fuzz_read,
					    .consume = fuzz_consume,
					    .write_copy = fuzz_write_copy,
					    .abort = fuzz_abort};
	(void)tcp;
	(void)addr;
	(void)port;
	(void)now_us;
	w.tcp_flow = (struct flow){.ops = &ops};
	w.over = false;
	*flow = w.flow = &w.tcp_flow;
	return OK;
}

/* --- the response ---------------------------------------------------------------------------- */

static void release(struct ref *ref)
{
	struct pkt *p = container_of(ref, struct pkt, ref);
	free(p->buf);
	free(p);
}

/* In a buffer of just its size, so that ASan sees what is read behind it. */
static void deliver(const uint8_t *bytes, size_t len)
{
	const struct ip_meta meta = {.src = ip_addr_from_v4(1), .proto = IP_PROTO_UDP};
	struct pkt *p = calloc(1, sizeof(*p));
	uint8_t *buf = malloc(UDP_HEADER + len);

	store_be16(buf, 53);
	store_be16(buf + 2, w.port);
	store_be16(buf + 4, (uint16_t)(UDP_HEADER + len));
	store_be16(buf + 6, 0);
	memcpy(buf + UDP_HEADER, bytes, len);
	p->ref = (struct ref){.count = 1, .release = release};
	p->buf = p->data = buf;
	p->len = p->buf_bytes = (uint32_t)(UDP_HEADER + len);
	w.input(w.input_self, US_PER_S, p, &meta);
}

/* The input as a message: by itself, or behind the header and question of the query. */
static size_t build(const uint8_t *data, size_t size, uint8_t out[static BUF_BYTES])
{
	enum { FIRST = 8, EDNS_BYTES = 11 }; /* flags and counts of records are the input's */
	unsigned how = size > 0 ? data[0] : 0;
	size_t end = w.query_bytes - EDNS_BYTES;

	if (size > 0)
		data++, size--;
	size = MIN(size, (size_t)1400);
	if ((how & INPUT_RAW) != 0 || size < FIRST) {
		memcpy(out, data, size);
		return size;
	}
	memcpy(out, w.query, end);
	memcpy(out + 2, data, 2);
	memcpy(out + 6, data + 2, 6);
	memcpy(out + end, data + FIRST, size - FIRST);
	return end + size - FIRST;
}

static void done(struct resolver_request *r, uint64_t now_us)
{
	(void)now_us;
	assert(r->error == OK ? r->count >= 1 && r->count <= RESOLVER_ADDRESSES_MAX
			      : r->count == 0);
	w.done++;
}

static void ask(struct dns *dns, struct resolver_request *r, unsigned how)
{
	enum resolver_family family = (how & INPUT_IPV6) != 0 ? RESOLVER_IPV6 : RESOLVER_IPV4;

	*r = (struct resolver_request){.done = done};
	enum err e = resolver_start(dns_resolver(dns), r, "www.test", family, US_PER_S);
	assert(e == OK);
	(void)dns_poll(dns, US_PER_S);
}

/* A truncated response, and the message over TCP. */
static void over_tcp(struct dns *dns, const uint8_t *message, size_t len, unsigned how)
{
	uint8_t truncated[DNS_QUERY_BYTES_MAX], *stream = malloc(2 + len);

	memcpy(truncated, w.query, w.query_bytes);
	store_be16(truncated + 2, 0x8380);
	deliver(truncated, w.query_bytes);
	(void)dns_poll(dns, US_PER_S);
	assert(w.flow != NULL);
	store_be16(stream, (uint16_t)(len + ((how & INPUT_CUT) != 0 ? 2000 : 0)));
	memcpy(stream + 2, message, len);
	w.stream = stream;
	w.stream_bytes = 2 + len;
	w.flow->event(w.flow, w.flow->arg, FLOW_CONNECTED | FLOW_READABLE, US_PER_S);
	assert(w.over);
	free(stream);
}

static void run(struct dns *dns, const uint8_t *data, size_t size)
{
	unsigned how = size > 0 ? data[0] : 0;
	struct resolver_request r;
	uint8_t message[BUF_BYTES];

	ask(dns, &r, how);
	size_t len = build(data, size, message);
	deliver(message, len);
	(void)dns_poll(dns, US_PER_S);
	resolver_cancel(dns_resolver(dns), &r);

	w.flow = NULL;
	w.query_bytes = 0;
	ask(dns, &r, how);
	if (w.query_bytes > 0 && w.flow == NULL) /* else it was answered from the cache */
		over_tcp(dns, message, len, how);
	for (uint64_t now_us = US_PER_S; now_us < 30 * (uint64_t)US_PER_S; now_us += US_PER_S)
		(void)dns_poll(dns, now_us);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ip_ops ip_ops = {.bind = fuzz_bind,
					     .route = fuzz_route,
					     .output = fuzz_output,
					     .unreachable = fuzz_unreachable,
					     .join = ip_slot_join,
					     .leave = ip_slot_leave,
					     .owner = ip_slot_owner};
	static const struct rng_ops rng_ops = {.read = fuzz_random};
	static ALIGNED(CACHE_LINE_BYTES) uint8_t packets[PKT_POOL_BYTES(PACKETS, BUF_BYTES)];
	const struct dns_config config = {.queries = 1, .cache_entries = 1, .tcp_bytes = 1024};
	const struct ip_addr server = ip_addr_from_v4(1);
	struct ip ip = {.ops = &ip_ops};
	struct rng rng = {.ops = &rng_ops};
	struct pkt_pool pool;
	struct udp udp;

	memset(&w, 0, sizeof(w));
	pkt_pool_init(&pool, packets, PACKETS, BUF_BYTES);
	if (udp_init(&udp, &ip, &rng) != OK)
		abort();
	void *memory = malloc(dns_memory_bytes(&config));
	struct dns *dns = dns_init(memory, &config, &udp, &pool, &rng, (struct waker){NULL, NULL});
	dns_use_tcp(dns, NULL);
	if (dns_add_servers(dns, &server, 1) != OK)
		abort();
	run(dns, data, size);
	assert(w.done >= 1 && w.done <= 2);
	assert(pool.pool.used == 0 && list_empty(&udp.sockets));
	free(memory);
	return 0;
}
