/* SPDX-License-Identifier: ISC */
/*
 * From a card that was just given power to one that moves data (sections 4.2 and 4.3). It is
 * straight-line code that waits, as a start may.
 */
#include "drivers/block/sd/sd_internal.h"

enum {
	IF_COND_3V3 = 0x100, /* 2.7 to 3.6 V, and a pattern that comes back */
	IF_COND_PATTERN = 0xaa,
	IF_COND_MASK = 0xfff,

	HZ_HIGH_SPEED = 50000000,
};

#define SWITCH_CHECK     0x00fffff1u /* group 1 to function 1, the others as they are */
#define SWITCH_SET       0x80fffff1u
#define BUS_WIDTH_4_BITS 2u

/* CMD55: the next command is an application-specific one (section 4.3.9). */
static enum err announce(struct sd_card *c)
{
	enum err e = sd_command(c, SD_APP_CMD, sd_rca(c), SD_R1);

	return e == OK && (c->command.answer[0] & SD_STATUS_APP_CMD) == 0 ? ERR_IO : e;
}

/* Whether the card knows CMD8: version 2 of the specification. ERR_IO: it knows it, and cannot work
 * at our voltage. */
static enum err ask_version(struct sd_card *c, bool *is_v2)
{
	enum err e = sd_command(c, SD_SEND_IF_COND, IF_COND_3V3 | IF_COND_PATTERN, SD_R1);

	*is_v2 = e == OK;
	if (e == ERR_TIMEOUT)
		return OK;
	if (e == OK && (c->command.answer[0] & IF_COND_MASK) != (IF_COND_3V3 | IF_COND_PATTERN))
		return ERR_IO;
	return e;
}

/* ACMD41. ERR_NODEV: nothing answers, or an MMC, which does not know CMD55 now; ERR_UNSUPPORTED:
 * what answers that alone, or CMD8 alone, is no SD memory card. */
static enum err ask_condition(struct sd_card *c, bool is_v2)
{
	enum err e = announce(c);

	if (e == ERR_TIMEOUT)
		return is_v2 ? ERR_UNSUPPORTED : ERR_NODEV;
	if (e == OK)
		e = sd_command(c, SD_APP_SEND_OP_COND,
			       SD_OCR_3V3 | (is_v2 ? SD_OCR_BLOCK_BASED : 0), SD_R3);
	return e == ERR_TIMEOUT ? ERR_UNSUPPORTED : e;
}

/* ACMD41, which was answered once, until the card is ready. */
static enum err wait_until_ready(struct sd_card *c, bool is_v2)
{
	uint64_t end = timer_now_us(c->host->timer) + SD_READY_US;
	uint32_t ocr;

	while (((ocr = c->command.answer[0]) & SD_OCR_READY) == 0) {
		enum err e;

		if (timer_now_us(c->host->timer) >= end)
			return ERR_TIMEOUT;
		sd_pause_us(c, SD_ASK_AGAIN_US);
		e = ask_condition(c, is_v2);
		if (e != OK)
			return e;
	}
	if ((ocr & SD_OCR_3V3) == 0)
		return ERR_UNSUPPORTED;
	c->is_block_based = is_v2 && (ocr & SD_OCR_BLOCK_BASED) != 0;
	return OK;
}

static enum err take_address(struct sd_card *c)
{
	enum err e = sd_command(c, SD_ALL_SEND_CID, 0, SD_R2);

	if (e == OK)
		e = sd_command(c, SD_SEND_RELATIVE_ADDRESS, 0, SD_R1);
	if (e != OK)
		return e;
	c->address = (uint16_t)(c->command.answer[0] >> 16);
	return c->address != 0 ? OK : ERR_IO; /* 0 is the address of all (section 4.8.2) */
}

static enum err read_csd(struct sd_card *c, struct sd_csd *csd)
{
	enum err e = sd_command(c, SD_SEND_CSD, sd_rca(c), SD_R2);

	if (e == OK)
		e = sd_csd_parse(csd, c->command.answer);
	if (e != OK)
		return e;
	/* The card says twice how it is addressed: the two must agree. */
	if (csd->is_block_based != c->is_block_based)
		return ERR_INVALID;
	c->block.sectors = csd->sectors;
	c->block.read_only = !csd->can_write;
	return OK;
}

enum err sd_select(struct sd_card *c)
{
	enum err e = sd_command_r1(c, SD_SELECT_CARD, sd_rca(c), SD_R1B);

	if (e == OK && (c->command.answer[0] & SD_STATUS_LOCKED) != 0)
		return ERR_UNSUPPORTED; /* by a password */
	return e == OK ? sd_command_r1(c, SD_SET_BLOCKLEN, SD_SECTOR_BYTES, SD_R1) : e;
}

static enum err read_scr(struct sd_card *c, struct sd_scr *scr)
{
	enum err e = announce(c);

	if (e != OK)
		return e;
	sd_command_set(c, SD_APP_SEND_SCR, 0, SD_R1);
	e = sd_command_to_scratch(c, SD_SCR_BYTES);
	return e == OK ? sd_scr_parse(scr, c->scratch) : e;
}

static enum err widen(struct sd_card *c)
{
	enum err e = announce(c);

	if (e == OK)
		e = sd_command_r1(c, SD_APP_SET_BUS_WIDTH, BUS_WIDTH_4_BITS, SD_R1);
	if (e == OK)
		sd_host_set_width(c->host, 4);
	return e;
}

static enum err switch_function(struct sd_card *c, uint32_t argument)
{
	sd_command_set(c, SD_SWITCH_FUNCTION, argument, SD_R1);
	return sd_command_to_scratch(c, SD_SWITCH_BYTES);
}

/* Section 4.3.10. A card without it stays at the speed of its CSD. */
static enum err speed_up(struct sd_card *c)
{
	enum err e = switch_function(c, SWITCH_CHECK);

	if (e != OK || !sd_switch_offers_high_speed(c->scratch))
		return e;
	e = switch_function(c, SWITCH_SET);
	if (e != OK || !sd_switch_chose_high_speed(c->scratch))
		return e;
	return sd_host_set_clock(c->host, MIN(HZ_HIGH_SPEED, c->host->hz_max));
}

static enum err set_up_bus(struct sd_card *c, const struct sd_csd *csd)
{
	struct sd_scr scr = {0};
	enum err e = sd_host_set_clock(c->host, MIN(csd->hz, c->host->hz_max));

	if (e == OK)
		e = sd_select(c);
	if (e == OK)
		e = read_scr(c, &scr);
	if (e == OK && scr.has_4_bits && !c->host->has_one_line)
		e = widen(c);
	if (e == OK && scr.has_switch && csd->can_switch)
		e = speed_up(c);
	if (e == OK)
		c->has_set_count = scr.has_set_count;
	return e;
}

/* The rest, of a card that has answered ACMD41. */
static enum err identify_sd(struct sd_card *c, bool is_v2)
{
	struct sd_csd csd = {0};
	enum err e = wait_until_ready(c, is_v2);

	if (e == OK)
		e = take_address(c);
	if (e == OK)
		e = read_csd(c, &csd);
	return e == OK ? set_up_bus(c, &csd) : e;
}

enum err sd_identify(struct sd_card *c)
{
	bool is_v2 = false;
	enum err e, mmc;

	if (!sd_host_has_card(c->host))
		return ERR_NODEV;
	e = sd_command(c, SD_GO_IDLE, 0, SD_NO_RESPONSE);
	if (e == OK)
		e = ask_version(c, &is_v2);
	if (e == OK)
		e = ask_condition(c, is_v2);
	if (e == OK)
		return identify_sd(c, is_v2);
	/* No MMC answers CMD8 here, but an old one may answer CMD55. */
	if (is_v2 || (e != ERR_NODEV && e != ERR_UNSUPPORTED))
		return e;
	mmc = mmc_identify(c);
	return mmc == ERR_NODEV ? e : mmc;
}
