/* SPDX-License-Identifier: ISC */
/*
 * A full store whose power goes again and again, hundreds of times in a row and at any change of
 * the medium. After each cut the values are what they were, and if the power stays from then on,
 * keys can be removed, set again and overwritten, as before the first cut.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/log_store/rig.h"

enum { KEYS = 60, NOTHING = 0 };

/* What every value of a key consists of; NOTHING: it has none. */
struct model {
	uint8_t value[KEYS];
	unsigned n; /* keys that fitted when the store was filled */
	uint32_t len;
};

struct geometry {
	uint32_t blocks, block_bytes, unit, len;
	unsigned flags;
};

static struct rig r, calm;
static struct model model;

static const struct geometry geometries[] = {
	{16, 1024, 4, 500, 0},   {16, 1024, 4, 100, 0},
	{8, 1024, 4, 150, 0},    {12, 1024, 64, 300, 0},
	{10, 4096, 512, 900, 0}, {9, 2048, 1, 950, 0},
	{40, 1024, 4, 640, 0},   {10, 4096, 512, 900, FLASH_MEMORY_NOISE},
};

/* Which faults a loss of power makes. */
static const unsigned cuts[] = {
	FLASH_MEMORY_IN_ORDER | FLASH_MEMORY_PREFIX,  FLASH_MEMORY_IN_ORDER,   FLASH_MEMORY_GARBLES,
	FLASH_MEMORY_GARBLES | FLASH_MEMORY_IN_ORDER, FLASH_MEMORY_UNREADABLE, 0,
};

static const char *key_of(unsigned i)
{
	static char key[4][16];
	static unsigned next;
	char *out = key[next++ % 4];

	snprintf(out, sizeof(key[0]), "key%u", i);
	return out;
}

static enum err put(struct rig *at, unsigned i, uint8_t byte)
{
	static uint8_t bytes[RIG_VALUE_BYTES];

	memset(bytes, byte, model.len);
	return kv_set(&at->store.rw, key_of(i), strlen(key_of(i)), bytes, model.len);
}

static enum err take_away(struct rig *at, unsigned i)
{
	return kv_remove(&at->store.rw, key_of(i), strlen(key_of(i)));
}

static uint8_t value_of(struct rig *at, unsigned i)
{
	static uint8_t bytes[RIG_VALUE_BYTES];
	ssize_t n =
		kv_read(&at->store.rw.kv, key_of(i), strlen(key_of(i)), 0, bytes, sizeof(bytes));

	if (n == ERR_NOTFOUND)
		return NOTHING;
	assert_int_equal(n, model.len);
	assert_memory_equal(bytes, bytes + 1, model.len - 1);
	return bytes[0];
}

static void fill(const struct geometry *g)
{
	rig_init(&r, g->blocks, g->block_bytes, g->unit, g->flags);
	rig_init(&calm, g->blocks, g->block_bytes, g->unit, g->flags);
	assert_int_equal(kvlog_format(&r.store, &r.config), OK);
	model = (struct model){.len = g->len};
	while (model.n < KEYS && put(&r, model.n, 1) == OK)
		model.value[model.n++] = 1;
	assert_true(model.n > 0);
	assert_int_equal(kv_sync(&r.store.rw), OK);
}

/* One key gets a value, another loses its own. */
static enum err put_and_take_away(struct rig *at, unsigned i, uint8_t byte, unsigned j)
{
	static uint8_t bytes[RIG_VALUE_BYTES];
	const struct kv_change both[] = {
		{.key = key_of(i), .key_len = strlen(key_of(i)), .bytes = bytes, .len = model.len},
		{.key = key_of(j), .key_len = strlen(key_of(j))}};

	memset(bytes, byte, model.len);
	return kv_batch(&at->store.rw, both, 2);
}

/* One of the changes that fit into a full store. `next`: the values behind it. */
static enum err change(struct random *random, struct model *next)
{
	unsigned i = (unsigned)random_below(random, model.n), j = (i + 1) % model.n;
	uint8_t byte = (uint8_t)random_between(random, 1, 255);
	uint64_t what = random_below(random, 8);

	*next = model;
	if (what == 0 && model.value[i] != NOTHING) {
		next->value[i] = NOTHING;
		return take_away(&r, i);
	}
	next->value[i] = byte;
	if (what == 1 && i != j && model.value[i] != NOTHING && model.value[j] != NOTHING) {
		next->value[j] = NOTHING;
		return put_and_take_away(&r, i, byte, j);
	}
	return put(&r, i, byte);
}

static bool is(struct rig *at, const struct model *m)
{
	for (unsigned i = 0; i < m->n; i++) {
		if (value_of(at, i) != m->value[i])
			return false;
	}
	return true;
}

/* The power stays from now on: all can be changed that could be before. */
static void use(struct random *random, bool thoroughly)
{
	unsigned i = (unsigned)random_below(random, model.n), j = (i + 1) % model.n;

	flash_memory_copy(&calm.flash, &r.flash);
	rig_mount(&calm);
	assert_int_equal(take_away(&calm, i), model.value[i] == NOTHING ? ERR_NOTFOUND : OK);
	for (unsigned n = 0; n < model.n && thoroughly; n++)
		assert_int_equal(put(&calm, (i + n) % model.n, 7), OK);
	assert_int_equal(put(&calm, i, 8), OK);
	if (i != j && value_of(&calm, j) != NOTHING)
		assert_int_equal(put_and_take_away(&calm, i, 9, j), OK);
	rig_mount(&calm);
	assert_true(value_of(&calm, i) >= 8);
}

/* Changes one thing after the other until the power goes. */
static void change_until_it_goes(struct random *random, struct model *next)
{
	while (!flash_memory_is_off(&r.flash)) {
		enum err e = change(random, next);

		assert_true(e == OK || flash_memory_is_off(&r.flash));
		if (e == OK && kv_sync(&r.store.rw) == OK)
			model = *next;
	}
}

/*
 * `within`: the power goes at one of so many programs and erases after each start; 0: at one later
 * each time, and from the first again after 40.
 */
static void power_goes_again_and_again(const struct geometry *g, uint64_t seed, unsigned within)
{
	enum { TIMES = 300 };
	struct random random = {seed};

	fill(g);
	for (unsigned i = 0; i < TIMES; i++) {
		struct model next;
		uint64_t n = within > 0 ? random_between(&random, 1, within) : i % 40 + 1;

		flash_memory_cut_at(&r.flash, n, seed * 1000 + i, cuts[seed % ARRAY_SIZE(cuts)]);
		change_until_it_goes(&random, &next);
		flash_memory_power_on(&r.flash);
		rig_mount(&r);
		if (is(&r, &next))
			model = next;
		assert_true(is(&r, &model));
		use(&random, i % 16 == 0);
	}
	rig_fini(&r);
	rig_fini(&calm);
}

static void with_each_geometry(unsigned within)
{
	const char *runs = getenv("LOG_STORE_FULL_SEEDS");
	unsigned seeds = runs != NULL ? (unsigned)atoi(runs) : ARRAY_SIZE(cuts);

	for (unsigned i = 0; i < ARRAY_SIZE(geometries); i++) {
		for (uint64_t seed = 1; seed <= seeds; seed++)
			power_goes_again_and_again(&geometries[i], seed, within);
	}
}

static void test_power_that_goes_soon_after_each_start(void **state)
{
	(void)state;
	with_each_geometry(4);
}

static void test_power_that_goes_at_any_change(void **state)
{
	(void)state;
	with_each_geometry(60);
}

static void test_power_that_goes_one_change_later_each_time(void **state)
{
	(void)state;
	with_each_geometry(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power_that_goes_soon_after_each_start),
		cmocka_unit_test(test_power_that_goes_at_any_change),
		cmocka_unit_test(test_power_that_goes_one_change_later_each_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
