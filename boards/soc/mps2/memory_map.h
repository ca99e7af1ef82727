/* SPDX-License-Identifier: ISC */
/*
 * The memory map of Arm's MPS2 board with a Cortex-M3, M4 or M7 (Arm DAI 0385, 0386, 0400). Plain
 * numbers: linker scripts include it too.
 */
#ifndef BOARDS_SOC_MPS2_MEMORY_MAP_H
#define BOARDS_SOC_MPS2_MEMORY_MAP_H

/* Static memory that takes the place of flash: the boot loader fills it from a card. */
#define FLASH_START 0x00000000
#define FLASH_BYTES 0x00400000
#define RAM_START   0x20000000
#define RAM_BYTES   0x00400000

/* Where the event loop and its tasks run on the boot stack, it must be larger. An image that needs
 * more gets more (tools/stack.py). */
#ifdef IMAGE_HAS_LOOP
#define BOOT_STACK_BYTES 2304
#define IRQ_STACK_BYTES  256
#else
#define BOOT_STACK_BYTES 1280
#define IRQ_STACK_BYTES  0
#endif
#define FAULT_STACK_BYTES 512

#define MPS2_SCS_BASE      0xe000e000
#define MPS2_PERIPHERALS   0x40000000
#define MPS2_TIMER_BASE    0x40000000
#define MPS2_DUAL_BASE     0x40002000
#define MPS2_UART_BASE     0x40004000
#define MPS2_HZ            25000000
#define MPS2_REGIONS_BYTES 0x00800000

#endif
