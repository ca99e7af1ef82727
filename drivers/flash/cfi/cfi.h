/* SPDX-License-Identifier: ISC */
/*
 * NOR flash behind the Common Flash Interface with Intel's command set (1 or 3), as a struct flash:
 * a bank of 32 bits, of two chips of 16 bits side by side, as the virt machines of QEMU have it.
 *
 * The chips are asked what they are by cfi_init(); commands go to both at once. Programming goes
 * through their buffer, a command for up to so many bytes; erasing takes an erase block. Each
 * waits, polling, until both say that they are ready: as long as they claim to take at most, a
 * second for programming and 30 for erasing at the very most; then ERR_TIMEOUT. The processor does
 * nothing else meanwhile. What the chips refuse (a block that is protected or worn) is ERR_IO.
 * Between commands they are in the mode in which they are read as memory. What was programmed is
 * safe when the call returns.
 *
 * The window must be mapped as device memory. The struct is the caller's. Start-up, event loop and
 * fibers only; never two calls at once, since no call lets others run.
 */
#ifndef DRIVERS_FLASH_CFI_CFI_H
#define DRIVERS_FLASH_CFI_CFI_H

#include "drivers/flash/cfi/cfi_query.h"
#include "hal/flash.h"
#include "hal/timer.h"

struct cfi_stats {
	uint64_t programmed; /* bytes */
	uint32_t erased;     /* blocks */
	uint32_t refused, timeouts;
};

struct cfi {
	struct flash flash;
	uintptr_t base;
	struct timer *timer;
	uint32_t buffer_bytes; /* of the bank; 0: words only */
	uint32_t program_us, erase_us;
	struct cfi_stats stats;
};

/*
 * Looks at the bank in the `bytes` from `base` on. ERR_NODEV: nothing answers; ERR_UNSUPPORTED,
 * ERR_INVALID: as cfi_query_parse(). `name` outlives it.
 */
MUST_USE enum err cfi_init(struct cfi *c, uintptr_t base, size_t bytes, struct timer *timer,
			   const char *name);

#endif
