/* SPDX-License-Identifier: ISC */
#include "tests/unit/virtio_net/fixture.h"

#include "arch/cpu.h"
#include "base/bytes.h"

const struct kind kinds[KINDS] = {
	{1, 0, 10, true},
	{1, VIRTIO_F_ANY_LAYOUT | VIRTIO_F_EVENT_IDX, 10, false},
	{1, VIRTIO_NET_F_MRG_RXBUF | VIRTIO_F_EVENT_IDX, 12, true},
	{2, VIRTIO_F_VERSION_1, 12, false},
	{2, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_MRG_RXBUF | VIRTIO_F_EVENT_IDX, 12, false},
	{2, VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | VIRTIO_F_INDIRECT_DESC, 12, false},
};

struct virtio_fake fake;
struct virtio_net *net;
struct netif *nif;
struct pkt_pool rx_pool, tx_pool;
unsigned rx_wakes, tx_wakes;

static struct virtio_mmio mmio;
static ALIGNED(CACHE_LINE_BYTES) uint8_t rx_memory[PKT_POOL_BYTES(RX_PACKETS, BUF_BYTES)];
static ALIGNED(CACHE_LINE_BYTES) uint8_t tx_memory[PKT_POOL_BYTES(TX_PACKETS, BUF_BYTES)];

/* --- processor and interrupt controller ------------------------------------------------------ */

enum err cpu_random(void *bytes, size_t len)
{
	memset(bytes, 0xff, len);
	return OK;
}

uint64_t cpu_cycles(void)
{
	return 1;
}

static enum err line_enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	assert_int_equal(line, IRQ_LINE);
	assert_int_equal(trigger, IRQ_EDGE_RISING);
	return OK;
}

static void line_disable(struct irq_chip *chip, uint32_t line)
{
	(void)chip;
	assert_int_equal(line, IRQ_LINE);
}

static void no_dispatch(struct irq_chip *chip)
{
	(void)chip;
}

static const struct irq_chip_ops irq_ops = {line_enable, line_disable, no_dispatch};
static struct irq_line lines[IRQ_LINE + 1];
struct irq_chip irq = {.ops = &irq_ops, .lines = lines, .n_lines = IRQ_LINE + 1};

static void raise(void *arg)
{
	irq_storm.left = IRQ_STORM_MAX; /* the loop has a turn between two */
	irq_chip_handle(arg, IRQ_LINE);
}

static void count_wake(void *arg)
{
	++*(unsigned *)arg;
}

/* --- life ------------------------------------------------------------------------------------ */

void plug(uint32_t version, uint64_t features)
{
	if (net == NULL)
		net = virtio_fake_low_memory(sizeof(*net));
	virtio_fake_init(&fake, version, VIRTIO_ID_NET, features, 1024);
	fake.raise = raise;
	fake.raise_arg = &irq;
	memcpy(fake.config, "\x52\x54\x00\x12\x34\x56\x01\x00\x00\x00\xdc\x05", 12);
	lines[IRQ_LINE] = (struct irq_line){0};
	pkt_pool_init(&rx_pool, rx_memory, RX_PACKETS, BUF_BYTES);
	pkt_pool_init(&tx_pool, tx_memory, TX_PACKETS, BUF_BYTES);
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), OK);
	nif = virtio_net_init(net, &mmio.dev, &irq, IRQ_LINE, IRQ_EDGE_RISING, &rx_pool, "net0");
	rx_wakes = tx_wakes = 0;
	nif->rx = (struct waker){count_wake, &rx_wakes};
	nif->tx = (struct waker){count_wake, &tx_wakes};
}

void bring_up(uint32_t version, uint64_t features)
{
	plug(version, features);
	assert_int_equal(netif_start(nif), OK);
	assert_int_equal(fake.status & 4, 4);
}

void bring_up_kind(const struct kind *k)
{
	bring_up(k->version, k->features);
}

void stop_and_count(void)
{
	netif_stop(nif);
	assert_int_equal(pool_available(&rx_pool.pool), RX_PACKETS);
	assert_int_equal(pool_available(&tx_pool.pool), TX_PACKETS);
	assert_int_equal(fake.status, 0);
	assert_null(lines[IRQ_LINE].handler);
}

/* --- frames ---------------------------------------------------------------------------------- */

void fill_pattern(uint8_t *bytes, size_t len, uint8_t seed)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(seed + i * 7);
}

struct pkt *make_frame(uint32_t len, uint8_t seed)
{
	struct pkt *p = pkt_alloc(&tx_pool, PKT_HEADROOM);
	assert_non_null(p);
	memset(p->buf, 0xaa, PKT_HEADROOM);
	fill_pattern(pkt_append(p, len), len, seed);
	return p;
}

void check_pattern(const struct pkt *p, size_t len, uint8_t seed)
{
	static uint8_t expected[80 * 1024];
	size_t at = p->len;
	fill_pattern(expected, len, seed);
	assert_int_equal(pkt_bytes(p), len);
	assert_memory_equal(p->data, expected, p->len);
	for (unsigned i = 0; i < p->n_pieces; i++) {
		assert_memory_equal(p->piece[i].data, expected + at, p->piece[i].len);
		at += p->piece[i].len;
	}
}

/* --- the device ------------------------------------------------------------------------------ */

static unsigned header_bytes(void)
{
	uint64_t long_header = VIRTIO_NET_F_MRG_RXBUF | VIRTIO_F_VERSION_1;
	return (fake.accepted & long_header) != 0 ? 12 : 10;
}

static bool header_apart(void)
{
	return (fake.accepted & (VIRTIO_F_ANY_LAYOUT | VIRTIO_F_VERSION_1)) == 0;
}

unsigned buffers_at_device(void)
{
	struct virtio_fake_queue saved = fake.queue[RX];
	struct virtio_fake_chain chain;
	unsigned n = 0;
	while (virtio_fake_pop(&fake, RX, &chain))
		n++;
	fake.queue[RX] = saved;
	return n;
}

unsigned device_receives_frame(const struct device_header *h, const uint8_t *frame,
			       size_t frame_bytes)
{
	static uint8_t bytes[12 + 80 * 1024];
	struct virtio_fake_chain chain;
	size_t left = header_bytes() + frame_bytes;
	unsigned n_buffers = 0;
	memset(bytes, 0, 12);
	bytes[0] = h->flags;
	bytes[1] = h->gso_type;
	store_le16(bytes + 4, h->gso_size);
	store_le16(bytes + 6, h->csum_start);
	store_le16(bytes + 8, h->csum_offset);
	store_le16(bytes + 10, h->n_buffers);
	memcpy(bytes + header_bytes(), frame, frame_bytes);
	for (const uint8_t *from = bytes; left > 0; n_buffers++) {
		assert_true(virtio_fake_pop(&fake, RX, &chain));
		assert_int_equal(chain.n_in, header_apart() ? 2 : 1);
		if (header_apart())
			assert_int_equal(chain.piece[0].len, header_bytes());
		size_t n = left < chain.in_bytes ? left : chain.in_bytes;
		virtio_fake_scatter(&chain, from, n);
		virtio_fake_push(&fake, RX, chain.head, (uint32_t)n);
		from += n;
		left -= n;
	}
	return n_buffers;
}

void device_receives(const struct device_header *h, size_t frame_bytes, uint8_t seed)
{
	static uint8_t frame[80 * 1024];
	fill_pattern(frame, frame_bytes, seed);
	(void)device_receives_frame(h, frame, frame_bytes);
}

void deliver(size_t frame_bytes, uint8_t seed)
{
	const struct device_header h = {.n_buffers = 1};
	device_receives(&h, frame_bytes, seed);
	virtio_fake_publish(&fake, RX);
}

bool device_sends(struct sent *s)
{
	static uint8_t bytes[sizeof(s->bytes) + 12];
	if (!virtio_fake_pop(&fake, TX, &s->chain))
		return false;
	size_t n = virtio_fake_gather(&s->chain, bytes, sizeof(bytes));
	assert_int_equal(s->chain.n_in, 0);
	assert_true(n >= header_bytes());
	assert_int_equal(s->chain.piece[0].len == header_bytes(), header_apart());
	memcpy(s->header, bytes, header_bytes());
	s->len = n - header_bytes();
	memcpy(s->bytes, bytes + header_bytes(), s->len);
	virtio_fake_push(&fake, TX, s->chain.head, 0);
	return true;
}
