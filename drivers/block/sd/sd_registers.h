/* SPDX-License-Identifier: ISC */
/*
 * What a card says of itself, in the registers that it is asked for: CSD, SCR and the status of a
 * switch (SD Physical Layer Simplified Specification 6.00, sections 5.3, 5.6 and 4.3.10), and the
 * CSD and extended CSD of an MMC (JESD84-B51, sections 7.3 and 7.4). Parsers without state; each
 * field that anything follows from is checked.
 */
#ifndef DRIVERS_BLOCK_SD_SD_REGISTERS_H
#define DRIVERS_BLOCK_SD_SD_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum { SD_SECTOR_BYTES = 512, SD_SCR_BYTES = 8, SD_SWITCH_BYTES = 64, MMC_EXT_CSD_BYTES = 512 };

struct sd_csd {
	uint64_t sectors;
	uint32_t hz;         /* of the bus, before high speed */
	bool can_write;      /* has the commands for it, and is not protected */
	bool can_switch;     /* knows CMD6 */
	bool is_block_based; /* SDHC and SDXC: arguments count sectors */
};

/*
 * The CSD as the four words of an R2 answer. ERR_UNSUPPORTED: a card of a newer kind, or without
 * the commands to read blocks; ERR_INVALID: a value that the specification does not have.
 */
MUST_USE enum err sd_csd_parse(struct sd_csd *csd, const uint32_t answer[static 4]);

struct sd_scr {
	bool has_4_bits;
	bool has_switch;    /* CMD6: from version 1.10 on */
	bool has_set_count; /* CMD23 */
};

MUST_USE enum err sd_scr_parse(struct sd_scr *scr, const uint8_t bytes[static SD_SCR_BYTES]);

struct mmc_csd {
	uint64_t sectors;   /* of one that counts bytes */
	uint32_t hz;        /* of the bus, before high speed */
	bool can_write;     /* has the commands for it, and is not protected */
	bool is_version_4;  /* has an extended CSD, CMD6 and CMD23 */
	bool is_in_ext_csd; /* the version of the CSD's structure */
};

/* As sd_csd_parse(). */
MUST_USE enum err mmc_csd_parse(struct mmc_csd *csd, const uint32_t answer[static 4]);

struct mmc_ext_csd {
	uint64_t sectors;    /* not 0, of one that counts sectors; else it says nothing */
	bool has_high_speed; /* 52 MHz */
};

/*
 * The extended CSD of a device whose CSD is `csd` and that counts sectors, or not.
 * ERR_UNSUPPORTED: its sectors are not of 512 bytes, or its CSD is of a newer kind; ERR_INVALID: a
 * value that the specification does not have.
 */
MUST_USE enum err mmc_ext_csd_parse(struct mmc_ext_csd *ext, const struct mmc_csd *csd,
				    bool is_block_based,
				    const uint8_t bytes[static MMC_EXT_CSD_BYTES]);

/* Whether the status of CMD6 says that high speed can be had, and that it was chosen. */
bool sd_switch_offers_high_speed(const uint8_t status[static SD_SWITCH_BYTES]);
bool sd_switch_chose_high_speed(const uint8_t status[static SD_SWITCH_BYTES]);

#endif
