/* SPDX-License-Identifier: ISC */
#include "tests/fakes/lan9118_fake.h"

#include <string.h>

#include "base/assert.h"
#include "drivers/net/lan9118/lan9118_regs.h"
#include "tests/fakes/mmio_fake.h"

struct lan9118_fake lan9118_fake;

enum { OFFSET = 2, FCS_BYTES = 4, REGISTERS = 32 };

static struct {
	uint8_t bytes[LAN9118_FAKE_FRAME_MAX];
	size_t len; /* with offset and FCS */
	uint32_t status;
} queue[LAN9118_FAKE_FRAMES];
static unsigned queued, statuses; /* statuses: of them, those that nobody has taken */
static size_t rx_at;              /* of queue[0] */

static uint32_t csr[REGISTERS], phy[REGISTERS], csr_data, tx_header[2];
static unsigned tx_words;

static void reset(void)
{
	struct lan9118_fake *f = &lan9118_fake;

	queued = statuses = tx_words = 0;
	rx_at = 0;
	f->int_status = f->int_enable = f->irq_cfg = f->mac_cr = 0;
	memset(csr, 0, sizeof(csr));
	csr[LAN9118_MAC_ADDR_LOW] = (uint32_t)f->mac[0] | (uint32_t)f->mac[1] << 8 |
				    (uint32_t)f->mac[2] << 16 | (uint32_t)f->mac[3] << 24;
	csr[LAN9118_MAC_ADDR_HIGH] = (uint32_t)f->mac[4] | (uint32_t)f->mac[5] << 8;
}

void lan9118_fake_init(void)
{
	lan9118_fake = (struct lan9118_fake){
		.link = true,
		.partner = 0x01e1,
		.tx_room = 4600,
		.mac = {0x52, 0x54, 0, 1, 2, 3},
	};
	memset(phy, 0, sizeof(phy));
	reset();
}

static void raise(uint32_t bits)
{
	lan9118_fake.int_status |= bits;
}

bool lan9118_fake_interrupts(void)
{
	const struct lan9118_fake *f = &lan9118_fake;

	return (f->int_status & f->int_enable) != 0 && (f->irq_cfg & LAN9118_IRQ_CFG_ENABLE) != 0;
}

bool lan9118_fake_receive(const void *frame, size_t bytes, uint32_t status)
{
	assert(bytes + OFFSET + FCS_BYTES + 4 <= LAN9118_FAKE_FRAME_MAX);
	if (queued == LAN9118_FAKE_FRAMES || (lan9118_fake.mac_cr & LAN9118_MAC_CR_RX) == 0)
		return false;
	memset(queue[queued].bytes, 0xee, sizeof(queue[queued].bytes));
	memcpy(queue[queued].bytes + OFFSET, frame, bytes);
	queue[queued].len = OFFSET + bytes + FCS_BYTES;
	queue[queued].status = status | (uint32_t)(bytes + FCS_BYTES + lan9118_fake.extra_bytes)
						<< 16;
	queued++;
	statuses++;
	raise(LAN9118_INT_RX);
	return true;
}

void lan9118_fake_set_link(bool up)
{
	lan9118_fake.link = up;
	phy[LAN9118_PHY_INT_SOURCE] |= up ? LAN9118_PHY_INT_NEGOTIATED : LAN9118_PHY_INT_LINK_DOWN;
	if ((phy[LAN9118_PHY_INT_SOURCE] & phy[LAN9118_PHY_INT_MASK]) != 0)
		raise(LAN9118_INT_PHY);
}

static void drop_first(void)
{
	if (queued == 1 && lan9118_fake.again > 0) {
		lan9118_fake.again--;
		statuses++;
	} else if (queued > 0)
		memmove(queue, queue + 1, --queued * sizeof(queue[0]));
	rx_at = 0;
}

static uint32_t read_rx_data(void)
{
	uint32_t word = 0;

	if (queued == 0)
		return 0;
	memcpy(&word, queue[0].bytes + rx_at, sizeof(word));
	rx_at += sizeof(word);
	if (rx_at >= queue[0].len)
		drop_first();
	return word;
}

static uint32_t read_rx_status(void)
{
	return statuses == 0 ? 0 : queue[queued - statuses--].status;
}

static uint32_t rx_level(void)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < queued; i++)
		bytes += (queue[i].len + 3) / 4 * 4;
	return statuses << 16 | (uint32_t)(bytes - rx_at);
}

static void write_tx_data(uint32_t word)
{
	struct lan9118_fake *f = &lan9118_fake;
	uint32_t len = tx_header[1] & 0x7ff, offset = tx_header[0] >> 16 & 0x1f;

	if (tx_words < 2) {
		tx_header[tx_words++] = word;
		f->sent_bytes = 0;
		return;
	}
	/* The data start offset: so many bytes of the first words are none of the frame. */
	size_t left_away = tx_words++ == 2 ? offset : 0;
	assert(left_away < sizeof(word));
	word >>= 8 * left_away;
	memcpy(f->sent + f->sent_bytes, &word, sizeof(word));
	f->sent_bytes += sizeof(word) - left_away;
	if (f->sent_bytes < len)
		return;
	assert((tx_header[0] & 0x7ff) == len &&
	       (tx_header[0] & (LAN9118_TX_A_FIRST | LAN9118_TX_A_LAST)) ==
		       (LAN9118_TX_A_FIRST | LAN9118_TX_A_LAST));
	f->sent_bytes = len;
	f->n_sent++;
	tx_words = 0;
}

static uint32_t read_phy(unsigned reg)
{
	uint32_t value = phy[reg];

	switch (reg) {
	case LAN9118_PHY_CONTROL:
		return value & ~LAN9118_PHY_CONTROL_RESET;
	case LAN9118_PHY_STATUS:
		return lan9118_fake.link ? LAN9118_PHY_STATUS_LINK | LAN9118_PHY_STATUS_NEGOTIATED
					 : 0;
	case LAN9118_PHY_PARTNER:
		return lan9118_fake.partner;
	case LAN9118_PHY_INT_SOURCE:
		phy[reg] = 0;
		lan9118_fake.int_status &= ~LAN9118_INT_PHY;
		return value;
	}
	return value;
}

static void access_phy(uint32_t how)
{
	unsigned reg = how >> 6 & 31;

	if ((how & LAN9118_MAC_MII_ACC_WRITE) != 0)
		phy[reg] = csr[LAN9118_MAC_MII_DATA];
	else
		csr[LAN9118_MAC_MII_DATA] = read_phy(reg);
	csr[LAN9118_MAC_MII_ACC] = how;
	if (!lan9118_fake.phy_hangs)
		csr[LAN9118_MAC_MII_ACC] &= ~LAN9118_MAC_MII_ACC_BUSY;
}

static void access_mac(uint32_t command)
{
	unsigned reg = command & 31;

	if ((command & LAN9118_MAC_CMD_READ) != 0) {
		csr_data = csr[reg];
		return;
	}
	csr[reg] = csr_data;
	if (reg == LAN9118_MAC_CR)
		lan9118_fake.mac_cr = csr_data;
	else if (reg == LAN9118_MAC_MII_ACC)
		access_phy(csr_data);
}

uint32_t fake_read(uintptr_t address)
{
	struct lan9118_fake *f = &lan9118_fake;

	f->reads++;
	if (f->absent)
		return UINT32_MAX;
	switch (address - LAN9118_FAKE_BASE) {
	case LAN9118_RX_DATA:
		return read_rx_data();
	case LAN9118_RX_STATUS:
		return read_rx_status();
	case LAN9118_INT_STATUS:
		return f->int_status;
	case LAN9118_BYTE_TEST:
		return LAN9118_BYTE_TEST_VALUE;
	case LAN9118_HW_CFG:
		return f->reset_hangs ? LAN9118_HW_CFG_RESET : 0;
	case LAN9118_RX_DP:
		return f->discard_hangs ? LAN9118_RX_DP_DISCARD : 0;
	case LAN9118_RX_FIFO:
		return rx_level();
	case LAN9118_TX_FIFO:
		return f->tx_room;
	case LAN9118_MAC_CMD:
		return f->mac_hangs ? LAN9118_MAC_CMD_BUSY : 0;
	case LAN9118_MAC_DATA:
		return csr_data;
	}
	return 0;
}

void fake_write(uintptr_t address, uint32_t value)
{
	struct lan9118_fake *f = &lan9118_fake;

	switch (address - LAN9118_FAKE_BASE) {
	case LAN9118_TX_DATA:
		write_tx_data(value);
		break;
	case LAN9118_IRQ_CFG:
		f->irq_cfg = value;
		break;
	case LAN9118_INT_STATUS:
		f->int_status &= ~value;
		break;
	case LAN9118_INT_ENABLE:
		f->int_enable = value;
		break;
	case LAN9118_HW_CFG:
		if ((value & LAN9118_HW_CFG_RESET) != 0) {
			f->resets++;
			reset();
		}
		break;
	case LAN9118_RX_DP:
		f->discarded++;
		if (!f->discard_hangs)
			drop_first();
		break;
	case LAN9118_MAC_CMD:
		access_mac(value);
		break;
	case LAN9118_MAC_DATA:
		csr_data = value;
		break;
	}
}
