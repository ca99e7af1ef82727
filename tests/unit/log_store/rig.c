/* SPDX-License-Identifier: ISC */
#include "tests/unit/log_store/rig.h"

#include <stdio.h>
#include <string.h>

static uint64_t now_s(void *arg)
{
	(void)arg;
	return 1700000000;
}

const char *rig_key(unsigned i)
{
	static char key[4][32];
	static unsigned next;
	char *out = key[next++ % 4];

	if (i % 3 == 0)
		snprintf(out, sizeof(key[0]), "plain%u", i);
	else
		snprintf(out, sizeof(key[0]), "folder%u/deeper/key%u", i % 2, i);
	return out;
}

void rig_bytes(struct rig_value v, uint8_t *out)
{
	struct random random = {v.seed};

	for (uint32_t i = 0; i < v.len; i++)
		out[i] = (uint8_t)random_u64(&random);
}

void rig_init(struct rig *r, uint32_t blocks, uint32_t block_bytes, uint32_t program_bytes,
	      unsigned flags)
{
	memset(r, 0, sizeof(*r));
	flash_memory_init(&r->flash, blocks, block_bytes, program_bytes, flags);
	r->config = (struct kvlog_config){.flash = &r->flash.flash,
					  .index = r->index,
					  .index_len = RIG_INDEX,
					  .map = r->map,
					  .map_bytes = sizeof(r->map),
					  .buffer = r->buffer,
					  .buffer_bytes = sizeof(r->buffer),
					  .piece = r->piece,
					  .piece_bytes = 1000,
					  .now_s = now_s,
					  .id = 0x1234567890abcdef,
					  .format = true};
	r->random.state = 1;
	r->n = 1;
	r->value_bytes_max = 3000;
}

void rig_fini(struct rig *r)
{
	flash_memory_fini(&r->flash);
}

void rig_mount(struct rig *r)
{
	assert_int_equal(kvlog_mount(&r->store, &r->config), OK);
}

static struct kv_rw *rw(struct rig *r)
{
	return &r->store.rw;
}

static struct rig_state *now(struct rig *r)
{
	return &r->states[r->n - 1];
}

/* Whether a key has a value: 1, not: 0, or what goes wrong. */
static int has(struct rig *r, unsigned i, struct rig_value v)
{
	static uint8_t want[RIG_VALUE_BYTES], got[RIG_VALUE_BYTES + 1];
	const char *key = rig_key(i);
	struct kv_info info;
	enum err e = kv_stat(&rw(r)->kv, key, strlen(key), &info);

	if (v.seed == 0)
		return e == ERR_NOTFOUND ? 1 : e == OK ? 0 : e;
	if (e != OK)
		return e == ERR_NOTFOUND ? 0 : e;
	if (info.bytes != v.len)
		return 0;
	ssize_t n = kv_read(&rw(r)->kv, key, strlen(key), 0, got, sizeof(got));
	if (n != (ssize_t)v.len)
		return n < 0 ? (int)n : 0;
	rig_bytes(v, want);
	return memcmp(want, got, v.len) == 0;
}

static bool is_state(struct rig *r, const struct rig_state *state)
{
	for (unsigned i = 0; i < RIG_KEYS; i++) {
		int answer = has(r, i, state->value[i]);

		assert_true(answer >= 0);
		if (answer == 0)
			return false;
	}
	return true;
}

void rig_assert_state(struct rig *r, const struct rig_state *state)
{
	assert_true(is_state(r, state));
}

static unsigned listed(struct rig *r, const char *folder)
{
	struct kv_cursor cursor = {0};
	static struct kv_entry entry;
	unsigned n = 0;
	enum err e;

	while ((e = kv_list(&rw(r)->kv, folder, strlen(folder), &cursor, &entry)) == OK)
		n += !entry.info.is_folder;
	assert_true(e == ERR_EOF || (n == 0 && e == ERR_NOTFOUND));
	return n;
}

void rig_assert_now(struct rig *r)
{
	unsigned n = 0, there;

	rig_assert_state(r, now(r));
	for (unsigned i = 0; i < RIG_KEYS; i++)
		n += now(r)->value[i].seed != 0;
	there = listed(r, "") + listed(r, "folder0/deeper") + listed(r, "folder1/deeper");
	assert_int_equal(there, n);
}

static struct rig_value new_value(struct rig *r)
{
	struct rig_value v = {.seed = (uint32_t)random_u64(&r->random) | 1};

	v.len = (uint32_t)(random_below(&r->random, 5) == 0
				   ? random_below(&r->random, r->value_bytes_max + 1)
				   : random_below(&r->random, 100));
	return v;
}

static enum err set(struct rig *r, struct rig_state *next)
{
	static uint8_t bytes[RIG_VALUE_BYTES];
	unsigned i = (unsigned)random_below(&r->random, RIG_KEYS);
	struct rig_value v = next->value[i] = new_value(r);

	rig_bytes(v, bytes);
	return kv_set(rw(r), rig_key(i), strlen(rig_key(i)), bytes, v.len);
}

static enum err write_value(struct rig *r, struct rig_state *next)
{
	static uint8_t bytes[RIG_VALUE_BYTES];
	unsigned i = (unsigned)random_below(&r->random, RIG_KEYS);
	struct rig_value v = new_value(r);
	struct kv_writer w = {0};
	bool keep = random_below(&r->random, 4) != 0;
	enum err e = kv_open(rw(r), &w, rig_key(i), strlen(rig_key(i)));

	rig_bytes(v, bytes);
	if (e != OK)
		return e;
	for (uint32_t at = 0; e == OK && at < v.len;) {
		uint32_t n = (uint32_t)random_between(&r->random, 1, 700);

		n = MIN(n, v.len - at);

		e = kv_append(&w, bytes + at, n);
		at += n;
	}
	if (e != OK) {
		(void)kv_close(&w, false);
		return e;
	}
	if (keep)
		next->value[i] = v;
	return kv_close(&w, keep);
}

static enum err remove_key(struct rig *r, struct rig_state *next)
{
	unsigned i = (unsigned)random_below(&r->random, RIG_KEYS);
	bool there = next->value[i].seed != 0;
	enum err e = kv_remove(rw(r), rig_key(i), strlen(rig_key(i)));

	next->value[i].seed = 0;
	if (!there) {
		assert_true(e == ERR_NOTFOUND || e == ERR_IO);
		return e == ERR_NOTFOUND ? OK : e;
	}
	return e;
}

static enum err rename_key(struct rig *r, struct rig_state *next)
{
	unsigned from = (unsigned)random_below(&r->random, RIG_KEYS);
	unsigned to = (unsigned)random_below(&r->random, RIG_KEYS);
	bool there = next->value[from].seed != 0;
	enum err e = kv_rename(rw(r), rig_key(from), strlen(rig_key(from)), rig_key(to),
			       strlen(rig_key(to)));

	if (!there) {
		assert_true(e == ERR_NOTFOUND || e == ERR_IO);
		return e == ERR_NOTFOUND ? OK : e;
	}
	if (from != to) {
		next->value[to] = next->value[from];
		next->value[from].seed = 0;
	}
	return e;
}

static enum err batch(struct rig *r, struct rig_state *next)
{
	enum { MOST = 6, BYTES = 200 };
	static uint8_t bytes[MOST][BYTES];
	static char keys[MOST][32];
	struct kv_change changes[MOST];
	unsigned n = (unsigned)random_between(&r->random, 1, MOST);

	for (unsigned j = 0; j < n; j++) {
		unsigned i = (unsigned)random_below(&r->random, RIG_KEYS);
		struct rig_value v = {.seed = (uint32_t)random_u64(&r->random) | 1,
				      .len = (uint32_t)random_below(&r->random, BYTES)};
		bool gone = random_below(&r->random, 4) == 0;

		strcpy(keys[j], rig_key(i));
		rig_bytes(v, bytes[j]);
		changes[j] = (struct kv_change){.key = keys[j],
						.key_len = strlen(keys[j]),
						.bytes = gone ? NULL : bytes[j],
						.len = v.len};
		next->value[i] = gone ? (struct rig_value){0} : v;
	}
	return kv_batch(rw(r), changes, n);
}

static void sync_now(struct rig *r)
{
	if (kv_sync(rw(r)) == OK) {
		r->states[0] = *now(r);
		r->n = 1;
	}
}

bool rig_step(struct rig *r)
{
	struct rig_state next = *now(r), before = next;
	uint64_t what = random_below(&r->random, 16);
	enum err e;

	if (what < 2 || r->n == RIG_STATES) {
		sync_now(r);
		return !flash_memory_is_off(&r->flash);
	}
	if (what < 9)
		e = set(r, &next);
	else if (what < 11)
		e = remove_key(r, &next);
	else if (what < 12)
		e = rename_key(r, &next);
	else if (what < 14)
		e = batch(r, &next);
	else
		e = write_value(r, &next);
	bool off = flash_memory_is_off(&r->flash);
	assert_true(e == OK || e == ERR_NOSPACE || (off && e == ERR_IO));
	/* What had no room changes nothing; what the power went in may be there or not. */
	if (e == OK || off)
		r->states[r->n++] = next;
	else
		rig_assert_state(r, &before);
	return !off;
}

void rig_power_on(struct rig *r)
{
	flash_memory_power_on(&r->flash);
	rig_mount(r);
	for (unsigned i = r->n; i-- > 0;) {
		if (is_state(r, &r->states[i])) {
			r->states[0] = r->states[i];
			r->n = 1;
			rig_assert_now(r);
			return;
		}
	}
	fail_msg("none of the states that there were since the last sync");
}
