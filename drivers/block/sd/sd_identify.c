/* SPDX-License-Identifier: ISC */
/*
 * From a card that was just given power to one that moves data (sections 4.2 and 4.3). It is
 * straight-line code that waits, as a start may.
 */
#include "drivers/block/sd/sd_internal.h"

#include "arch/barrier.h"

enum {
	COMMAND_US = 200 * US_PER_MS, /* longer than any card may take for these */
	READY_US = 1 * US_PER_S,      /* until a card has left the idle state (section 4.2.3) */
	ASK_AGAIN_US = 1 * US_PER_MS,

	IF_COND_3V3 = 0x100, /* 2.7 to 3.6 V, and a pattern that comes back */
	IF_COND_PATTERN = 0xaa,
	IF_COND_MASK = 0xfff,

	HZ_HIGH_SPEED = 50000000,
};

#define OCR_READY        0x80000000u
#define OCR_BLOCK_BASED  0x40000000u /* to a card: we can; from one: it is */
#define OCR_3V3          0x00300000u /* 3.2 to 3.4 V */
#define SWITCH_CHECK     0x00fffff1u /* group 1 to function 1, the others as they are */
#define SWITCH_SET       0x80fffff1u
#define BUS_WIDTH_4_BITS 2u

/* Runs the command that was set up. Its errors, and ERR_INVALID if an R1 has any. */
static enum err run(struct sd_card *c)
{
	uint64_t end = timer_now_us(c->host->timer) + COMMAND_US;
	enum err e;

	sd_host_begin(c->host, &c->command);
	while ((e = sd_host_poll(c->host)) == ERR_AGAIN) {
		if (timer_now_us(c->host->timer) >= end) {
			sd_host_cancel(c->host);
			return ERR_TIMEOUT;
		}
		cpu_relax();
	}
	return e;
}

static enum err command(struct sd_card *c, unsigned index, uint32_t argument,
			enum sd_response response)
{
	sd_command_set(c, index, argument, response);
	return run(c);
}

/* One with an R1, of which no error may be set. */
static enum err command_r1(struct sd_card *c, unsigned index, uint32_t argument,
			   enum sd_response response)
{
	enum err e = command(c, index, argument, response);

	return e == OK && (c->command.answer[0] & SD_STATUS_ERRORS) != 0 ? ERR_IO : e;
}

static uint32_t rca(const struct sd_card *c)
{
	return (uint32_t)c->address << 16;
}

/* CMD55: the next command is an application-specific one (section 4.3.9). */
static enum err announce(struct sd_card *c)
{
	enum err e = command(c, SD_APP_CMD, rca(c), SD_R1);

	return e == OK && (c->command.answer[0] & SD_STATUS_APP_CMD) == 0 ? ERR_IO : e;
}

/* Reads `bytes` into the scratch memory by a command that was set up. */
static enum err run_to_scratch(struct sd_card *c, uint32_t bytes)
{
	enum err e;

	c->command.data = c->scratch;
	c->command.blocks = 1;
	c->command.block_bytes = bytes;
	e = run(c);
	return e == OK && (c->command.answer[0] & SD_STATUS_ERRORS) != 0 ? ERR_IO : e;
}

static void pause_us(struct sd_card *c, uint32_t us)
{
	uint64_t end = timer_now_us(c->host->timer) + us;

	while (timer_now_us(c->host->timer) < end)
		cpu_relax();
}

/* Whether the card knows CMD8: version 2 of the specification. ERR_IO: it knows it, and cannot work
 * at our voltage. */
static enum err ask_version(struct sd_card *c, bool *is_v2)
{
	enum err e = command(c, SD_SEND_IF_COND, IF_COND_3V3 | IF_COND_PATTERN, SD_R1);

	*is_v2 = e == OK;
	if (e == ERR_TIMEOUT)
		return OK;
	if (e == OK && (c->command.answer[0] & IF_COND_MASK) != (IF_COND_3V3 | IF_COND_PATTERN))
		return ERR_IO;
	return e;
}

/* ACMD41 until the card is ready. ERR_NODEV: nothing answers. */
static enum err wait_until_ready(struct sd_card *c, bool is_v2)
{
	uint64_t end = timer_now_us(c->host->timer) + READY_US;
	uint32_t argument = OCR_3V3 | (is_v2 ? OCR_BLOCK_BASED : 0), ocr;

	for (bool first = true;; first = false) {
		enum err e = announce(c);

		if (e == ERR_TIMEOUT && first && !is_v2)
			return ERR_NODEV;
		if (e == OK)
			e = command(c, SD_APP_SEND_OP_COND, argument, SD_R3);
		/* What answers CMD55 alone is no SD memory card: an MMC, or SDIO. */
		if (e == ERR_TIMEOUT && first)
			return ERR_UNSUPPORTED;
		if (e != OK)
			return e;
		ocr = c->command.answer[0];
		if ((ocr & OCR_READY) != 0)
			break;
		if (timer_now_us(c->host->timer) >= end)
			return ERR_TIMEOUT;
		pause_us(c, ASK_AGAIN_US);
	}
	if ((ocr & OCR_3V3) == 0)
		return ERR_UNSUPPORTED;
	c->is_block_based = is_v2 && (ocr & OCR_BLOCK_BASED) != 0;
	return OK;
}

static enum err take_address(struct sd_card *c)
{
	enum err e = command(c, SD_ALL_SEND_CID, 0, SD_R2);

	if (e == OK)
		e = command(c, SD_SEND_RELATIVE_ADDRESS, 0, SD_R1);
	if (e != OK)
		return e;
	c->address = (uint16_t)(c->command.answer[0] >> 16);
	return c->address != 0 ? OK : ERR_IO; /* 0 is the address of all (section 4.8.2) */
}

static enum err read_csd(struct sd_card *c, struct sd_csd *csd)
{
	enum err e = command(c, SD_SEND_CSD, rca(c), SD_R2);

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

static enum err select_card(struct sd_card *c)
{
	enum err e = command_r1(c, SD_SELECT_CARD, rca(c), SD_R1B);

	if (e == OK && (c->command.answer[0] & SD_STATUS_LOCKED) != 0)
		return ERR_UNSUPPORTED; /* by a password */
	return e == OK ? command_r1(c, SD_SET_BLOCKLEN, SD_SECTOR_BYTES, SD_R1) : e;
}

static enum err read_scr(struct sd_card *c, struct sd_scr *scr)
{
	enum err e = announce(c);

	if (e != OK)
		return e;
	sd_command_set(c, SD_APP_SEND_SCR, 0, SD_R1);
	e = run_to_scratch(c, SD_SCR_BYTES);
	return e == OK ? sd_scr_parse(scr, c->scratch) : e;
}

static enum err widen(struct sd_card *c)
{
	enum err e = announce(c);

	if (e == OK)
		e = command_r1(c, SD_APP_SET_BUS_WIDTH, BUS_WIDTH_4_BITS, SD_R1);
	if (e == OK)
		sd_host_set_width(c->host, 4);
	return e;
}

static enum err switch_function(struct sd_card *c, uint32_t argument)
{
	sd_command_set(c, SD_SWITCH_FUNCTION, argument, SD_R1);
	return run_to_scratch(c, SD_SWITCH_BYTES);
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
		e = select_card(c);
	if (e == OK)
		e = read_scr(c, &scr);
	if (e == OK && scr.has_4_bits)
		e = widen(c);
	if (e == OK && scr.has_switch && csd->can_switch)
		e = speed_up(c);
	if (e == OK)
		c->has_set_count = scr.has_set_count;
	return e;
}

enum err sd_identify(struct sd_card *c)
{
	struct sd_csd csd = {0};
	bool is_v2 = false;
	enum err e;

	if (!sd_host_has_card(c->host))
		return ERR_NODEV;
	e = command(c, SD_GO_IDLE, 0, SD_NO_RESPONSE);
	if (e == OK)
		e = ask_version(c, &is_v2);
	if (e == OK)
		e = wait_until_ready(c, is_v2);
	if (e == OK)
		e = take_address(c);
	if (e == OK)
		e = read_csd(c, &csd);
	if (e == OK)
		e = set_up_bus(c, &csd);
	return e;
}
