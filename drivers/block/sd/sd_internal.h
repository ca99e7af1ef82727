/* SPDX-License-Identifier: ISC */
/* What the sources of this folder share. */
#ifndef DRIVERS_BLOCK_SD_SD_INTERNAL_H
#define DRIVERS_BLOCK_SD_SD_INTERNAL_H

#include "drivers/block/sd/sd_card.h"

/* Commands (section 4.7.4), and those behind CMD55. */
enum {
	SD_GO_IDLE = 0,
	SD_ALL_SEND_CID = 2,
	SD_SEND_RELATIVE_ADDRESS = 3,
	SD_SWITCH_FUNCTION = 6,
	SD_SELECT_CARD = 7,
	SD_SEND_IF_COND = 8,
	SD_SEND_CSD = 9,
	SD_STOP_TRANSMISSION = 12,
	SD_SEND_STATUS = 13,
	SD_SET_BLOCKLEN = 16,
	SD_READ_SINGLE = 17,
	SD_READ_MULTIPLE = 18,
	SD_SET_BLOCK_COUNT = 23,
	SD_WRITE_SINGLE = 24,
	SD_WRITE_MULTIPLE = 25,
	SD_APP_CMD = 55,

	/* Those of an MMC that are others (JESD84-B51, section 6.10.4). */
	MMC_SEND_OP_COND = 1,
	MMC_SWITCH = 6,
	MMC_SEND_EXT_CSD = 8,

	SD_APP_SET_BUS_WIDTH = 6,
	SD_APP_SEND_OP_COND = 41,
	SD_APP_SEND_SCR = 51,
};

/* The card's status in an R1 (table 4-42). */
#define SD_STATUS_ERRORS       0xfdf98008u
#define SD_STATUS_OUT_OF_RANGE 0x80000000u
#define SD_STATUS_PROTECTED    0x04000000u
#define SD_STATUS_LOCKED       0x02000000u
#define SD_STATUS_READY        0x00000100u
#define SD_STATUS_APP_CMD      0x00000020u
#define MMC_STATUS_SWITCH      0x00000080u /* CMD6 was in vain */

#define SD_OCR_READY       0x80000000u
#define SD_OCR_BLOCK_BASED 0x40000000u /* to a card: we can; from one: it is */
#define SD_OCR_3V3         0x00300000u /* 3.2 to 3.4 V */

/* Of the start. */
enum {
	SD_COMMAND_US = 200 * US_PER_MS, /* longer than any card may take for these */
	SD_READY_US = 1 * US_PER_S,      /* until a card has left the idle state (section 4.2.3) */
	SD_ASK_AGAIN_US = 1 * US_PER_MS,
};

enum { SD_STATE_SHIFT = 9, SD_STATE_MASK = 15, SD_STATE_STANDBY = 3, SD_STATE_TRANSFER = 4 };

static inline unsigned sd_state(uint32_t status)
{
	return status >> SD_STATE_SHIFT & SD_STATE_MASK;
}

/* The address as the argument of a command. */
static inline uint32_t sd_rca(const struct sd_card *c)
{
	return (uint32_t)c->address << 16;
}

static inline struct sd_card *sd_card_of(struct block *b)
{
	return container_of(b, struct sd_card, block);
}

/* Sets up the command that goes next, without data. */
void sd_command_set(struct sd_card *c, unsigned index, uint32_t argument,
		    enum sd_response response);

/* A command without data, until it has ended; the second wants no error in its R1 (ERR_IO). */
MUST_USE enum err sd_command(struct sd_card *c, unsigned index, uint32_t argument,
			     enum sd_response response);
MUST_USE enum err sd_command_r1(struct sd_card *c, unsigned index, uint32_t argument,
				enum sd_response response);

/* Reads `bytes` into the scratch memory by a command that was set up, with an R1 as above. */
MUST_USE enum err sd_command_to_scratch(struct sd_card *c, uint32_t bytes);

void sd_pause_us(struct sd_card *c, uint32_t us);

/* From the standby to the transfer state, in sectors of 512 bytes. ERR_UNSUPPORTED: it is locked.
 */
MUST_USE enum err sd_select(struct sd_card *c);

/* As sd_identify(), of what did not answer as an SD card. */
MUST_USE enum err mmc_identify(struct sd_card *c);

/* Identifies the card and makes it ready for transfers. Waits. ERR_NODEV: there is none. */
MUST_USE enum err sd_identify(struct sd_card *c);

/* Goes on with the queue. As block_poll(). */
uint64_t sd_transfer_poll(struct sd_card *c, uint64_t now_us);

/* Ends every request with `result`. Nothing is under way. */
void sd_transfer_end_all(struct sd_card *c, enum err result);

#endif
