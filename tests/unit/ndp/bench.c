/* SPDX-License-Identifier: ISC */
#include "tests/unit/ndp/bench.h"

struct ipv6_rig rig;

int setup(void **state)
{
	(void)state;
	ipv6_rig_setup(&rig, 0);
	return 0;
}

int setup_static(void **state)
{
	(void)state;
	ipv6_rig_setup_static(&rig, 0);
	return 0;
}

int teardown(void **state)
{
	(void)state;
	ipv6_rig_fini(&rig);
	return 0;
}

void start(const char *prefix, const char *gateway, const char *secret)
{
	ipv6_rig_fini(&rig);
	ipv6_rig_init(&rig, 0);
	assert_int_equal(ipv6_rig_try_start(&rig, prefix, gateway, secret), OK);
	ipv6_rig_poll_at(&rig, rig.now_us);
}

struct heard hears(uint8_t type)
{
	struct heard h = {0};
	size_t len = ipv6_rig_sent(&rig);
	const uint8_t *ip = rig.frame + FRAME_ETH, *msg = rig.frame + FRAME6_L4;
	assert_true(len >= FRAME6_L4 + 8);
	assert_int_equal(load_be16(rig.frame + 12), ETH_TYPE_IPV6);
	assert_int_equal(frame6_l4_error(rig.frame, len), 0);
	assert_int_equal(msg[0], type);
	const uint8_t *options = ndp_msg_options(msg, len - FRAME6_L4), *end = rig.frame + len;
	assert_non_null(options);
	memcpy(h.eth_dst, rig.frame, 6);
	h.src = ipv6_addr_load(ip + 8);
	h.dst = ipv6_addr_load(ip + 24);
	h.hop_limit = ip[7];
	assert_int_equal(h.hop_limit, 255);
	h.flags = msg[4];
	if (len >= FRAME6_L4 + 24)
		h.target = ndp_msg_target(msg);
	h.mac = ndp_option_mac(options, end,
			       type == NDP_NEIGHBOR_ADVERTISEMENT ? NDP_OPTION_TARGET
								  : NDP_OPTION_SOURCE);
	const uint8_t *nonce = ndp_option_find(options, end, NDP_OPTION_NONCE);
	h.nonce = nonce != NULL ? nonce + 2 : NULL;
	return h;
}

void hears_nothing(void)
{
	assert_int_equal(ipv6_rig_sent(&rig), 0);
}

void assert_addr(const struct ip_addr *a, const char *text)
{
	char got[INET_ADDR_CHARS];
	assert_string_equal(inet_format_v6(a, got), text);
}

const struct ndp_addr *addr_in(const char *prefix)
{
	const struct ip_addr p = ip6(prefix);
	for (unsigned i = 0; i < NDP_ADDRS_MAX; i++) {
		const struct ndp_addr *a = &rig.ndp.addr[i];
		if (a->state != NDP_ADDR_FREE && ipv6_addr_common_bits(&a->addr, &p) >= 64)
			return a;
	}
	fail_msg("no address in %s", prefix);
	return NULL;
}

void solicits(const struct ip_addr *src, const struct ip_addr *dst, const struct ip_addr *target,
	      const uint8_t *mac)
{
	const struct frame_ipv6 ip = {.eth_dst = ipv6_addr_is_group(dst) ? NULL
									 : rig.fake.netif.mac,
				      .eth_src = rig6_peer_mac,
				      .src = *src,
				      .dst = *dst};
	uint8_t msg[32] = {NDP_NEIGHBOR_SOLICITATION};
	memcpy(msg + 8, target, 16);
	size_t len = 24 + (mac != NULL ? nd_mac(msg + 24, NDP_OPTION_SOURCE, mac) : 0);
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, len));
}

void advertises(const struct ip_addr *target, const struct ip_addr *dst, uint8_t flags,
		const uint8_t *mac)
{
	const struct frame_ipv6 ip = {.eth_dst = dst != NULL ? rig.fake.netif.mac : NULL,
				      .eth_src = rig6_peer_mac,
				      .src = *target,
				      .dst = dst != NULL ? *dst : ipv6_all_nodes};
	uint8_t msg[32] = {NDP_NEIGHBOR_ADVERTISEMENT, 0, 0, 0, flags};
	memcpy(msg + 8, target, 16);
	size_t len = 24 + (mac != NULL ? nd_mac(msg + 24, NDP_OPTION_TARGET, mac) : 0);
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, msg, len));
}

void advertises_prefix(const char *prefix, uint8_t bits, uint8_t flags, uint32_t valid_s,
		       uint32_t preferred_s)
{
	uint8_t option[32];
	size_t len = nd_prefix(option, prefix, bits, flags, valid_s, preferred_s);
	ipv6_rig_advertise(&rig, 1800, option, len);
}

void passes_s(uint64_t s)
{
	ipv6_rig_run_until(&rig, rig.now_us + s * US_PER_S);
}
