/* SPDX-License-Identifier: ISC */
/*
 * SHA-256 (FIPS 180-4), by libmd.
 */
#ifndef TOOLS_FATA_SHA256_H
#define TOOLS_FATA_SHA256_H

#include <stddef.h>

enum { SHA256_HEX_BYTES = 65 };

/* Writes the digest of `size` bytes as 64 small hexadecimal digits and a NUL. */
void sha256_hex(const void *bytes, size_t size, char hex[static SHA256_HEX_BYTES]);

#endif
