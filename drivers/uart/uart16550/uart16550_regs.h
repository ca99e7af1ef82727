/* SPDX-License-Identifier: ISC */
/*
 * Registers of the 16550 UART, by number; how far apart they lie is the bus's matter.
 */
#ifndef DRIVERS_UART_UART16550_UART16550_REGS_H
#define DRIVERS_UART_UART16550_UART16550_REGS_H

#define UART16550_DATA 0 /* receive buffer, transmit holding; divisor low while LCR_DLAB */
#define UART16550_IER  1 /* interrupt enable; divisor high while LCR_DLAB */
#define UART16550_FCR  2 /* write: FIFO control */
#define UART16550_IIR  2 /* read: interrupt identification */
#define UART16550_LCR  3 /* line control */
#define UART16550_MCR  4 /* modem control */
#define UART16550_LSR  5 /* line status */

#define UART16550_IER_RX 0x01 /* received data available */

#define UART16550_FCR_ENABLE   0x01
#define UART16550_FCR_CLEAR_RX 0x02
#define UART16550_FCR_CLEAR_TX 0x04

#define UART16550_IIR_FIFO 0xc0 /* both: the FIFOs work */

#define UART16550_LCR_8N1  0x03
#define UART16550_LCR_DLAB 0x80

#define UART16550_MCR_DTR  0x01
#define UART16550_MCR_RTS  0x02
#define UART16550_MCR_OUT2 0x08 /* on PCs: lets the interrupt out */

#define UART16550_LSR_DATA    0x01
#define UART16550_LSR_OVERRUN 0x02
#define UART16550_LSR_PARITY  0x04
#define UART16550_LSR_FRAMING 0x08
#define UART16550_LSR_BREAK   0x10
#define UART16550_LSR_THRE    0x20 /* transmit holding register, or its FIFO, empty */

#define UART16550_LSR_ERRORS                                                                       \
	(UART16550_LSR_OVERRUN | UART16550_LSR_PARITY | UART16550_LSR_FRAMING | UART16550_LSR_BREAK)

#define UART16550_FIFO_BYTES 16

#endif
