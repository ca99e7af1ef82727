/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/ipv4/ipv4.h"
#include "net/ipv4/ipv4_options.h"
#include "tests/fakes/net_rig.h"

enum { PROTO = 253, PAYLOAD = 32 };

static struct net_rig rig;
static unsigned inputs;
static uint8_t last_payload[FRAME_MAX];

static void keep(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	(void)self, (void)now_us, (void)meta;
	inputs++;
	assert_int_equal(netif_fake_flatten(p, last_payload, sizeof(last_payload)), PAYLOAD);
	pkt_put(p);
}

static int setup(void **state)
{
	(void)state;
	net_rig_setup(&rig, 0);
	inputs = 0;
	assert_int_equal(ip_bind(&rig.ipv4.ip, PROTO, keep, NULL, NULL), OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

/* A packet arrives whose header has these options, filled up with zeros. */
static void receive(const uint8_t *options, size_t len)
{
	struct frame_ipv4 f = net_rig_from_peer(&rig);
	uint8_t payload[PAYLOAD];
	frame_pattern(payload, sizeof(payload));
	f.proto = PROTO;
	f.option_bytes = (uint8_t)((len + 3) / 4 * 4);
	size_t bytes = frame_ipv4(rig.frame, &f, payload, sizeof(payload));
	memset(rig.frame + FRAME_L4, 0, f.option_bytes);
	memcpy(rig.frame + FRAME_L4, options, len);
	frame_ipv4_fix(rig.frame);
	net_rig_receive(&rig, bytes);
}

#define RECEIVE(...) receive((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void what_is_harmless_is_skipped(void **state)
{
	(void)state;
	uint8_t payload[PAYLOAD];
	frame_pattern(payload, sizeof(payload));
	RECEIVE(1, 1, 1, 1);
	RECEIVE(0, 0, 0, 0);
	RECEIVE(0, 131, 255, 137);                   /* behind the end of the list is padding */
	RECEIVE(7, 39, 4);                           /* record route, filled up to 40 bytes below */
	RECEIVE(148, 4, 0, 0);                       /* router alert: RFC 2113 */
	RECEIVE(68, 8, 5, 0, 0, 0, 0, 0);            /* timestamps */
	RECEIVE(222, 2, 1, 222, 4, 131, 137, 1);     /* unknown ones; 131 and 137 are data */
	RECEIVE(130, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0); /* security */
	assert_int_equal(inputs, 7);
	assert_int_equal(rig.ipv4.stats.bad_options, 1); /* the 39 bytes that are only 4 */
	assert_memory_equal(last_payload, payload, PAYLOAD);
}

static void forty_bytes_are_the_most(void **state)
{
	(void)state;
	uint8_t route[40] = {7, 40, 4};
	receive(route, sizeof(route));
	assert_int_equal(inputs, 1);
	route[1] = 41;
	receive(route, sizeof(route));
	assert_int_equal(inputs, 1);
	assert_int_equal(rig.ipv4.stats.bad_options, 1);
}

static void source_routed_packets_are_dropped(void **state)
{
	(void)state;
	RECEIVE(131, 7, 4, 10, 0, 2, 9);
	RECEIVE(137, 7, 4, 10, 0, 2, 9);
	RECEIVE(131, 3, 4);
	RECEIVE(131, 2);
	RECEIVE(1, 68, 4, 5, 0, 137, 3, 4);
	assert_int_equal(inputs, 0);
	assert_int_equal(rig.ipv4.stats.source_routed, 5);
	assert_int_equal(net_rig_sent(&rig), 0); /* and nobody is told */
}

static void impossible_lengths_are_dropped(void **state)
{
	(void)state;
	RECEIVE(7, 0, 0, 0);
	RECEIVE(7, 1, 0, 0);
	RECEIVE(7, 5, 0, 0);
	RECEIVE(7, 255, 0, 0);
	RECEIVE(1, 1, 1, 7); /* without a length */
	RECEIVE(131, 1, 0, 0);
	RECEIVE(131, 9, 4, 0, 0, 0, 0, 0);
	assert_int_equal(inputs, 0);
	assert_int_equal(rig.ipv4.stats.bad_options, 7);
}

static void an_echo_comes_back_without_them(void **state)
{
	(void)state;
	struct frame_ipv4 f = net_rig_from_peer(&rig);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	f.option_bytes = 12;
	net_rig_receive(&rig, frame_icmp(rig.frame, &f, 8, 0, 1, "hello", 5));
	assert_int_equal(net_rig_sent(&rig), FRAME_L4 + 8 + 5);
	assert_int_equal(rig.frame[FRAME_ETH], 0x45);
}

/* Every value of the first two bytes, in every length: nothing is read beyond (ASan), all ends. */
static void whatever_the_bytes_are(void **state)
{
	(void)state;
	for (size_t len = 0; len <= 40; len += 4) {
		for (unsigned i = 0; i < 0x10000; i += 7) {
			uint8_t *bytes = test_malloc(len + 1);
			memset(bytes, (int)(i & 0xff), len);
			if (len > 0)
				bytes[0] = (uint8_t)(i >> 8);
			assert_in_range(ipv4_options_find(bytes, len, 131, 137),
					IPV4_OPTIONS_HARMLESS, IPV4_OPTIONS_FOUND);
			test_free(bytes);
		}
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_harmless_is_skipped),       TEST(forty_bytes_are_the_most),
		TEST(source_routed_packets_are_dropped), TEST(impossible_lengths_are_dropped),
		TEST(an_echo_comes_back_without_them),   TEST(whatever_the_bytes_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
