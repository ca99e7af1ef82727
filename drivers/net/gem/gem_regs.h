/* SPDX-License-Identifier: ISC */
/*
 * Registers and descriptors of Cadence's Gigabit Ethernet MAC, as in the Zynq UltraScale+ (AMD
 * UG1087, module GEM; UG1085, chapter 34).
 */
#ifndef DRIVERS_NET_GEM_GEM_REGS_H
#define DRIVERS_NET_GEM_GEM_REGS_H

#define GEM_CONTROL             0x000
#define GEM_CONTROL_RX          0x00000004u
#define GEM_CONTROL_TX          0x00000008u
#define GEM_CONTROL_MDIO        0x00000010u
#define GEM_CONTROL_CLEAR_STATS 0x00000020u
#define GEM_CONTROL_TX_START    0x00000200u /* clears itself */
#define GEM_CONTROL_TX_HALT     0x00000400u

#define GEM_CONFIG              0x004
#define GEM_CONFIG_100          0x00000001u
#define GEM_CONFIG_FULL_DUPLEX  0x00000002u
#define GEM_CONFIG_MULTICAST    0x00000040u /* those that the hash takes */
#define GEM_CONFIG_1536         0x00000100u /* frames of so many bytes, rather than 1518 */
#define GEM_CONFIG_1000         0x00000400u
#define GEM_CONFIG_OFFSET_SHIFT 14          /* of a frame in its buffer */
#define GEM_CONFIG_NO_FCS       0x00020000u /* it is not handed over */
#define GEM_CONFIG_MDC_SHIFT    18
#define GEM_CONFIG_MDC_SLOWEST  7u
#define GEM_CONFIG_BUS_SHIFT    21
#define GEM_CONFIG_RX_CHECKSUM  0x01000000u /* frames with wrong ones are dropped */

#define GEM_STATUS           0x008
#define GEM_STATUS_MDIO_IDLE 0x00000004u

#define GEM_DMA             0x010
#define GEM_DMA_BURST_16    0x00000010u
#define GEM_DMA_ALL_MEMORY  0x00000700u /* of the controller, for frames of both directions */
#define GEM_DMA_TX_CHECKSUM 0x00000800u
#define GEM_DMA_RX_SHIFT    16 /* size of the buffers, in 64 bytes */
#define GEM_DMA_RX_UNIT     64u
#define GEM_DMA_RX_DISCARD  0x01000000u /* what there is no buffer for, rather than keeping it */
#define GEM_DMA_64          0x40000000u /* addresses of 64 bits, descriptors of four words */

#define GEM_TX_STATUS        0x014 /* write 1: clear */
#define GEM_TX_STATUS_GOING  0x00000008u
#define GEM_TX_STATUS_FAULTS 0x00000110u /* the bus said no */

#define GEM_RX_QUEUE 0x018 /* the address of the first descriptor */
#define GEM_TX_QUEUE 0x01c

#define GEM_RX_STATUS           0x020 /* write 1: clear */
#define GEM_RX_STATUS_NO_BUFFER 0x00000001u
#define GEM_RX_STATUS_FAULTS    0x00000008u

/* Reading clears, on other versions writing ones does. */
#define GEM_INTR         0x024
#define GEM_INTR_ENABLE  0x028
#define GEM_INTR_DISABLE 0x02c
#define GEM_INTR_RX      0x00000002u
#define GEM_INTR_RX_USED 0x00000004u /* there is no buffer */
#define GEM_INTR_TX      0x00000080u
#define GEM_INTR_FAULTS  0x00000860u /* too late, the bus said no to what was sent, or at all */

#define GEM_MDIO                0x034
#define GEM_MDIO_READ           0x60020000u
#define GEM_MDIO_WRITE          0x50020000u
#define GEM_MDIO_PHY_SHIFT      23
#define GEM_MDIO_REGISTER_SHIFT 18
#define GEM_MDIO_DATA           0xffffu

#define GEM_HASH_LOW  0x080
#define GEM_HASH_HIGH 0x084
#define GEM_MAC_LOW   0x088 /* the first four bytes, the first in the lowest bits */
#define GEM_MAC_HIGH  0x08c
#define GEM_MAC2_LOW  0x090 /* three others, which writing the lower half turns off */
#define GEM_MAC3_LOW  0x098
#define GEM_MAC4_LOW  0x0a0

#define GEM_MODULE       0x0fc
#define GEM_MODULE_SHIFT 16
#define GEM_MODULE_MASK  0xfffu
#define GEM_MODULE_GEM   2u /* from here on it is one, below a MAC of 100 Mb/s */

/* Counters of what was not sent and what was not received; reading clears them. */
#define GEM_TX_UNDERRUNS  0x134
#define GEM_TX_RETRIES    0x140 /* more collisions than are allowed */
#define GEM_TX_LATE       0x144
#define GEM_TX_NO_CARRIER 0x14c
#define GEM_RX_UNDERSIZE  0x184 /* from here to GEM_RX_BAD_UDP, a word each */
#define GEM_RX_ALIGNMENT  0x19c
#define GEM_RX_NO_BUFFERS 0x1a0
#define GEM_RX_OVERRUNS   0x1a4
#define GEM_RX_BAD_IP     0x1a8
#define GEM_RX_BAD_UDP    0x1b0

#define GEM_DESIGN1           0x280
#define GEM_DESIGN1_BUS_SHIFT 25
#define GEM_DESIGN1_BUS_MASK  7u
#define GEM_DESIGN6           0x294
#define GEM_DESIGN6_QUEUES    0xfeu /* a bit for each but the first */
#define GEM_DESIGN6_64        0x00800000u

/* Queues behind the first, from 1 to 7. */
#define GEM_QUEUES_MAX            8
#define GEM_QUEUE_TX(q)           (0x440 + 4 * ((q)-1))
#define GEM_QUEUE_RX(q)           (0x480 + 4 * ((q)-1))
#define GEM_QUEUE_INTR_DISABLE(q) (0x620 + 4 * ((q)-1))
#define GEM_TX_QUEUES_HIGH        0x4c8 /* the upper half of the addresses of all */
#define GEM_RX_QUEUES_HIGH        0x4d4

/* A descriptor to receive into: its address word, and what was received. */
#define GEM_RX_USED        0x00000001u /* it is ours */
#define GEM_RX_WRAP        0x00000002u /* the last of the ring */
#define GEM_RX_LENGTH      0x00001fffu
#define GEM_RX_FIRST       0x00004000u
#define GEM_RX_LAST        0x00008000u
#define GEM_RX_CHECKSUM_OK 0x00800000u /* of TCP or UDP */

/* Of one to send: its control word. Of a frame the first alone is marked as used. */
#define GEM_TX_LENGTH 0x00003fffu
#define GEM_TX_LAST   0x00008000u
#define GEM_TX_ERRORS 0x2c000000u /* too many collisions, the bus, a late collision */
#define GEM_TX_WRAP   0x40000000u
#define GEM_TX_USED   0x80000000u /* it is ours */

#endif
