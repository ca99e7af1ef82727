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

#include <stdint.h>

extern uint8_t image_start[], image_text_end[], image_rodata_end[], image_end[];

#endif
