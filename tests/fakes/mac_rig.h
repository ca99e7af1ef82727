/* SPDX-License-Identifier: ISC */
/*
 * The driver of an Ethernet controller on its fake (tests/fakes/mac_fake.h), with pools and
 * counting wakers; and the tests that are the same for each controller. A test names in its own rig
 * what its driver is, by plug() and three constants, and lists those of mac_tests.c that hold for
 * it.
 */
#ifndef TESTS_FAKES_MAC_RIG_H
#define TESTS_FAKES_MAC_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/pkt.h"
#include "drivers/net/mac/mac.h"
#include "tests/fakes/mac_fake.h"
#include "tests/fakes/runtime.h"

enum { BUF_BYTES = 2048, RIG_PACKETS_MAX = 1024 };

extern struct netif *nif;
extern struct pkt_pool rx_pool, tx_pool;
extern unsigned rx_wakes, tx_wakes;

/* --- the driver's ---------------------------------------------------------------------------- */

/* Plugs a controller in, by rig_pools() and rig_use(); does not start it. For cmocka. */
int plug(void **state);

/* Descriptors to send by, what a received frame's IP header is aligned to, and how long halting
 * takes. */
extern const unsigned tx_ring, ip_alignment, halt_us_max;

/* --- mac_rig.c ------------------------------------------------------------------------------- */

/* Fills the pools, with so many packets, whose memory is below 4 GiB. */
void rig_pools(unsigned rx_packets, unsigned tx_packets);

/* From here on this is the interface. */
void rig_use(struct netif *made);

/* plug(), starts it, and waits until its link is up. For cmocka, as the next. */
int bring_up(void **state);

/* Stops it, and checks that no packet is missing. */
int stop_and_count(void **state);

/* What the loop does: takes no frame, ends a batch, and lets it interrupt. */
void run_loop(void);

/* Lets so much time pass, with the loop running as often as the driver asks. */
void pass(uint64_t us);

/*
 * A frame to the interface of `len` bytes of a pattern that `seed` chooses, and the check of one;
 * and such a frame as a packet.
 */
void fill_frame(uint8_t *bytes, size_t len, uint8_t seed);
void check_frame(const uint8_t *bytes, size_t len, uint8_t seed);
struct pkt *make_frame(uint32_t len, uint8_t seed);

/* Such a frame comes by the wire, and is taken, checked and freed. */
void deliver(uint32_t len, uint8_t seed);
void take_and_check(uint32_t len, uint8_t seed);

/* Such a frame is given to it, and it is told. */
void send_frame_of(uint32_t len, uint8_t seed);

/* Both ways a frame goes through, after whatever has happened. */
void works(void);

/* It was given up, and says so, and has given all back. */
void is_given_up(void);

/* --- mac_tests.c: of a controller that is up -------------------------------------------------- */

void a_frame_goes_out_as_it_is(void **state);
void pieces_are_gathered(void **state);
void many_in_batches(void **state);
void a_full_ring_refuses_and_wakes(void **state);
void what_was_sent_is_not_kept_for_ever(void **state);
void what_is_no_frame_is_refused(void **state);
void frames_come_up_in_their_order(void **state);
void many_frames(void **state);
void an_interrupt_wakes_once(void **state);
void a_frame_just_before_the_wait_is_seen(void **state);
void without_a_fresh_packet_the_frame_is_dropped(void **state);
void who_does_not_stop_keeps_its_packets(void **state);
void babbling(void **state);
void babbling_for_ever(void **state);

#define UP(f)   cmocka_unit_test_setup_teardown(f, bring_up, stop_and_count)
#define DOWN(f) cmocka_unit_test_setup_teardown(f, plug, stop_and_count)

#endif
