/* SPDX-License-Identifier: ISC */
/* Before all that would include arch/cache.h. */
#include "tests/fakes/cache_fake.h"

#include "tests/fakes/gem_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "drivers/net/gem/gem_regs.h"

enum { MODULE = 0x40070106, DESIGN1_BUS_64 = 2, OFFSET = 2 };

struct gem_fake gem_fake;

static uint32_t *reg(uint32_t offset)
{
	return &gem_fake.regs[offset / 4];
}

bool mac_fake_wants(void)
{
	return (gem_fake.intr & gem_fake.intr_enabled) != 0;
}

/* The rings' pages, as the driver asks for them. */
enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	assert_int_equal((start | bytes) % PAGE_BYTES, 0);
	assert_int_equal(access, MMU_UNCACHED);
	gem_fake.pages_shared = true;
	return OK;
}

/* --- DMA ------------------------------------------------------------------------------------- */

static struct gem_descriptor *ring(uint32_t low, uint32_t high)
{
	assert_true(gem_fake.pages_shared);
	return (struct gem_descriptor *)(uintptr_t)((uint64_t)*reg(high) << 32 | *reg(low));
}

struct gem_descriptor *gem_fake_rx_next(void)
{
	return ring(GEM_RX_QUEUE, GEM_RX_QUEUES_HIGH) + gem_fake.rx_at;
}

static struct gem_descriptor *tx_next(void)
{
	return ring(GEM_TX_QUEUE, GEM_TX_QUEUES_HIGH) + gem_fake.tx_at;
}

static void *memory(const struct gem_descriptor *d, uint32_t low)
{
	return (void *)(uintptr_t)((uint64_t)d->address_high << 32 | low);
}

static void step(unsigned *at, bool wraps)
{
	assert_int_equal(wraps, *at == GEM_RING - 1);
	*at = wraps ? 0 : *at + 1;
}

/* The queue that the driver does not use must not lead anywhere. */
static void check_idle_queue(void)
{
	const struct gem_descriptor *rx = ring(GEM_QUEUE_RX(1), GEM_RX_QUEUES_HIGH);
	const struct gem_descriptor *tx = ring(GEM_QUEUE_TX(1), GEM_TX_QUEUES_HIGH);

	assert_int_equal(rx->address & 3, GEM_RX_USED | GEM_RX_WRAP);
	assert_int_equal(tx->control, GEM_TX_USED | GEM_TX_WRAP);
	assert_int_equal(*reg(GEM_QUEUE_INTR_DISABLE(1)), UINT32_MAX);
}

static bool runs(uint32_t what)
{
	const uint32_t dma = GEM_DMA_64 | GEM_DMA_TX_CHECKSUM | GEM_DMA_RX_DISCARD |
			     GEM_RX_BYTES / 64 << GEM_DMA_RX_SHIFT;

	return (*reg(GEM_CONTROL) & what) != 0 && (*reg(GEM_DMA) & (dma | 0xc0)) == dma;
}

static void take_piece(struct mac_fake_frame *f, const struct gem_descriptor *d)
{
	uint32_t len = d->control & GEM_TX_LENGTH;

	assert_int_equal(d->control & GEM_TX_USED, 0); /* the driver gives whole frames */
	assert_true(len > 0 && f->len + len <= sizeof(f->bytes));
	cache_fake_device_read(f->bytes + f->len, memory(d, d->address), len);
	f->len += len;
	f->pieces++;
}

/* Sends the next frame, and marks its first descriptor with `marks`. */
static bool send_frame(uint32_t marks)
{
	struct mac_fake_frame f = {.len = 0};
	struct gem_descriptor *first = tx_next(), *d;

	check_idle_queue();
	if ((first->control & GEM_TX_USED) != 0)
		return false;
	do {
		d = tx_next();
		take_piece(&f, d);
		step(&gem_fake.tx_at, (d->control & GEM_TX_WRAP) != 0);
	} while ((d->control & GEM_TX_LAST) == 0);
	first->control |= marks;
	mac_fake_keep(&f);
	gem_fake.intr |= GEM_INTR_TX;
	return true;
}

void mac_fake_send(unsigned frames)
{
	for (; frames > 0 && gem_fake.tx_started && runs(GEM_CONTROL_TX); frames--)
		gem_fake.tx_started = send_frame(GEM_TX_USED);
}

void gem_fake_fail_to_send(uint32_t errors)
{
	assert_true(gem_fake.tx_started && send_frame(GEM_TX_USED | errors));
	gem_fake.tx_started = false;
}

/* The manual's sum: bit i of the hash is that of bits i, i + 6, i + 12 and so on of the address. */
static bool hash_takes(const uint8_t *address)
{
	unsigned hash = 0;

	for (unsigned bit = 0; bit < 48; bit++)
		hash ^= (address[bit / 8] >> bit % 8 & 1u) << bit % 6;
	return (*reg(hash < 32 ? GEM_HASH_LOW : GEM_HASH_HIGH) >> hash % 32 & 1) != 0;
}

/* Whether the frame's address is one that it was told to let through. */
static bool is_taken(const uint8_t *frame)
{
	uint32_t low = *reg(GEM_MAC_LOW), high = *reg(GEM_MAC_HIGH);
	const uint8_t own[6] = {(uint8_t)low,         (uint8_t)(low >> 8), (uint8_t)(low >> 16),
				(uint8_t)(low >> 24), (uint8_t)high,       (uint8_t)(high >> 8)};
	uint32_t config = *reg(GEM_CONFIG);

	if (memcmp(frame, own, sizeof(own)) == 0 ||
	    memcmp(frame, "\xff\xff\xff\xff\xff\xff", 6) == 0)
		return true;
	return (frame[0] & 1) != 0 && (config & GEM_CONFIG_MULTICAST) != 0 && hash_takes(frame);
}

bool gem_fake_receive_as(const void *frame, size_t len, uint32_t control)
{
	struct gem_descriptor *d;
	uint8_t *buffer;

	if (!runs(GEM_CONTROL_RX) || !is_taken(frame) || gem_fake.rx_stalled)
		return false;
	d = gem_fake_rx_next();
	if ((d->address & GEM_RX_USED) != 0) {
		*reg(GEM_RX_STATUS) |= GEM_RX_STATUS_NO_BUFFER;
		*reg(GEM_RX_NO_BUFFERS) += 1;
		gem_fake.intr |= GEM_INTR_RX_USED;
		gem_fake.rx_stalled = true;
		return false;
	}
	assert_int_equal(*reg(GEM_CONFIG) >> GEM_CONFIG_OFFSET_SHIFT & 3, OFFSET);
	buffer = memory(d, d->address & ~3u);
	cache_fake_device_write(buffer, "\0", OFFSET);
	cache_fake_device_write(buffer + OFFSET, frame, MIN(len, (size_t)GEM_RX_BYTES - OFFSET));
	d->control = control;
	step(&gem_fake.rx_at, (d->address & GEM_RX_WRAP) != 0);
	d->address |= GEM_RX_USED;
	gem_fake.intr |= GEM_INTR_RX;
	return true;
}

bool mac_fake_receive(const void *frame, size_t len)
{
	return gem_fake_receive_as(frame, len, GEM_RX_FIRST | GEM_RX_LAST | (uint32_t)len);
}

/* --- PHY ------------------------------------------------------------------------------------- */

static void mdio(uint32_t frame)
{
	unsigned address = frame >> GEM_MDIO_PHY_SHIFT & 31;
	unsigned n = frame >> GEM_MDIO_REGISTER_SHIFT & 31;
	uint16_t value = UINT16_MAX;

	assert_true((*reg(GEM_CONTROL) & GEM_CONTROL_MDIO) != 0);
	if (mac_fake.mdio_hangs)
		*reg(GEM_STATUS) = 0;
	if ((frame & 0xf0020000u) == GEM_MDIO_READ)
		(void)phy_fake_read(&mac_fake.phy, address, n, &value);
	else
		(void)phy_fake_write(&mac_fake.phy, address, n, (uint16_t)frame);
	*reg(GEM_MDIO) = (frame & ~GEM_MDIO_DATA) | value;
}

/* --- registers ------------------------------------------------------------------------------- */

static uint32_t clear_by_reading(uint32_t *what)
{
	uint32_t value = *what;

	*what = 0;
	return value;
}

uint32_t gem_fake_read(uintptr_t address)
{
	uint32_t offset = (uint32_t)(address - GEM_FAKE_BASE);

	assert_true(offset < sizeof(gem_fake.regs) && offset % 4 == 0);
	mac_fake.now_us++;
	if (offset == GEM_INTR)
		return clear_by_reading(&gem_fake.intr);
	if (offset >= 0x100 && offset <= GEM_RX_BAD_UDP)
		return clear_by_reading(reg(offset));
	return *reg(offset);
}

static void write_control(uint32_t value)
{
	*reg(GEM_CONTROL) = value & ~(GEM_CONTROL_TX_START | GEM_CONTROL_TX_HALT);
	gem_fake.rx_stalled = false; /* it looks again */
	if ((value & GEM_CONTROL_TX_START) != 0)
		gem_fake.tx_started = !gem_fake.forgets_start;
	if ((value & GEM_CONTROL_TX) == 0) {
		gem_fake.tx_at = 0;
		gem_fake.tx_started = false;
	}
	*reg(GEM_TX_STATUS) &= ~GEM_TX_STATUS_GOING;
	if (mac_fake.never_stops)
		*reg(GEM_TX_STATUS) |= GEM_TX_STATUS_GOING;
}

void gem_fake_write(uintptr_t address, uint32_t value)
{
	uint32_t offset = (uint32_t)(address - GEM_FAKE_BASE);

	assert_true(offset < sizeof(gem_fake.regs) && offset % 4 == 0);
	switch (offset) {
	case GEM_CONTROL:
		write_control(value);
		break;
	case GEM_INTR:
		gem_fake.intr &= ~value;
		break;
	case GEM_INTR_ENABLE:
		gem_fake.intr_enabled |= value;
		break;
	case GEM_INTR_DISABLE:
		gem_fake.intr_enabled &= ~value;
		break;
	case GEM_TX_STATUS:
		*reg(offset) &= ~value | GEM_TX_STATUS_GOING;
		break;
	case GEM_RX_STATUS:
		*reg(offset) &= ~value;
		break;
	case GEM_MDIO:
		mdio(value);
		break;
	case GEM_RX_QUEUE:
		assert_int_equal(*reg(GEM_CONTROL) & GEM_CONTROL_RX, 0);
		gem_fake.rx_at = 0;
		*reg(offset) = value;
		break;
	default:
		*reg(offset) = value;
	}
}

void gem_fake_init(void)
{
	gem_fake = (struct gem_fake){0};
	mac_fake_init(12, MAC_FAKE_1000_FULL);
	*reg(GEM_MODULE) = MODULE;
	*reg(GEM_DESIGN1) = DESIGN1_BUS_64 << GEM_DESIGN1_BUS_SHIFT;
	*reg(GEM_DESIGN6) = GEM_DESIGN6_64 | 2;
	*reg(GEM_STATUS) = GEM_STATUS_MDIO_IDLE;
	*reg(GEM_MAC_LOW) = 0x01350a00;
	*reg(GEM_MAC_HIGH) = 0x0302;
	/* Left on by whoever was here before. */
	*reg(GEM_CONTROL) = GEM_CONTROL_RX | GEM_CONTROL_TX;
	gem_fake.intr_enabled = UINT32_MAX;
}
