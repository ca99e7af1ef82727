/* SPDX-License-Identifier: ISC */
/*
 * Registers of the LAN95xx (Microchip, "LAN9514/LAN9514i" data sheet, chapters 3 and 7), those of
 * its PHY, and the words in front of frames (sections 3.3.5 and 3.5.3). Compared with smsc95xx.h of
 * Linux.
 */
#ifndef DRIVERS_NET_LAN95XX_LAN95XX_REGS_H
#define DRIVERS_NET_LAN95XX_LAN95XX_REGS_H

#define LAN95XX_LAN9500 0x9500
#define LAN95XX_LAN9514 0xec00 /* also what is in the LAN9512 */

#define LAN95XX_INT_STS             0x008
#define LAN95XX_TX_CFG              0x010
#define LAN95XX_TX_CFG_ON           0x00000004u
#define LAN95XX_HW_CFG              0x014
#define LAN95XX_HW_CFG_BIR          0x00001000u /* nothing to send is a NAK, no empty packet */
#define LAN95XX_HW_CFG_RXDOFF       0x00000600u
#define LAN95XX_HW_CFG_RXDOFF_SHIFT 9
#define LAN95XX_HW_CFG_MEF          0x00000020u /* several frames a transfer */
#define LAN95XX_HW_CFG_LRST         0x00000008u
#define LAN95XX_HW_CFG_BCE          0x00000002u /* bursts of transfers */
#define LAN95XX_PM_CTRL             0x020
#define LAN95XX_PM_CTRL_PHY_RST     0x00000010u
#define LAN95XX_LED_GPIO_CFG        0x024
#define LAN95XX_LED_GPIO_CFG_LEDS   0x01110000u
#define LAN95XX_AFC_CFG             0x02c
#define LAN95XX_AFC_CFG_OFF         0x00f830a0u /* levels; no frame makes it pause the other end */
#define LAN95XX_BURST_CAP           0x038
#define LAN95XX_INT_EP_CTL          0x068
#define LAN95XX_INT_PHY             0x00008000u /* there, and in what the endpoint says */

#define LAN95XX_MAC_CR        0x100
#define LAN95XX_MAC_CR_RCVOWN 0x00800000u /* half duplex: not its own frames */
#define LAN95XX_MAC_CR_FDPX   0x00100000u
#define LAN95XX_MAC_CR_MCPAS  0x00080000u /* all groups' frames */
#define LAN95XX_MAC_CR_TXEN   0x00000008u
#define LAN95XX_MAC_CR_RXEN   0x00000004u
#define LAN95XX_ADDRH         0x104
#define LAN95XX_ADDRL         0x108
#define LAN95XX_MII_ADDR      0x114
#define LAN95XX_MII_DATA      0x118
#define LAN95XX_FLOW          0x11c
#define LAN95XX_COE_CR        0x130 /* checksums in hardware */

/* The PHY's own registers. */
#define LAN95XX_PHY_INT_SRC  29
#define LAN95XX_PHY_INT_MASK 30
#define LAN95XX_PHY_INT_LINK 0x0050u /* negotiated, or link down */

/* In front of a frame to send: two words. */
#define LAN95XX_TX_HEADER_BYTES 8
#define LAN95XX_TX_A_WHOLE      0x00003000u /* its first and last segment */
/* In front of a received one: a word, then RXDOFF bytes. */
#define LAN95XX_RX_HEADER_BYTES 4
#define LAN95XX_RX_LENGTH_SHIFT 16
#define LAN95XX_RX_LENGTH_MASK  0x3fffu /* with the FCS */
#define LAN95XX_RX_ERROR        0x00008000u

#endif
