/* SPDX-License-Identifier: ISC */
/*
 * An SD card at the level of commands, for fakes of controllers: it keeps to the states of the
 * specification, so that what is sent in the wrong state gets no answer, and has faults on request.
 */
#ifndef TESTS_FAKES_SD_FAKE_H
#define TESTS_FAKES_SD_FAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/block/sd/sd_host.h"

enum { SD_FAKE_SECTORS = 4096, SD_FAKE_ADDRESS = 0x1234, SD_FAKE_LOG = 4096 };

struct sd_fake {
	/* What kind it is; set before it is started. */
	bool present, is_v2, is_block_based, has_set_count, has_4_bits, has_high_speed;
	bool answers_app_only; /* CMD55, but not ACMD41: an SDIO card */
	bool is_locked;
	bool is_mmc;                   /* by sd_fake_make_mmc() */
	uint16_t address;              /* of an MMC by CMD3 */
	uint32_t csd[4], ocr, if_cond; /* if_cond: what CMD8 sends back */
	uint8_t scr[8], ext_csd[512];
	unsigned busy_at_start; /* ACMD41s, or CMD1s, until it is ready */

	/* Faults. */
	unsigned damage;       /* data transfers of sectors that fail with a CRC error … */
	unsigned damage_after; /* … after so many good ones */
	unsigned silence;      /* data transfers that never come */
	unsigned busy_polls;   /* CMD13s after each write that say that it is still programming */
	uint32_t status_bits;  /* in the next R1s of transfers of sectors, so many of them */
	unsigned status_times;
	uint32_t stop_bits;         /* in each answer to CMD12 */
	unsigned refused_byte;      /* of the extended CSD: a CMD6 for it ends with SWITCH_ERROR */
	unsigned busy_after_switch; /* CMD13s after each CMD6 that say that it is under way */

	/* Its state. */
	unsigned state;
	bool app, high_speed, switch_error;
	unsigned width, programming;
	uint32_t count; /* by CMD23, or 0 */
	uint64_t sector;
	unsigned kind; /* of the data under way */
	uint8_t status[64];
	uint8_t memory[SD_FAKE_SECTORS * 512];

	/* What it was sent: commands, and 0x40 + n for application-specific ones. */
	uint8_t log[SD_FAKE_LOG];
	uint32_t argument[SD_FAKE_LOG];
	unsigned logged;
};

extern struct sd_fake sd_fake;

/* A card of 2 MiB that is in the slot, and has all that cards have today. */
void sd_fake_init(void);

/* The card is an eMMC of version 5.1 instead, of `sectors` that it counts, or of as many bytes. Its
 * memory comes again and again. */
void sd_fake_make_mmc(uint32_t sectors, bool is_block_based);

/* The CSD of a card of `sectors` for the kind that it is. */
void sd_fake_set_csd(uint64_t sectors);

/* Sends a command. ERR_TIMEOUT: no answer. */
enum err sd_fake_command(unsigned index, uint32_t argument, uint32_t answer[static 4]);

/* The next block of the transfer, in either direction. ERR_IO: its checksum is wrong; ERR_AGAIN: it
 * does not come. */
enum err sd_fake_block(uint8_t *bytes, unsigned len, bool writes);

/* The data are over, without a CMD12. */
void sd_fake_data_end(void);

/* How often command `index` was sent. */
unsigned sd_fake_count(unsigned index);

#endif
