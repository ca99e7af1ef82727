/* SPDX-License-Identifier: ISC */
#include "tests/unit/ipv6/bench.h"

struct ipv6_rig rig;
struct taken taken;
struct ip_error_seen seen;

static void take(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	assert_ptr_equal(self, &taken);
	assert_int_equal(now_us, rig.now_us);
	taken.count++;
	taken.meta = *meta;
	taken.len = netif_fake_flatten(p, taken.bytes, sizeof(taken.bytes));
	taken.l3 = p->l3;
	taken.l4 = p->l4;
	assert_int_equal(p->l4, pkt_headroom(p));
	pkt_put(p);
}

static void see_error(void *self, uint64_t now_us, const struct ip_meta *meta,
		      const uint8_t *transport, uint32_t len, enum err error, uint16_t mtu)
{
	assert_ptr_equal(self, &taken);
	assert_int_equal(now_us, rig.now_us);
	assert_true(len >= 8);
	ip_error_note(&seen, meta, transport, len, error, mtu);
}

void setup_with(uint32_t features)
{
	const struct ip_addr own = ip6(RIG6_ADDR), peer = ip6(RIG6_PEER), router = ip6(RIG6_ROUTER);
	ipv6_rig_setup_static(&rig, features);
	assert_int_equal(ip_bind(&rig.ipv6.ip, PROTO, take, see_error, &taken), OK);
	ipv6_rig_know(&rig, &peer, rig6_peer_mac, &own);
	ipv6_rig_know(&rig, &router, rig6_router_mac, &own);
	memset(&taken, 0, sizeof(taken));
	memset(&seen, 0, sizeof(seen));
}

int setup(void **state)
{
	(void)state;
	setup_with(0);
	return 0;
}

int teardown(void **state)
{
	(void)state;
	ipv6_rig_fini(&rig);
	return 0;
}

void assert_addr(const struct ip_addr *a, const char *text)
{
	char got[INET_ADDR_CHARS];
	assert_string_equal(inet_format_v6(a, got), text);
}

void arrives(uint8_t next, const void *extension, size_t extension_bytes, size_t payload)
{
	uint8_t bytes[FRAME_MAX];
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	ip.next = next;
	ip.extension = extension;
	ip.extension_bytes = extension_bytes;
	frame_pattern(bytes, payload);
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, bytes, payload));
}

const uint8_t *hears(uint8_t type, uint8_t code)
{
	const uint8_t *ip = rig.frame + FRAME_ETH, *message = rig.frame + FRAME6_L4;
	assert_true(ipv6_rig_sent(&rig) >= FRAME6_L4 + 8);
	assert_int_equal(ip[6], IP_PROTO_ICMPV6);
	assert_int_equal(load_be16(ip + 4), rig.len - FRAME6_L4);
	assert_int_equal(frame6_l4_error(rig.frame, rig.len), 0);
	assert_int_equal(message[0], type);
	assert_int_equal(message[1], code);
	return message;
}

void hears_nothing(void)
{
	assert_int_equal(ipv6_rig_sent(&rig), 0);
}

enum err sends(const char *dst, size_t len)
{
	const struct ip_meta meta = {.src = ip6(RIG6_ADDR), .dst = ip6(dst), .proto = PROTO};
	struct pkt *p = ipv6_rig_packet(&rig, len);
	const uint8_t *data = p->data;
	enum err e = ip_output(&rig.ipv6.ip, rig.now_us, p, &meta);
	if (e == OK)
		return OK;
	assert_ptr_equal(p->data, data);
	assert_int_equal(p->len, len);
	pkt_put(p);
	return e;
}
