/* SPDX-License-Identifier: ISC */
/* Stands for base/crc32c.c. */
#include "base/crc32c.h"

#include "tests/fakes/crc32c.h"

uint32_t crc32c(uint32_t crc, const void *bytes, size_t len)
{
	return crc32c_by_tables(crc, bytes, len);
}
