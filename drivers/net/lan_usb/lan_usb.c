/* SPDX-License-Identifier: ISC */
#include "drivers/net/lan_usb/lan_usb.h"

#include "base/bytes.h"
#include "drivers/usb/core/usb_spec.h"

enum {
	REGISTER_BYTES = 4, /* and those of what the interrupt endpoint says */
	RESET_POLLS_MAX = 100,
	RESET_POLL_US = 1000,
	MII_POLLS_MAX = 20,
};

/* --- registers ------------------------------------------------------------------------------- */

enum err lan_usb_read(struct usb_net *n, uint16_t reg, uint32_t *value)
{
	ssize_t got = usb_control(&n->bus, n->device, USB_IN | USB_VENDOR_TO_DEVICE, LAN_USB_READ,
				  0, reg, REGISTER_BYTES);

	if (got < 0)
		return (enum err)got;
	if (got != REGISTER_BYTES)
		return ERR_IO;
	*value = load_le32(n->bus.data);
	return OK;
}

enum err lan_usb_write(struct usb_net *n, uint16_t reg, uint32_t value)
{
	ssize_t done;

	store_le32(n->bus.data, value);
	done = usb_control(&n->bus, n->device, USB_VENDOR_TO_DEVICE, LAN_USB_WRITE, 0, reg,
			   REGISTER_BYTES);
	return done < 0 ? (enum err)done : OK;
}

enum err lan_usb_change(struct usb_net *n, uint16_t reg, uint32_t clear, uint32_t set)
{
	uint32_t value;
	enum err e = lan_usb_read(n, reg, &value);

	return e == OK ? lan_usb_write(n, reg, (value & ~clear) | set) : e;
}

enum err lan_usb_reset(struct usb_net *n, uint16_t reg, uint32_t bits)
{
	uint32_t value = bits;
	enum err e = lan_usb_change(n, reg, 0, bits);

	for (unsigned i = 0; e == OK && i < RESET_POLLS_MAX; i++) {
		e = lan_usb_read(n, reg, &value);
		if (e == OK && (value & bits) == 0)
			return OK;
		usb_wait(&n->bus, RESET_POLL_US);
	}
	return e == OK ? ERR_TIMEOUT : e;
}

enum err lan_usb_write_all(struct usb_net *n, const struct lan_usb_setting *settings, size_t count)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < count; i++)
		e = lan_usb_write(n, settings[i].reg, settings[i].value);
	return e;
}

/* --- the PHY --------------------------------------------------------------------------------- */

/* A transfer takes longer than the PHY; more than a few times it is not busy. */
static enum err mii_wait(struct usb_net *n, const struct lan_usb_phy *phy)
{
	uint32_t value = LAN_USB_MII_BUSY;
	enum err e = OK;

	for (unsigned i = 0; e == OK && i < MII_POLLS_MAX; i++) {
		e = lan_usb_read(n, phy->mii_address, &value);
		if (e == OK && (value & LAN_USB_MII_BUSY) == 0)
			return OK;
	}
	return e == OK ? ERR_TIMEOUT : e;
}

static enum err mii_start(struct usb_net *n, const struct lan_usb_phy *phy, unsigned reg,
			  uint32_t how)
{
	uint32_t address = LAN_USB_MII_PHY | reg << LAN_USB_MII_REGISTER_SHIFT;
	enum err e = lan_usb_write(n, phy->mii_address, address | how | LAN_USB_MII_BUSY);

	return e == OK ? mii_wait(n, phy) : e;
}

enum err lan_usb_mii_read(struct usb_net *n, const struct lan_usb_phy *phy, unsigned reg,
			  uint32_t *value)
{
	enum err e = mii_start(n, phy, reg, 0);

	return e == OK ? lan_usb_read(n, phy->mii_data, value) : e;
}

enum err lan_usb_mii_write(struct usb_net *n, const struct lan_usb_phy *phy, unsigned reg,
			   uint32_t value)
{
	enum err e = lan_usb_write(n, phy->mii_data, value);

	return e == OK ? mii_start(n, phy, reg, LAN_USB_MII_WRITE) : e;
}

enum err lan_usb_link(struct usb_net *n, const struct lan_usb_phy *phy, bool *up)
{
	uint32_t status = 0;
	enum err e = lan_usb_mii_read(n, phy, MII_BMSR, &status);

	/* That the link was down stays until it is read. */
	if (e == OK)
		e = lan_usb_mii_read(n, phy, MII_BMSR, &status);
	*up = (status & MII_BMSR_LINK) != 0;
	return e;
}

enum err lan_usb_start_phy(struct usb_net *n, const struct lan_usb_phy *phy)
{
	uint32_t ignored;
	enum err e = lan_usb_mii_write(n, phy, MII_ANAR, MII_ANAR_ALL);

	if (e == OK && phy->is_gigabit)
		e = lan_usb_mii_write(n, phy, MII_GIGABIT, MII_GIGABIT_FULL);
	if (e == OK)
		e = lan_usb_mii_read(n, phy, phy->status, &ignored);
	if (e == OK)
		e = lan_usb_mii_write(n, phy, phy->mask, phy->link_changes);
	return e == OK ? lan_usb_mii_write(n, phy, MII_BMCR, MII_BMCR_AUTO) : e;
}

bool lan_usb_acknowledge(struct usb_net *n, const struct lan_usb_phy *phy, const uint8_t *bytes,
			 uint32_t len)
{
	uint32_t ignored;

	/* If the adapter does not answer, its frames' pipe finds that out. */
	return len >= REGISTER_BYTES && (load_le32(bytes) & phy->interrupt) != 0 &&
	       lan_usb_mii_read(n, phy, phy->status, &ignored) == OK &&
	       lan_usb_write(n, phy->interrupts, UINT32_MAX) == OK;
}

/* --- bringing up ----------------------------------------------------------------------------- */

enum err lan_usb_configure(struct usb_net *n, const struct usb_device *d)
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
