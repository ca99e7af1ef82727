/* SPDX-License-Identifier: ISC */
#include "tests/unit/sun8i_emac/rig.h"

struct sun8i_emac *net;
struct netif *nif;
struct pkt_pool rx_pool, tx_pool;
unsigned rx_wakes, tx_wakes;
uint8_t board_mac[6];

static void *rx_memory, *tx_memory;
static unsigned rx_packets;

static void count(void *arg)
{
	++*(unsigned *)arg;
}

static enum err mac_of_board(uint8_t mac[static 6])
{
	memcpy(mac, board_mac, sizeof(board_mac));
	return board_mac[0] == 0xff ? ERR_NOTFOUND : OK;
}

static int plug_with(unsigned packets)
{
	static const struct sun8i_emac_config config = {
		.base = EMAC_FAKE_BASE,
		.line = EMAC_FAKE_LINE,
		.phy_address = EMAC_FAKE_PHY,
		.mac = mac_of_board,
	};

	if (net == NULL) {
		net = sun8i_emac_fake_memory(sizeof(*net));
		rx_memory = sun8i_emac_fake_memory(PKT_POOL_BYTES(RX_PACKETS, BUF_BYTES));
		tx_memory = sun8i_emac_fake_memory(PKT_POOL_BYTES(TX_PACKETS, BUF_BYTES));
	}
	sun8i_emac_fake_init();
	rx_packets = packets;
	pkt_pool_init(&rx_pool, rx_memory, packets, BUF_BYTES);
	pkt_pool_init(&tx_pool, tx_memory, TX_PACKETS, BUF_BYTES);
	memcpy(board_mac, "\x02\x81\x33\x44\x55\x66", sizeof(board_mac));
	nif = sun8i_emac_init(net, &config, &sun8i_emac_fake_irq, &sun8i_emac_fake_timer, &rx_pool,
			      "net0");
	nif->rx = (struct waker){count, &rx_wakes};
	nif->tx = (struct waker){count, &tx_wakes};
	rx_wakes = tx_wakes = 0;
	fake_log_lines = fake_log_complaints = 0;
	return 0;
}

int plug(void **state)
{
	(void)state;
	return plug_with(RX_PACKETS);
}

int plug_small(void **state)
{
	(void)state;
	return plug_with(4);
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
	sun8i_emac_fake.never_resets = false;
	netif_stop(nif);
	if (net->mac.stuck) { /* what it kept it gives back when it is started again */
		assert_int_equal(netif_start(nif), OK);
		netif_stop(nif);
	}
	assert_int_equal(pool_available(&rx_pool.pool), rx_packets);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	assert_false(sun8i_emac_fake.line_enabled);
	assert_true(sun8i_emac_fake.alarm_us == TIME_NEVER);
	sun8i_emac_fake_fini();
	return 0;
}

uint32_t reg_of(uint32_t offset)
{
	return sun8i_emac_fake.regs[offset / 4];
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
		sun8i_emac_fake_pass(STEP_US);
		sun8i_emac_fake_interrupt();
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
	assert_true(sun8i_emac_fake_receive(frame, len));
}

void take_and_check(uint32_t len, uint8_t seed)
{
	struct pkt *p = netif_recv(nif);

	assert_non_null(p);
	assert_int_equal(p->len, len);
	check_pattern(p->data, len, seed);
	pkt_put(p);
}

void works(void)
{
	run_loop();
	pass(PHY_UP_US + PHY_DOWN_US);
	assert_true(nif->link_up);
	deliver(99, 4);
	take_and_check(99, 4);
	assert_int_equal(netif_send(nif, make_frame(77, 8)), OK);
	netif_flush(nif);
	sun8i_emac_fake.n_sent = 0;
	sun8i_emac_fake_send(1);
	assert_int_equal(sun8i_emac_fake.n_sent, 1);
	check_pattern(sun8i_emac_fake.sent[0].bytes, 77, 8);
}
