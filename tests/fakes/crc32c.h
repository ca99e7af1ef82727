/* SPDX-License-Identifier: ISC */
/*
 * The CRC of base/crc32c.h by tables of 8 KiB, eight bytes at a time: for tests that have a store
 * look at its medium a hundred thousand times, where the small one took a third of the time. That
 * of base/ is compared with it.
 */
#ifndef FAKES_CRC32C_H
#define FAKES_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c_by_tables(uint32_t crc, const void *bytes, size_t len);

#endif
