/* SPDX-License-Identifier: ISC */
/* Numbers that assembly and C share. */
#ifndef ARCH_X86_64_LOADERS_LAYOUT_H
#define ARCH_X86_64_LOADERS_LAYOUT_H

/* What the loader hands over is copied, since nobody says where it lies; so much at most. */
#define MULTIBOOT2_BYTES_MAX 32768

#endif
