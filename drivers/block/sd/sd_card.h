/* SPDX-License-Identifier: ISC */
/*
 * An SD card or an MMC as a block device, on the bus of any struct sd_host: SDSC, SDHC and SDXC (SD
 * Physical Layer Simplified Specification 6.00, which sections without a name are of), and MMC and
 * eMMC (JESD84-B51), of which it uses the user area, over 4 lines at most, at 3.3 V.
 *
 * block_start() identifies the card and waits for it, two seconds at most; a slot without a card
 * is noticed within two milliseconds as a rule. Requests are done one after the other, in pieces of
 * what the controller can count. One that fails, by a checksum, a silence or what the card says, is
 * stopped and tried again, three times in all; then it ends with ERR_IO, or with ERR_READONLY if
 * the card calls itself protected. A card that does not even tell its state is gone: every request
 * ends with ERR_NODEV until block_start() finds one again.
 *
 * A write ends when the card has stored it, so that a flush only waits for its turn.
 *
 * The struct belongs to the caller and lives as long as the card is started. What a card says is
 * hostile: sizes are checked, waits bounded. Event loop and start-up only.
 */
#ifndef DRIVERS_BLOCK_SD_SD_CARD_H
#define DRIVERS_BLOCK_SD_SD_CARD_H

#include "drivers/block/sd/sd_host.h"
#include "drivers/block/sd/sd_registers.h"
#include "hal/block.h"

struct sd_stats {
	uint64_t sectors_read, sectors_written;
	uint32_t damaged; /* commands or data whose checksum was wrong */
	uint32_t silent;  /* commands or data that did not come */
	uint32_t refused; /* commands that the card answered with an error */
	uint32_t tried_again;
	uint32_t given_up; /* requests */
};

/* What is under way for the first request of the queue. */
enum sd_step { SD_IDLE, SD_SET_COUNT, SD_MOVE, SD_STOP, SD_STATUS, SD_PAUSE };

struct sd_card {
	struct block block;
	struct sd_host *host;
	struct list queue; /* of struct block_request; the first is under way */
	struct sd_command command;
	struct sd_stats stats;
	uint64_t deadline_us;    /* of the command under way */
	uint64_t busy_until_us;  /* when a card that is still busy is given up */
	uint64_t pause_until_us; /* until it is asked again */
	uint32_t done, piece;    /* sectors of the request: done, and in the command */
	uint16_t address;        /* RCA: the card's on the bus */
	uint8_t step;            /* enum sd_step */
	uint8_t tries;           /* of the piece */
	uint8_t unanswered;      /* questions for its state, in a row */
	enum err failed;         /* why the piece is being stopped, or OK */
	bool present;
	bool is_block_based, has_set_count;
	ALIGNED(CACHE_LINE_BYTES) uint8_t scratch[MMC_EXT_CSD_BYTES];
};

/* Prepares a card on `host`; `name` outlives it. Touches nothing before the start. */
struct block *sd_card_init(struct sd_card *c, struct sd_host *host, const char *name);

#endif
