/* SPDX-License-Identifier: ISC */
/*
 * What a flash chip says of itself (JEDEC JESD68.01, Common Flash Interface): the parser, without
 * I/O. The answer is hostile: what nobody makes is refused.
 */
#ifndef DRIVERS_FLASH_CFI_CFI_QUERY_H
#define DRIVERS_FLASH_CFI_CFI_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum { CFI_QUERY_FIRST = 0x10, CFI_QUERY_END = 0x31 }; /* addresses of the part that is read */

/* Of one chip; a bank may be several side by side. */
struct cfi_geometry {
	uint32_t blocks, block_bytes;
	uint32_t buffer_bytes; /* programmed by one command; 0: only single words are */
	uint32_t program_us;   /* that programming may take, a word or the buffer */
	uint32_t erase_us;     /* that erasing a block may take */
};

/*
 * The bytes at addresses CFI_QUERY_FIRST to CFI_QUERY_END of the query. ERR_NODEV: it is none;
 * ERR_UNSUPPORTED: not Intel's command set, or blocks of several sizes; ERR_INVALID: numbers that
 * cannot be, such as a chip of more than `bytes_max`.
 */
MUST_USE enum err cfi_query_parse(struct cfi_geometry *g, const uint8_t *query, uint64_t bytes_max);

#endif
