/* SPDX-License-Identifier: ISC */
/*
 * Between the parts of start-up; for nobody else.
 */
#ifndef RUNTIME_START_INTERNAL_H
#define RUNTIME_START_INTERNAL_H

#include "base/attr.h"
#include "base/err.h"

/* The least heap that an image starts with: the first fiber's stack and the boot arguments. */
#define MEMORY_BYTES_MIN ((size_t)32 << 10)

/* memory.c: makes the heap over the board's memory. ERR_NOMEM if that is too little. */
MUST_USE enum err memory_init(void);

/* boot.c: remembers the moment of entry, before there is a timer; and the first time there is. */
void boot_entered(void);
void boot_timer_runs(void);

#endif
