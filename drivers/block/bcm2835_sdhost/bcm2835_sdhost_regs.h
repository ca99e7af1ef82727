/* SPDX-License-Identifier: ISC */
/*
 * Registers of the SDHOST, as far as they are known: the chip's manual leaves the device out,
 * Linux's bcm2835-sdhost has them.
 */
#ifndef DRIVERS_BLOCK_BCM2835_SDHOST_BCM2835_SDHOST_REGS_H
#define DRIVERS_BLOCK_BCM2835_SDHOST_BCM2835_SDHOST_REGS_H

#define SDHOST_COMMAND           0x00
#define SDHOST_COMMAND_NEW       0x8000u /* until it has ended */
#define SDHOST_COMMAND_FAILED    0x4000u
#define SDHOST_COMMAND_BUSY      0x0800u
#define SDHOST_COMMAND_NO_ANSWER 0x0400u
#define SDHOST_COMMAND_LONG      0x0200u
#define SDHOST_COMMAND_WRITES    0x0080u
#define SDHOST_COMMAND_READS     0x0040u

#define SDHOST_ARGUMENT 0x04
#define SDHOST_TIMEOUT  0x08 /* in clocks of the card */
#define SDHOST_DIVIDER  0x0c
#define SDHOST_ANSWER   0x10 /* to 0x1c, the lowest bits first */

#define SDHOST_STATUS          0x20 /* a 1 clears */
#define SDHOST_STATUS_BUSY_END 0x400u
#define SDHOST_STATUS_BLOCK    0x200u
#define SDHOST_STATUS_SDIO     0x100u /* and data, if they interrupt */
#define SDHOST_STATUS_SILENT   0x0c0u /* timeouts: data 80, command 40 */
#define SDHOST_STATUS_CRC16    0x020u
#define SDHOST_STATUS_CRC7     0x010u
#define SDHOST_STATUS_FIFO     0x008u
#define SDHOST_STATUS_ALL      0x7f8u

#define SDHOST_POWER 0x30

#define SDHOST_DEBUG                 0x34 /* state in bits 0 to 3, words in the FIFO in 4 to 8 */
#define SDHOST_DEBUG_STATE           0xfu
#define SDHOST_STATE_IDENTIFY        0x0u
#define SDHOST_STATE_DATA            0x1u
#define SDHOST_STATE_READ_WAIT       0x4u
#define SDHOST_STATE_WRITE_START     0xau
#define SDHOST_DEBUG_WORDS_SHIFT     4
#define SDHOST_DEBUG_WORDS           0x1fu
#define SDHOST_DEBUG_THRESHOLDS      0x0007fe00u /* of the FIFO: from bits 9 and 14 */
#define SDHOST_DEBUG_THRESHOLDS_OF_4 0x00010800u
#define SDHOST_DEBUG_FORCE_DATA      0x00080000u

#define SDHOST_CONFIG          0x38
#define SDHOST_CONFIG_BUSY_END 0x400u /* interrupts */
#define SDHOST_CONFIG_BLOCK    0x100u
#define SDHOST_CONFIG_DATA     0x010u
#define SDHOST_CONFIG_SLOW     0x008u
#define SDHOST_CONFIG_4_BITS   0x004u
#define SDHOST_CONFIG_WIDE_BUS 0x002u /* the chip's own */

#define SDHOST_BLOCK_BYTES 0x3c
#define SDHOST_DATA        0x40
#define SDHOST_BLOCKS      0x50 /* 9 bits */

enum { SDHOST_FIFO_WORDS = 16, SDHOST_DIVIDER_MAX = 0x7ff };

#endif
