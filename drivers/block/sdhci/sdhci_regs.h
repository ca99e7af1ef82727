/* SPDX-License-Identifier: ISC */
/*
 * Registers of a standard SD host controller (SD Host Controller Simplified Specification 3.00,
 * chapter 2), in words of 32 bits: some controllers know no other accesses.
 */
#ifndef DRIVERS_BLOCK_SDHCI_SDHCI_REGS_H
#define DRIVERS_BLOCK_SDHCI_SDHCI_REGS_H

#define SDHCI_BLOCK             0x04 /* size in the lower half, count in the upper */
#define SDHCI_BLOCK_COUNT_SHIFT 16

#define SDHCI_ARGUMENT 0x08

#define SDHCI_COMMAND          0x0c /* transfer mode in the lower half; writing it begins */
#define SDHCI_MODE_COUNTS      0x00000002u
#define SDHCI_MODE_READS       0x00000010u
#define SDHCI_MODE_MANY        0x00000020u
#define SDHCI_RESPONSE_NONE    0x00000000u
#define SDHCI_RESPONSE_136     0x00010000u
#define SDHCI_RESPONSE_48      0x00020000u
#define SDHCI_RESPONSE_48_BUSY 0x00030000u
#define SDHCI_CHECK_CRC        0x00080000u
#define SDHCI_CHECK_INDEX      0x00100000u
#define SDHCI_HAS_DATA         0x00200000u
#define SDHCI_INDEX_SHIFT      24

#define SDHCI_RESPONSE 0x10 /* to 0x1c: bits 39 to 8 of the answer, and so on */
#define SDHCI_BUFFER   0x20

#define SDHCI_STATE              0x24
#define SDHCI_STATE_COMMAND_BUSY 0x00000001u
#define SDHCI_STATE_DATA_BUSY    0x00000002u
#define SDHCI_STATE_INSERTED     0x00010000u
#define SDHCI_STATE_STABLE       0x00020000u
#define SDHCI_STATE_WRITABLE     0x00080000u

#define SDHCI_CONTROL            0x28 /* and the power of the bus, in the second byte */
#define SDHCI_CONTROL_4_BITS     0x00000002u
#define SDHCI_CONTROL_HIGH_SPEED 0x00000004u
#define SDHCI_POWER_3V3          0x00000f00u

#define SDHCI_CLOCK              0x2c /* timeout in the third byte, resets in the last */
#define SDHCI_CLOCK_INTERNAL     0x00000001u
#define SDHCI_CLOCK_STABLE       0x00000002u
#define SDHCI_CLOCK_CARD         0x00000004u
#define SDHCI_CLOCK_DIVIDER_MASK 0x0000ffc0u
#define SDHCI_TIMEOUT_LONGEST    0x000e0000u
#define SDHCI_RESET_ALL          0x01000000u
#define SDHCI_RESET_COMMAND      0x02000000u
#define SDHCI_RESET_DATA         0x04000000u

#define SDHCI_STATUS        0x30 /* what happened; a 1 clears */
#define SDHCI_STATUS_ENABLE 0x34
#define SDHCI_SIGNAL_ENABLE 0x38
#define SDHCI_COMMAND_DONE  0x00000001u
#define SDHCI_TRANSFER_DONE 0x00000002u
#define SDHCI_CAN_WRITE     0x00000010u
#define SDHCI_CAN_READ      0x00000020u
#define SDHCI_ERROR         0x00008000u
#define SDHCI_ERRORS        0xffff0000u
#define SDHCI_SILENT        0x00110000u /* timeouts of command and data */
#define SDHCI_SILENT_ANSWER 0x00010000u

#define SDHCI_CAPABILITIES    0x40
#define SDHCI_CAN_3V3         0x01000000u
#define SDHCI_CAN_HIGH_SPEED  0x00200000u
#define SDHCI_BASE_MHZ_SHIFT  8
#define SDHCI_BASE_MHZ_MASK   0xffu
#define SDHCI_BASE_MHZ_MASK_2 0x3fu /* before version 3 */

#define SDHCI_VERSION       0xfc
#define SDHCI_VERSION_SHIFT 16
#define SDHCI_VERSION_MASK  0xffu
#define SDHCI_VERSION_3     2u

#endif
