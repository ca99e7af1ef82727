/* SPDX-License-Identifier: ISC */
/*
 * Registers of Arm's PrimeCell Multimedia Card Interface PL180 and PL181 (Arm DDI 0172 and 0205),
 * as far as they are used. The larger FIFO and the flow control that the Versatile
 * Express has are in no manual; Linux's mmci has them.
 */
#ifndef DRIVERS_BLOCK_PL181_PL181_REGS_H
#define DRIVERS_BLOCK_PL181_PL181_REGS_H

#define MCI_POWER     0x00
#define MCI_POWER_OFF 0u
#define MCI_POWER_UP  2u
#define MCI_POWER_ON  3u

/* The bus has MCLK / (2 * (divider + 1)), or MCLK. */
#define MCI_CLOCK              0x04
#define MCI_CLOCK_DIVIDER_MAX  255u
#define MCI_CLOCK_ENABLE       0x0100u
#define MCI_CLOCK_BYPASS       0x0400u
#define MCI_CLOCK_WIDE_BUS     0x0800u
#define MCI_CLOCK_FLOW_CONTROL 0x1000u /* the clock stops while the FIFO cannot take or give */

#define MCI_ARGUMENT 0x08

#define MCI_COMMAND          0x0c
#define MCI_COMMAND_RESPONSE 0x040u
#define MCI_COMMAND_LONG_RSP 0x080u
#define MCI_COMMAND_ENABLE   0x400u

#define MCI_RESPONSE0 0x14 /* to MCIResponse3: the highest bits first */

#define MCI_DATA_TIMER  0x24 /* in clocks of the bus */
#define MCI_DATA_LENGTH 0x28 /* 16 bits */

#define MCI_DATA_CTRL             0x2c
#define MCI_DATA_CTRL_ENABLE      0x01u
#define MCI_DATA_CTRL_FROM_CARD   0x02u
#define MCI_DATA_CTRL_BLOCK_SHIFT 4 /* to the logarithm of a block's bytes */

/* MCIStatus, and MCIClear and MCIMask0, which name its bits. */
#define MCI_STATUS                    0x34
#define MCI_CLEAR                     0x38
#define MCI_MASK0                     0x3c
#define MCI_MASK1                     0x40
#define MCI_STATUS_CMD_CRC_FAIL       0x000001u
#define MCI_STATUS_DATA_CRC_FAIL      0x000002u
#define MCI_STATUS_CMD_TIME_OUT       0x000004u
#define MCI_STATUS_DATA_TIME_OUT      0x000008u
#define MCI_STATUS_TX_UNDERRUN        0x000010u
#define MCI_STATUS_RX_OVERRUN         0x000020u
#define MCI_STATUS_CMD_RESP_END       0x000040u
#define MCI_STATUS_CMD_SENT           0x000080u
#define MCI_STATUS_DATA_END           0x000100u
#define MCI_STATUS_START_BIT_ERR      0x000200u
#define MCI_STATUS_TX_FIFO_HALF_EMPTY 0x004000u
#define MCI_STATUS_RX_FIFO_HALF_FULL  0x008000u
#define MCI_STATUS_RX_DATA_AVLBL      0x200000u

/* What stays until it is cleared; of it, how a command ends, and why data do not. */
#define MCI_STATUS_STATIC      0x0007ffu
#define MCI_STATUS_CMD_ENDS    0x0000c5u
#define MCI_STATUS_DATA_ERRORS 0x00023au

#define MCI_FIFO 0x80 /* and the 15 words behind it */

/* Of the four bytes, a word each: who made it, which part it is, and how it is configured. */
#define MCI_PERIPH_ID0          0xfe0
#define MCI_ID_ARM_PL180        0x00041180u
#define MCI_ID_ARM_PL181        0x00041181u
#define MCI_ID_PART             0x000fffffu /* the other bits: revision, configuration */
#define MCI_ID_CONFIG_SHIFT     24
#define MCI_CONFIG_LARGE_FIFO   1u /* of the PL180, and all above */
#define MCI_CONFIG_FLOW_CONTROL 2u

enum { MCI_FIFO_WORDS = 16, MCI_LARGE_FIFO_WORDS = 128 };

#endif
