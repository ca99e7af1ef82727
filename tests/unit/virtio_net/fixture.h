/* SPDX-License-Identifier: ISC */
/*
 * A virtio network device that the test plays, the driver on it, pools and counting wakers.
 */
#ifndef TESTS_UNIT_VIRTIO_NET_FIXTURE_H
#define TESTS_UNIT_VIRTIO_NET_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/pkt.h"
#include "drivers/net/virtio_net/virtio_net.h"
#include "drivers/net/virtio_net/virtio_net_regs.h"
#include "drivers/net/vnet/vnet.h"
#include "drivers/virtio/virtio_mmio.h"
#include "tests/fakes/virtio_fake.h"

enum { RX = 0, TX = 1, RX_PACKETS = 576, TX_PACKETS = 100, BUF_BYTES = 2048, IRQ_LINE = 3 };

/* The kinds of device that differ in layout. */
struct kind {
	uint32_t version;
	uint64_t features;
	unsigned header_bytes;
	bool apart; /* the header is in a descriptor of its own */
};

enum { KINDS = 6 };
extern const struct kind kinds[KINDS];

extern struct virtio_fake fake;
extern struct virtio_net *net;
extern struct netif *nif;
extern struct pkt_pool rx_pool, tx_pool;
extern struct irq_chip irq;
extern unsigned rx_wakes, tx_wakes;

/* Plugs a device in and initialises the driver, with fresh pools; does not start it. */
void plug(uint32_t version, uint64_t features);

/* The same, and starts it. */
void bring_up(uint32_t version, uint64_t features);
void bring_up_kind(const struct kind *k);

/* Stops the driver and checks that no packet is missing. */
void stop_and_count(void);

/* A frame of `len` bytes of a pattern that `seed` chooses, and the check of one. */
struct pkt *make_frame(uint32_t len, uint8_t seed);
void fill_pattern(uint8_t *bytes, size_t len, uint8_t seed);
void check_pattern(const struct pkt *p, size_t len, uint8_t seed);

/* The device: its header, and what it does with it. */
struct device_header {
	uint8_t flags, gso_type;
	uint16_t gso_size, csum_start, csum_offset, n_buffers;
};

/* Puts header and frame into the next receive buffer and gives it back; not yet published. */
void device_receives(const struct device_header *h, size_t frame_bytes, uint8_t seed);

/* The same with a frame of the caller's. Returns how many buffers it took. */
unsigned device_receives_frame(const struct device_header *h, const uint8_t *frame,
			       size_t frame_bytes);

/* What the device could fill now. */
unsigned buffers_at_device(void);

/* The same for one plain frame, published. */
void deliver(size_t frame_bytes, uint8_t seed);

/* Takes the next frame that was sent, checks its header's place, and gives it back, unpublished. */
struct sent {
	uint8_t bytes[80 * 1024];
	size_t len; /* without the header */
	uint8_t header[12];
	struct virtio_fake_chain chain;
};
bool device_sends(struct sent *s);

/* Run the tests of a file; return how many failed. */
int run_send_tests(void);
int run_receive_tests(void);
int run_coalesce_tests(void);
int run_device_tests(void);

#endif
