/* SPDX-License-Identifier: ISC */
/*
 * A store over flash memory in memory, and a model that it is compared with: what each key has, now
 * and after each change since the last sync. After a loss of power the store must be in one of
 * those states.
 */
#ifndef TESTS_UNIT_LOG_STORE_RIG_H
#define TESTS_UNIT_LOG_STORE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "storage/log/kvlog.h"
#include "tests/fakes/flash_memory.h"

enum { RIG_KEYS = 20, RIG_STATES = 80, RIG_INDEX = 64, RIG_VALUE_BYTES = 12000 };

/* What a key has: bytes of a seed; 0: nothing. */
struct rig_value {
	uint32_t seed, len;
};

struct rig_state {
	struct rig_value value[RIG_KEYS];
};

struct rig {
	struct flash_memory flash;
	struct kvlog store;
	struct kvlog_config config;
	struct kvlog_entry index[RIG_INDEX];
	uint8_t map[64], buffer[512], piece[KVLOG_PIECE_BYTES_MAX];
	struct random random;
	struct rig_state states[RIG_STATES]; /* the last is that of now */
	unsigned n;
	uint32_t value_bytes_max;
};

void rig_init(struct rig *r, uint32_t blocks, uint32_t block_bytes, uint32_t program_bytes,
	      unsigned flags);
void rig_fini(struct rig *r);
void rig_mount(struct rig *r);

const char *rig_key(unsigned i);
void rig_bytes(struct rig_value v, uint8_t *out);

/* Asserts that the store has just what a state says. */
void rig_assert_state(struct rig *r, const struct rig_state *state);
/* Asserts that it is in the state of now, by reads and by a listing. */
void rig_assert_now(struct rig *r);

/* Makes one change, which the seed chooses, and notes what is expected. False: the power has gone.
 */
bool rig_step(struct rig *r);

/* After a loss of power: mounts, finds out which of the states it is, which is that of now then. */
void rig_power_on(struct rig *r);

#endif
