/* SPDX-License-Identifier: ISC */
/*
 * Registers of the LAN9118 family (SMSC LAN9118 data sheet, chapter 5), of its MAC (5.4), which are
 * reached through two of them, and of its PHY (5.5), which are reached through the MAC's.
 */
#ifndef DRIVERS_NET_LAN9118_LAN9118_REGS_H
#define DRIVERS_NET_LAN9118_LAN9118_REGS_H

#define LAN9118_RX_DATA              0x00
#define LAN9118_TX_DATA              0x20
#define LAN9118_RX_STATUS            0x40
#define LAN9118_RX_STATUS_BAD        (1u << 15)
#define LAN9118_RX_STATUS_BYTES(s)   ((s) >> 16 & 0x3fff) /* with the FCS */
#define LAN9118_ID                   0x50
#define LAN9118_IRQ_CFG              0x54
#define LAN9118_IRQ_CFG_PUSH_PULL    (1u << 0)
#define LAN9118_IRQ_CFG_ACTIVE_HIGH  (1u << 4)
#define LAN9118_IRQ_CFG_ENABLE       (1u << 8)
#define LAN9118_INT_STATUS           0x58 /* write 1: clear */
#define LAN9118_INT_ENABLE           0x5c
#define LAN9118_INT_RX               (1u << 3) /* more frames than the level of FIFO_INT */
#define LAN9118_INT_TX_ROOM          (1u << 9)
#define LAN9118_INT_TX_ERROR         (1u << 13)
#define LAN9118_INT_PHY              (1u << 18)
#define LAN9118_BYTE_TEST            0x64
#define LAN9118_BYTE_TEST_VALUE      0x87654321u
#define LAN9118_FIFO_INT             0x68
#define LAN9118_FIFO_INT_TX_ROOM(n)  ((uint32_t)(n) << 24) /* in pieces of 64 bytes */
#define LAN9118_RX_CFG               0x6c
#define LAN9118_RX_CFG_OFFSET(bytes) ((uint32_t)(bytes) << 8)
#define LAN9118_TX_CFG               0x70
#define LAN9118_TX_CFG_ON            (1u << 1)
#define LAN9118_TX_CFG_OVERRUN       (1u << 2) /* goes on though nobody takes its statuses */
#define LAN9118_HW_CFG               0x74
#define LAN9118_HW_CFG_RESET         (1u << 0)
#define LAN9118_HW_CFG_TX_KIB(n)     ((uint32_t)(n) << 16)
#define LAN9118_HW_CFG_ONE           (1u << 20) /* must be one */
#define LAN9118_RX_DP                0x78
#define LAN9118_RX_DP_DISCARD        (1u << 31)
#define LAN9118_RX_FIFO              0x7c
#define LAN9118_RX_FIFO_FRAMES(v)    ((v) >> 16 & 0xff)
#define LAN9118_RX_FIFO_BYTES(v)     ((v)&0xffff)
#define LAN9118_TX_FIFO              0x80
#define LAN9118_TX_FIFO_ROOM(v)      ((v)&0xffff)
#define LAN9118_MAC_CMD              0xa4
#define LAN9118_MAC_CMD_READ         (1u << 30)
#define LAN9118_MAC_CMD_BUSY         (1u << 31)
#define LAN9118_MAC_DATA             0xa8
#define LAN9118_E2P_CMD              0xb0
#define LAN9118_E2P_CMD_BUSY         (1u << 31)

/* In front of the bytes of a frame in the transmit FIFO (3.12.2). */
#define LAN9118_TX_A_LAST      (1u << 12)
#define LAN9118_TX_A_FIRST     (1u << 13)
#define LAN9118_TX_A_OFFSET(n) ((uint32_t)(n) << 16) /* bytes in front of the frame's */

#define LAN9118_MAC_CR             1
#define LAN9118_MAC_CR_RX          (1u << 2)
#define LAN9118_MAC_CR_TX          (1u << 3)
#define LAN9118_MAC_CR_MULTICAST   (1u << 19) /* passes all */
#define LAN9118_MAC_CR_DUPLEX      (1u << 20)
#define LAN9118_MAC_ADDR_HIGH      2
#define LAN9118_MAC_ADDR_LOW       3
#define LAN9118_MAC_MII_ACC        6
#define LAN9118_MAC_MII_ACC_BUSY   (1u << 0)
#define LAN9118_MAC_MII_ACC_WRITE  (1u << 1)
#define LAN9118_MAC_MII_ACC_REG(r) ((uint32_t)(r) << 6)
#define LAN9118_MAC_MII_ACC_PHY    (1u << 11) /* the address of the one inside: 1 */
#define LAN9118_MAC_MII_DATA       7

/* The PHY (IEEE 802.3, 22.2.4). */
#define LAN9118_PHY_CONTROL             0
#define LAN9118_PHY_CONTROL_RENEGOTIATE (1u << 9)
#define LAN9118_PHY_CONTROL_NEGOTIATE   (1u << 12)
#define LAN9118_PHY_CONTROL_RESET       (1u << 15)
#define LAN9118_PHY_STATUS              1
#define LAN9118_PHY_STATUS_LINK         (1u << 2)
#define LAN9118_PHY_STATUS_NEGOTIATED   (1u << 5)
#define LAN9118_PHY_ADVERTISED          4
#define LAN9118_PHY_PARTNER             5
#define LAN9118_PHY_ABILITY_802_3       0x0001u
#define LAN9118_PHY_ABILITY_10          (1u << 5)
#define LAN9118_PHY_ABILITY_10_FULL     (1u << 6)
#define LAN9118_PHY_ABILITY_100         (1u << 7)
#define LAN9118_PHY_ABILITY_100_FULL    (1u << 8)
#define LAN9118_PHY_INT_SOURCE          29 /* reading clears */
#define LAN9118_PHY_INT_MASK            30
#define LAN9118_PHY_INT_LINK_DOWN       (1u << 4)
#define LAN9118_PHY_INT_NEGOTIATED      (1u << 6)

#endif
