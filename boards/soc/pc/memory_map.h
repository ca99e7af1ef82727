/* SPDX-License-Identifier: ISC */
/*
 * Where PCs have what they all have. Plain numbers: linker scripts include this file.
 */
#ifndef BOARDS_SOC_PC_MEMORY_MAP_H
#define BOARDS_SOC_PC_MEMORY_MAP_H

#define PC_IOAPIC     0xfec00000
#define PC_LOCAL_APIC 0xfee00000

#define PC_UART       0x3f8 /* port */
#define PC_UART_LINE  4
#define PC_DEBUG_EXIT 0xf4 /* port, of -device isa-debug-exit */

#endif
