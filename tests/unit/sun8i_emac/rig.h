/* SPDX-License-Identifier: ISC */
/*
 * The driver on a fake EMAC, with pools and counting wakers.
 */
#ifndef TESTS_UNIT_SUN8I_EMAC_RIG_H
#define TESTS_UNIT_SUN8I_EMAC_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/pkt.h"
#include "drivers/net/sun8i_emac/sun8i_emac.h"
#include "drivers/net/sun8i_emac/sun8i_emac_regs.h"
#include "tests/fakes/runtime.h"
#include "tests/fakes/sun8i_emac_fake.h"

enum {
	RX_PACKETS = 2 * SUN8I_EMAC_RX_RING,
	TX_PACKETS = 100,
	BUF_BYTES = 2048,
};

extern struct sun8i_emac *net;
extern struct netif *nif;
extern struct pkt_pool rx_pool, tx_pool;
extern unsigned rx_wakes, tx_wakes;
extern uint8_t board_mac[6];

/* Plugs a controller in; does not start it. For cmocka, as all below that take `state`. */
int plug(void **state);

/* With a pool of so few packets that the ring has two. */
int plug_small(void **state);

/* The same as the first, starts it, and waits until its link is up. */
int bring_up(void **state);

/* Stops it, and checks that no packet is missing. */
int stop_and_count(void **state);

uint32_t reg_of(uint32_t offset);

/* What the loop does: takes no frame, ends a batch, and lets it interrupt. */
void run_loop(void);

/* Lets so much time pass, with the loop running as often as the driver asks. */
void pass(uint64_t us);

/* A frame of `len` bytes of a pattern that `seed` chooses, as a packet, and the check of one. */
struct pkt *make_frame(uint32_t len, uint8_t seed);
void fill_pattern(uint8_t *bytes, size_t len, uint8_t seed);
void check_pattern(const uint8_t *bytes, size_t len, uint8_t seed);

/* Such a frame comes by the wire, and is taken, checked and freed. */
void deliver(uint32_t len, uint8_t seed);
void take_and_check(uint32_t len, uint8_t seed);

/* Both ways a frame goes through. */
void works(void);

/* The tests, by file. */
int run_start_tests(void);
int run_link_tests(void);
int run_send_tests(void);
int run_receive_tests(void);
int run_fault_tests(void);

#define TEST(f) cmocka_unit_test_setup_teardown(f, bring_up, stop_and_count)

#endif
