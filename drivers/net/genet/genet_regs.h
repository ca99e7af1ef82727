/* SPDX-License-Identifier: ISC */
/*
 * Registers of Broadcom's GENET, version 5, with queue 16 of 17 in use, and of its PHY, as the
 * drivers of Linux (bcmgenet) and U-Boot have them: there is no public manual.
 */
#ifndef DRIVERS_NET_GENET_GENET_REGS_H
#define DRIVERS_NET_GENET_GENET_REGS_H

/* The block as a whole. */
#define SYS_REVISION             0x0000
#define SYS_REVISION_MAJOR_SHIFT 24
#define SYS_REVISION_MAJOR       0xfu
#define SYS_REVISION_V5          6u
#define SYS_PORT                 0x0004
#define SYS_PORT_EXTERNAL_GPHY   3u
#define SYS_RBUF_FLUSH           0x0008
#define SYS_RBUF_FLUSH_RESET     0x2u

/* To the PHY. */
#define EXT_RGMII             0x008c
#define EXT_RGMII_LINK        0x00000010u
#define EXT_RGMII_OOB_DISABLE 0x00000020u
#define EXT_RGMII_ENABLE      0x00000040u
#define EXT_RGMII_NO_DELAY    0x00010000u

/* Interrupts of queue 16 and of what is no queue; those of the others are in a second block. */
#define INTR_STATUS     0x0200
#define INTR_CLEAR      0x0208
#define INTR_MASK       0x020c
#define INTR_MASK_SET   0x0210
#define INTR_MASK_CLEAR 0x0214
#define INTR_RX         0x00002000u
#define INTR_TX         0x00010000u
#define INTR1_CLEAR     0x0248
#define INTR1_MASK_SET  0x0250

/* Buffers between MAC and memory. */
#define RBUF_CONTROL      0x0300
#define RBUF_STATUS_BLOCK 0x1u /* 64 bytes in front of each frame */
#define RBUF_ALIGN_2      0x2u /* 2 bytes in front of each frame */
#define RBUF_CHECK        0x0314
#define RBUF_TBUF_SIZE    0x03b4
#define TBUF_CONTROL      0x0600
#define TBUF_STATUS_BLOCK 0x1u

/* The MAC, "UniMAC". */
#define UMAC_COMMAND                 0x0808
#define UMAC_COMMAND_TX              0x00000001u
#define UMAC_COMMAND_RX              0x00000002u
#define UMAC_COMMAND_SPEED_SHIFT     2 /* 0: 10, 1: 100, 2: 1000 Mb/s */
#define UMAC_COMMAND_PROMISCUOUS     0x00000010u
#define UMAC_COMMAND_RX_PAUSE_IGNORE 0x00000100u
#define UMAC_COMMAND_HALF_DUPLEX     0x00000400u
#define UMAC_COMMAND_RESET           0x00002000u
#define UMAC_COMMAND_LOOP            0x00008000u
#define UMAC_COMMAND_TX_PAUSE_IGNORE 0x10000000u
#define UMAC_MAC0                    0x080c
#define UMAC_MAC1                    0x0810
#define UMAC_FRAME_BYTES_MAX         0x0814
#define UMAC_TX_FLUSH                0x0b34
#define UMAC_MIB                     0x0d80
#define UMAC_MIB_RESET               0x7u
#define UMAC_MDIO                    0x0e14
#define UMAC_MDIO_BUSY               0x20000000u
#define UMAC_MDIO_FAILED             0x10000000u
#define UMAC_MDIO_READ               0x08000000u
#define UMAC_MDIO_WRITE              0x04000000u
#define UMAC_MDIO_PHY_SHIFT          21
#define UMAC_MDIO_REGISTER_SHIFT     16
#define UMAC_MDIO_DATA               0xffffu

/*
 * The two DMA engines: descriptors in memory of their own, then registers of each queue, then those
 * of the engine. Descriptors are counted in three words, indices without end in 16 bits.
 */
#define RDMA            0x2000
#define TDMA            0x4000
#define DMA_DESCRIPTORS 256

#define DMA_STATUS(dma, n)       ((dma) + 12 * (n))
#define DMA_ADDRESS_LOW(dma, n)  ((dma) + 12 * (n) + 4)
#define DMA_ADDRESS_HIGH(dma, n) ((dma) + 12 * (n) + 8)
#define DMA_WORDS                3

#define DMA_QUEUE           16
#define DMA_RING(dma)       ((dma) + 0xc00 + 0x40 * DMA_QUEUE)
#define DMA_RING_SIZE       0x10
#define DMA_RING_SIZE_SHIFT 16
#define DMA_RING_START      0x14
#define DMA_RING_START_HIGH 0x18
#define DMA_RING_END        0x1c
#define DMA_RING_END_HIGH   0x20
#define DMA_RING_DONE_LIMIT 0x24

#define RDMA_WRITE_POINTER      (DMA_RING(RDMA) + 0x00)
#define RDMA_WRITE_POINTER_HIGH (DMA_RING(RDMA) + 0x04)
#define RDMA_PRODUCED           (DMA_RING(RDMA) + 0x08)
#define RDMA_PRODUCED_DISCARDED 16 /* from this bit on: frames without a descriptor */
#define RDMA_CONSUMED           (DMA_RING(RDMA) + 0x0c)
#define RDMA_FLOW               (DMA_RING(RDMA) + 0x28)
#define RDMA_FLOW_OFF_SHIFT     16
#define RDMA_READ_POINTER       (DMA_RING(RDMA) + 0x2c)
#define RDMA_READ_POINTER_HIGH  (DMA_RING(RDMA) + 0x30)

#define TDMA_READ_POINTER       (DMA_RING(TDMA) + 0x00)
#define TDMA_READ_POINTER_HIGH  (DMA_RING(TDMA) + 0x04)
#define TDMA_CONSUMED           (DMA_RING(TDMA) + 0x08)
#define TDMA_PRODUCED           (DMA_RING(TDMA) + 0x0c)
#define TDMA_FLOW               (DMA_RING(TDMA) + 0x28)
#define TDMA_WRITE_POINTER      (DMA_RING(TDMA) + 0x2c)
#define TDMA_WRITE_POINTER_HIGH (DMA_RING(TDMA) + 0x30)

#define DMA_CONFIG(dma)  ((dma) + 0x1040)
#define DMA_CONTROL(dma) ((dma) + 0x1044)
#define DMA_STATE(dma)   ((dma) + 0x1048)
#define DMA_BURST(dma)   ((dma) + 0x104c)

#define DMA_CONFIG_QUEUE   (1u << DMA_QUEUE)
#define DMA_CONTROL_ENABLE 0x1u
#define DMA_CONTROL_QUEUE  (1u << (DMA_QUEUE + 1))
#define DMA_STATE_STOPPED  0x1u
#define DMA_BURST_BYTES    8u

/* A descriptor's status: the length from bit 16 on. */
#define DMA_LENGTH_SHIFT  16
#define DMA_LENGTH        0xfffu
#define DMA_LAST          0x4000u /* of a frame */
#define DMA_FIRST         0x2000u
#define DMA_TX_QUEUE_TAG  (0x3fu << 7)
#define DMA_TX_APPEND_CRC 0x0040u /* and pads */
#define DMA_RX_ERRORS     0x001fu /* overrun, CRC, MAC, alignment, length */

#endif
