/* SPDX-License-Identifier: ISC */
/* The driver on a fake EMAC. */
#ifndef TESTS_UNIT_SUN8I_EMAC_RIG_H
#define TESTS_UNIT_SUN8I_EMAC_RIG_H

#include "drivers/net/sun8i_emac/sun8i_emac.h"
#include "drivers/net/sun8i_emac/sun8i_emac_regs.h"
#include "tests/fakes/mac_rig.h"
#include "tests/fakes/sun8i_emac_fake.h"

enum {
	RX_PACKETS = 4 * SUN8I_EMAC_RX_RING,
	TX_PACKETS = 100,
};

extern struct sun8i_emac *net;
extern uint8_t board_mac[6];

/* As plug(), with a pool of so few packets that the ring has two. */
int plug_small(void **state);

/* A register of the controller. */
uint32_t reg_of(uint32_t offset);

/* The tests, by file. */
int run_start_tests(void);
int run_link_tests(void);
int run_send_tests(void);
int run_receive_tests(void);
int run_fault_tests(void);

#endif
