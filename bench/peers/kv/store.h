/* SPDX-License-Identifier: ISC */
/* A store under the same loads as others (bench/kv.py), over the same fake of flash memory. */
#ifndef BENCH_PEERS_KV_STORE_H
#define BENCH_PEERS_KV_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/fakes/flash_memory.h"

/* All return false when something cannot be done. */
bool store_format(struct flash_memory *flash);
/* Anew, as after a restart. */
bool store_mount(void);
/* Sets a key, and returns when that is safe. */
bool store_set(const char *key, const void *bytes, size_t len);
bool store_get(const char *key, void *out, size_t len);

#endif
