/* SPDX-License-Identifier: ISC */
#include "tests/unit/genet/rig.h"

#include "drivers/net/genet/genet_regs.h"

struct genet net;
struct netif *nif;
struct pkt_pool rx_pool, tx_pool;
unsigned rx_wakes, tx_wakes;
uint8_t board_mac[6];

static ALIGNED(CACHE_LINE_BYTES) uint8_t rx_memory[PKT_POOL_BYTES(RX_PACKETS, BUF_BYTES)];
static ALIGNED(CACHE_LINE_BYTES) uint8_t tx_memory[PKT_POOL_BYTES(TX_PACKETS, BUF_BYTES)];

static void count(void *arg)
{
	++*(unsigned *)arg;
}

static enum err mac_of_board(uint8_t mac[static 6])
{
	memcpy(mac, board_mac, sizeof(board_mac));
	return OK;
}

int plug(void **state)
{
	static const struct genet_config config = {
		.base = GENET_FAKE_BASE,
		.line = GENET_FAKE_LINE,
		.mac = mac_of_board,
	};

	(void)state;
	genet_fake_init(FIRST_INDEX);
	pkt_pool_init(&rx_pool, rx_memory, RX_PACKETS, BUF_BYTES);
	pkt_pool_init(&tx_pool, tx_memory, TX_PACKETS, BUF_BYTES);
	memcpy(board_mac, "\xdc\xa6\x32\x01\x02\x03", sizeof(board_mac));
	nif = genet_init(&net, &config, &genet_fake_irq, &genet_fake_timer, &rx_pool, "net0");
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
	genet_fake.never_stops = false;
	netif_stop(nif);
	if (net.mac.stuck) { /* what it kept it gives back when it is started again */
		assert_int_equal(netif_start(nif), OK);
		netif_stop(nif);
	}
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	assert_false(genet_fake.line_enabled);
	assert_true(genet_fake.alarm_us == TIME_NEVER);
	genet_fake_fini();
	return 0;
}

uint32_t reg_of(uint32_t offset)
{
	return genet_fake.regs[offset / 4];
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
		genet_fake_pass(STEP_US);
		genet_fake_interrupt();
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
	for (size_t i = 0; i < len; i++)
		assert_int_equal(bytes[i], (uint8_t)(seed + 7 * i));
}

struct pkt *make_frame(uint32_t len, uint8_t seed)
{
	struct pkt *p = pkt_alloc(&tx_pool, PKT_HEADROOM);

	assert_non_null(p);
	fill_pattern(pkt_append(p, len), len, seed);
	return p;
}

void deliver(uint32_t len, uint8_t seed)
{
	uint8_t frame[2048];

	fill_pattern(frame, len, seed);
	assert_true(genet_fake_receive(frame, len));
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
