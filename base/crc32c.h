/* SPDX-License-Identifier: ISC */
/*
 * CRC-32C (Castagnoli's polynomial, as of RFC 3720 appendix B.4), by halves of bytes: a table of 64
 * bytes. It finds each error of up to 32 bits in a row. Any context.
 */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The CRC of what `crc` is that of, 0 for nothing, followed by `len` bytes. */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t len);

#endif
