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
#include "net/dns/dns_internal.h"
#include "net/dns/dns_msg.h"
#include "tests/fuzz/udp.h"

enum { MESSAGE_MAX = 2048 };
enum { INPUT_IPV6 = 1, INPUT_CUT = 2, INPUT_RAW = 4 };

static struct {
	unsigned done;
	struct flow *flow;
	const uint8_t *stream;
	size_t stream_bytes;
	struct flow tcp_flow;
	bool over;
} w;

static struct fuzz_udp net;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- a connection over which the stream comes in runs of 7 bytes ----------------------------- */

static enum err fuzz_read(struct flow *f, struct slice *out, unsigned n)
{
	(void)f;
	assert(!w.over && n == 1);
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

static void deliver(const uint8_t *bytes, size_t len)
{
	const struct ip_meta meta = {.src = ip_addr_from_v4(1), .proto = IP_PROTO_UDP};

	fuzz_udp_deliver(&net, US_PER_S, bytes, len, &meta, DNS_PORT, net.from_port);
}

/* The input as a message: by itself, or behind the header and question of the query. */
static size_t build(const uint8_t *data, size_t size, uint8_t out[static MESSAGE_MAX])
{
	enum { FIRST = 8, EDNS_BYTES = 11 }; /* flags and counts of records are the input's */
	unsigned how = size > 0 ? data[0] : 0;
	size_t end = net.last_bytes - EDNS_BYTES;

	if (size > 0)
		data++, size--;
	size = MIN(size, (size_t)1400);
	if ((how & INPUT_RAW) != 0 || size < FIRST) {
		memcpy(out, data, size);
		return size;
	}
	memcpy(out, net.last, end);
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

	memcpy(truncated, net.last, net.last_bytes);
	store_be16(truncated + 2, 0x8380);
	deliver(truncated, net.last_bytes);
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
	uint8_t message[MESSAGE_MAX];

	ask(dns, &r, how);
	size_t len = build(data, size, message);
	deliver(message, len);
	(void)dns_poll(dns, US_PER_S);
	resolver_cancel(dns_resolver(dns), &r);

	w.flow = NULL;
	net.last_bytes = 0;
	ask(dns, &r, how);
	if (net.last_bytes > 0 && w.flow == NULL) /* else it was answered from the cache */
		over_tcp(dns, message, len, how);
	for (uint64_t now_us = US_PER_S; now_us < 30 * (uint64_t)US_PER_S; now_us += US_PER_S)
		(void)dns_poll(dns, now_us);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct dns_config config = {.queries = 1, .cache_entries = 1, .tcp_bytes = 1024};
	const struct ip_addr server = ip_addr_from_v4(1);

	memset(&w, 0, sizeof(w));
	fuzz_udp_init(&net);
	void *memory = malloc(dns_memory_bytes(&config));
	struct dns *dns = dns_init(memory, &config, &net.udp, &net.tx, &net.rng, (struct waker){0});
	dns_use_tcp(dns, NULL);
	enum err e = dns_add_servers(dns, &server, 1);
	assert(e == OK);
	run(dns, data, size);
	assert(w.done >= 1 && w.done <= 2);
	fuzz_udp_fini(&net);
	free(memory);
	return 0;
}
