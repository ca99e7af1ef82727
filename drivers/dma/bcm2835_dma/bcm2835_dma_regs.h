/* SPDX-License-Identifier: ISC */
/* A channel of the DMA controller (BCM2835 ARM Peripherals, section 4.2.1). */
#ifndef DRIVERS_DMA_BCM2835_DMA_BCM2835_DMA_REGS_H
#define DRIVERS_DMA_BCM2835_DMA_BCM2835_DMA_REGS_H

#define DMA_CS             0x00
#define DMA_CS_ACTIVE      0x00000001u
#define DMA_CS_END         0x00000002u /* a 1 clears, as in the next */
#define DMA_CS_INTERRUPTS  0x00000004u
#define DMA_CS_ERROR       0x00000100u
#define DMA_CS_PRIORITY    0x00080000u /* 8 of 15 */
#define DMA_CS_PANIC       0x00f00000u
#define DMA_CS_WAIT_WRITES 0x10000000u /* it has ended when what it wrote is there */
#define DMA_CS_RESET       0x80000000u

#define DMA_BLOCK 0x04 /* bus address of struct bcm2835_dma_block */

#define DMA_LEFT 0x14 /* bytes */

#define DMA_DEBUG        0x20
#define DMA_DEBUG_ERRORS 0x7u /* a 1 clears */

/* The first word of a block. */
#define DMA_INTERRUPTS       0x00000001u
#define DMA_WAITS_FOR_WRITES 0x00000008u
#define DMA_TO_STEPS         0x00000010u /* the address */
#define DMA_TO_PACED         0x00000040u /* by the device */
#define DMA_FROM_STEPS       0x00000100u
#define DMA_FROM_PACED       0x00000400u
#define DMA_DEVICE_SHIFT     16

#endif
