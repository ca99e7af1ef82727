/* SPDX-License-Identifier: ISC */
/*
 * What Microchip's USB Ethernet controllers have in common: registers that are reached by vendor
 * requests, a PHY behind two of them, and how their endpoints are found.
 *
 * Each call is control transfers, which the caller waits for (drivers/usb/core). Errors are theirs.
 */
#ifndef DRIVERS_NET_LAN_USB_LAN_USB_H
#define DRIVERS_NET_LAN_USB_LAN_USB_H

#include "drivers/net/usb_net/usb_net.h"

#define LAN_USB_VENDOR 0x0424

/* The PHY: IEEE 802.3, clause 22. */
#define MII_BMCR            0
#define MII_BMCR_AUTO       0x1200u /* negotiate, and begin now */
#define MII_BMSR            1
#define MII_BMSR_LINK       0x0004u
#define MII_ANAR            4
#define MII_ANAR_ALL        0x01e1u /* 10 and 100 Mb/s, half and full duplex */
#define MII_ANLPAR          5
#define MII_FULL_DUPLEX_100 0x0100u
#define MII_HALF_DUPLEX_100 0x0080u
#define MII_FULL_DUPLEX_10  0x0040u
#define MII_GIGABIT         9
#define MII_GIGABIT_FULL    0x0200u

/* The PHY of a chip: registers of the controller by which it is reached and tells of changes … */
struct lan_usb_phy {
	uint16_t mii_address, mii_data;
	uint16_t interrupts;   /* what there is to tell; a one clears it */
	uint32_t interrupt;    /* the PHY's bit there, and in what the endpoint says */
	uint8_t status, mask;  /* … and its own, of its interrupts; reading the first clears it */
	uint16_t link_changes; /* in the mask */
	bool is_gigabit;
};

#define LAN_USB_MII_PHY            (1u << 11) /* the chip's own is number 1 */
#define LAN_USB_MII_REGISTER_SHIFT 6
#define LAN_USB_MII_WRITE          0x2u
#define LAN_USB_MII_BUSY           0x1u

/* Vendor requests; the register is in wIndex. */
#define LAN_USB_WRITE 0xa0
#define LAN_USB_READ  0xa1

struct lan_usb_setting {
	uint16_t reg;
	uint32_t value;
};

MUST_USE enum err lan_usb_read(struct usb_net *n, uint16_t reg, uint32_t *value);
MUST_USE enum err lan_usb_write(struct usb_net *n, uint16_t reg, uint32_t value);
MUST_USE enum err lan_usb_write_all(struct usb_net *n, const struct lan_usb_setting *settings,
				    size_t count);

/* Clears and sets bits of a register. */
MUST_USE enum err lan_usb_change(struct usb_net *n, uint16_t reg, uint32_t clear, uint32_t set);

/* Sets bits that clear themselves, and waits until they have, 0.1 s at most: else ERR_TIMEOUT. */
MUST_USE enum err lan_usb_reset(struct usb_net *n, uint16_t reg, uint32_t bits);

MUST_USE enum err lan_usb_mii_read(struct usb_net *n, const struct lan_usb_phy *phy, unsigned reg,
				   uint32_t *value);
MUST_USE enum err lan_usb_mii_write(struct usb_net *n, const struct lan_usb_phy *phy, unsigned reg,
				    uint32_t value);

/* Has the PHY negotiate, and tell of changes of the link. */
MUST_USE enum err lan_usb_start_phy(struct usb_net *n, const struct lan_usb_phy *phy);

/*
 * Whether what the interrupt endpoint says, `len` bytes, is of the PHY; it is acknowledged then, so
 * that the next change is told, too. False as well if the adapter does not answer.
 */
MUST_USE bool lan_usb_acknowledge(struct usb_net *n, const struct lan_usb_phy *phy,
				  const uint8_t *bytes, uint32_t len);

/* Whether there is a link; what has been noted of it since the last time does not count. */
MUST_USE enum err lan_usb_link(struct usb_net *n, const struct lan_usb_phy *phy, bool *up);

/* Finds the endpoints, sets the pipes and chooses the device's configuration. */
MUST_USE enum err lan_usb_configure(struct usb_net *n, const struct usb_device *d);

#endif
