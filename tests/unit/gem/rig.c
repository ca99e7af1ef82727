/* SPDX-License-Identifier: ISC */
#include "tests/unit/gem/rig.h"

#include "drivers/net/gem/gem_regs.h"

struct gem net;
struct netif *nif;
struct pkt_pool rx_pool, tx_pool;
unsigned rx_wakes, tx_wakes;

static ALIGNED(CACHE_LINE_BYTES) uint8_t rx_memory[PKT_POOL_BYTES(RX_PACKETS, BUF_BYTES)];
static ALIGNED(CACHE_LINE_BYTES) uint8_t tx_memory[PKT_POOL_BYTES(TX_PACKETS, BUF_BYTES)];

static void count(void *arg)
{
	++*(unsigned *)arg;
}

static void note_rate(unsigned mbit)
{
	gem_fake.rate = mbit;
}

int plug(void **state)
{
	static const struct gem_config config = {
		.base = GEM_FAKE_BASE,
		.line = GEM_FAKE_LINE,
		.pclk_hz = 100000000,
		.phy = PHY_ADDRESS_ANY,
		.set_rate = note_rate,
	};

	(void)state;
	gem_fake_init();
	pkt_pool_init(&rx_pool, rx_memory, RX_PACKETS, BUF_BYTES);
	pkt_pool_init(&tx_pool, tx_memory, TX_PACKETS, BUF_BYTES);
	nif = gem_init(&net, &config, &gem_fake_irq, &gem_fake_timer, &rx_pool, "net0");
	nif->rx = (struct waker){count, &rx_wakes};
	nif->tx = (struct waker){count, &tx_wakes};
	rx_wakes = tx_wakes = 0;
	fake_log_lines = 0;
	return 0;
}

int bring_up(void **state)
{
	plug(state);
	assert_int_equal(netif_start(nif), OK);
	run_loop();
	pass(2 * PHY_DOWN_US);
	assert_true(nif->link_up);
	return 0;
}

int stop_and_count(void **state)
{
	(void)state;
	gem_fake.never_stops = false;
	netif_stop(nif);
	if (net.mac.stuck) { /* what it kept it gives back when it is started again */
		assert_int_equal(netif_start(nif), OK);
		netif_stop(nif);
	}
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	assert_false(gem_fake.line_enabled);
	assert_true(gem_fake.alarm_us == TIME_NEVER);
	gem_fake_fini();
	return 0;
}

uint32_t reg_of(uint32_t offset)
{
	return gem_fake.regs[offset / 4];
}

void run_loop(void)
{
	for (unsigned i = 0; i < 10; i++) {
		assert_null(netif_recv(nif));
		if (!netif_rx_arm(nif))
			return;
	}
	fail_msg("the loop would never wait");
}

void pass(uint64_t us)
{
	enum { STEP_US = 10000 };

	for (uint64_t passed = 0; passed < us; passed += STEP_US) {
		rx_wakes = 0;
		gem_fake_pass(STEP_US);
		gem_fake_interrupt();
		if (rx_wakes > 0)
			run_loop();
	}
}

void fill_pattern(uint8_t *bytes, size_t len, uint8_t seed)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(seed + 7 * i);
}

void check_pattern(const uint8_t *bytes, size_t len, uint8_t seed)
{
	for (size_t i = 6; i < len; i++) /* behind the address */
		assert_int_equal(bytes[i], (uint8_t)(seed + 7 * i));
}

/* A frame to the controller's own address. */
void fill_frame(uint8_t *bytes, size_t len, uint8_t seed)
{
	static const uint8_t to[6] = {0x00, 0x0a, 0x35, 0x01, 0x02, 0x03};

	fill_pattern(bytes, len, seed);
	memcpy(bytes, to, MIN(len, sizeof(to)));
}

struct pkt *make_frame(uint32_t len, uint8_t seed)
{
	struct pkt *p = pkt_alloc(&tx_pool, PKT_HEADROOM);

	assert_non_null(p);
	fill_frame(pkt_append(p, len), len, seed);
	return p;
}

void deliver(uint32_t len, uint8_t seed)
{
	uint8_t frame[2048];

	fill_frame(frame, len, seed);
	assert_true(gem_fake_receive(frame, len));
}

void take_and_check(uint32_t len, uint8_t seed)
{
	struct pkt *p = netif_recv(nif);

	assert_non_null(p);
	assert_int_equal(p->len, len);
	assert_int_equal(((uintptr_t)p->data + 14) % 4, 0); /* the IP header */
	check_pattern(p->data, len, seed);
	pkt_put(p);
}
