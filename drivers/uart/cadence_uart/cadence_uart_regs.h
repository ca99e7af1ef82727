/* SPDX-License-Identifier: ISC */
/*
 * Registers of Cadence's UART, as in the Zynq (AMD UG585, appendix B.33; UG1085, chapter 21).
 */
#ifndef DRIVERS_UART_CADENCE_UART_CADENCE_UART_REGS_H
#define DRIVERS_UART_CADENCE_UART_CADENCE_UART_REGS_H

#define CADENCE_UART_CONTROL        0x00
#define CADENCE_UART_CONTROL_RX     (1u << 2)
#define CADENCE_UART_CONTROL_RX_OFF (1u << 3)
#define CADENCE_UART_CONTROL_TX     (1u << 4)
#define CADENCE_UART_CONTROL_TX_OFF (1u << 5)

#define CADENCE_UART_MODE     0x04
#define CADENCE_UART_MODE_8N1 0x20u

#define CADENCE_UART_INT_ENABLE  0x08
#define CADENCE_UART_INT_DISABLE 0x0c
#define CADENCE_UART_INT_STATUS  0x14 /* write 1: clear */
#define CADENCE_UART_INT_RX      (1u << 0)
#define CADENCE_UART_INT_OVERRUN (1u << 5)

#define CADENCE_UART_BAUD        0x18 /* the clock divided by this, and by CADENCE_UART_SAMPLES */
#define CADENCE_UART_BAUD_MAX    0xffffu
#define CADENCE_UART_RX_LEVEL    0x20
#define CADENCE_UART_SAMPLES     0x34 /* of a bit, less one */
#define CADENCE_UART_STATE       0x2c
#define CADENCE_UART_STATE_EMPTY (1u << 1) /* nothing was received */
#define CADENCE_UART_STATE_FULL  (1u << 4) /* no room to send */
#define CADENCE_UART_FIFO        0x30

#endif
