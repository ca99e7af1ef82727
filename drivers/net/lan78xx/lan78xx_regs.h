/* SPDX-License-Identifier: ISC */
/*
 * Registers of the LAN7800 (Microchip, "LAN7800" data sheet, chapter 15), which is also in the
 * LAN7515, those of its PHY, and the words in front of frames (sections 8.2 and 8.3). The
 * controller's were compared with lan78xx.h of Linux.
 */
#ifndef DRIVERS_NET_LAN78XX_LAN78XX_REGS_H
#define DRIVERS_NET_LAN78XX_LAN78XX_REGS_H

#define LAN78XX_LAN7800 0x7800

#define LAN78XX_INT_STS           0x00c
#define LAN78XX_HW_CFG            0x010
#define LAN78XX_HW_CFG_LRST       0x00000002u
#define LAN78XX_HW_CFG_LEDS       0x00300000u /* the two at the socket */
#define LAN78XX_HW_CFG_MEF        0x00000010u /* several frames a transfer */
#define LAN78XX_PMT_CTL           0x014
#define LAN78XX_PMT_CTL_PHY_RST   0x00000010u
#define LAN78XX_PMT_CTL_READY     0x00000080u
#define LAN78XX_USB_CFG           0x080
#define LAN78XX_USB_CFG_BIR       0x00000040u /* nothing to send is a NAK, no empty packet */
#define LAN78XX_USB_CFG_BCE       0x00000020u /* bursts of transfers */
#define LAN78XX_BURST_CAP         0x090
#define LAN78XX_INT_EP_CTL        0x098
#define LAN78XX_INT_PHY           0x00020000u /* there, and in what the endpoint says */
#define LAN78XX_RFE_CTL           0x0b0
#define LAN78XX_RFE_CTL_BROADCAST 0x00000400u
#define LAN78XX_RFE_CTL_MULTICAST 0x00000200u
#define LAN78XX_RFE_CTL_PERFECT   0x00000002u /* own address */
#define LAN78XX_FCT_RX_CTL        0x0c0
#define LAN78XX_FCT_TX_CTL        0x0c4
#define LAN78XX_FCT_ENABLE        0x80000000u
#define LAN78XX_FCT_RX_FIFO_END   0x0c8
#define LAN78XX_FCT_TX_FIFO_END   0x0cc
#define LAN78XX_FIFO_END          23 /* (12 KiB - 512) / 512 */
#define LAN78XX_FCT_FLOW          0x0d0
#define LAN78XX_MAC_CR            0x100
#define LAN78XX_MAC_CR_AUTO       0x00001800u /* duplex and speed from the PHY */
#define LAN78XX_MAC_RX            0x104
#define LAN78XX_MAC_RX_SIZE       0x3fff0000u
#define LAN78XX_MAC_RX_SIZE_SHIFT 16
#define LAN78XX_MAC_RX_ENABLE     0x00000001u
#define LAN78XX_MAC_TX            0x108
#define LAN78XX_MAC_TX_ENABLE     0x00000001u
#define LAN78XX_FLOW              0x10c
#define LAN78XX_RX_ADDRH          0x118
#define LAN78XX_RX_ADDRL          0x11c
#define LAN78XX_MII_ADDR          0x120
#define LAN78XX_MII_DATA          0x124
#define LAN78XX_FILTER_HIGH       0x400 /* of perfect addresses, the first */
#define LAN78XX_FILTER_VALID      0x80000000u
#define LAN78XX_FILTER_LOW        0x404

/* The PHY's own registers. */
#define LAN78XX_PHY_INT_MASK 25
#define LAN78XX_PHY_INT_LINK 0xa000u /* interrupts at all, and for changes of the link */
#define LAN78XX_PHY_INT_STS  26

/* In front of a frame to send: two words. */
#define LAN78XX_TX_HEADER_BYTES 8
#define LAN78XX_TX_A_FCS        0x00400000u /* the controller is to add it */
/* In front of a received one: two words and a half. */
#define LAN78XX_RX_HEADER_BYTES 10
#define LAN78XX_RX_LENGTH       0x00003fffu /* with the FCS */
#define LAN78XX_RX_ERROR        0x00400000u

#endif
