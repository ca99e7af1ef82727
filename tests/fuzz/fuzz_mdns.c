/* SPDX-License-Identifier: ISC */
/*
 * A responder with a name and two services, and the input as what comes: messages, each behind two
 * bytes that say how long it is, a third about the time that passes before it, and a fourth that
 * says whether the responder is still probing, whence it comes, and whether the addresses change.
 * Whatever comes, no record is multicast twice within 250 ms, and everything is given back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "hal/timer.h"
#include "net/mdns/mdns_internal.h"
#include "tests/fuzz/udp.h"

enum { HEAD_BYTES = 4, FROM_LEGACY = 1, TO_ONE = 2, WAIT = 4, PEER = 0x0a000207 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fuzz_udp net;
static struct mdns mdns;
static uint64_t now_us;

static void pass(uint64_t us)
{
	uint64_t end_us = now_us + us;

	for (unsigned i = 0;; i++) {
		uint64_t due_us = mdns_poll(&mdns, now_us);
		assert(i < 1000);
		if (due_us > end_us)
			break;
		now_us = MAX(now_us, due_us);
	}
	now_us = end_us;
}

static size_t take_step(const uint8_t *data, size_t size)
{
	size_t len = MIN((size_t)load_be16(data), size - HEAD_BYTES);
	unsigned how = data[3];
	const struct ip_meta meta = {
		.src = ip_addr_from_v4(PEER),
		.dst = ip_addr_from_v4((how & TO_ONE) != 0 ? 1 : 0xe00000fb),
		.broadcast = (how & TO_ONE) == 0,
	};

	if ((how & WAIT) != 0 && mdns.state == MDNS_PROBING) {
		mdns.state = MDNS_RUNNING; /* what pass() would come to */
		mdns.due_us = TIME_NEVER;
	}
	pass((uint64_t)data[2] * 10 * US_PER_MS);
	fuzz_udp_deliver(&net, now_us, data + HEAD_BYTES, len, &meta,
			 (how & FROM_LEGACY) != 0 ? 40000 : MDNS_PORT, MDNS_PORT);
	return HEAD_BYTES + len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mdns_service services[] = {
		{.type = "_http._tcp", .instance = "Page", .txt = "path=/", .port = 80},
		{.type = "_echo._udp", .port = 7},
	};
	uint64_t begin_us = now_us = US_PER_S;

	fuzz_udp_init(&net);
	if (mdns_init(&mdns, "web", &net.udp, &net.tx, &net.rng, (struct waker){0}) != OK)
		abort();
	for (unsigned i = 0; i < ARRAY_SIZE(services); i++) {
		if (mdns_add_service(&mdns, now_us, &services[i]) != OK)
			abort();
	}
	if (mdns_start(&mdns, now_us) != OK)
		abort();
	pass(US_PER_S / 4);
	while (size >= HEAD_BYTES) {
		size_t n = take_step(data, size);
		data += n, size -= n;
	}
	pass(2 * US_PER_S);
	/* Of each record and family one in 250 ms, of single hosts so many a second, and probes. */
	uint64_t seconds = (now_us - begin_us) / US_PER_S + 1;
	assert(net.sent <= seconds * (MDNS_UNICASTS_PER_S * 2 + 200));
	(void)mdns_stop(&mdns, now_us);
	fuzz_udp_fini(&net);
	return 0;
}
