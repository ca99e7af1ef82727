/* SPDX-License-Identifier: ISC */
#include "drivers/net/lan95xx/lan95xx.h"

#include "base/bytes.h"
#include "drivers/net/lan95xx/lan95xx_regs.h"
#include "drivers/usb/core/usb_spec.h"

enum {
	REGISTER_BYTES = 4,
	FCS_BYTES = 4,
	MTU = 1500,
	/* With it the IP header of a received frame is 4-byte aligned: 4 + 2 + 14 bytes. */
	RX_OFFSET = 2,
	RESET_POLLS_MAX = 100,
	RESET_POLL_US = 1000,
	MII_POLLS_MAX = 20,
};

/* --- registers ------------------------------------------------------------------------------- */

static enum err reg_read(struct usb_net *n, uint16_t reg, uint32_t *value)
{
	ssize_t got = usb_control(&n->bus, n->device, USB_IN | USB_VENDOR_TO_DEVICE, LAN95XX_READ,
				  0, reg, REGISTER_BYTES);

	if (got < 0)
		return (enum err)got;
	if (got != REGISTER_BYTES)
		return ERR_IO;
	*value = load_le32(n->bus.data);
	return OK;
}

static enum err reg_write(struct usb_net *n, uint16_t reg, uint32_t value)
{
	ssize_t done;

	store_le32(n->bus.data, value);
	done = usb_control(&n->bus, n->device, USB_VENDOR_TO_DEVICE, LAN95XX_WRITE, 0, reg,
			   REGISTER_BYTES);
	return done < 0 ? (enum err)done : OK;
}

/* Clears and sets bits of a register. */
static enum err reg_change(struct usb_net *n, uint16_t reg, uint32_t clear, uint32_t set)
{
	uint32_t value;
	enum err e = reg_read(n, reg, &value);

	return e == OK ? reg_write(n, reg, (value & ~clear) | set) : e;
}

/* Sets a bit that clears itself, and waits until it has. */
static enum err reset(struct usb_net *n, uint16_t reg, uint32_t bit)
{
	uint32_t value = bit;
	enum err e = reg_change(n, reg, 0, bit);

	for (unsigned i = 0; e == OK && i < RESET_POLLS_MAX; i++) {
		e = reg_read(n, reg, &value);
		if (e == OK && (value & bit) == 0)
			return OK;
		usb_wait(&n->bus, RESET_POLL_US);
	}
	return e == OK ? ERR_TIMEOUT : e;
}

/* --- the PHY --------------------------------------------------------------------------------- */

/* A transfer takes longer than the PHY; more than a few times it is not busy. */
static enum err mii_wait(struct usb_net *n)
{
	uint32_t value = LAN95XX_MII_BUSY;
	enum err e = OK;

	for (unsigned i = 0; e == OK && i < MII_POLLS_MAX; i++) {
		e = reg_read(n, LAN95XX_MII_ADDR, &value);
		if (e == OK && (value & LAN95XX_MII_BUSY) == 0)
			return OK;
	}
	return e == OK ? ERR_TIMEOUT : e;
}

static enum err mii_start(struct usb_net *n, unsigned reg, uint32_t how)
{
	uint32_t address = LAN95XX_MII_PHY | reg << LAN95XX_MII_REGISTER_SHIFT;
	enum err e = reg_write(n, LAN95XX_MII_ADDR, address | how | LAN95XX_MII_BUSY);

	return e == OK ? mii_wait(n) : e;
}

static enum err mii_read(struct usb_net *n, unsigned reg, uint32_t *value)
{
	enum err e = mii_start(n, reg, 0);

	return e == OK ? reg_read(n, LAN95XX_MII_DATA, value) : e;
}

static enum err mii_write(struct usb_net *n, unsigned reg, uint32_t value)
{
	enum err e = reg_write(n, LAN95XX_MII_DATA, value);

	return e == OK ? mii_start(n, reg, LAN95XX_MII_WRITE) : e;
}

static enum err start_phy(struct usb_net *n)
{
	uint32_t ignored;
	enum err e = mii_write(n, MII_ANAR, MII_ANAR_ALL);

	if (e == OK)
		e = mii_read(n, LAN95XX_PHY_INT_SRC, &ignored); /* reading clears it */
	if (e == OK)
		e = mii_write(n, LAN95XX_PHY_INT_MASK, LAN95XX_PHY_INT_LINK);
	return e == OK ? mii_write(n, MII_BMCR, MII_BMCR_AUTO) : e;
}

/* Whether what both ends can do best is full duplex (IEEE 802.3, annex 28B.3). */
static bool is_full_duplex(uint32_t both)
{
	if ((both & (MII_FULL_DUPLEX_100 | MII_HALF_DUPLEX_100)) != 0)
		return (both & MII_FULL_DUPLEX_100) != 0;
	return (both & MII_FULL_DUPLEX_10) != 0;
}

/* Asks what the link is like, and follows its duplex. */
static enum err read_link(struct usb_net *n, bool *up)
{
	uint32_t status = 0, partner = 0, duplex = LAN95XX_MAC_CR_RCVOWN;
	enum err e = mii_read(n, MII_BMSR, &status);

	/* That the link was down stays until it is read. */
	if (e == OK)
		e = mii_read(n, MII_BMSR, &status);
	if (e == OK)
		e = mii_read(n, MII_ANLPAR, &partner);
	if (e != OK)
		return e;
	*up = (status & MII_BMSR_LINK) != 0;
	if (is_full_duplex(partner & MII_ANAR_ALL))
		duplex = LAN95XX_MAC_CR_FDPX;
	return reg_change(n, LAN95XX_MAC_CR, LAN95XX_MAC_CR_RCVOWN | LAN95XX_MAC_CR_FDPX, duplex);
}

/* The PHY has seen something: bytes of the interrupt endpoint, a word. */
static void notified(struct usb_net *n, const uint8_t *bytes, uint32_t len)
{
	uint32_t ignored;
	bool up = false;

	if (len < REGISTER_BYTES || (load_le32(bytes) & LAN95XX_INT_PHY) == 0)
		return;
	/* If the adapter does not answer, its frames' pipe finds that out. */
	if (mii_read(n, LAN95XX_PHY_INT_SRC, &ignored) == OK &&
	    reg_write(n, LAN95XX_INT_STS, UINT32_MAX) == OK && read_link(n, &up) == OK)
		usb_net_link(n, up);
}

/* --- bringing up ----------------------------------------------------------------------------- */

static enum err find_endpoints(struct usb_net *n, const struct usb_device *d)
{
	ssize_t len = usb_configuration(&n->bus, d, 0);
	struct usb_endpoint in = {0}, out = {0}, notify = {0}, e;
	struct cursor c = cursor_over(n->bus.data, len < 0 ? 0 : (size_t)len);
	const uint8_t *bytes;
	uint8_t type;
	size_t left;

	if (len < 0)
		return (enum err)len;
	while ((bytes = usb_next_descriptor(&c, &type, &left)) != NULL) {
		if (type != USB_DESCRIPTOR_ENDPOINT || !usb_endpoint_read(&e, bytes, left))
			continue;
		if (e.type == USB_TYPE_INTERRUPT)
			notify = e;
		else
			*((e.address & USB_IN) != 0 ? &in : &out) = e;
	}
	if (in.address == 0 || out.address == 0 || (notify.address & USB_IN) == 0)
		return ERR_UNSUPPORTED;
	usb_net_pipes(n, d, &in, &out, &notify);
	n->out.ends_empty = true;
	return usb_command(&n->bus, d, USB_TO_DEVICE, USB_SET_CONFIGURATION,
			   n->bus.data[USB_CONFIGURATION_VALUE], 0);
}

static enum err set_mac(struct usb_net *n)
{
	const uint8_t *mac = n->nif.mac;
	enum err e = usb_net_board_mac(n);

	if (e == OK)
		e = reg_write(n, LAN95XX_ADDRL, load_le32(mac));
	return e == OK ? reg_write(n, LAN95XX_ADDRH, load_le16(mac + 4)) : e;
}

struct setting {
	uint16_t reg;
	uint32_t value;
};

static enum err set_all(struct usb_net *n, const struct setting *settings, size_t count)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < count; i++)
		e = reg_write(n, settings[i].reg, settings[i].value);
	return e;
}

static enum err set_up(struct usb_net *n)
{
	static const struct setting settings[] = {
		{LAN95XX_BURST_CAP, 0},
		{LAN95XX_INT_STS, UINT32_MAX},
		{LAN95XX_LED_GPIO_CFG, LAN95XX_LED_GPIO_CFG_LEDS},
		{LAN95XX_FLOW, 0},
		{LAN95XX_AFC_CFG, LAN95XX_AFC_CFG_DEFAULT},
		{LAN95XX_COE_CR, 0},
	};
	enum err e = reset(n, LAN95XX_HW_CFG, LAN95XX_HW_CFG_LRST);

	if (e == OK)
		e = reset(n, LAN95XX_PM_CTRL, LAN95XX_PM_CTRL_PHY_RST);
	if (e == OK)
		e = set_mac(n);
	if (e == OK)
		e = reg_change(n, LAN95XX_HW_CFG,
			       LAN95XX_HW_CFG_RXDOFF | LAN95XX_HW_CFG_MEF | LAN95XX_HW_CFG_BCE,
			       LAN95XX_HW_CFG_BIR | RX_OFFSET << LAN95XX_HW_CFG_RXDOFF_SHIFT);
	return e == OK ? set_all(n, settings, ARRAY_SIZE(settings)) : e;
}

/* Lets frames and notifications flow. */
static enum err turn_on(struct usb_net *n)
{
	enum err e = reg_change(n, LAN95XX_INT_EP_CTL, 0, LAN95XX_INT_PHY);

	if (e == OK)
		e = reg_change(n, LAN95XX_MAC_CR, 0,
			       LAN95XX_MAC_CR_MCPAS | LAN95XX_MAC_CR_TXEN | LAN95XX_MAC_CR_RXEN);
	return e == OK ? reg_write(n, LAN95XX_TX_CFG, LAN95XX_TX_CFG_ON) : e;
}

static enum err bind(struct usb_net *n, const struct usb_device *d)
{
	enum err e;

	if (d->vendor != LAN95XX_VENDOR ||
	    (d->product != LAN95XX_LAN9514 && d->product != LAN95XX_LAN9500))
		return ERR_NODEV;
	n->nif.mtu = MTU;
	e = find_endpoints(n, d);
	if (e == OK)
		e = set_up(n);
	if (e == OK)
		e = start_phy(n);
	return e == OK ? turn_on(n) : e;
}

/* --- frames ---------------------------------------------------------------------------------- */

static uint32_t write_header(uint8_t *at, uint32_t frame_bytes)
{
	store_le32(at, frame_bytes | LAN95XX_TX_A_WHOLE);
	store_le32(at + 4, frame_bytes);
	return LAN95XX_TX_HEADER_BYTES;
}

static bool read_header(struct pkt *p)
{
	const uint32_t header = LAN95XX_RX_HEADER_BYTES + RX_OFFSET;
	uint32_t status, bytes;

	if (p->len < header)
		return false;
	status = load_le32(p->data);
	bytes = status >> LAN95XX_RX_LENGTH_SHIFT & LAN95XX_RX_LENGTH_MASK;
	pkt_pull(p, header);
	if ((status & LAN95XX_RX_ERROR) != 0 || bytes > p->len || bytes < FCS_BYTES)
		return false;
	p->len = bytes - FCS_BYTES;
	return true;
}

const struct usb_net_function lan95xx = {
	.name = "LAN95xx",
	.knows_link = true,
	.bind = bind,
	.write_header = write_header,
	.read_header = read_header,
	.notified = notified,
};
