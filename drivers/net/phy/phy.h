/* SPDX-License-Identifier: ISC */
/*
 * An Ethernet PHY by its management interface (IEEE 802.3 clause 22), for the drivers of MACs: it
 * is found, reset, told what to offer, and its link is followed.
 *
 * It is a state machine without I/O of its own: two functions of the MAC's driver read and write a
 * register, and that driver calls phy_poll() when the time has come that phy_poll() said last, or
 * sooner, as when the PHY's interrupt says that something is new. No call waits: a PHY in its reset
 * is looked at again later. Each poll is a few registers, 26 us each on the wire, and all 32
 * addresses only where the address is not known.
 *
 * One that does not answer, or does not come out of its reset within the half second that clause
 * 22.2.4.1.1 gives it, is complained of once, and looked for again for ever: from its beginning,
 * since it may be another one. A link that is lost, be it for a moment between two polls, is down
 * for one poll at least, so that whoever stands above notices; a negotiation that does not end
 * though there is a link is begun anew.
 *
 * The struct is the caller's, lives as long as its interface and belongs to the event loop; nothing
 * here is called from interrupts.
 */
#ifndef DRIVERS_NET_PHY_PHY_H
#define DRIVERS_NET_PHY_PHY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	PHY_ADDRESSES = 32,
	PHY_ADDRESS_ANY = PHY_ADDRESSES, /* the first that answers */

	PHY_UP_US = 1000 * 1000,        /* from one look at a link to the next */
	PHY_DOWN_US = 250 * 1000,       /* and while there is none */
	PHY_RESET_POLL_US = 1000,       /* and while it is in its reset */
	PHY_RESET_US = 500 * 1000,      /* which may take so long */
	PHY_NEGOTIATE_US = 8000 * 1000, /* with a link, before it is asked to begin anew */
};

/* What a MAC can do, and so what is offered to the partner. */
enum phy_ability {
	PHY_10_HALF = 1 << 0,
	PHY_10_FULL = 1 << 1,
	PHY_100_HALF = 1 << 2,
	PHY_100_FULL = 1 << 3,
	PHY_1000_HALF = 1 << 4,
	PHY_1000_FULL = 1 << 5,
	PHY_PAUSE = 1 << 6, /* it heeds pause frames, and sends them */
	PHY_PAUSE_ASYM =
		1 << 7, /* either alone will do: with PHY_PAUSE heeding, without it sending */
	PHY_10_100 = PHY_10_HALF | PHY_10_FULL | PHY_100_HALF | PHY_100_FULL,
};

/* What was negotiated. */
struct phy_link {
	uint16_t mbit; /* 10, 100, 1000 */
	bool full_duplex;
	bool rx_pause; /* the partner may ask us to pause */
	bool tx_pause; /* and we it */
};

struct phy;

struct phy_config {
	/*
	 * Registers 0 to 31 of the PHY at address 0 to 31, which wait for a bounded time. ERR_IO:
	 * nobody answers there; any other error: the interface itself does not work.
	 */
	enum err (*read)(void *mac, unsigned address, unsigned reg, uint16_t *value);
	enum err (*write)(void *mac, unsigned address, unsigned reg, uint16_t value);
	/* What this kind needs after its reset, by phy_read() and so on; or NULL. */
	enum err (*setup)(struct phy *p);
	uint8_t address; /* or PHY_ADDRESS_ANY */
	uint8_t offers;  /* enum phy_ability */
};

enum phy_state {
	PHY_SEARCHED, /* not found, or lost */
	PHY_RESETTING,
	PHY_NEGOTIATING,
	PHY_UP,
};

struct phy {
	const struct phy_config *config;
	void *mac;
	const char *name; /* of the interface */
	enum phy_state state;
	uint8_t address; /* where it was found */
	uint8_t offers;
	bool complained;        /* of its silence */
	bool again;             /* it is to negotiate anew */
	uint32_t id;            /* registers 2 and 3 */
	uint64_t deadline_us;   /* of the reset, or of the negotiation */
	uint64_t due_us;        /* when to poll next */
	struct phy_link link;   /* valid while it is up */
	uint32_t links, losses; /* how often it came and went */
};

/* Nothing is touched before the first poll. `mac` goes to the functions of `config`. */
void phy_init(struct phy *p, const struct phy_config *config, void *mac, const char *name);

/*
 * Does what is due, at most a few registers, logs a link that comes or goes, and sets due_us. True
 * if it has come or gone, or come back otherwise: the MAC is to be told.
 */
MUST_USE bool phy_poll(struct phy *p, uint64_t now_us);

static inline bool phy_is_up(const struct phy *p)
{
	return p->state == PHY_UP;
}

/*
 * Negotiates anew, offering `offers` from now on (those of the config and others): the link goes
 * down with the next poll, which is due now.
 */
void phy_renegotiate(struct phy *p, uint8_t offers);

/* Forgets the PHY, as after a reset of the MAC: the next poll, due now, looks for it. */
void phy_restart(struct phy *p);

/* --- for setup functions ---------------------------------------------------------------------- */

MUST_USE enum err phy_read(const struct phy *p, unsigned reg, uint16_t *value);
MUST_USE enum err phy_write(const struct phy *p, unsigned reg, uint16_t value);

/* The same for a register of clause 45's `device` (annex 22D). */
MUST_USE enum err phy_mmd_read(const struct phy *p, unsigned device, unsigned reg, uint16_t *value);
MUST_USE enum err phy_mmd_write(const struct phy *p, unsigned device, unsigned reg, uint16_t value);

#endif
