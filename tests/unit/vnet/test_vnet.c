/* SPDX-License-Identifier: ISC */
/* The offload header, its bytes as virtio 1.2 section 5.1.6 has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/net/vnet/vnet.h"

static uint8_t frame[200];
static struct pkt p;

static enum vnet_kind parse(const uint8_t header[static 10], uint32_t len, uint32_t features)
{
	p = (struct pkt){.data = frame, .len = len, .flags = 0xff};
	return vnet_parse(header, &p, features);
}

static void make_ipv4(uint8_t version_and_length)
{
	memset(frame, 0, sizeof(frame));
	store_be16(frame + 12, 0x0800);
	frame[14] = version_and_length;
	frame[23] = 6;
}

static void make_ipv6(uint8_t next)
{
	memset(frame, 0, sizeof(frame));
	store_be16(frame + 12, 0x86dd);
	frame[14] = 0x60;
	frame[20] = next;
}

static const uint8_t tcp4[] = {1, 1, 54, 0, 0xa8, 5, 34, 0, 16, 0};
static const uint8_t tcp6[] = {1, 4, 74, 0, 0xa8, 5, 54, 0, 16, 0};
enum { ALL = NETIF_CSUM_RX | NETIF_COALESCE };

static void what_is_sent(void **state)
{
	(void)state;
	uint8_t header[10];
	struct pkt out = {.data = frame, .len = 74, .flags = 0};
	memset(header, 0xee, sizeof(header));
	vnet_emit(header, &out);
	assert_memory_equal(header, ((uint8_t[10]){0}), 10);
	out.flags = PKT_CSUM_PARTIAL;
	out.csum_start = 34;
	out.csum_offset = 6;
	vnet_emit(header, &out);
	assert_memory_equal(header, ((uint8_t[]){1, 0, 0, 0, 0, 0, 34, 0, 6, 0}), 10);
	out.flags |= PKT_GSO_TCP6;
	out.csum_start = 54;
	out.csum_offset = 16;
	out.gso_header = 74;
	out.gso_bytes = 1448;
	vnet_emit(header, &out);
	assert_memory_equal(header, tcp6, 10);
	out.flags = PKT_CSUM_PARTIAL | PKT_GSO_TCP4;
	vnet_emit(header, &out);
	assert_int_equal(header[1], 1);
}

/* What a layer asks for must be possible: a caller's bug. */
static void what_cannot_be_sent(void **state)
{
	(void)state;
	uint8_t header[10];
	struct pkt out = {.data = frame,
			  .len = 51,
			  .flags = PKT_CSUM_PARTIAL,
			  .csum_start = 34,
			  .csum_offset = 16};
	expect_assert_failure(vnet_emit(header, &out));
	out.len = 60;
	out.flags = PKT_GSO_TCP4;
	out.gso_bytes = 1448;
	expect_assert_failure(vnet_emit(header, &out));
	out.flags |= PKT_CSUM_PARTIAL;
	out.gso_header = 61;
	expect_assert_failure(vnet_emit(header, &out));
}

static void checksums_that_need_no_look(void **state)
{
	(void)state;
	uint8_t h[10] = {0};
	assert_int_equal(parse(h, 60, ALL), VNET_FRAME);
	assert_int_equal(p.flags, 0);
	h[0] = 2;
	assert_int_equal(parse(h, 60, ALL), VNET_FRAME);
	assert_int_equal(p.flags, PKT_CSUM_OK);
	assert_int_equal(parse(h, 60, 0), VNET_FRAME);
	assert_int_equal(p.flags, 0);
	h[0] = 1;
	h[6] = 34;
	h[8] = 16;
	assert_int_equal(parse(h, 52, ALL), VNET_FRAME);
	assert_int_equal(p.flags, PKT_CSUM_OK);
	assert_int_equal(parse(h, 51, ALL), VNET_MALFORMED); /* the field is not in the frame */
	assert_int_equal(parse(h, 51, 0), VNET_FRAME);
	h[6] = 13;
	assert_int_equal(parse(h, 60, ALL), VNET_MALFORMED);
	memset(h + 6, 0xff, 4);
	assert_int_equal(parse(h, 60, ALL), VNET_MALFORMED);
}

static void coalesced_ipv4(void **state)
{
	(void)state;
	make_ipv4(0x45);
	assert_int_equal(parse(tcp4, 54, ALL), VNET_COALESCED);
	assert_int_equal(p.flags, PKT_CSUM_OK);
	assert_int_equal(parse(tcp4, 53, ALL), VNET_MALFORMED);
	assert_int_equal(parse(tcp4, 54, NETIF_CSUM_RX), VNET_MALFORMED);
	assert_int_equal(parse(tcp6, 100, ALL), VNET_MALFORMED);
	store_be16(frame + 20, 0x4000); /* DF */
	assert_int_equal(parse(tcp4, 54, ALL), VNET_COALESCED);
	make_ipv4(0x4f); /* options of 40 bytes */
	assert_int_equal(parse(tcp4, 94, ALL), VNET_COALESCED);
	assert_int_equal(parse(tcp4, 93, ALL), VNET_MALFORMED);
	make_ipv4(0x44);
	assert_int_equal(parse(tcp4, 100, ALL), VNET_MALFORMED);
	make_ipv4(0x65);
	assert_int_equal(parse(tcp4, 100, ALL), VNET_MALFORMED);
}

static void coalesced_ipv6(void **state)
{
	(void)state;
	make_ipv6(6);
	assert_int_equal(parse(tcp6, 74, ALL), VNET_COALESCED);
	assert_int_equal(parse(tcp6, 73, ALL), VNET_MALFORMED);
	assert_int_equal(parse(tcp4, 100, ALL), VNET_MALFORMED);
	frame[14] = 0x45;
	assert_int_equal(parse(tcp6, 100, ALL), VNET_MALFORMED);
	make_ipv6(0); /* an extension header */
	assert_int_equal(parse(tcp6, 100, ALL), VNET_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent),
		cmocka_unit_test(what_cannot_be_sent),
		cmocka_unit_test(checksums_that_need_no_look),
		cmocka_unit_test(coalesced_ipv4),
		cmocka_unit_test(coalesced_ipv6),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
