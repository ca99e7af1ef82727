/* SPDX-License-Identifier: ISC */
/*
 * What servers and neighbours say to a DHCP client over a whole stack. The input is steps: what to
 * do (enum step), the time that passes, the length as two bytes, and that many bytes: options, or a
 * whole message. Whatever comes, the address is that of the lease, and one that a host can have.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/cursor.h"
#include "net/dhcp/dhcp.h"
#include "net/dhcp/dhcp_format.h"
#include "tests/fakes/net_rig.h"

enum {
	MESSAGE_MAX = 1400,
	POLLS_MAX = 64,
	ADDR = 0x0a00020f,
};

enum step {
	STEP_WHOLE = 1 << 0,    /* the bytes are all of the message, else its options */
	STEP_UNICAST = 1 << 1,  /* to ADDR, else to everybody */
	STEP_CONFLICT = 1 << 2, /* a neighbour says that it has the address */
	STEP_FILE = 1 << 3,     /* the bytes also fill the fields sname and file */
	STEP_PIECES = 1 << 4,
	STEP_LATE = 1 << 5, /* much time passes */
};

struct world {
	struct net_rig rig;
	struct udp udp;
	struct dhcp dhcp;
	struct dhcp_watcher watcher;
	uint8_t message[MESSAGE_MAX];
};

static void check(const struct world *w)
{
	const struct dhcp_lease *l = dhcp_lease(&w->dhcp);
	assert(w->rig.ipv4.addr == (l != NULL ? l->prefix.addr : 0));
	if (l == NULL)
		return;
	assert(ipv4_is_host(l->prefix) && ipv4_is_gateway(l->prefix, l->gateway));
	assert(l->dns.n <= DHCP_ADDRS_MAX && l->ntp.n <= DHCP_ADDRS_MAX);
	assert(strnlen(l->domain, DHCP_DOMAIN_CHARS) < DHCP_DOMAIN_CHARS);
	assert(l->seconds >= DHCP_LEASE_MIN_S);
	assert(w->dhcp.t1_us <= w->dhcp.t2_us && w->dhcp.t2_us <= w->dhcp.end_us);
}

static void changed(struct dhcp_watcher *watcher, struct dhcp *dhcp, uint64_t now_us)
{
	(void)dhcp, (void)now_us;
	check(container_of(watcher, struct world, watcher));
}

static uint64_t poll_dhcp(void *self, uint64_t now_us)
{
	return dhcp_poll(self, now_us);
}

static void start(struct world *w)
{
	net_rig_init(&w->rig, 0);
	net_rig_start(&w->rig, 0, 0, 0);
	enum err e = udp_init(&w->udp, &w->rig.ipv4.ip, &w->rig.random.rng);
	assert(e == OK);
	e = dhcp_init(&w->dhcp, &w->rig.ipv4, &w->rig.random.rng, "fuzz");
	assert(e == OK);
	w->watcher.changed = changed;
	dhcp_watch(&w->dhcp, &w->watcher);
	dhcp_start(&w->dhcp, w->rig.now_us);
	w->rig.transport = poll_dhcp;
	w->rig.transport_self = &w->dhcp;
	net_rig_poll_at(&w->rig, w->rig.now_us);
}

/* Each message of the client has room for what a relay adds, and says where it comes from. */
static void check_sent(struct world *w)
{
	size_t len;
	while ((len = net_rig_sent(&w->rig)) > 0) {
		const uint8_t *ip = w->rig.frame + FRAME_ETH;
		if (load_be16(w->rig.frame + 12) != ETH_TYPE_IPV4 || ip[9] != IP_PROTO_UDP)
			continue;
		assert(len >= FRAME_L4 + 8 + DHCP_BYTES_MIN && len <= 590);
		assert(frame_l4_error(w->rig.frame, len) == 0);
		assert(load_be32(ip + 12) == 0 || load_be32(ip + 12) == load_be32(ip + 40));
	}
}

static void pass(struct world *w, uint64_t us)
{
	uint64_t until_us = w->rig.now_us + us;
	for (unsigned i = 0; i < POLLS_MAX && w->rig.deadline_us <= until_us; i++) {
		net_rig_poll_at(&w->rig, w->rig.deadline_us);
		check(w);
		check_sent(w);
	}
	net_rig_poll_at(&w->rig, MAX(until_us, w->rig.now_us));
}

/* A neighbour has the address that is leased or offered. */
static void conflict(struct world *w)
{
	const struct frame_arp a = {.mac = rig_other_mac, .op = 2, .sender = w->dhcp.address};
	net_rig_receive(&w->rig, frame_arp(w->rig.frame, &a));
}

static size_t build(struct world *w, uint8_t step, const uint8_t *bytes, size_t len)
{
	uint8_t *m = w->message;
	if ((step & STEP_WHOLE) != 0) {
		memcpy(m, bytes, len);
		return len;
	}
	memset(m, 0, DHCP_OPTIONS);
	m[DHCP_OP] = BOOTREPLY;
	m[DHCP_HTYPE] = HTYPE_ETHERNET;
	m[DHCP_HLEN] = HLEN_ETHERNET;
	store_be32(m + DHCP_XID, w->dhcp.xid);
	store_be32(m + DHCP_YIADDR, w->dhcp.address != 0 ? w->dhcp.address : ADDR);
	memcpy(m + DHCP_CHADDR, w->rig.fake.netif.mac, HLEN_ETHERNET);
	store_be32(m + DHCP_COOKIE, DHCP_MAGIC);
	if ((step & STEP_FILE) != 0)
		memcpy(m + DHCP_SNAME, bytes, MIN(len, (size_t)DHCP_COOKIE - DHCP_SNAME));
	memcpy(m + DHCP_OPTIONS, bytes, len);
	return DHCP_OPTIONS + len;
}

static void receive(struct world *w, uint8_t step, size_t len)
{
	const struct frame_ipv4 ip = {
		.eth_dst = rig_everybody,
		.eth_src = rig_gateway_mac,
		.src = RIG_GATEWAY,
		.dst = (step & STEP_UNICAST) != 0 ? ADDR : IPV4_BROADCAST,
	};
	w->rig.fake.rx_first_max = (step & STEP_PIECES) != 0 ? 200 : 0;
	w->rig.fake.rx_chunk_max = 400;
	net_rig_receive(&w->rig, frame_udp(w->rig.frame, &ip, 67, 68, w->message, len));
}

/* False when the input is used up. */
static bool take_step(struct world *w, struct cursor *c)
{
	uint8_t step = cursor_u8(c), time = cursor_u8(c);
	size_t len = cursor_be16(c) % (MESSAGE_MAX - DHCP_OPTIONS);
	if (!cursor_ok(c))
		return false;
	len = MIN(len, c->left);
	receive(w, step, build(w, step, cursor_bytes(c, len), len));
	check(w);
	if ((step & STEP_CONFLICT) != 0)
		conflict(w);
	check(w);
	check_sent(w);
	pass(w, (step & STEP_LATE) != 0 ? UINT64_C(1) << time % 54 : time * UINT64_C(1000));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	struct cursor c = cursor_over(data, size);
	start(&w);
	while (take_step(&w, &c))
		continue;
	check_sent(&w);
	net_rig_fini(&w.rig);
	return 0;
}
