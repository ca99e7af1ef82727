/* SPDX-License-Identifier: ISC */
/*
 * A client that asks two servers, and the input as what they answer: messages of 49 bytes, or what
 * is left, each behind a byte that says how many eighths of a second pass before it, and whether
 * the number of the request is put where it belongs. The clock never shows a year before 2025, and
 * the client asks no more often than it may.
 */
#include <string.h>

#include "base/assert.h"
#include "hal/timer.h"
#include "net/sntp/sntp.h"
#include "net/sntp/sntp_msg.h"
#include "tests/fuzz/udp.h"

enum { ORIGINATE_AT = 24, NONCE_AT = 40, SERVER_1 = 1, SERVER_2 = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t poll(struct sntp *sntp, uint64_t now_us)
{
	uint64_t due_us = sntp_poll(sntp, now_us);

	for (unsigned i = 0; due_us <= now_us; i++) {
		assert(i < 8);
		due_us = sntp_poll(sntp, now_us);
	}
	return due_us;
}

/* One answer, after some time; returns how many bytes it took. */
static size_t take_step(struct fuzz_udp *net, struct sntp *sntp, uint64_t *now_us,
			const uint8_t *data, size_t size)
{
	uint8_t message[SNTP_MSG_BYTES] = {0};
	const struct ip_meta meta = {.src = sntp->current->addr};
	size_t len = MIN(size - 1, sizeof(message));

	*now_us += (data[0] >> 1) * (US_PER_S / 8);
	uint64_t due_us = poll(sntp, *now_us);
	if (sntp->state == SNTP_WAITING && due_us != TIME_NEVER)
		(void)poll(sntp, *now_us = due_us);
	memcpy(message, data + 1, len);
	if ((data[0] & 1) != 0)
		memcpy(message + ORIGINATE_AT, net->last + NONCE_AT, sizeof(uint64_t));
	fuzz_udp_deliver(net, *now_us, message, len, &meta, SNTP_PORT, net->from_port);
	uint64_t unix_us = wall_clock_us(sntp->wall, *now_us);
	assert(unix_us == 0 || unix_us >= (uint64_t)SNTP_UNIX_MIN_US);
	return 1 + len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_udp net;
	struct wall_clock wall = {0};
	const uint32_t servers[] = {SERVER_1, SERVER_2};
	uint64_t now_us = US_PER_S;
	struct sntp sntp;

	fuzz_udp_init(&net);
	sntp_init(&sntp, &wall, &net.udp, &net.tx, &net.rng, NULL, (struct waker){0});
	sntp_replace_servers_v4(&sntp, now_us, servers, 2);
	sntp_start(&sntp, now_us);
	(void)poll(&sntp, now_us);
	while (size > 0) {
		size_t n = take_step(&net, &sntp, &now_us, data, size);
		data += n, size -= n;
	}
	assert(net.sent <= 2 * ((now_us - US_PER_S) / US_PER_S / 16 + 1));
	sntp_replace_servers_v4(&sntp, now_us, NULL, 0);
	fuzz_udp_fini(&net);
	return 0;
}
