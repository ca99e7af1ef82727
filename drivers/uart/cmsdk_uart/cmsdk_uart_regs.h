/* SPDX-License-Identifier: ISC */
/*
 * Registers of the UART of Arm's Cortex-M System Design Kit (Arm DDI 0479, 4.3).
 */
#ifndef DRIVERS_UART_CMSDK_UART_CMSDK_UART_REGS_H
#define DRIVERS_UART_CMSDK_UART_CMSDK_UART_REGS_H

#define CMSDK_UART_DATA             0x00
#define CMSDK_UART_STATE            0x04
#define CMSDK_UART_STATE_TX_FULL    (1u << 0)
#define CMSDK_UART_STATE_RX_FULL    (1u << 1)
#define CMSDK_UART_STATE_RX_OVERRUN (1u << 3) /* write 1: clear */
#define CMSDK_UART_CTRL             0x08
#define CMSDK_UART_CTRL_TX          (1u << 0)
#define CMSDK_UART_CTRL_RX          (1u << 1)
#define CMSDK_UART_CTRL_RX_INT      (1u << 3)
#define CMSDK_UART_INT              0x0c
#define CMSDK_UART_INT_RX           (1u << 1) /* write 1: clear */
#define CMSDK_UART_BAUD_DIVISOR     0x10
#define CMSDK_UART_BAUD_DIVISOR_MIN 16u
#define CMSDK_UART_BAUD_DIVISOR_MAX 0xfffffu

#endif
