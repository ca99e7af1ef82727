/* SPDX-License-Identifier: ISC */
#include "tests/unit/dhcp/bench.h"

struct bench b;

static uint64_t poll_dhcp(void *self, uint64_t now_us)
{
	return dhcp_poll(self, now_us);
}

static void count(struct dhcp_watcher *w, struct dhcp *dhcp, uint64_t now_us)
{
	assert_ptr_equal(w, &b.watcher);
	assert_ptr_equal(dhcp, &b.dhcp);
	assert_int_equal(now_us, b.rig.now_us);
	b.told++;
}

int setup(void **state)
{
	(void)state;
	memset(&b, 0, sizeof(b));
	net_rig_init(&b.rig, 0);
	net_rig_start(&b.rig, 0, 0, 0);
	assert_int_equal(udp_init(&b.udp, &b.rig.ipv4.ip, &b.rig.random.rng), OK);
	assert_int_equal(dhcp_init(&b.dhcp, &b.rig.ipv4, &b.rig.random.rng, "fata"), OK);
	b.watcher.changed = count;
	dhcp_watch(&b.dhcp, &b.watcher);
	b.rig.transport = poll_dhcp;
	b.rig.transport_self = &b.dhcp;
	dhcp_start(&b.dhcp, b.rig.now_us);
	assert_true(b.rig.wakes > 0); /* somebody learns of the deadline */
	net_rig_poll_at(&b.rig, b.rig.now_us);
	return 0;
}

int teardown(void **state)
{
	(void)state;
	net_rig_fini(&b.rig);
	return 0;
}

static void take_apart(size_t len)
{
	const uint8_t *ip = b.rig.frame + FRAME_ETH, *dhcp = ip + 28;
	assert_int_equal(ip[9], IP_PROTO_UDP);
	assert_int_equal(frame_l4_error(b.rig.frame, len), 0);
	assert_int_equal(load_be16(ip + 20), 68);
	assert_int_equal(load_be16(ip + 22), 67);
	struct asked *a = &b.asked;
	*a = (struct asked){
		.src = load_be32(ip + 12),
		.dst = load_be32(ip + 16),
		.xid = load_be32(dhcp + DHCP_XID),
		.secs = load_be16(dhcp + DHCP_SECS),
		.ciaddr = load_be32(dhcp + DHCP_CIADDR),
		.len = len - FRAME_L4 - 8,
	};
	assert_in_range(a->len, DHCP_BYTES_MIN, DHCP_EMIT_BYTES_MAX);
	memcpy(a->eth_dst, b.rig.frame, 6);
	memcpy(a->bytes, dhcp, a->len);
	assert_int_equal(a->bytes[DHCP_OP], BOOTREQUEST);
	assert_memory_equal(a->bytes + DHCP_CHADDR, b.rig.fake.netif.mac, 6);
	assert_int_equal(load_be32(a->bytes + DHCP_COOKIE), DHCP_MAGIC);
}

bool hears(void)
{
	size_t len;
	while ((len = net_rig_sent(&b.rig)) > 0) {
		if (load_be16(b.rig.frame + 12) == ETH_TYPE_IPV4) {
			take_apart(len);
			return true;
		}
		b.arps++;
		b.arp_sender = load_be32(b.rig.frame + FRAME_ETH + 14);
		b.arp_target = load_be32(b.rig.frame + FRAME_ETH + 24);
	}
	return false;
}

const uint8_t *asked_option(uint8_t code, size_t *len)
{
	const uint8_t *at = b.asked.bytes + DHCP_OPTIONS, *end = b.asked.bytes + b.asked.len;
	while (at < end && *at != OPTION_END) {
		*len = at[1];
		if (*at == code)
			return at + 2;
		at += 2 + *len;
	}
	assert_true(at < end); /* there is an end */
	return NULL;
}

uint32_t asked_addr(uint8_t code)
{
	size_t len = 0;
	const uint8_t *value = asked_option(code, &len);
	return value != NULL && len == 4 ? load_be32(value) : 0;
}

void hears_type(uint8_t type)
{
	size_t len = 0;
	assert_true(hears());
	const uint8_t *value = asked_option(OPTION_TYPE, &len);
	assert_non_null(value);
	assert_int_equal(len, 1);
	assert_int_equal(*value, type);
}

void hears_nothing(void)
{
	assert_false(hears());
}

void add(struct said *s, uint8_t code, const void *bytes, size_t len)
{
	s->bytes[s->len++] = code;
	s->bytes[s->len++] = (uint8_t)len;
	if (len > 0)
		memcpy(s->bytes + s->len, bytes, len);
	s->len += len;
}

void add_addr(struct said *s, uint8_t code, uint32_t value)
{
	uint8_t bytes[4];
	store_be32(bytes, value);
	add(s, code, bytes, sizeof(bytes));
}

void begin_reply(struct said *s, uint8_t type, uint32_t server)
{
	memset(s, 0, sizeof(*s));
	s->bytes[DHCP_OP] = BOOTREPLY;
	s->bytes[DHCP_HTYPE] = HTYPE_ETHERNET;
	s->bytes[DHCP_HLEN] = HLEN_ETHERNET;
	store_be32(s->bytes + DHCP_XID, b.asked.xid);
	store_be32(s->bytes + DHCP_YIADDR, type == DHCP_NAK ? 0 : OFFERED);
	memcpy(s->bytes + DHCP_CHADDR, b.rig.fake.netif.mac, 6);
	store_be32(s->bytes + DHCP_COOKIE, DHCP_MAGIC);
	s->len = DHCP_OPTIONS;
	add(s, OPTION_TYPE, &type, 1);
	add_addr(s, OPTION_SERVER, server);
}

void usual_reply(struct said *s, uint8_t type, uint32_t server)
{
	begin_reply(s, type, server);
	add_addr(s, OPTION_MASK, 0xffffff00);
	add_addr(s, OPTION_ROUTERS, RIG_GATEWAY);
	add_addr(s, OPTION_LEASE, LEASE_S);
}

void arrives(const struct said *s)
{
	const struct frame_ipv4 ip = {
		.eth_dst = rig_everybody,
		.eth_src = rig_gateway_mac,
		.src = SERVER,
		.dst = IPV4_BROADCAST,
	};
	net_rig_receive(&b.rig, frame_udp(b.rig.frame, &ip, 67, 68, s->bytes, s->len));
}

void says(struct said *s)
{
	s->bytes[s->len++] = OPTION_END;
	arrives(s);
}

void says_usual(uint8_t type, uint32_t server)
{
	struct said s;
	if (type == DHCP_NAK)
		begin_reply(&s, type, server);
	else
		usual_reply(&s, type, server);
	says(&s);
}

void obtains(void)
{
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	says_usual(DHCP_ACK, SERVER);
	assert_int_equal(b.dhcp.state, DHCP_BOUND);
}

void passes(uint64_t us)
{
	uint64_t until_us = b.rig.now_us + us;
	while (b.rig.deadline_us <= until_us)
		net_rig_poll_at(&b.rig, b.rig.deadline_us);
	net_rig_poll_at(&b.rig, until_us);
}
