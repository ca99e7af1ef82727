/* SPDX-License-Identifier: ISC */
/* The driver on a fake GENET. */
#ifndef TESTS_UNIT_GENET_RIG_H
#define TESTS_UNIT_GENET_RIG_H

#include "drivers/net/genet/genet.h"
#include "drivers/net/genet/genet_regs.h"
#include "tests/fakes/genet_fake.h"
#include "tests/fakes/mac_rig.h"

enum {
	RX_PACKETS = 128,
	RX_IN_RING = RX_PACKETS / 4,
	TX_PACKETS = 300,
	/* Where the indices stand at first: near their end, and within the ring. */
	FIRST_INDEX = 0xff85,
};

extern struct genet net;
extern uint8_t board_mac[6];

/* A register of the controller. */
uint32_t reg_of(uint32_t offset);

/* The tests, by file. */
int run_start_tests(void);
int run_link_tests(void);
int run_send_tests(void);
int run_receive_tests(void);
int run_fault_tests(void);

#endif
