/* SPDX-License-Identifier: ISC */
#include "tests/fakes/sun8i_emac_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "drivers/net/phy/phy.h"
#include "drivers/net/sun8i_emac/sun8i_emac_regs.h"
#include "tests/fakes/cache_fake.h"

struct sun8i_emac_fake sun8i_emac_fake;

/* A descriptor's words, and bytes of the first. */
enum { STATUS, CONTROL, BUFFER, NEXT, WORDS, STATUS_BYTES = 4, FCS_BYTES = 4 };

static uint32_t *reg(uint32_t offset)
{
	return &sun8i_emac_fake.regs[offset / 4];
}

static void *at(uint32_t address)
{
	return (void *)(uintptr_t)address;
}

bool mac_fake_wants(void)
{
	return (*reg(EMAC_INT_STATUS) & *reg(EMAC_INT_ENABLE)) != 0;
}

/* --- DMA ------------------------------------------------------------------------------------- */

/* The descriptor; false: it is not the device's. */
static bool fetch(uint32_t address, uint32_t desc[static WORDS])
{
	cache_fake_device_read(desc, at(address), WORDS * sizeof(*desc));
	return (desc[STATUS] & EMAC_DESC_OWNED) != 0;
}

static void give_back(uint32_t address, uint32_t status)
{
	cache_fake_device_write(at(address), &status, STATUS_BYTES);
}

static bool sends(void)
{
	return (*reg(EMAC_TX0) & EMAC_TX0_ENABLE) != 0 && (*reg(EMAC_TX1) & EMAC_TX1_DMA) != 0 &&
	       (*reg(EMAC_TX1) & EMAC_TX1_START) != 0;
}

static bool receives(void)
{
	return (*reg(EMAC_RX0) & EMAC_RX0_ENABLE) != 0 && (*reg(EMAC_RX1) & EMAC_RX1_DMA) != 0 &&
	       *reg(EMAC_FILTER) == EMAC_FILTER_OFF && !sun8i_emac_fake.stands;
}

/* Adds a piece to the frame; true: it was its last. */
static bool send_piece(struct mac_fake_frame *f, const uint32_t desc[static WORDS])
{
	uint32_t len = desc[CONTROL] & EMAC_DESC_BYTES;

	assert_int_equal((desc[CONTROL] & EMAC_TX_FIRST) != 0, f->pieces == 0);
	assert_true((desc[CONTROL] & EMAC_DESC_CHAINED) != 0);
	assert_true(len > 0 && f->len + len <= sizeof(f->bytes));
	cache_fake_device_read(f->bytes + f->len, at(desc[BUFFER]), len);
	f->len += len;
	f->pieces++;
	give_back(sun8i_emac_fake.tx_at, sun8i_emac_fake.tx_status);
	sun8i_emac_fake.tx_at = desc[NEXT];
	return (desc[CONTROL] & EMAC_TX_LAST) != 0;
}

void mac_fake_send(unsigned frames)
{
	uint32_t desc[WORDS];

	for (; frames > 0 && sends(); frames--) {
		struct mac_fake_frame f = {.len = 0};
		bool whole = false;

		while (!whole && fetch(sun8i_emac_fake.tx_at, desc))
			whole = send_piece(&f, desc);
		if (f.pieces == 0) {
			*reg(EMAC_TX1) &= ~EMAC_TX1_START;
			return;
		}
		assert_true(whole); /* who owns its begin owns all of it */
		mac_fake_keep(&f);
		*reg(EMAC_INT_STATUS) |= EMAC_INT_TX;
	}
}

bool sun8i_emac_fake_receive_as(const void *frame, size_t len, uint32_t status)
{
	uint32_t desc[WORDS];

	if (!receives() || sun8i_emac_fake.rx_at == 0)
		return false;
	if (!fetch(sun8i_emac_fake.rx_at, desc)) {
		*reg(EMAC_INT_STATUS) |= EMAC_INT_RX_NO_BUF;
		sun8i_emac_fake.stands = true;
		if (sun8i_emac_fake.jumps)
			sun8i_emac_fake.rx_at = *reg(EMAC_RX_DESCRIPTORS);
		if (sun8i_emac_fake.forgets)
			sun8i_emac_fake.rx_at = 0;
		return false;
	}
	assert_true(len <= (desc[CONTROL] & EMAC_DESC_BYTES));
	cache_fake_device_write(at(desc[BUFFER]), frame, len);
	give_back(sun8i_emac_fake.rx_at, status);
	sun8i_emac_fake.rx_at = desc[NEXT];
	*reg(EMAC_INT_STATUS) |= EMAC_INT_RX;
	return true;
}

bool mac_fake_receive(const void *frame, size_t len)
{
	return sun8i_emac_fake_receive_as(
		frame, len,
		EMAC_RX_FIRST | EMAC_RX_LAST | (uint32_t)(len + FCS_BYTES) << EMAC_RX_BYTES_SHIFT);
}

/* --- registers ------------------------------------------------------------------------------- */

static void mdio(uint32_t command)
{
	unsigned address = command >> EMAC_MDIO_PHY_SHIFT & 31;
	unsigned n = command >> EMAC_MDIO_REGISTER_SHIFT & 31;
	uint16_t value = (uint16_t)*reg(EMAC_MDIO_DATA);

	*reg(EMAC_MDIO) = command;
	if ((command & EMAC_MDIO_BUSY) == 0 || mac_fake.mdio_hangs)
		return;
	*reg(EMAC_MDIO) = command & ~EMAC_MDIO_BUSY;
	if ((command & EMAC_MDIO_WRITE) != 0)
		(void)phy_fake_write(&mac_fake.phy, address, n, value);
	else if (phy_fake_read(&mac_fake.phy, address, n, &value))
		*reg(EMAC_MDIO_DATA) = value;
	else
		*reg(EMAC_MDIO_DATA) = 0xffff;
}

static void reset(void)
{
	sun8i_emac_fake.resets++;
	if (mac_fake.never_stops)
		return;
	memset(sun8i_emac_fake.regs, 0, sizeof(sun8i_emac_fake.regs));
	*reg(EMAC_ADDRESS_HIGH) = 0xffff;
	*reg(EMAC_ADDRESS_LOW) = 0xffffffff;
}

uint32_t sun8i_emac_fake_read(uintptr_t address)
{
	uint32_t offset = (uint32_t)(address - EMAC_FAKE_BASE);

	assert_true(offset < sizeof(sun8i_emac_fake.regs) && offset % 4 == 0);
	mac_fake.now_us++;
	return offset == EMAC_RX_AT ? sun8i_emac_fake.rx_at : *reg(offset);
}

void sun8i_emac_fake_write(uintptr_t address, uint32_t value)
{
	uint32_t offset = (uint32_t)(address - EMAC_FAKE_BASE);

	assert_true(offset < sizeof(sun8i_emac_fake.regs) && offset % 4 == 0);
	switch (offset) {
	case EMAC_INT_STATUS:
		*reg(offset) &= ~value;
		return;
	case EMAC_MDIO:
		mdio(value);
		return;
	}
	*reg(offset) = value;
	if (offset == EMAC_BASIC1 && (value & EMAC_BASIC1_RESET) != 0)
		reset();
	if (offset == EMAC_RX_DESCRIPTORS)
		sun8i_emac_fake.rx_at = value;
	if (offset == EMAC_TX_DESCRIPTORS)
		sun8i_emac_fake.tx_at = value;
	if (offset == EMAC_RX1 && (value & EMAC_RX1_START) != 0)
		sun8i_emac_fake.stands = false;
}

void sun8i_emac_fake_init(void)
{
	sun8i_emac_fake = (struct sun8i_emac_fake){0};
	mac_fake_init(EMAC_FAKE_PHY, PHY_10_100);
	/* Left on by whoever was here before. */
	*reg(EMAC_RX0) = EMAC_RX0_ENABLE;
	*reg(EMAC_RX1) = EMAC_RX1_DMA;
	*reg(EMAC_INT_ENABLE) = EMAC_INT_RX;
	*reg(EMAC_ADDRESS_LOW) = 0x03020102;
	*reg(EMAC_ADDRESS_HIGH) = 0x0504;
}
