/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "bench/peers/kv/store.h"
#include "storage/log/kvlog.h"

static struct kvlog store;
static struct kvlog_entry entries[512];
static uint8_t map[256], buffer[512];
static struct kvlog_config config = {.index = entries,
				     .index_len = ARRAY_SIZE(entries),
				     .map = map,
				     .map_bytes = sizeof(map),
				     .buffer = buffer,
				     .buffer_bytes = sizeof(buffer),
				     .id = 0x0123456789abcdef};

bool store_format(struct flash_memory *flash)
{
	config.flash = &flash->flash;
	return kvlog_format(&store, &config) == OK;
}

bool store_mount(void)
{
	return kvlog_mount(&store, &config) == OK;
}

bool store_set(const char *key, const void *bytes, size_t len)
{
	return kv_set(&store.rw, key, strlen(key), bytes, len) == OK && kv_sync(&store.rw) == OK;
}

bool store_get(const char *key, void *out, size_t len)
{
	return kv_read(&store.rw.kv, key, strlen(key), 0, out, len) == (ssize_t)len;
}
