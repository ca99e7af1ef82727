/* SPDX-License-Identifier: ISC */
#include "tools/fata/sha256.h"

#include <sys/types.h>

#include <sha2.h>

void sha256_hex(const void *bytes, size_t size, char hex[static SHA256_HEX_BYTES])
{
	(void)SHA256Data(bytes, size, hex);
}
