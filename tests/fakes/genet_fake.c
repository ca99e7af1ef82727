/* SPDX-License-Identifier: ISC */
#include "tests/fakes/genet_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "drivers/net/genet/genet.h"
#include "drivers/net/genet/genet_regs.h"
#include "tests/fakes/cache_fake.h"

struct genet_fake genet_fake;

static uint32_t *reg(uint32_t offset)
{
	return &genet_fake.regs[offset / 4];
}

bool mac_fake_wants(void)
{
	return (*reg(INTR_STATUS) & ~*reg(INTR_MASK)) != 0;
}

/* --- DMA ------------------------------------------------------------------------------------- */

static void *memory(uint32_t dma, unsigned n)
{
	uint64_t high = *reg(DMA_ADDRESS_HIGH(dma, n));

	return (void *)(uintptr_t)(high << 32 | *reg(DMA_ADDRESS_LOW(dma, n)));
}

static bool runs(uint32_t dma)
{
	const uint32_t on = DMA_CONTROL_ENABLE | DMA_CONTROL_QUEUE;

	return (*reg(DMA_CONTROL(dma)) & on) == on && *reg(DMA_CONFIG(dma)) == DMA_CONFIG_QUEUE &&
	       *reg(DMA_RING(dma) + DMA_RING_SIZE) == (GENET_RING << 16 | GENET_RX_BYTES) &&
	       *reg(DMA_RING(dma) + DMA_RING_END) == GENET_RING * DMA_WORDS - 1;
}

static bool mac_does(uint32_t what)
{
	return (*reg(UMAC_COMMAND) & (what | UMAC_COMMAND_RESET)) == what;
}

/* Adds descriptor `n` to the frame; true: it was its last. */
static bool send_piece(struct mac_fake_frame *f, unsigned n)
{
	uint32_t status = *reg(DMA_STATUS(TDMA, n));
	uint32_t len = status >> DMA_LENGTH_SHIFT & DMA_LENGTH;
	const void *bytes = memory(TDMA, n);

	assert_int_equal((status & DMA_FIRST) != 0, f->pieces == 0);
	assert_int_equal((status & DMA_TX_APPEND_CRC) != 0, f->pieces == 0);
	assert_int_equal(status & DMA_TX_QUEUE_TAG, DMA_TX_QUEUE_TAG);
	assert_true(len > 0 && f->len + len <= sizeof(f->bytes));
	cache_fake_device_read(f->bytes + f->len, bytes, len);
	f->len += len;
	f->pieces++;
	return (status & DMA_LAST) != 0;
}

void mac_fake_send(unsigned frames)
{
	for (; frames > 0 && runs(TDMA) && mac_does(UMAC_COMMAND_TX); frames--) {
		struct mac_fake_frame f = {.len = 0};
		bool whole = false;

		while (!whole && *reg(TDMA_CONSUMED) != *reg(TDMA_PRODUCED)) {
			whole = send_piece(&f, *reg(TDMA_CONSUMED) % GENET_RING);
			*reg(TDMA_CONSUMED) = (uint16_t)(*reg(TDMA_CONSUMED) + 1);
		}
		if (f.pieces == 0)
			return;
		assert_true(whole); /* the driver tells of whole frames */
		mac_fake_keep(&f);
		*reg(INTR_STATUS) |= INTR_TX;
	}
}

bool genet_fake_receive_as(const void *frame, size_t len, uint32_t flags, size_t said_len)
{
	uint32_t produced = *reg(RDMA_PRODUCED) & 0xffff, discarded = *reg(RDMA_PRODUCED) >> 16;
	uint16_t full = (uint16_t)(produced - *reg(RDMA_CONSUMED));
	unsigned n = produced % GENET_RING;
	uint8_t *buffer = memory(RDMA, n);

	if (!runs(RDMA) || !mac_does(UMAC_COMMAND_RX))
		return false;
	if (full >= GENET_RING) {
		*reg(RDMA_PRODUCED) = (discarded + 1) << 16 | produced;
		return false;
	}
	assert_int_equal(*reg(RBUF_CONTROL) & (RBUF_ALIGN_2 | RBUF_STATUS_BLOCK), RBUF_ALIGN_2);
	cache_fake_device_write(buffer, "\0", 2);
	cache_fake_device_write(buffer + 2, frame, len);
	*reg(DMA_STATUS(RDMA, n)) = (uint32_t)said_len << DMA_LENGTH_SHIFT | flags;
	*reg(RDMA_PRODUCED) = discarded << 16 | (uint16_t)(produced + 1);
	*reg(INTR_STATUS) |= INTR_RX;
	return true;
}

bool mac_fake_receive(const void *frame, size_t len)
{
	return genet_fake_receive_as(frame, len, DMA_FIRST | DMA_LAST, len + 2);
}

/* --- PHY ------------------------------------------------------------------------------------- */

static uint32_t read_phy(unsigned address, unsigned n)
{
	uint16_t value;

	return phy_fake_read(&mac_fake.phy, address, n, &value) ? value
								: UMAC_MDIO_FAILED | UMAC_MDIO_DATA;
}

static void mdio(uint32_t frame)
{
	unsigned n = frame >> UMAC_MDIO_REGISTER_SHIFT & 31;
	unsigned address = frame >> UMAC_MDIO_PHY_SHIFT & 31;

	if ((frame & UMAC_MDIO_BUSY) == 0 || mac_fake.mdio_hangs)
		return;
	frame &= ~UMAC_MDIO_BUSY;
	if ((frame & UMAC_MDIO_READ) != 0) {
		frame &= ~UMAC_MDIO_DATA;
		frame |= read_phy(address, n);
	} else {
		(void)phy_fake_write(&mac_fake.phy, address, n, (uint16_t)frame);
	}
	*reg(UMAC_MDIO) = frame;
}

/* --- registers ------------------------------------------------------------------------------- */

uint32_t genet_fake_read(uintptr_t address)
{
	uint32_t offset = (uint32_t)(address - GENET_FAKE_BASE);

	assert_true(offset < sizeof(genet_fake.regs) && offset % 4 == 0);
	mac_fake.now_us++;
	return *reg(offset);
}

static void stop_or_go(uint32_t dma, uint32_t value)
{
	bool stops = (value & DMA_CONTROL_ENABLE) == 0;

	if (stops && mac_fake.never_stops)
		return;
	*reg(DMA_CONTROL(dma)) = value;
	*reg(DMA_STATE(dma)) = stops ? DMA_STATE_STOPPED : 0;
}

void genet_fake_write(uintptr_t address, uint32_t value)
{
	uint32_t offset = (uint32_t)(address - GENET_FAKE_BASE);

	assert_true(offset < sizeof(genet_fake.regs) && offset % 4 == 0);
	switch (offset) {
	case SYS_REVISION:
	case INTR_STATUS:
	case INTR_MASK:
	case RDMA_PRODUCED:
	case TDMA_CONSUMED:
		fail(); /* not the driver's to write */
		break;
	case INTR_CLEAR:
		*reg(INTR_STATUS) &= ~value;
		break;
	case INTR_MASK_SET:
		*reg(INTR_MASK) |= value;
		break;
	case INTR_MASK_CLEAR:
		*reg(INTR_MASK) &= ~value;
		break;
	case DMA_CONTROL(RDMA):
		stop_or_go(RDMA, value);
		break;
	case DMA_CONTROL(TDMA):
		stop_or_go(TDMA, value);
		break;
	case UMAC_COMMAND:
		genet_fake.mac_resets += (value & UMAC_COMMAND_RESET) != 0;
		*reg(offset) = value;
		break;
	case UMAC_MDIO:
		*reg(offset) = value;
		mdio(value);
		break;
	default:
		*reg(offset) = value;
	}
}

void genet_fake_init(uint16_t index)
{
	genet_fake = (struct genet_fake){0};
	mac_fake_init(GENET_PHY, MAC_FAKE_1000_FULL);
	*reg(SYS_REVISION) = SYS_REVISION_V5 << SYS_REVISION_MAJOR_SHIFT;
	*reg(RDMA_PRODUCED) = index;
	*reg(TDMA_CONSUMED) = index;
	/* Left on by whoever was here before. */
	*reg(DMA_CONTROL(RDMA)) = *reg(DMA_CONTROL(TDMA)) = DMA_CONTROL_ENABLE;
	*reg(RBUF_CONTROL) = RBUF_STATUS_BLOCK;
	*reg(TBUF_CONTROL) = TBUF_STATUS_BLOCK;
}
