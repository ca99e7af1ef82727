/* SPDX-License-Identifier: ISC */
#include "tests/unit/link_local/bench.h"

#include "net/dhcp/dhcp_format.h"

struct bench b;

static uint64_t poll_both(void *self, uint64_t now_us)
{
	(void)self;
	uint64_t due_us = link_local_poll(&b.ll, now_us);
	return time_earlier(due_us, dhcp_poll(&b.dhcp, now_us));
}

/* What was sent goes to b.said. */
static void listen(void)
{
	while (net_rig_sent(&b.rig) > 0) {
		const uint8_t *frame = b.rig.frame, *at = frame + FRAME_ETH;
		bool arp = load_be16(frame + 12) == ETH_TYPE_ARP;
		assert_true(b.n < SAID_MAX);
		b.said[b.n++] = (struct said){
			.at_us = b.rig.now_us,
			.op = arp ? load_be16(at + 6) : 0,
			.sender = load_be32(at + (arp ? 14 : 12)),
			.target = load_be32(at + (arp ? 24 : 16)),
			.broadcast = memcmp(frame, rig_everybody, 6) == 0,
			.type = arp ? 0 : at[28 + DHCP_OPTIONS + 2],
		};
	}
}

int setup(void **state)
{
	(void)state;
	memset(&b, 0, sizeof(b));
	net_rig_init(&b.rig, 0);
	net_rig_start(&b.rig, 0, 0, 0);
	assert_int_equal(dhcp_init(&b.dhcp, &b.rig.ipv4, &b.rig.random.rng, ""), OK);
	b.rig.transport = poll_both;
	dhcp_start(&b.dhcp, b.rig.now_us);
	link_local_start(&b.ll, &b.dhcp, b.rig.now_us);
	net_rig_poll_at(&b.rig, b.rig.now_us);
	listen();
	return 0;
}

int teardown(void **state)
{
	(void)state;
	net_rig_fini(&b.rig);
	return 0;
}

void passes(uint64_t us)
{
	uint64_t until_us = b.rig.now_us + us;
	while (b.rig.deadline_us <= until_us) {
		net_rig_poll_at(&b.rig, b.rig.deadline_us);
		listen();
	}
	net_rig_poll_at(&b.rig, until_us);
	listen();
}

void passes_until(enum link_local_state state)
{
	uint64_t until_us = b.rig.now_us + 2 * LINK_LOCAL_RATE_LIMIT_US;
	while (b.ll.state != state) {
		assert_true(b.rig.deadline_us <= until_us);
		passes(b.rig.deadline_us - b.rig.now_us);
	}
}

void claims(void)
{
	passes_until(LINK_LOCAL_BOUND);
	assert_int_equal(b.rig.ipv4.addr, b.ll.addr);
}

void forget(void)
{
	listen();
	b.n = 0;
}

unsigned n_probes(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < b.n; i++)
		n += b.said[i].op == 1 && b.said[i].sender == 0;
	return n;
}

unsigned n_announcements(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < b.n; i++)
		n += b.said[i].op == 1 && b.said[i].sender == b.said[i].target;
	return n;
}

unsigned n_discovers(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < b.n; i++)
		n += b.said[i].type == DHCP_DISCOVER;
	return n;
}

void arp_says(uint16_t op, uint32_t sender, uint32_t target)
{
	const struct frame_arp a = {
		.mac = rig_other_mac, .op = op, .sender = sender, .target = target};
	net_rig_receive(&b.rig, frame_arp(b.rig.frame, &a));
	listen();
}

static size_t add_addr(uint8_t *at, uint8_t code, uint32_t value)
{
	at[0] = code;
	at[1] = 4;
	store_be32(at + 2, value);
	return 6;
}

void server_says(uint8_t type, uint32_t dst)
{
	uint8_t m[400] = {[DHCP_OP] = BOOTREPLY, [DHCP_HTYPE] = HTYPE_ETHERNET, [DHCP_HLEN] = 6};
	const struct frame_ipv4 ip = {
		.eth_dst = dst == IPV4_BROADCAST ? rig_everybody : b.rig.fake.netif.mac,
		.eth_src = rig_gateway_mac,
		.src = RIG_GATEWAY,
		.dst = dst,
	};
	store_be32(m + DHCP_XID, b.dhcp.xid);
	store_be32(m + DHCP_YIADDR, type == DHCP_NAK ? 0 : RIG_ADDR);
	memcpy(m + DHCP_CHADDR, b.rig.fake.netif.mac, 6);
	store_be32(m + DHCP_COOKIE, DHCP_MAGIC);
	uint8_t *at = m + DHCP_OPTIONS;
	*at++ = OPTION_TYPE, *at++ = 1, *at++ = type;
	at += add_addr(at, OPTION_SERVER, RIG_GATEWAY);
	if (type != DHCP_NAK) {
		at += add_addr(at, OPTION_MASK, 0xffffff00);
		at += add_addr(at, OPTION_LEASE, 3600);
	}
	*at++ = OPTION_END;
	net_rig_receive(&b.rig, frame_udp(b.rig.frame, &ip, 67, 68, m, (size_t)(at - m)));
	listen();
}

void leases(void)
{
	server_says(DHCP_OFFER, IPV4_BROADCAST);
	server_says(DHCP_ACK, IPV4_BROADCAST);
	assert_int_equal(b.dhcp.state, DHCP_BOUND);
}
