/* SPDX-License-Identifier: ISC */
#include "drivers/net/lan78xx/lan78xx.h"

#include "base/bytes.h"
#include "drivers/net/lan78xx/lan78xx_regs.h"
#include "drivers/net/lan_usb/lan_usb.h"

enum {
	FCS_BYTES = 4,
	MTU = 1500,
	FRAME_BYTES_MAX = 14 + 4 + MTU + FCS_BYTES,
	READY_POLLS_MAX = 100,
	READY_POLL_US = 1000,
};

static const struct lan_usb_phy phy = {
	.mii_address = LAN78XX_MII_ADDR,
	.mii_data = LAN78XX_MII_DATA,
	.interrupts = LAN78XX_INT_STS,
	.interrupt = LAN78XX_INT_PHY,
	.status = LAN78XX_PHY_INT_STS,
	.mask = LAN78XX_PHY_INT_MASK,
	.link_changes = LAN78XX_PHY_INT_LINK,
	.is_gigabit = true,
};

/* --- the PHY --------------------------------------------------------------------------------- */

/* Resets it, and waits until the controller is ready again. */
static enum err reset_phy(struct usb_net *n)
{
	uint32_t value = 0;
	enum err e = lan_usb_reset(n, LAN78XX_PMT_CTL, LAN78XX_PMT_CTL_PHY_RST);

	for (unsigned i = 0; e == OK && i < READY_POLLS_MAX; i++) {
		e = lan_usb_read(n, LAN78XX_PMT_CTL, &value);
		if (e == OK && (value & LAN78XX_PMT_CTL_READY) != 0)
			return OK;
		usb_wait(&n->bus, READY_POLL_US);
	}
	return e == OK ? ERR_TIMEOUT : e;
}

static bool notified(struct usb_net *n, const uint8_t *bytes, uint32_t len)
{
	bool up = false;

	if (lan_usb_acknowledge(n, &phy, bytes, len) && lan_usb_link(n, &phy, &up) == OK)
		usb_net_link(n, up);
	return true;
}

/* --- bringing up ----------------------------------------------------------------------------- */

static enum err set_mac(struct usb_net *n)
{
	const uint8_t *mac = n->nif.mac;
	enum err e = usb_net_board_mac(n);
	const struct lan_usb_setting settings[] = {
		{LAN78XX_RX_ADDRL, load_le32(mac)},
		{LAN78XX_RX_ADDRH, load_le16(mac + 4)},
		{LAN78XX_FILTER_LOW, load_le32(mac)},
		{LAN78XX_FILTER_HIGH, load_le16(mac + 4) | LAN78XX_FILTER_VALID},
	};

	return e == OK ? lan_usb_write_all(n, settings, ARRAY_SIZE(settings)) : e;
}

static enum err set_up(struct usb_net *n)
{
	static const struct lan_usb_setting settings[] = {
		{LAN78XX_BURST_CAP, 0},
		{LAN78XX_FCT_RX_FIFO_END, LAN78XX_FIFO_END},
		{LAN78XX_FCT_TX_FIFO_END, LAN78XX_FIFO_END},
		{LAN78XX_INT_STS, UINT32_MAX},
		{LAN78XX_FLOW, 0},
		{LAN78XX_FCT_FLOW, 0},
		{LAN78XX_RFE_CTL,
		 LAN78XX_RFE_CTL_BROADCAST | LAN78XX_RFE_CTL_MULTICAST | LAN78XX_RFE_CTL_PERFECT},
	};
	enum err e = lan_usb_reset(n, LAN78XX_HW_CFG, LAN78XX_HW_CFG_LRST);

	if (e == OK)
		e = set_mac(n);
	if (e == OK)
		e = lan_usb_change(n, LAN78XX_USB_CFG, LAN78XX_USB_CFG_BCE, LAN78XX_USB_CFG_BIR);
	if (e == OK)
		e = lan_usb_change(n, LAN78XX_HW_CFG, LAN78XX_HW_CFG_MEF, LAN78XX_HW_CFG_LEDS);
	return e == OK ? lan_usb_write_all(n, settings, ARRAY_SIZE(settings)) : e;
}

/* Lets frames and notifications flow. */
static enum err turn_on(struct usb_net *n)
{
	const uint32_t size = (uint32_t)FRAME_BYTES_MAX << LAN78XX_MAC_RX_SIZE_SHIFT;
	enum err e = lan_usb_change(n, LAN78XX_MAC_CR, 0, LAN78XX_MAC_CR_AUTO);

	if (e == OK)
		e = lan_usb_change(n, LAN78XX_INT_EP_CTL, 0, LAN78XX_INT_PHY);
	if (e == OK)
		e = lan_usb_change(n, LAN78XX_MAC_TX, 0, LAN78XX_MAC_TX_ENABLE);
	if (e == OK)
		e = lan_usb_change(n, LAN78XX_FCT_TX_CTL, 0, LAN78XX_FCT_ENABLE);
	if (e == OK)
		e = lan_usb_change(n, LAN78XX_MAC_RX, LAN78XX_MAC_RX_SIZE, size);
	if (e == OK)
		e = lan_usb_change(n, LAN78XX_MAC_RX, 0, LAN78XX_MAC_RX_ENABLE);
	return e == OK ? lan_usb_change(n, LAN78XX_FCT_RX_CTL, 0, LAN78XX_FCT_ENABLE) : e;
}

static enum err bind(struct usb_net *n, const struct usb_device *d)
{
	enum err e;

	if (d->vendor != LAN_USB_VENDOR || d->product != LAN78XX_LAN7800)
		return ERR_NODEV;
	n->nif.mtu = MTU;
	e = lan_usb_configure(n, d);
	if (e == OK)
		e = set_up(n);
	if (e == OK)
		e = reset_phy(n);
	if (e == OK)
		e = lan_usb_start_phy(n, &phy);
	return e == OK ? turn_on(n) : e;
}

/* --- frames ---------------------------------------------------------------------------------- */

static uint32_t write_header(uint8_t *at, uint32_t frame_bytes)
{
	store_le32(at, frame_bytes | LAN78XX_TX_A_FCS);
	store_le32(at + 4, 0);
	return LAN78XX_TX_HEADER_BYTES;
}

static bool read_header(struct pkt *p)
{
	uint32_t status, bytes;

	if (p->len < LAN78XX_RX_HEADER_BYTES)
		return false;
	status = load_le32(p->data);
	bytes = status & LAN78XX_RX_LENGTH;
	pkt_pull(p, LAN78XX_RX_HEADER_BYTES);
	if ((status & LAN78XX_RX_ERROR) != 0 || bytes > p->len || bytes < FCS_BYTES)
		return false;
	p->len = bytes - FCS_BYTES;
	return true;
}

const struct usb_net_function lan78xx = {
	.name = "LAN78xx",
	.knows_link = true,
	.bind = bind,
	.write_header = write_header,
	.read_header = read_header,
	.notified = notified,
};
