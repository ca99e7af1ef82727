/* SPDX-License-Identifier: ISC */
#include "tests/fakes/mac_rig.h"

struct netif *nif;
struct pkt_pool rx_pool, tx_pool;
unsigned rx_wakes, tx_wakes;

static void count(void *arg)
{
	++*(unsigned *)arg;
}

void rig_pools(unsigned rx_packets, unsigned tx_packets)
{
	static void *rx_memory, *tx_memory;

	assert_true(MAX(rx_packets, tx_packets) <= RIG_PACKETS_MAX);
	if (rx_memory == NULL) {
		rx_memory = mac_fake_memory(PKT_POOL_BYTES(RIG_PACKETS_MAX, BUF_BYTES));
		tx_memory = mac_fake_memory(PKT_POOL_BYTES(RIG_PACKETS_MAX, BUF_BYTES));
	}
	pkt_pool_init(&rx_pool, rx_memory, rx_packets, BUF_BYTES);
	pkt_pool_init(&tx_pool, tx_memory, tx_packets, BUF_BYTES);
}

void rig_use(struct netif *made)
{
	nif = made;
	nif->rx = (struct waker){count, &rx_wakes};
	nif->tx = (struct waker){count, &tx_wakes};
	rx_wakes = tx_wakes = 0;
	fake_log_lines = fake_log_complaints = 0;
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
	mac_fake.never_stops = false;
	netif_stop(nif);
	if (mac_of(nif)->stuck) { /* what it kept it gives back when it is started again */
		assert_int_equal(netif_start(nif), OK);
		netif_stop(nif);
	}
	assert_int_equal(pool_available(&rx_pool.pool), rx_pool.pool.count);
	assert_int_equal(pool_available(&tx_pool.pool), tx_pool.pool.count);
	assert_false(mac_fake.line_enabled);
	assert_true(mac_fake.alarm_us == TIME_NEVER);
	mac_fake_fini();
	return 0;
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
		mac_fake_pass(STEP_US);
		mac_fake_interrupt();
		if (rx_wakes > 0)
			run_loop();
	}
}

/* The destination is the interface, where it knows its address. */
static uint8_t byte_of(size_t i, uint8_t seed)
{
	return i < sizeof(nif->mac) ? nif->mac[i] : (uint8_t)(seed + 7 * i);
}

void fill_frame(uint8_t *bytes, size_t len, uint8_t seed)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = byte_of(i, seed);
}

void check_frame(const uint8_t *bytes, size_t len, uint8_t seed)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(bytes[i], byte_of(i, seed));
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
	uint8_t frame[BUF_BYTES];

	fill_frame(frame, len, seed);
	assert_true(mac_fake_receive(frame, len));
}

void take_and_check(uint32_t len, uint8_t seed)
{
	struct pkt *p = netif_recv(nif);

	assert_non_null(p);
	assert_int_equal(p->len, len);
	assert_int_equal(((uintptr_t)p->data + MAC_HEADER_BYTES) % ip_alignment, 0);
	check_frame(p->data, len, seed);
	pkt_put(p);
}

void send_frame_of(uint32_t len, uint8_t seed)
{
	assert_int_equal(netif_send(nif, make_frame(len, seed)), OK);
	netif_flush(nif);
}

void works(void)
{
	run_loop();
	pass(PHY_UP_US + PHY_DOWN_US);
	assert_true(nif->link_up);
	deliver(99, 4);
	take_and_check(99, 4);
	send_frame_of(77, 8);
	mac_fake.n_sent = 0;
	mac_fake_send(1);
	assert_int_equal(mac_fake.n_sent, 1);
	check_frame(mac_fake.sent[0].bytes, 77, 8);
}

void is_given_up(void)
{
	struct pkt *p = make_frame(60, 0);

	assert_int_equal(nif->stats.resets, MAC_RESETS_MAX);
	assert_string_equal(fake_log_last, "net0: given up");
	assert_false(nif->link_up);
	assert_int_equal(netif_send(nif, p), ERR_IO);
	pkt_put(p);
	assert_null(netif_recv(nif));
	assert_false(netif_rx_arm(nif));
	assert_int_equal(pool_available(&rx_pool.pool), rx_pool.pool.count);
	assert_false(mac_fake.line_enabled);
}
