/* SPDX-License-Identifier: ISC */
#include "drivers/net/lan95xx/lan95xx.h"

#include "base/bytes.h"
#include "drivers/net/lan95xx/lan95xx_regs.h"
#include "drivers/net/lan_usb/lan_usb.h"

enum {
	FCS_BYTES = 4,
	MTU = 1500,
	/* With it the IP header of a received frame is 4-byte aligned: 4 + 2 + 14 bytes. */
	RX_OFFSET = 2,
};

static const struct lan_usb_phy phy = {
	.mii_address = LAN95XX_MII_ADDR,
	.mii_data = LAN95XX_MII_DATA,
	.interrupts = LAN95XX_INT_STS,
	.interrupt = LAN95XX_INT_PHY,
	.status = LAN95XX_PHY_INT_SRC,
	.mask = LAN95XX_PHY_INT_MASK,
	.link_changes = LAN95XX_PHY_INT_LINK,
};

/* --- the link -------------------------------------------------------------------------------- */

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
	uint32_t partner = 0, duplex = LAN95XX_MAC_CR_RCVOWN;
	enum err e = lan_usb_link(n, &phy, up);

	if (e == OK)
		e = lan_usb_mii_read(n, &phy, MII_ANLPAR, &partner);
	if (e != OK)
		return e;
	if (is_full_duplex(partner & MII_ANAR_ALL))
		duplex = LAN95XX_MAC_CR_FDPX;
	return lan_usb_change(n, LAN95XX_MAC_CR, LAN95XX_MAC_CR_RCVOWN | LAN95XX_MAC_CR_FDPX,
			      duplex);
}

static bool notified(struct usb_net *n, const uint8_t *bytes, uint32_t len)
{
	bool up = false;

	if (lan_usb_acknowledge(n, &phy, bytes, len) && read_link(n, &up) == OK)
		usb_net_link(n, up);
	return true;
}

/* --- bringing up ----------------------------------------------------------------------------- */

static enum err set_mac(struct usb_net *n)
{
	const uint8_t *mac = n->nif.mac;
	enum err e = usb_net_board_mac(n);

	if (e == OK)
		e = lan_usb_write(n, LAN95XX_ADDRL, load_le32(mac));
	return e == OK ? lan_usb_write(n, LAN95XX_ADDRH, load_le16(mac + 4)) : e;
}

static enum err set_up(struct usb_net *n)
{
	static const struct lan_usb_setting settings[] = {
		{LAN95XX_BURST_CAP, 0},
		{LAN95XX_INT_STS, UINT32_MAX},
		{LAN95XX_LED_GPIO_CFG, LAN95XX_LED_GPIO_CFG_LEDS},
		{LAN95XX_FLOW, 0},
		{LAN95XX_AFC_CFG, LAN95XX_AFC_CFG_OFF},
		{LAN95XX_COE_CR, 0},
	};
	enum err e = lan_usb_reset(n, LAN95XX_HW_CFG, LAN95XX_HW_CFG_LRST);

	if (e == OK)
		e = lan_usb_reset(n, LAN95XX_PM_CTRL, LAN95XX_PM_CTRL_PHY_RST);
	if (e == OK)
		e = set_mac(n);
	if (e == OK)
		e = lan_usb_change(n, LAN95XX_HW_CFG,
				   LAN95XX_HW_CFG_RXDOFF | LAN95XX_HW_CFG_MEF | LAN95XX_HW_CFG_BCE,
				   LAN95XX_HW_CFG_BIR | RX_OFFSET << LAN95XX_HW_CFG_RXDOFF_SHIFT);
	return e == OK ? lan_usb_write_all(n, settings, ARRAY_SIZE(settings)) : e;
}

/* Lets frames and notifications flow. */
static enum err turn_on(struct usb_net *n)
{
	enum err e = lan_usb_change(n, LAN95XX_INT_EP_CTL, 0, LAN95XX_INT_PHY);

	if (e == OK)
		e = lan_usb_change(n, LAN95XX_MAC_CR, 0,
				   LAN95XX_MAC_CR_MCPAS | LAN95XX_MAC_CR_TXEN |
					   LAN95XX_MAC_CR_RXEN);
	return e == OK ? lan_usb_write(n, LAN95XX_TX_CFG, LAN95XX_TX_CFG_ON) : e;
}

static enum err bind(struct usb_net *n, const struct usb_device *d)
{
	enum err e;

	if (d->vendor != LAN_USB_VENDOR ||
	    (d->product != LAN95XX_LAN9514 && d->product != LAN95XX_LAN9500))
		return ERR_NODEV;
	n->nif.mtu = MTU;
	e = lan_usb_configure(n, d);
	if (e == OK)
		e = set_up(n);
	if (e == OK)
		e = lan_usb_start_phy(n, &phy);
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
