/* SPDX-License-Identifier: ISC */
/*
 * Registers of the SD/MMC host controller (Allwinner H3 datasheet 1.2, section 5.3), as far as they
 * are used, of its module clock, and the descriptors of its DMA.
 */
#ifndef DRIVERS_BLOCK_SUNXI_MMC_SUNXI_MMC_REGS_H
#define DRIVERS_BLOCK_SUNXI_MMC_SUNXI_MMC_REGS_H

#define MMC_CONTROL            0x00
#define MMC_CONTROL_DMA        0x00000020u
#define MMC_CONTROL_INTERRUPTS 0x00000010u
#define MMC_CONTROL_RESET_DMA  0x00000004u
#define MMC_CONTROL_RESET_FIFO 0x00000002u
#define MMC_CONTROL_RESET      0x00000001u
#define MMC_CONTROL_RESETS     0x00000007u /* until each is over */

#define MMC_CLOCK    0x04
#define MMC_CLOCK_ON 0x00010000u

#define MMC_TIMEOUT 0x08 /* of data, in clocks, from bit 8 on; of an answer, below */

#define MMC_WIDTH       0x0c
#define MMC_WIDTH_1     0u
#define MMC_WIDTH_4     1u
#define MMC_BLOCK_BYTES 0x10
#define MMC_BYTES       0x14 /* of all blocks */

#define MMC_COMMAND            0x18
#define MMC_COMMAND_START      0x80000000u /* until it is taken */
#define MMC_COMMAND_CLOCK_ONLY 0x00200000u /* no command: takes the clock's settings over */
#define MMC_COMMAND_WAKE_UP    0x00008000u /* 80 clocks first */
#define MMC_COMMAND_STOPS      0x00004000u /* data under way */
#define MMC_COMMAND_WAITS      0x00002000u /* for data under way */
#define MMC_COMMAND_WRITES     0x00000400u
#define MMC_COMMAND_DATA       0x00000200u
#define MMC_COMMAND_CHECK_CRC  0x00000100u
#define MMC_COMMAND_LONG       0x00000080u
#define MMC_COMMAND_ANSWER     0x00000040u

#define MMC_ARGUMENT 0x1c
#define MMC_ANSWER   0x20 /* to 0x2c, the lowest bits first */

#define MMC_INT_ENABLE 0x30

/* What has happened: a 1 clears. */
#define MMC_EVENTS             0x38
#define MMC_EVENT_COMMAND_DONE 0x00000004u
#define MMC_EVENT_DATA_DONE    0x00000008u
#define MMC_EVENT_NO_ANSWER    0x00000002u /* or a wrong one */
#define MMC_EVENT_ANSWER_CRC   0x00000040u
#define MMC_EVENT_DATA_CRC     0x00000080u
#define MMC_EVENT_ANSWER_LATE  0x00000100u
#define MMC_EVENT_DATA_LATE    0x00000200u
#define MMC_EVENT_FIFO         0x00000800u
#define MMC_EVENT_BUSY_WRITE   0x00001000u /* of a register, while a command was taken */
#define MMC_EVENT_START_BIT    0x00002000u
#define MMC_EVENT_END_BIT      0x00008000u
#define MMC_EVENTS_SILENT      0x00000302u /* no answer, or no data */
#define MMC_EVENTS_ERRORS      0x0000bbc2u

#define MMC_STATUS      0x3c
#define MMC_STATUS_BUSY 0x00000200u /* the card */

#define MMC_FIFO_LEVELS     0x40
#define MMC_FIFO_LEVELS_DMA 0x20070008u /* bursts of 8 words, from 8 words on, to 8 words free */

#define MMC_DMA           0x80
#define MMC_DMA_ON        0x00000080u
#define MMC_DMA_FIX_BURST 0x00000002u
#define MMC_DMA_RESET     0x00000001u

#define MMC_DMA_DESCRIPTORS 0x84

/* What the DMA has done: a 1 clears. */
#define MMC_DMA_EVENTS        0x88
#define MMC_DMA_EVENT_WRITTEN 0x00000002u /* to memory */
#define MMC_DMA_EVENT_ERRORS  0x00000234u /* bus, no descriptor, card; their summary */
#define MMC_DMA_EVENTS_ALL    0x000003ffu
#define MMC_DMA_INT_ENABLE    0x8c

/* A descriptor's first word; its second is bytes, a power of two larger than it can say is 0. */
#define MMC_DESC_OWNED   0x80000000u
#define MMC_DESC_CHAINED 0x00000010u
#define MMC_DESC_FIRST   0x00000008u
#define MMC_DESC_LAST    0x00000004u
#define MMC_DESC_SILENT  0x00000002u /* no interrupt at its end */

/* The module clock, in the clock control unit: 24 MHz by 1 to 16 and by 1, 2, 4 or 8. */
#define MMC_MODULE_ON            0x80000000u
#define MMC_MODULE_DIVIDER_SHIFT 16
#define MMC_MODULE_HZ            24000000u

#endif
