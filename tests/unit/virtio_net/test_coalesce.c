/* SPDX-License-Identifier: ISC */
/* TCP segments that the device has put together: 64 KiB in many buffers, a run of packets. */
#include "base/bytes.h"
#include "tests/unit/virtio_net/fixture.h"

enum {
	ROOM = BUF_BYTES - 14, /* bytes of a frame in its first buffer */
	RUN = (VNET_FRAME_MAX + ROOM - 1) / ROOM,
	LONGEST = 14 + 65535,
};

#define COALESCING                                                                                 \
	(VIRTIO_F_VERSION_1 | VIRTIO_NET_F_MRG_RXBUF | VIRTIO_NET_F_GUEST_CSUM |                   \
	 VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6 | VIRTIO_NET_F_GUEST_ECN)

static uint8_t frame[80 * 1024];

/* A TCP segment of `len` bytes in all. */
static void make_tcp(bool v6, size_t len, uint8_t seed)
{
	fill_pattern(frame, len, seed);
	store_be16(frame + 12, v6 ? 0x86dd : 0x0800);
	frame[14] = v6 ? 0x60 : 0x45;
	store_be16(frame + 20, v6 ? 6 << 8 | 64 : 0x4000);
	frame[23] = 6;
}

static struct device_header header_for(bool v6, uint16_t n_buffers)
{
	return (struct device_header){
		.flags = 1,
		.gso_type = v6 ? 4 : 1,
		.gso_size = 1448,
		.csum_start = v6 ? 54 : 34,
		.csum_offset = 16,
		.n_buffers = n_buffers,
	};
}

static uint16_t buffers_for(size_t len)
{
	return (uint16_t)((len + 12 + (ROOM + 12) - 1) / (ROOM + 12));
}

static void deliver_tcp(bool v6, size_t len, uint8_t seed)
{
	const struct device_header h = header_for(v6, buffers_for(len));
	make_tcp(v6, len, seed);
	assert_int_equal(device_receives_frame(&h, frame, len), h.n_buffers);
	virtio_fake_publish(&fake, RX);
}

/* The next frame is the `len` bytes that were delivered last, a packet for each buffer. */
static void expect_run(size_t len)
{
	struct pkt *p = netif_recv(nif);
	size_t at = 0;
	unsigned n = 0;
	assert_non_null(p);
	assert_int_equal(pkt_bytes(p), len);
	assert_int_equal(p->flags, PKT_CSUM_OK);
	for (const struct pkt *q = p; q != NULL; q = q->more, n++) {
		assert_int_equal(q->n_pieces, 0);
		assert_memory_equal(q->data, frame + at, q->len);
		at += q->len;
	}
	assert_int_equal(n, buffers_for(len));
	pkt_put(p);
}

static void segments_become_a_run(void **state)
{
	(void)state;
	static const struct kind layouts[] = {
		{2, COALESCING, 12, false},
		{2, COALESCING | VIRTIO_F_EVENT_IDX | VIRTIO_F_INDIRECT_DESC, 12, false},
		{1, (COALESCING & ~VIRTIO_F_VERSION_1) | VIRTIO_F_ANY_LAYOUT, 12, false},
	};
	static const size_t lengths[] = {100, ROOM, ROOM + 1, 3000, 40000, LONGEST - 1, LONGEST};
	for (unsigned k = 0; k < ARRAY_SIZE(layouts); k++) {
		bring_up_kind(&layouts[k]);
		assert_true((nif->features & NETIF_COALESCE) != 0);
		unsigned target = buffers_at_device();
		for (unsigned i = 0; i < 10 * ARRAY_SIZE(lengths); i++) {
			size_t len = lengths[i % ARRAY_SIZE(lengths)];
			deliver_tcp(i % 2 != 0, len, (uint8_t)i);
			expect_run(len);
			deliver(60, 1); /* an ordinary one between them */
			pkt_put(netif_recv(nif));
			assert_null(netif_recv(nif));
			assert_int_equal(buffers_at_device(), target);
		}
		assert_int_equal(nif->stats.rx_dropped + nif->stats.rx_errors, 0);
		stop_and_count();
	}
}

static bool coalesces(uint32_t version, uint64_t features, uint32_t queue, uint32_t packets)
{
	static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[PKT_POOL_BYTES(400, BUF_BYTES)];
	plug(version, features);
	fake.queue[RX].num_max = queue;
	pkt_pool_init(&rx_pool, memory, packets, BUF_BYTES);
	assert_int_equal(netif_start(nif), OK);
	bool yes = (nif->features & NETIF_COALESCE) != 0;
	/* What was not wanted was not left with the device either. */
	assert_int_equal((fake.accepted & COALESCING & ~features) != 0, 0);
	assert_int_equal((fake.accepted & VIRTIO_NET_F_GUEST_TSO4) != 0, yes);
	if (yes) /* two of the longest, and half of the pool or more for those who hold them */
		assert_in_range(buffers_at_device(), 2 * RUN, packets / 2);
	netif_stop(nif);
	assert_int_equal(pool_available(&rx_pool.pool), packets);
	return yes;
}

static void coalescing_needs_room_for_two(void **state)
{
	(void)state;
	assert_true(coalesces(2, COALESCING, 1024, 400));
	assert_true(coalesces(2, COALESCING, 128, 16 * RUN / 3));
	assert_false(coalesces(2, COALESCING, 128, 16 * RUN / 3 - 1));
	assert_false(coalesces(2, COALESCING, 64, 400));
	assert_false(coalesces(2, COALESCING & ~VIRTIO_NET_F_MRG_RXBUF, 1024, 400));
	assert_false(coalesces(2, COALESCING & ~VIRTIO_NET_F_GUEST_CSUM, 1024, 400));
	/* The header in a descriptor of its own leaves a legacy queue too few. */
	assert_false(coalesces(1, COALESCING & ~VIRTIO_F_VERSION_1, 1024, 400));
}

/*
 * A device with EVENT_IDX that lacks buffers for a whole segment waits for one more than there are,
 * looks again, and waits again, and the driver shows it new ones in batches. Neither may end up
 * waiting for the other, wherever the indices stand.
 */
static void receive_goes_on_when_the_device_waits_for_buffers(void **state)
{
	(void)state;
	bring_up(2, COALESCING | VIRTIO_F_EVENT_IDX);
	fake.queue[RX].hold_event = true;
	for (unsigned i = 0; i < 1200; i++) {
		unsigned frames = 0, notified = fake.queue[RX].notified;
		size_t len = LONGEST - i % 5 * 2048;
		for (; virtio_fake_await(&fake, RX) >= buffers_for(len); frames++)
			deliver_tcp(false, len, (uint8_t)i);
		assert_true(frames >= 2);
		for (; frames > 0; frames--)
			expect_run(len);
		assert_null(netif_recv(nif));
		assert_false(netif_rx_arm(nif));
		assert_true(fake.queue[RX].notified > notified);
	}
	stop_and_count();
}

/* The same while the pool is empty: what is dropped goes back, and the device hears of it. */
static void empty_pool_drops_runs_and_gives_back(void **state)
{
	(void)state;
	struct pkt *held[RX_PACKETS];
	unsigned n = 0;
	bring_up(2, COALESCING | VIRTIO_F_EVENT_IDX);
	unsigned target = buffers_at_device();
	fake.queue[RX].hold_event = true;
	while ((held[n] = pkt_alloc(&rx_pool, 0)) != NULL)
		n++;
	for (unsigned spare = 0; spare < RUN; spare++) {
		unsigned notified = fake.queue[RX].notified;
		(void)virtio_fake_await(&fake, RX);
		deliver_tcp(false, LONGEST, 1);
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.rx_dropped, spare + 1);
		assert_true(fake.queue[RX].notified > notified);
		assert_int_equal(virtio_fake_await(&fake, RX), target);
		assert_int_equal(pool_available(&rx_pool.pool), spare);
		pkt_put(held[--n]);
	}
	deliver_tcp(false, LONGEST, 1);
	expect_run(LONGEST);
	while (n > 0)
		pkt_put(held[--n]);
	stop_and_count();
}

static void runs_that_are_refused_leave_nothing(void **state)
{
	(void)state;
	static const struct {
		struct device_header h;
		uint16_t type, fragment;
		uint8_t version, proto;
		size_t len;
	} cases[] = {
		{{1, 1, 1448, 34, 16, 2}, 0x0806, 0, 0x45, 6, 3000},      /* ARP */
		{{1, 1, 1448, 34, 16, 2}, 0x86dd, 0, 0x60, 6, 3000},      /* not what it says */
		{{1, 4, 1448, 34, 16, 2}, 0x0800, 0, 0x45, 6, 3000},      /* the same */
		{{1, 1, 1448, 34, 16, 2}, 0x0800, 0, 0x45, 17, 3000},     /* UDP */
		{{1, 1, 1448, 34, 16, 2}, 0x0800, 0x2000, 0x45, 6, 3000}, /* fragments */
		{{1, 1, 1448, 34, 16, 2}, 0x0800, 0x0001, 0x45, 6, 3000},
		{{1, 1, 1448, 34, 16, 2}, 0x0800, 0, 0x44, 6, 3000},    /* header too short */
		{{1, 1, 1448, 34, 16, 2}, 0x0800, 0, 0x65, 6, 3000},    /* version */
		{{0, 1, 1448, 34, 16, 2}, 0x0800, 0, 0x45, 6, 3000},    /* no checksum */
		{{2, 1, 1448, 34, 16, 2}, 0x0800, 0, 0x45, 6, 3000},    /* the same */
		{{1, 1, 0, 34, 16, 2}, 0x0800, 0, 0x45, 6, 3000},       /* no size */
		{{1, 3, 1448, 34, 16, 2}, 0x0800, 0, 0x45, 17, 3000},   /* UFO */
		{{1, 0x80, 1448, 34, 16, 2}, 0x0800, 0, 0x45, 6, 3000}, /* ECN of nothing */
		{{1, 1, 1448, 2034 - 17, 16, 2}, 0x0800, 0, 0x45, 6, 3000},
		{{1, 1, 1448, 34, 0xffff, 2}, 0x0800, 0, 0x45, 6, 3000},
		{{1, 1, 1448, 13, 16, 2}, 0x0800, 0, 0x45, 6, 3000},
		{{1, 1, 1448, 34, 16, 0}, 0x0800, 0, 0x45, 6, 2000},
		{{1, 1, 1448, 34, 16, 33}, 0x0800, 0, 0x45, 6, LONGEST + 1}, /* too long */
	};
	bring_up(2, COALESCING);
	unsigned target = buffers_at_device();
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		make_tcp(false, cases[i].len, 0);
		store_be16(frame + 12, cases[i].type);
		store_be16(frame + 20, cases[i].fragment);
		frame[14] = cases[i].version;
		frame[23] = cases[i].proto;
		(void)device_receives_frame(&cases[i].h, frame, cases[i].len);
		virtio_fake_publish(&fake, RX);
		assert_null(netif_recv(nif));
		assert_int_equal(nif->stats.rx_errors + nif->stats.rx_dropped, i + 1);
		assert_int_equal(buffers_at_device(), target);
		assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - target);
	}
	assert_int_equal(nif->stats.rx_dropped, 1);
	assert_int_equal(nif->stats.resets, 0);
	deliver_tcp(true, LONGEST, 9);
	expect_run(LONGEST);
	stop_and_count();
}

static void ecn_beside_the_type_is_fine(void **state)
{
	(void)state;
	bring_up(2, COALESCING);
	struct device_header h = header_for(false, 2);
	h.gso_type |= 0x80;
	make_tcp(false, 3000, 1);
	(void)device_receives_frame(&h, frame, 3000);
	virtio_fake_publish(&fake, RX);
	expect_run(3000);
	stop_and_count();
}

/* Who lies about the number of buffers in the middle of a run is reset, and nothing leaks. */
static void run_with_fewer_buffers_than_it_says(void **state)
{
	(void)state;
	bring_up(2, COALESCING);
	const struct device_header h = header_for(false, 40);
	make_tcp(false, LONGEST, 0);
	(void)device_receives_frame(&h, frame, LONGEST);
	virtio_fake_publish(&fake, RX);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.resets, 1);
	deliver_tcp(false, LONGEST, 3);
	expect_run(LONGEST);
	stop_and_count();
}

/* Buffers of a byte each make packets of a byte each, and empty ones none. */
static void run_of_crumbs(void **state)
{
	(void)state;
	struct virtio_fake_chain chain;
	bring_up(2, COALESCING);
	unsigned target = buffers_at_device();
	const struct device_header h = header_for(false, 20);
	make_tcp(false, ROOM, 0);
	(void)device_receives_frame(&h, frame, ROOM);
	for (unsigned i = 1; i < 20; i++) {
		assert_true(virtio_fake_pop(&fake, RX, &chain));
		virtio_fake_scatter(&chain, "x", i % 2);
		virtio_fake_push(&fake, RX, chain.head, i % 2);
	}
	virtio_fake_publish(&fake, RX);
	struct pkt *p = netif_recv(nif);
	assert_int_equal(pkt_bytes(p), ROOM + 10);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - target - 11);
	pkt_trim(p, ROOM + 3);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS - target - 4);
	pkt_put(p);
	assert_null(netif_recv(nif));
	assert_int_equal(buffers_at_device(), target);
	stop_and_count();
}

/* A frame that is malformed is skipped with all of its buffers: none is taken for a frame. */
static void malformed_frame_is_skipped_whole(void **state)
{
	(void)state;
	bring_up(2, COALESCING & ~(VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6));
	assert_int_equal(nif->features & NETIF_COALESCE, 0);
	unsigned target = buffers_at_device();
	deliver_tcp(false, 5000, 0);
	deliver(60, 1);
	struct pkt *p = netif_recv(nif);
	check_pattern(p, 60, 1);
	pkt_put(p);
	assert_null(netif_recv(nif));
	assert_int_equal(nif->stats.rx_errors, 1);
	assert_int_equal(buffers_at_device(), target);
	stop_and_count();
}

int run_coalesce_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_become_a_run),
		cmocka_unit_test(coalescing_needs_room_for_two),
		cmocka_unit_test(receive_goes_on_when_the_device_waits_for_buffers),
		cmocka_unit_test(empty_pool_drops_runs_and_gives_back),
		cmocka_unit_test(runs_that_are_refused_leave_nothing),
		cmocka_unit_test(ecn_beside_the_type_is_fine),
		cmocka_unit_test(run_with_fewer_buffers_than_it_says),
		cmocka_unit_test(run_of_crumbs),
		cmocka_unit_test(malformed_frame_is_skipped_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
