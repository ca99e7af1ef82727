/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: gem.c (its life), gem_mac.c (the controller), gem_phy.c (the
 * link), gem_rx.c and gem_tx.c (the two directions).
 */
#ifndef DRIVERS_NET_GEM_GEM_INTERNAL_H
#define DRIVERS_NET_GEM_GEM_INTERNAL_H

#include "drivers/net/gem/gem.h"
#include "drivers/net/gem/gem_regs.h"
#include "drivers/net/mac/mac_path.h"

enum { RX_FRAME_OFFSET = 2 }; /* of a frame in its buffer: the IP header is then 4-byte aligned */

static inline struct gem *gem_of(struct mac *m)
{
	return container_of(m, struct gem, mac);
}

static inline uint32_t gem_read(const struct gem *g, uint32_t offset)
{
	return mmio_read32(g->config.base + offset);
}

static inline void gem_write(const struct gem *g, uint32_t offset, uint32_t value)
{
	mmio_write32(g->config.base + offset, value);
}

/* The place of an index in its ring. */
static inline unsigned gem_place(uint16_t index)
{
	return index % GEM_RING;
}

/* A word of a descriptor, which the controller reads and writes when it likes. */
static inline uint32_t gem_word(const uint32_t *word)
{
	return *(const volatile uint32_t *)word;
}

static inline void gem_set_word(uint32_t *word, uint32_t value)
{
	*(volatile uint32_t *)word = value;
}

/* --- gem_mac.c ------------------------------------------------------------------------------- */

/* ERR_NODEV: there is none; ERR_UNSUPPORTED: an old one. */
MUST_USE enum err gem_identify(struct mac *m);

/* The address that the loader has left there, if it is a station's. */
MUST_USE bool gem_read_address(struct gem *g);

/* Stops both directions, with interrupts off. ERR_TIMEOUT: it goes on. */
MUST_USE enum err gem_halt(struct mac *m);

/* Sets it up, after gem_halt(), with the rings as they are; both directions are off. */
void gem_reset(struct gem *g);

/* Lets both directions go; the rings are set up. */
void gem_go(struct mac *m);

/* Of struct netif: which groups are wanted. */
void gem_filter(struct netif *nif, const uint8_t group[static 6], bool wanted);

/* Adds what the controller has counted since to the interface's counters. */
void gem_count(struct gem *g);

/* --- gem_phy.c ----------------------------------------------------------------------------- */

/* What drivers/net/phy is to know. */
struct phy_config gem_phy_config(const struct gem_config *config);

/* After each look at the link: tells the controller, and counts. */
void gem_looked(struct mac *m, bool has_come);

/* --- gem_rx.c, gem_tx.c ---------------------------------------------------------------------- */

/* Sets the ring up, empty. */
void gem_rx_reset(struct gem *g);
void gem_tx_reset(struct gem *g);

/* Gives the controller buffers until it has rx_target or the pool is empty; returns how many it
 * has. */
unsigned gem_rx_fill(struct gem *g);

/* Takes all packets back from a controller that has stopped. */
void gem_rx_free(struct gem *g);
void gem_tx_free(struct gem *g);

/* Frees what the controller has sent, and wakes a sender that was refused. */
void gem_tx_reclaim(struct mac *m);

/* Lets it go on with what it was told of just when it had come to an end. */
void gem_tx_kick(struct gem *g);

struct pkt *gem_recv(struct netif *nif);
bool gem_rx_arm(struct netif *nif);
enum err gem_send(struct netif *nif, struct pkt *p);
void gem_flush(struct netif *nif);

#endif
