/* SPDX-License-Identifier: ISC */
/* The registers of a PHY that all have: IEEE 802.3, tables 22-6 to 22-9, and 40-3 for gigabits. */
#ifndef DRIVERS_NET_PHY_PHY_REGS_H
#define DRIVERS_NET_PHY_PHY_REGS_H

#define PHY_CONTROL       0
#define PHY_CONTROL_RESET 0x8000u /* clears itself */
#define PHY_CONTROL_AUTO  0x1000u
#define PHY_CONTROL_AGAIN 0x0200u /* negotiates anew; clears itself */

#define PHY_STATUS          1
#define PHY_STATUS_EXTENDED 0x0100u /* has the registers of gigabits */
#define PHY_STATUS_COMPLETE 0x0020u
#define PHY_STATUS_LINK     0x0004u /* 0 once after each loss */

#define PHY_ID1     2
#define PHY_ID2     3
#define PHY_ID_NONE 0xffffu /* what lines read as that nobody drives */

/* What is offered, and by the partner (annex 28B.2, and 28B.3 for pauses). */
#define PHY_ADVERTISE        4
#define PHY_PARTNER          5
#define PHY_OFFER_802_3      0x0001u
#define PHY_OFFER_10_HALF    0x0020u
#define PHY_OFFER_10_FULL    0x0040u
#define PHY_OFFER_100_HALF   0x0080u
#define PHY_OFFER_100_FULL   0x0100u
#define PHY_OFFER_PAUSE      0x0400u
#define PHY_OFFER_PAUSE_ASYM 0x0800u

#define PHY_ADVERTISE_1000     9
#define PHY_PARTNER_1000       10
#define PHY_PARTNER_1000_SHIFT 2 /* it has the bits of PHY_ADVERTISE_1000 so much higher */
#define PHY_OFFER_1000_HALF    0x0100u
#define PHY_OFFER_1000_FULL    0x0200u
#define PHY_PARTNER_1000_BOTH  0x0c00u

/* The way to registers of clause 45 (tables 22-9, annex 22D). */
#define PHY_MMD_CONTROL 13
#define PHY_MMD_DATA    14
#define PHY_MMD_IS_DATA 0x4000u

#endif
