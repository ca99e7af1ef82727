/* SPDX-License-Identifier: ISC */
/*
 * The tap driver over a socket pair, whose other end plays the kernel: a datagram is a frame with
 * its virtio header.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/net/tap/tap.h"
#include "drivers/net/tap/tap_open.h"
#include "drivers/net/vnet/vnet.h"

enum {
	PACKETS = 200,
	BUF_BYTES = 2048,
	FIRST = BUF_BYTES - 14, /* bytes of a frame in its first packet */
	RUN = (VNET_FRAME_MAX + FIRST - 1) / FIRST,
	LONGEST = 14 + 65535,
};

static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[PKT_POOL_BYTES(PACKETS, BUF_BYTES)];
static struct pkt_pool pool;
static struct epoll_irq irq;
static struct tap tap;
static struct netif *const nif = &tap.netif;
static int kernel;
static bool kernel_has_vnet = true, asked_to_coalesce;
static unsigned wakes;
static uint8_t frame[10 + 80 * 1024]; /* the header first */

/* --- the kernel ------------------------------------------------------------------------------ */

enum err tap_open(const char *name, bool coalesce, int *fd, bool *vnet)
{
	int pair[2], bytes = 1 << 20;

	if (strcmp(name, "tap0") != 0)
		return ERR_NODEV;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	for (unsigned i = 0; i < 2; i++)
		(void)setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	*fd = pair[0];
	kernel = pair[1];
	*vnet = kernel_has_vnet;
	asked_to_coalesce = coalesce;
	return OK;
}

uint32_t epoll_irq_add(struct epoll_irq *e, int fd)
{
	(void)e;
	assert_int_equal(fd, tap.fd);
	return 0;
}

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip, (void)line, (void)trigger;
	return OK;
}

static void wake(void *arg)
{
	(void)arg;
	wakes++;
}

static void set_up(unsigned packets)
{
	static const struct irq_chip_ops ops = {.enable = enable};
	static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};

	pkt_pool_init(&pool, memory, packets, BUF_BYTES);
	irq = (struct epoll_irq){
		.chip = {.ops = &ops, .lines = irq.lines, .n_lines = EPOLL_IRQ_LINES}};
	assert_int_equal(tap_init(&tap, "net0", "tap0", mac, &pool, &irq), OK);
	nif->rx = nif->tx = (struct waker){.wake = wake};
	assert_int_equal(netif_start(nif), OK);
}

static void tear_down(void)
{
	uint32_t count = pool.pool.count;

	netif_stop(nif);
	close(kernel);
	assert_int_equal(pool_available(&pool.pool), count);
}

/* A TCP segment of `len` bytes in all behind a header of the kind that the kernel writes. */
static void make_tcp(size_t len, uint8_t gso_type)
{
	memset(frame, 0, 10);
	for (size_t i = 0; i < len; i++)
		frame[10 + i] = (uint8_t)(i * 7 + len);
	frame[0] = 1;
	frame[1] = gso_type;
	store_le16(frame + 4, gso_type != 0 ? 1448 : 0);
	store_le16(frame + 6, 34);
	store_le16(frame + 8, 16);
	store_be16(frame + 10 + 12, 0x0800);
	frame[10 + 14] = 0x45;
	store_be16(frame + 10 + 20, 0x4000);
	frame[10 + 23] = 6;
}

static void put(size_t len)
{
	assert_int_equal(write(kernel, frame, 10 + len), 10 + len);
}

static void expect(size_t len, unsigned packets)
{
	struct pkt *p = netif_recv(nif);
	size_t at = 10;

	assert_non_null(p);
	assert_int_equal(pkt_bytes(p), len);
	assert_int_equal(p->flags, PKT_CSUM_OK);
	assert_int_equal((uintptr_t)(p->data + 14) % 4, 0);
	assert_true(pkt_headroom(p) >= 10); /* an answer can be made in it */
	for (const struct pkt *q = p; q != NULL; q = q->more, packets--) {
		assert_memory_equal(q->data, frame + at, q->len);
		at += q->len;
	}
	assert_int_equal(packets, 0);
	pkt_put(p);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void frames_of_any_length_come(void **state)
{
	(void)state;
	set_up(PACKETS);
	assert_true(asked_to_coalesce);
	assert_int_equal(nif->features, NETIF_SG | NETIF_CSUM_TX | NETIF_CSUM_RX | NETIF_TSO4 |
						NETIF_TSO6 | NETIF_COALESCE);
	static const struct {
		size_t len;
		unsigned packets;
	} cases[] = {{60, 1},
		     {1514, 1},
		     {FIRST, 1},
		     {FIRST + 1, 2},
		     {FIRST + BUF_BYTES, 2},
		     {FIRST + BUF_BYTES + 1, 3},
		     {LONGEST, RUN}};
	for (unsigned i = 0; i < 20 * ARRAY_SIZE(cases); i++) {
		size_t len = cases[i % ARRAY_SIZE(cases)].len;
		make_tcp(len, len > 1514 ? 1 : 0);
		put(len);
		expect(len, cases[i % ARRAY_SIZE(cases)].packets);
		assert_null(netif_recv(nif));
		assert_false(netif_rx_arm(nif));
		assert_int_equal(pool_available(&pool.pool), PACKETS - RUN);
	}
	assert_int_equal(nif->stats.rx_packets, 20 * ARRAY_SIZE(cases));
	tear_down();
}

/* Short ones in a row are read otherwise; the long one that ends it comes as whole as ever. */
static void long_frames_come_after_many_short_ones(void **state)
{
	(void)state;
	static const size_t lens[] = {60,        1514,   FIRST, FIRST + 1, FIRST + BUF_BYTES,
				      FIRST + 1, LONGEST};
	set_up(PACKETS);
	for (unsigned i = 0; i < ARRAY_SIZE(lens); i++) {
		for (unsigned n = 0; n < 70; n++) {
			make_tcp(60 + n, 0);
			put(60 + n);
			expect(60 + n, 1);
		}
		make_tcp(LONGEST + 1, 1);
		put(LONGEST + 1);
		assert_null(netif_recv(nif));
		for (unsigned n = 0; n < 70; n++) {
			make_tcp(60 + n, 0);
			put(60 + n);
			expect(60 + n, 1);
		}
		for (unsigned n = 0; n < 3; n++) {
			make_tcp(lens[i], lens[i] > 1514 ? 1 : 0);
			put(lens[i]);
			expect(lens[i], (unsigned)((lens[i] + 13) / BUF_BYTES + 1));
		}
	}
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_dropped, ARRAY_SIZE(lens));
	assert_int_equal(pool_available(&pool.pool), PACKETS - RUN);
	tear_down();
}

static void small_pool_gets_no_large_frames(void **state)
{
	(void)state;
	set_up(16 * RUN / 3);
	assert_true((nif->features & NETIF_COALESCE) != 0);
	tear_down();
	set_up(16 * RUN / 3 - 1);
	assert_false(asked_to_coalesce);
	assert_int_equal(nif->features & NETIF_COALESCE, 0);
	assert_int_equal(pool_available(&pool.pool), 16 * RUN / 3 - 2);
	make_tcp(3000, 1); /* it was told not to */
	put(3000);
	make_tcp(60, 0);
	put(60);
	expect(60, 1);
	assert_int_equal(nif->stats.rx_errors, 1);
	tear_down();
}

static void bad_frames_are_counted(void **state)
{
	(void)state;
	set_up(PACKETS);
	make_tcp(3000, 0); /* long, but not coalesced */
	put(3000);
	make_tcp(3000, 1);
	frame[10 + 23] = 17; /* coalesced, but not TCP */
	put(3000);
	make_tcp(3000, 5);
	put(3000);
	make_tcp(LONGEST + 1, 1);
	put(LONGEST + 1);
	make_tcp(60, 0);
	assert_int_equal(write(kernel, frame, 5), 5); /* half of a header */
	assert_int_equal(write(kernel, frame, 10 + 13), 10 + 13);
	put(60);
	expect(60, 1);
	assert_int_equal(nif->stats.rx_dropped, 2);
	assert_int_equal(nif->stats.rx_errors, 4);
	assert_int_equal(pool_available(&pool.pool), PACKETS - RUN);
	tear_down();
}

/* Without fresh packets a frame is dropped, never read in part; the next one has room again. */
static void empty_pool_drops(void **state)
{
	(void)state;
	struct pkt *held[PACKETS];
	unsigned n = 0;

	set_up(PACKETS);
	while (pool_available(&pool.pool) > RUN - 1)
		held[n++] = pkt_alloc(&pool, 0);
	make_tcp(LONGEST, 1);
	put(LONGEST);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_dropped, 1);
	make_tcp(60, 0);
	put(60);
	expect(60, 1);
	pkt_put(held[--n]);
	make_tcp(LONGEST, 1);
	put(LONGEST);
	expect(LONGEST, RUN);
	while (n > 0)
		pkt_put(held[--n]);
	tear_down();
}

/* What is dropped in one call is bounded, and then there is more. */
static void drops_do_not_hold_up_the_loop(void **state)
{
	(void)state;
	set_up(PACKETS);
	make_tcp(2000, 5);
	for (unsigned i = 0; i < 40; i++)
		put(2000);
	assert_null(netif_recv(nif));
	assert_true(netif_rx_arm(nif));
	assert_int_equal(nif->stats.rx_errors, 16);
	tear_down();
}

static void frames_go_with_their_header(void **state)
{
	(void)state;
	static const uint8_t text[3000] = "payload";
	uint8_t got[8192];

	set_up(PACKETS);
	struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM);
	memset(pkt_append(p, 54), 'h', 54);
	assert_true(pkt_add_piece(p, SLICE_STATIC(text, sizeof(text))));
	p->flags = PKT_CSUM_PARTIAL | PKT_GSO_TCP6;
	p->csum_start = 34;
	p->csum_offset = 16;
	p->gso_bytes = 1440;
	p->gso_header = 54;
	assert_int_equal(netif_send(nif, p), OK);
	assert_int_equal(read(kernel, got, sizeof(got)), 10 + 54 + 3000);
	assert_memory_equal(got, ((uint8_t[]){1, 4, 54, 0, 0xa0, 5, 34, 0, 16, 0}), 10);
	assert_memory_equal(got + 10 + 54, text, sizeof(text));
	p = pkt_alloc(&pool, PKT_HEADROOM);
	memset(pkt_append(p, 60), 'x', 60);
	assert_int_equal(netif_send(nif, p), OK);
	assert_int_equal(read(kernel, got, sizeof(got)), 70);
	assert_memory_equal(got, ((uint8_t[10]){0}), 10);
	p = pkt_alloc(&pool, PKT_HEADROOM);
	memset(pkt_append(p, 54), 'h', 54);
	assert_true(pkt_add_piece(p, SLICE_STATIC("first", 5)));
	assert_true(pkt_add_piece(p, SLICE_STATIC(text, 1455)));
	assert_int_equal(netif_send(nif, p), OK);
	assert_int_equal(read(kernel, got, sizeof(got)), 10 + 1514);
	assert_memory_equal(got + 10 + 50, "hhhhfirstpayload", 17);
	assert_memory_equal(got + 10 + 59, text, 1455);
	assert_int_equal(pool_available(&pool.pool), PACKETS - RUN);
	/* Longer than the MTU only if it is to be cut. */
	p = pkt_alloc(&pool, PKT_HEADROOM);
	memset(pkt_append(p, 1519), 0, 1519);
	assert_int_equal(netif_send(nif, p), ERR_INVALID);
	pkt_put(p);
	tear_down();
}

static void full_kernel_is_waited_for(void **state)
{
	(void)state;
	uint8_t got[2048];
	struct pkt *p;
	enum err e;

	set_up(PACKETS);
	do {
		p = pkt_alloc(&pool, PKT_HEADROOM);
		memset(pkt_append(p, 1514), 0, 1514);
		e = netif_send(nif, p);
	} while (e == OK);
	assert_int_equal(e, ERR_AGAIN);
	assert_int_equal(nif->stats.tx_full, 1);
	while (read(kernel, got, sizeof(got)) > 0)
		continue;
	wakes = 0;
	irq_chip_handle(&irq.chip, 0);
	assert_int_equal(wakes, 2);
	assert_int_equal(netif_send(nif, p), OK);
	tear_down();
}

static void old_kernel_has_no_header(void **state)
{
	(void)state;
	kernel_has_vnet = false;
	set_up(PACKETS);
	kernel_has_vnet = true;
	assert_int_equal(nif->features, NETIF_SG);
	make_tcp(1514, 0);
	assert_int_equal(write(kernel, frame + 10, 1514), 1514);
	struct pkt *p = netif_recv(nif);
	assert_int_equal(p->flags, 0);
	assert_int_equal(pkt_bytes(p), 1514);
	assert_memory_equal(p->data, frame + 10, 1514);
	assert_int_equal(netif_send(nif, p), OK);
	uint8_t got[2048];
	assert_int_equal(read(kernel, got, sizeof(got)), 1514);
	tear_down();
}

static void stranger_is_no_device(void **state)
{
	(void)state;
	static const uint8_t mac[6];
	assert_int_equal(tap_init(&tap, "net0", "tap1", mac, &pool, &irq), ERR_NODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_any_length_come),
		cmocka_unit_test(long_frames_come_after_many_short_ones),
		cmocka_unit_test(small_pool_gets_no_large_frames),
		cmocka_unit_test(bad_frames_are_counted),
		cmocka_unit_test(empty_pool_drops),
		cmocka_unit_test(drops_do_not_hold_up_the_loop),
		cmocka_unit_test(frames_go_with_their_header),
		cmocka_unit_test(full_kernel_is_waited_for),
		cmocka_unit_test(old_kernel_has_no_header),
		cmocka_unit_test(stranger_is_no_device),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
