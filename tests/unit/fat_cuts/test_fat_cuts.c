/* SPDX-License-Identifier: ISC */
/*
 * The power goes: at every write of single changes, after which each of them is there as a whole or
 * not at all; and somewhere in long histories, after which nothing that was synced is lost. Each
 * volume is whole after the check of the next mount, as a second check confirms.
 */
#include "tests/unit/fat/rig.h"

enum { SLOTS = 10, STEPS_MAX = 400, SEEDS = 12, HISTORIES = 3000 };

static const struct fat_shape cut_shapes[] = {
	{512, 300, 1, 12, 2, 64},
	{512, 4400, 1, 16, 2, 112},
	{512, 500, 1, 32, 2, 0},
	{1024, 300, 2, 12, 1, 64},
};

static struct rig rig, before;
static struct rig *const r = &rig;

/* --- single changes, cut at every write ------------------------------------------------------- */

/*
 * A change of a volume that prepare() has made and that is synced. `keys` are all that either has,
 * and states are lists of values, one for each key, NULL for none.
 */
struct scenario {
	const char *name;
	void (*prepare)(void);
	void (*change)(void);
};

/* What the keys of a scenario have: seeds and lengths by a simple rule, so that all can be told. */
static const char *const keys[] = {"a",
				   "b",
				   "f/a",
				   "f/b",
				   "g/h/i/new",
				   "a name with so many letters that it takes several entries",
				   "f/another long name, that takes several entries of its folder",
				   "f/0",
				   "f/31"};

struct state {
	size_t bytes[ARRAY_SIZE(keys)]; /* SIZE_MAX: absent */
	uint32_t sum[ARRAY_SIZE(keys)];
};

static uint32_t sum_of(const uint8_t *bytes, size_t n)
{
	uint32_t sum = 2166136261u;

	while (n-- > 0)
		sum = (sum ^ *bytes++) * 16777619u;
	return sum;
}

static struct state look(void)
{
	static uint8_t out[200000];
	struct state s = {0};

	for (unsigned i = 0; i < ARRAY_SIZE(keys); i++) {
		ssize_t n = kv_read(&r->v.kv.kv, keys[i], strlen(keys[i]), 0, out, sizeof(out));

		assert_true(n >= 0 || n == ERR_NOTFOUND);
		s.bytes[i] = n >= 0 ? (size_t)n : SIZE_MAX;
		s.sum[i] = n >= 0 ? sum_of(out, (size_t)n) : 0;
	}
	return s;
}

static bool is_same(const struct state *a, const struct state *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Mounts what survived and has it checked, twice. */
static void recover(void)
{
	disk_memory_power_on(&r->disk);
	rig_restart(r);
	assert_int_equal(fat_mount(&r->v), OK);
	assert_int_equal(r->v.stats.damaged, 0);
	assert_clean(r);
	rig_restart(r);
}

static void prepare_files(void)
{
	assert_int_equal(put_seeded(r, "a", 3000, 1), OK);
	assert_int_equal(put_seeded(r, "f/a", 700, 2), OK);
	assert_int_equal(put_seeded(r, keys[5], 100, 3), OK);
}

/* A folder whose cluster is all but full, and beyond its first sector. */
static void prepare_full_folder(void)
{
	char key[20];

	prepare_files();
	for (unsigned i = 0; i < 28; i++) {
		snprintf(key, sizeof(key), "f/%u", i);
		assert_int_equal(put_seeded(r, key, i, i), OK);
	}
}

static void create(void)
{
	(void)put_seeded(r, "b", 5000, 5);
}

static void create_in_new_folders(void)
{
	(void)put_seeded(r, "g/h/i/new", 1500, 5);
}

static void create_long(void)
{
	(void)put_seeded(r, keys[6], 1500, 5);
}

static void overwrite(void)
{
	(void)put_seeded(r, "a", 6000, 6);
}

static void overwrite_with_nothing(void)
{
	(void)put_text(r, "a", "");
}

static void take_away(void)
{
	(void)drop(r, "a");
}

static void take_folder_away(void)
{
	(void)drop(r, "f/a");
}

static void rename_beside(void)
{
	(void)move(r, "a", "b");
}

static void rename_over(void)
{
	(void)move(r, "f/a", "a");
}

static void rename_far(void)
{
	(void)move(r, "a", "g/h/i/new");
}

static void rename_long(void)
{
	(void)move(r, keys[5], keys[6]);
}

static void write_in_pieces(void)
{
	uint8_t piece[700];
	struct kv_writer w;

	fill(piece, sizeof(piece), 7);
	if (kv_open(&r->v.kv, &w, "a", 1) != OK)
		return;
	for (unsigned i = 0; i < 9; i++)
		(void)!kv_append(&w, piece, sizeof(piece));
	(void)!kv_close(&w, true);
}

static const struct scenario scenarios[] = {
	{"create", prepare_files, create},
	{"create in new folders", prepare_files, create_in_new_folders},
	{"create with a long name", prepare_files, create_long},
	{"overwrite", prepare_files, overwrite},
	{"overwrite with nothing", prepare_files, overwrite_with_nothing},
	{"remove", prepare_files, take_away},
	{"remove with its folder", prepare_files, take_folder_away},
	{"rename beside", prepare_files, rename_beside},
	{"rename over another", prepare_files, rename_over},
	{"rename into new folders", prepare_files, rename_far},
	{"rename a long name", prepare_files, rename_long},
	{"write in pieces", prepare_files, write_in_pieces},
	{"extend a folder", prepare_full_folder, create_long},
};

/* The change without a cut: its writes, and the state after it. */
static uint64_t run_whole(const struct scenario *s, struct state *old, struct state *new)
{
	disk_memory_copy(&r->disk, &before.disk);
	rig_restart(r);
	*old = look();
	uint64_t changes = disk_memory_changes(&r->disk);
	s->change();
	assert_int_equal(kv_sync(&r->v.kv), OK);
	*new = look();
	assert_false(is_same(old, new));
	assert_clean(r);
	return disk_memory_changes(&r->disk) - changes;
}

static void cut_scenario(const struct scenario *s, const struct fat_shape *shape)
{
	struct state old, new;
	unsigned seen_old = 0, seen_new = 0;

	rig_make(&before, shape, SLOTS);
	rig_make(r, shape, SLOTS);
	s->prepare();
	assert_int_equal(fat_unmount(&r->v), OK);
	disk_memory_copy(&before.disk, &r->disk);
	uint64_t writes = run_whole(s, &old, &new);
	assert_true(writes < STEPS_MAX);
	for (uint64_t cut = 1; cut <= writes + 1; cut++) {
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			disk_memory_copy(&r->disk, &before.disk);
			disk_memory_cut_at(&r->disk, cut, seed, 0);
			rig_restart(r);
			s->change();
			bool synced = kv_sync(&r->v.kv) == OK;
			if (!disk_memory_is_off(&r->disk))
				disk_memory_cut(&r->disk);
			recover();
			struct state now = look();
			if (is_same(&now, &new))
				seen_new++;
			else if (!synced && is_same(&now, &old))
				seen_old++;
			else
				fail_msg("%s: cut at write %u of %u, seed %u: neither old nor new",
					 s->name, (unsigned)cut, (unsigned)writes, (unsigned)seed);
		}
	}
	assert_true(seen_old > 0 && seen_new > 0);
	rig_free(r);
	rig_free(&before);
}

static void test_each_change_is_whole_or_not_at_all(void **state)
{
	(void)state;
	for (unsigned shape = 0; shape < ARRAY_SIZE(cut_shapes); shape++) {
		for (unsigned i = 0; i < ARRAY_SIZE(scenarios); i++)
			cut_scenario(&scenarios[i], &cut_shapes[shape]);
	}
}

/* --- histories -------------------------------------------------------------------------------- */

enum { MODEL_KEYS = 24, VALUES_MAX = 64, VALUE_BYTES_MAX = 9000 };

/* What a key may have after a loss of power: what it had at the last sync, or later. */
struct model_key {
	uint32_t value[VALUES_MAX]; /* seed and length; 0: none */
	unsigned n;
};

static struct model_key model[MODEL_KEYS];
static struct random dice;

static void name_of(unsigned i, char key[static 64])
{
	static const char *const form[] = {"k%u", "f/k%u", "f/a longer name, number %u",
					   "g/h/%u.txt"};

	snprintf(key, 64, form[i % 4], i);
}

static size_t length_of(uint32_t value)
{
	return value == 0 ? 0 : value % VALUE_BYTES_MAX;
}

static void note(unsigned i, uint32_t value)
{
	assert_true(model[i].n < VALUES_MAX);
	model[i].value[model[i].n++] = value;
}

static void note_synced(void)
{
	for (unsigned i = 0; i < MODEL_KEYS; i++) {
		model[i].value[0] = model[i].value[model[i].n - 1];
		model[i].n = 1;
	}
}

static uint32_t last(unsigned i)
{
	return model[i].value[model[i].n - 1];
}

static uint32_t new_value(void)
{
	uint32_t length = (uint32_t)(random_hits(&dice, 300000)
					     ? random_below(&dice, VALUE_BYTES_MAX)
					     : random_below(&dice, 600));

	return (uint32_t)random_between(&dice, 1, 400000) * VALUE_BYTES_MAX + length;
}

static enum err stream(const char *key, uint32_t value)
{
	static uint8_t bytes[VALUE_BYTES_MAX];
	struct kv_writer w;
	enum err e = kv_open(&r->v.kv, &w, key, strlen(key));

	if (e != OK)
		return e;
	fill(bytes, length_of(value), value);
	for (size_t at = 0, n; at < length_of(value) && e == OK; at += n) {
		n = (size_t)random_between(&dice, 1, 1500);
		n = MIN(n, length_of(value) - at);
		e = kv_append(&w, &bytes[at], n);
	}
	enum err closed = kv_close(&w, e == OK);
	return e != OK ? e : closed;
}

/* One change of the volume and the model. Errors: the power went, and it may have been made. */
static enum err act(void)
{
	unsigned i = (unsigned)random_below(&dice, MODEL_KEYS);
	unsigned j = (unsigned)random_below(&dice, MODEL_KEYS);
	unsigned what = (unsigned)random_below(&dice, 100);
	char key[64], other[64];
	uint32_t value;
	enum err e;

	name_of(i, key);
	name_of(j, other);
	if (what < 55) {
		value = new_value();
		e = what < 45 ? put_seeded(r, key, length_of(value), value) : stream(key, value);
		if (e != ERR_NOSPACE)
			note(i, value);
		return e == ERR_NOSPACE ? OK : e;
	}
	if (what < 75) {
		e = drop(r, key);
		assert_true(disk_memory_is_off(&r->disk) || (e == ERR_NOTFOUND) == (last(i) == 0));
		note(i, 0);
		return e == ERR_NOTFOUND ? OK : e;
	}
	if (what < 92) {
		if (i == j || last(i) == 0)
			return OK;
		e = move(r, key, other);
		if (e != ERR_NOSPACE) {
			note(j, last(i));
			note(i, 0);
		}
		return e == ERR_NOSPACE ? OK : e;
	}
	e = kv_sync(&r->v.kv);
	if (e == OK)
		note_synced();
	return e;
}

static bool has(unsigned i, uint32_t value)
{
	static uint8_t out[VALUE_BYTES_MAX + 1], bytes[VALUE_BYTES_MAX];
	char key[64];

	name_of(i, key);
	ssize_t n = kv_read(&r->v.kv.kv, key, strlen(key), 0, out, sizeof(out));
	assert_true(n >= 0 || n == ERR_NOTFOUND);
	if (value == 0 || n < 0)
		return value == 0 && n == ERR_NOTFOUND;
	fill(bytes, length_of(value), value);
	return (size_t)n == length_of(value) && memcmp(out, bytes, (size_t)n) == 0;
}

/* Each key has one of the values that it may have, which is the one from now on. */
static void compare(uint64_t seed)
{
	for (unsigned i = 0; i < MODEL_KEYS; i++) {
		struct model_key *m = &model[i];
		unsigned k = m->n;

		while (k > 0 && !has(i, m->value[k - 1]))
			k--;
		if (k == 0)
			fail_msg("seed %u, key %u: none of %u values", (unsigned)seed, i, m->n);
		m->value[0] = m->value[k - 1];
		m->n = 1;
	}
}

static void run_history(uint64_t seed)
{
	const struct fat_shape *shape = &cut_shapes[seed % 32 == 1  ? 1
						    : seed % 4 == 1 ? 2
								    : seed % 4];

	dice.state = seed;
	rig_make(r, shape, (unsigned)random_between(&dice, FAT_SLOTS_MIN, 24));
	for (unsigned i = 0; i < MODEL_KEYS; i++)
		model[i] = (struct model_key){.n = 1};
	for (unsigned round = 0; round < 3; round++) {
		unsigned flags = random_hits(&dice, 300000) ? DISK_MEMORY_IN_ORDER : 0;

		disk_memory_cut_at(&r->disk, random_between(&dice, 1, 250), random_u64(&dice),
				   flags);
		for (unsigned i = 0; i < 60 && act() == OK; i++) {
		}
		if (!disk_memory_is_off(&r->disk))
			disk_memory_cut(&r->disk);
		recover();
		compare(seed);
	}
	rig_free(r);
}

/* SEED=100000 in the environment: others than those of every run. */
static uint64_t first_seed(void)
{
	const char *text = getenv("SEED");

	return text != NULL ? strtoull(text, NULL, 10) : 0;
}

static void test_histories(void **state)
{
	(void)state;
	for (uint64_t seed = first_seed(); seed < first_seed() + HISTORIES; seed++)
		run_history(seed);
}

/* --- errors of the medium --------------------------------------------------------------------- */

/* Whatever call fails, what was synced is there afterwards. */
static void test_failures_at_every_call(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(scenarios); i++) {
		for (unsigned call = 0; call < DISK_MEMORY_CALLS; call++) {
			for (unsigned n = 1; n < 40; n += 3) {
				struct state old, now;

				rig_make(r, &shapes[0], SLOTS);
				scenarios[i].prepare();
				assert_int_equal(fat_unmount(&r->v), OK);
				old = look();
				rig_restart(r);
				disk_memory_fail(&r->disk, call, n, ERR_IO);
				scenarios[i].change();
				(void)!kv_sync(&r->v.kv);
				recover();
				now = look();
				for (unsigned k = 0; k < ARRAY_SIZE(keys); k++) {
					if (k > 0 && k != 2 && k != 5)
						continue;
					if (old.bytes[k] == now.bytes[k])
						continue;
					/* it was changed, and not to half of something */
					assert_true(now.bytes[k] == SIZE_MAX || now.bytes[k] == 0 ||
						    now.bytes[k] == 6000 || now.bytes[k] == 6300 ||
						    now.bytes[k] == 700);
				}
				rig_free(r);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_change_is_whole_or_not_at_all),
		cmocka_unit_test(test_histories),
		cmocka_unit_test(test_failures_at_every_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
