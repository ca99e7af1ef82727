/* SPDX-License-Identifier: ISC */
/*
 * Registers and descriptors of the EMAC (Allwinner H3 datasheet 1.2, section 8.10), as far as they
 * are used.
 */
#ifndef DRIVERS_NET_SUN8I_EMAC_SUN8I_EMAC_REGS_H
#define DRIVERS_NET_SUN8I_EMAC_SUN8I_EMAC_REGS_H

#define EMAC_BASIC0             0x00
#define EMAC_BASIC0_FULL_DUPLEX 0x00000001u
#define EMAC_BASIC0_SPEED_1000  0x00000000u
#define EMAC_BASIC0_SPEED_10    0x00000008u
#define EMAC_BASIC0_SPEED_100   0x0000000cu

#define EMAC_BASIC1         0x04
#define EMAC_BASIC1_RESET   0x00000001u /* until it is over */
#define EMAC_BASIC1_BURST_8 0x08000000u

/* Reasons to interrupt: as they come, where a 1 clears, and those that may. */
#define EMAC_INT_STATUS      0x08
#define EMAC_INT_ENABLE      0x0c
#define EMAC_INT_RX_OVERFLOW 0x00001000u
#define EMAC_INT_RX_NO_BUF   0x00000200u /* there is no descriptor: receiving stands still */
#define EMAC_INT_RX          0x00000100u
#define EMAC_INT_TX          0x00000001u

#define EMAC_TX0        0x10
#define EMAC_TX0_ENABLE 0x80000000u

#define EMAC_TX1             0x14
#define EMAC_TX1_START       0x80000000u /* looks at the descriptors again */
#define EMAC_TX1_DMA         0x40000000u
#define EMAC_TX1_WHOLE_FRAME 0x00000002u /* is in the FIFO before it is sent */

#define EMAC_TX_DESCRIPTORS 0x20

#define EMAC_RX0        0x24
#define EMAC_RX0_ENABLE 0x80000000u
#define EMAC_RX0_CHECK  0x08000000u /* the FCS */

#define EMAC_RX1             0x28
#define EMAC_RX1_START       0x80000000u
#define EMAC_RX1_DMA         0x40000000u
#define EMAC_RX1_WHOLE_FRAME 0x00000002u

#define EMAC_RX_DESCRIPTORS 0x34

#define EMAC_FILTER     0x38
#define EMAC_FILTER_OFF 0x80000000u

#define EMAC_MDIO                0x48
#define EMAC_MDIO_CLOCK          0x00300000u /* the bus's by 128 */
#define EMAC_MDIO_PHY_SHIFT      12
#define EMAC_MDIO_REGISTER_SHIFT 4
#define EMAC_MDIO_WRITE          0x2u
#define EMAC_MDIO_BUSY           0x1u
#define EMAC_MDIO_DATA           0x4c

#define EMAC_ADDRESS_HIGH 0x50
#define EMAC_ADDRESS_LOW  0x54

#define EMAC_RX_AT 0xc4 /* its descriptor */

/* A descriptor's first word. The length of a received frame counts its FCS. */
#define EMAC_DESC_OWNED     0x80000000u /* the controller's */
#define EMAC_RX_BYTES_SHIFT 16
#define EMAC_RX_BYTES       0x3fffu
#define EMAC_RX_FIRST       0x00000200u
#define EMAC_RX_LAST        0x00000100u
#define EMAC_RX_ERRORS      0x0000581bu /* no buffer, lengths, overflow, PHY, FCS, payload */
#define EMAC_TX_ERRORS      0x0000ff06u /* as those, and collisions and a lost carrier */

/* Its second one, with the size of the buffer. */
#define EMAC_TX_INTERRUPTS 0x80000000u
#define EMAC_TX_LAST       0x40000000u
#define EMAC_TX_FIRST      0x20000000u
#define EMAC_DESC_CHAINED  0x01000000u
#define EMAC_DESC_BYTES    0x000007ffu

#endif
