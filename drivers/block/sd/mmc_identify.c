/* SPDX-License-Identifier: ISC */
/*
 * From an MMC that was just given power to one that moves data (JESD84-B51, which all sections here
 * are of). It is straight-line code that waits, as a start may.
 */
#include "drivers/block/sd/sd_internal.h"

enum {
	ADDRESS = 1, /* it is we who give it; 0 is reserved (section 7.5) */

	/* Bytes of the extended CSD, and what is written to them (section 7.4). */
	BUS_WIDTH = 183,
	BUS_WIDTH_4_BITS = 1,
	HS_TIMING = 185,
	HS_TIMING_HIGH_SPEED = 1,

	HZ_HIGH_SPEED = 52000000,
};

/* CMD1 until the device is ready (section 6.4.3). ERR_NODEV: nothing answers. */
static enum err wait_until_ready(struct sd_card *c)
{
	uint64_t end = timer_now_us(c->host->timer) + SD_READY_US;
	enum err e = sd_command(c, MMC_SEND_OP_COND, SD_OCR_3V3 | SD_OCR_BLOCK_BASED, SD_R3);

	if (e == ERR_TIMEOUT)
		return ERR_NODEV;
	while (e == OK && (c->command.answer[0] & SD_OCR_READY) == 0) {
		if (timer_now_us(c->host->timer) >= end)
			return ERR_TIMEOUT;
		sd_pause_us(c, SD_ASK_AGAIN_US);
		e = sd_command(c, MMC_SEND_OP_COND, SD_OCR_3V3 | SD_OCR_BLOCK_BASED, SD_R3);
	}
	return e;
}

/* What the OCR says of a device that is ready (section 7.1). */
static enum err take_condition(struct sd_card *c)
{
	enum { ACCESS_SHIFT = 29, ACCESS_MASK = 3, ACCESS_BYTES = 0, ACCESS_SECTORS = 2 };
	uint32_t ocr = c->command.answer[0], access = ocr >> ACCESS_SHIFT & ACCESS_MASK;

	if ((ocr & SD_OCR_3V3) == 0 || (access != ACCESS_BYTES && access != ACCESS_SECTORS))
		return ERR_UNSUPPORTED;
	c->is_block_based = access == ACCESS_SECTORS;
	return OK;
}

static enum err give_address(struct sd_card *c)
{
	enum err e = sd_command(c, SD_ALL_SEND_CID, 0, SD_R2);

	c->address = ADDRESS;
	return e == OK ? sd_command_r1(c, SD_SEND_RELATIVE_ADDRESS, sd_rca(c), SD_R1) : e;
}

static enum err read_csd(struct sd_card *c, struct mmc_csd *csd)
{
	enum err e = sd_command(c, SD_SEND_CSD, sd_rca(c), SD_R2);

	if (e == OK)
		e = mmc_csd_parse(csd, c->command.answer);
	if (e != OK)
		return e;
	/* Only version 4.2 has begun to count sectors: the two must agree. */
	if (c->is_block_based && !csd->is_version_4)
		return ERR_INVALID;
	c->block.sectors = csd->sectors;
	c->block.read_only = !csd->can_write;
	return OK;
}

/* In the transfer state: CMD8 in the idle state is the question that SD cards answer. */
static enum err read_ext_csd(struct sd_card *c, const struct mmc_csd *csd, struct mmc_ext_csd *ext)
{
	enum err e;

	sd_command_set(c, MMC_SEND_EXT_CSD, 0, SD_R1);
	e = sd_command_to_scratch(c, MMC_EXT_CSD_BYTES);
	if (e == OK)
		e = mmc_ext_csd_parse(ext, csd, c->is_block_based, c->scratch);
	if (e == OK && c->is_block_based)
		c->block.sectors = ext->sectors;
	return e;
}

/* CMD13 until the device has done what CMD6 says; `*is_done` is false if it has refused to. */
static enum err wait_for_switch(struct sd_card *c, bool *is_done)
{
	uint64_t end = timer_now_us(c->host->timer) + SD_COMMAND_US;
	uint32_t refused = 0;

	for (;;) {
		enum err e = sd_command(c, SD_SEND_STATUS, sd_rca(c), SD_R1);
		uint32_t status = c->command.answer[0];

		if (e != OK)
			return e;
		/* To be read is what clears it. */
		refused |= status & (MMC_STATUS_SWITCH | SD_STATUS_ERRORS);
		if (sd_state(status) == SD_STATE_TRANSFER && (status & SD_STATUS_READY) != 0)
			break;
		if (timer_now_us(c->host->timer) >= end)
			return ERR_TIMEOUT;
		sd_pause_us(c, SD_ASK_AGAIN_US);
	}
	*is_done = refused == 0;
	return OK;
}

/* CMD6: writes a byte of the extended CSD (section 6.6.1). */
static enum err write_ext_csd(struct sd_card *c, unsigned index, unsigned value, bool *is_done)
{
	enum { WRITE_BYTE = 3, ACCESS_SHIFT = 24, INDEX_SHIFT = 16, VALUE_SHIFT = 8 };
	uint32_t argument = (uint32_t)WRITE_BYTE << ACCESS_SHIFT | index << INDEX_SHIFT |
			    value << VALUE_SHIFT;
	enum err e = sd_command(c, MMC_SWITCH, argument, SD_R1B);
	bool is_refused = (c->command.answer[0] & SD_STATUS_ERRORS) != 0;

	if (e == OK)
		e = wait_for_switch(c, is_done);
	*is_done = *is_done && !is_refused;
	return e;
}

/* One that refuses stays as it is, which works as well. */
static enum err widen(struct sd_card *c)
{
	bool is_done = false;
	enum err e = write_ext_csd(c, BUS_WIDTH, BUS_WIDTH_4_BITS, &is_done);

	if (e == OK && is_done)
		sd_host_set_width(c->host, 4);
	return e;
}

static enum err speed_up(struct sd_card *c)
{
	bool is_done = false;
	enum err e = write_ext_csd(c, HS_TIMING, HS_TIMING_HIGH_SPEED, &is_done);

	if (e != OK || !is_done)
		return e;
	return sd_host_set_clock(c->host, MIN(HZ_HIGH_SPEED, c->host->hz_max));
}

static enum err set_up_bus(struct sd_card *c, const struct mmc_csd *csd)
{
	struct mmc_ext_csd ext = {0};
	enum err e = sd_host_set_clock(c->host, MIN(csd->hz, c->host->hz_max));

	if (e == OK)
		e = sd_select(c);
	if (e != OK || !csd->is_version_4)
		return e;
	c->has_set_count = true;
	e = read_ext_csd(c, csd, &ext);
	if (e == OK && !c->host->has_one_line)
		e = widen(c);
	if (e == OK && ext.has_high_speed)
		e = speed_up(c);
	return e;
}

enum err mmc_identify(struct sd_card *c)
{
	struct mmc_csd csd = {0};
	enum err e = sd_command(c, SD_GO_IDLE, 0, SD_NO_RESPONSE);

	if (e == OK)
		e = wait_until_ready(c);
	if (e == OK)
		e = take_condition(c);
	if (e == OK)
		e = give_address(c);
	if (e == OK)
		e = read_csd(c, &csd);
	return e == OK ? set_up_bus(c, &csd) : e;
}
