/* SPDX-License-Identifier: ISC */
#include "tests/fakes/cfi_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct cfi_fake cfi_fake;

static struct cfi_fake *const f = &cfi_fake;

void cfi_fake_init(void)
{
	*f = (struct cfi_fake){.status = 0x80};
	for (size_t i = 0; i < sizeof(f->bytes); i++)
		f->bytes[i] = (uint8_t)i;
	memcpy(&f->query[0x10], "QRY", 3);
	f->query[0x13] = 1;
	f->query[0x1f] = 7;
	f->query[0x20] = 7;
	f->query[0x21] = 10;
	f->query[0x27] = 12; /* 4096 bytes a chip … */
	f->query[0x2a] = 5;  /* … a buffer of 32 … */
	f->query[0x2c] = 1;
	f->query[0x2d] = CFI_FAKE_BLOCKS - 1;
	f->query[0x2f] = 4; /* … and blocks of 1024 */
}

static uint32_t offset_of(uintptr_t address)
{
	assert_int_equal(address % 4, 0);
	assert_in_range(address, CFI_FAKE_BASE, CFI_FAKE_BASE + CFI_FAKE_BYTES - 1);
	return (uint32_t)(address - CFI_FAKE_BASE);
}

static uint32_t read_status(void)
{
	uint32_t status = f->status;

	if (f->busy > 0) {
		f->busy--;
		status &= ~0x80u;
		/* One chip is ready before the other. */
		return status << 16 | status | 0x80;
	}
	return status << 16 | status;
}

static uint32_t read_query(uint32_t word)
{
	uint32_t value = word < sizeof(f->query) ? f->query[word] : 0;

	return value << 16 | (f->second_differs ? value ^ 1 : value);
}

uint32_t cfi_fake_read(uintptr_t address)
{
	uint32_t at = offset_of(address), word;

	if (f->mode == CFI_QUERY)
		return read_query(at / 4);
	if (f->mode != CFI_ARRAY)
		return read_status();
	memcpy(&word, &f->bytes[at], 4);
	return word;
}

static void finish(void)
{
	f->mode = CFI_STATUS;
	f->busy = f->slow;
	f->status = (uint8_t)(0x80 | f->refuse);
}

static void clear_bits(uint32_t at, uint32_t value)
{
	uint32_t word;

	if (f->refuse != 0)
		return;
	memcpy(&word, &f->bytes[at], 4);
	assert_int_equal(~word & value, 0); /* it was erased before */
	memcpy(&f->bytes[at], &value, 4);
}

static void command(uint32_t at, uint32_t value)
{
	assert_int_equal(value >> 16, value & 0xffff); /* to both chips */
	if (f->slow != UINT32_MAX)                     /* one that hangs is told to go on */
		assert_int_equal(f->busy, 0);
	f->at = at;
	switch (value & 0xffff) {
	case 0xff:
		f->mode = CFI_ARRAY;
		assert_int_equal(f->status & ~0x80, 0); /* faults were cleared */
		return;
	case 0x98:
		assert_int_equal(at, 0x55 * 4);
		f->mode = CFI_QUERY;
		return;
	case 0x50:
		f->status = 0x80;
		f->mode = CFI_STATUS;
		return;
	case 0x40:
		f->mode = CFI_WORD;
		return;
	case 0xe8:
		f->mode = CFI_COUNT;
		f->busy = f->slow;
		return;
	case 0x20:
		f->mode = CFI_ERASE;
		return;
	}
	fail_msg("command %#x", value);
}

static void fill(uint32_t at, uint32_t value)
{
	assert_int_equal(at, f->at + 4 * f->filled);
	assert_int_equal(at / CFI_FAKE_BUFFER_BYTES, f->at / CFI_FAKE_BUFFER_BYTES);
	clear_bits(at, value);
	if (++f->filled == f->count)
		f->mode = CFI_CONFIRM;
}

static void erase(uint32_t at)
{
	assert_int_equal(at, f->at);
	if (f->refuse == 0)
		memset(&f->bytes[at / CFI_FAKE_BLOCK_BYTES * CFI_FAKE_BLOCK_BYTES], 0xff,
		       CFI_FAKE_BLOCK_BYTES);
	f->erases++;
}

void cfi_fake_write(uintptr_t address, uint32_t value)
{
	uint32_t at = offset_of(address);

	switch (f->mode) {
	case CFI_WORD:
		assert_int_equal(at, f->at);
		clear_bits(at, value);
		f->words++;
		finish();
		return;
	case CFI_COUNT:
		assert_int_equal(value >> 16, value & 0xffff);
		f->count = (value & 0xffff) + 1;
		f->filled = 0;
		f->mode = CFI_FILL;
		return;
	case CFI_FILL:
		fill(at, value);
		return;
	case CFI_CONFIRM:
	case CFI_ERASE:
		assert_int_equal(value, 0x00d000d0);
		if (f->mode == CFI_ERASE)
			erase(at);
		else
			f->buffers++;
		finish();
		return;
	default:
		command(at, value);
	}
}
