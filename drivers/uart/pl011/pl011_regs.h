/* SPDX-License-Identifier: ISC */
/*
 * Registers of the PL011 (Arm DDI 0183G, chapter 3).
 */
#ifndef DRIVERS_UART_PL011_PL011_REGS_H
#define DRIVERS_UART_PL011_PL011_REGS_H

#define PL011_DR          0x00
#define PL011_DR_FRAMING  (1u << 8)
#define PL011_DR_PARITY   (1u << 9)
#define PL011_DR_BREAK    (1u << 10)
#define PL011_DR_OVERRUN  (1u << 11) /* bytes before this one were lost */
#define PL011_FR          0x18
#define PL011_FR_BUSY     (1u << 3)
#define PL011_FR_RX_EMPTY (1u << 4)
#define PL011_FR_TX_FULL  (1u << 5)
#define PL011_IBRD        0x24 /* clock / (16 * baud), integer part */
#define PL011_FBRD        0x28 /* and 64ths */
#define PL011_LCR         0x2c
#define PL011_LCR_FIFO    (1u << 4)
#define PL011_LCR_8_BITS  (3u << 5)
#define PL011_CR          0x30
#define PL011_CR_ENABLE   (1u << 0)
#define PL011_CR_TX       (1u << 8)
#define PL011_CR_RX       (1u << 9)
#define PL011_IMSC        0x38
#define PL011_ICR         0x44
#define PL011_INT_RX      (1u << 4) /* the FIFO is filled so far */
#define PL011_INT_TIMEOUT (1u << 6) /* something waits in it for 32 bit times */
#define PL011_INT_ALL     0x7ffu

#endif
