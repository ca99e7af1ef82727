/* SPDX-License-Identifier: ISC */
/* The driver on a fake GEM. */
#ifndef TESTS_UNIT_GEM_RIG_H
#define TESTS_UNIT_GEM_RIG_H

#include "drivers/net/gem/gem.h"
#include "drivers/net/gem/gem_regs.h"
#include "tests/fakes/gem_fake.h"
#include "tests/fakes/mac_rig.h"

enum {
	RX_PACKETS = 128,
	RX_IN_RING = RX_PACKETS / 4,
	TX_PACKETS = 300,
};

extern struct gem net;

/* A register of the controller. */
uint32_t reg_of(uint32_t offset);

/* The tests, by file. */
int run_link_tests(void);
int run_frame_tests(void);
int run_fault_tests(void);

#endif
