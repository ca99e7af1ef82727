/* SPDX-License-Identifier: ISC */
/*
 * Where the image lies in memory: symbols of the linker scripts, each on a page boundary.
 *
 *      image_start      text, read and execute
 *      image_text_end   constants, read only
 *      image_rodata_end variables, BSS and the architecture's stacks, read and write
 *      image_end        the first byte that the image does not use
 *
 * The symbols have addresses, not values. Everything between the first and the last belongs to the
 * image for as long as it runs.
 */
#ifndef ARCH_IMAGE_H
#define ARCH_IMAGE_H

#include <stddef.h>
#include <stdint.h>

extern uint8_t image_start[], image_text_end[], image_rodata_end[], image_end[];

/* Bytes of memory that the image occupies, its data and stacks included. */
static inline size_t image_bytes(void)
{
	return (size_t)((uintptr_t)image_end - (uintptr_t)image_start);
}

#endif
