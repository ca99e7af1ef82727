/* SPDX-License-Identifier: ISC */
/*
 * Where the stack of the boot and of the event loop lies, and that of interrupts: symbols of the
 * linker scripts, which have addresses and not values. The bottom is the lowest byte that may be
 * used. There are none on the host board.
 */
#ifndef ARCH_STACKS_H
#define ARCH_STACKS_H

#include <stdint.h>

extern uint8_t boot_stack_bottom[], boot_stack_top[], irq_stack_bottom[], irq_stack_top[];

#endif
