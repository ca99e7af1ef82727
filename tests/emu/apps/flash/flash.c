/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hal/flash.h"
#include "runtime/console.h"
#include "unikernel.h"

enum { BYTES = 10000, AT = 5 * 4 };

static uint8_t pattern[BYTES], back[BYTES + 3];

static enum err check(struct flash *f, uint32_t block)
{
	uint64_t at = (uint64_t)block * f->block_bytes;
	enum err e = flash_erase(f, block);

	if (e == OK)
		e = flash_read(f, at, back, BYTES);
	for (size_t i = 0; e == OK && i < BYTES; i++) {
		if (back[i] != 0xff)
			e = ERR_DAMAGED;
		pattern[i] = (uint8_t)(i * 7 + (i >> 8) + block);
	}
	if (e == OK)
		e = flash_program(f, at + AT, pattern, BYTES);
	if (e == OK)
		e = flash_read(f, at + AT + 1, back + 1, BYTES - 1); /* not aligned */
	if (e == OK && memcmp(back + 1, pattern + 1, BYTES - 1) != 0)
		e = ERR_DAMAGED;
	return e == OK ? flash_sync(f) : e;
}

int flash_test(struct flash *f)
{
	enum err e = check(f, 0);

	console_printf("%u blocks of %u, units of %u, begins with %02x%02x\n", (unsigned)f->blocks,
		       (unsigned)f->block_bytes, (unsigned)f->program_bytes, pattern[0],
		       pattern[1]);
	if (e == OK)
		e = check(f, f->blocks - 1);
	console_printf("flash: %s\n", e == OK ? "good" : err_str(e));
	return e == OK ? 0 : 1;
}
