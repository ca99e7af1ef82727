/* SPDX-License-Identifier: ISC */
#include "tests/fakes/sd_fake.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

enum { IDLE, READY, IDENTIFIED, STANDBY, TRANSFER, SENDING, RECEIVING, PROGRAMMING };
enum { NO_DATA, SECTORS, SCR, SWITCH, EXT_CSD };
enum { APP = 0x40 };

#define ILLEGAL 0x00400000u

struct sd_fake sd_fake;

void sd_fake_set_csd(uint64_t sectors)
{
	struct sd_fake *f = &sd_fake;

	if (f->is_block_based) {
		uint32_t size = (uint32_t)(sectors / 1024 - 1);

		/* Version 2; 25 MHz; classes 2, 4, 10 and others; blocks of 512. */
		f->csd[0] = 0x400e0032;
		f->csd[1] = 0x5b590000 | size >> 16;
		f->csd[2] = (size & 0xffff) << 16 | 0x7f80;
		f->csd[3] = 0x0a400000;
	} else {
		/* Version 1: (size + 1) * 2^(7 + 2) blocks of 512. */
		uint32_t size = (uint32_t)(sectors / 512 - 1);

		f->csd[0] = 0x002e0032;
		f->csd[1] = 0x5b590000 | size >> 2;
		f->csd[2] = (size & 3) << 30 | 7u << 15;
		f->csd[3] = 0x0a400000;
	}
}

void sd_fake_init(void)
{
	sd_fake = (struct sd_fake){
		.present = true,
		.is_v2 = true,
		.is_block_based = true,
		.has_set_count = true,
		.has_4_bits = true,
		.has_high_speed = true,
		.address = SD_FAKE_ADDRESS,
		.ocr = 0xc0ff8000,
		.if_cond = 0x1aa,
		.scr = {0x02, 0x35, 0x80, 0x02},
		.busy_at_start = 2,
	};
	sd_fake_set_csd(SD_FAKE_SECTORS);
	for (unsigned i = 0; i < sizeof(sd_fake.memory); i++)
		sd_fake.memory[i] = (uint8_t)(i / 512 * 3 + i);
}

/* A CSD of the MMC kind: version 4, 26 MHz, of which what counts sectors has the largest size. */
void sd_fake_make_mmc(uint32_t sectors, bool is_block_based)
{
	struct sd_fake *f = &sd_fake;
	uint32_t size = is_block_based ? 4095 : sectors / 512 - 1;

	f->is_mmc = true;
	f->is_v2 = false;
	f->is_block_based = is_block_based;
	f->address = 1;
	f->ocr = is_block_based ? 0xc0ff8080 : 0x80ff8080;
	f->csd[0] = 0xd02e0032;
	f->csd[1] = 0x0f590000 | size >> 2;
	f->csd[2] = (size & 3) << 30 | 7u << 15;
	f->csd[3] = 0x0a400000;
	memset(f->ext_csd, 0, sizeof(f->ext_csd));
	f->ext_csd[192] = 8;
	f->ext_csd[194] = 2;
	f->ext_csd[196] = 0x57;
	store_le32(&f->ext_csd[212], is_block_based ? sectors : 0);
}

unsigned sd_fake_count(unsigned index)
{
	unsigned n = 0;

	for (unsigned i = 0; i < sd_fake.logged; i++)
		n += sd_fake.log[i] == index;
	return n;
}

static uint32_t r1(struct sd_fake *f)
{
	uint32_t status = (uint32_t)f->state << 9;

	if (f->state == TRANSFER)
		status |= 0x100;
	return status | (f->app ? 0x20 : 0) | (f->is_locked ? 0x02000000 : 0);
}

static enum err begin_data(struct sd_fake *f, unsigned kind, unsigned state)
{
	f->kind = kind;
	f->state = state;
	return OK;
}

static enum err begin_sectors(struct sd_fake *f, uint32_t argument, bool writes, uint32_t *answer)
{
	if (f->state != TRANSFER)
		return ERR_TIMEOUT;
	f->sector = f->is_block_based ? argument : argument / 512;
	assert(f->is_block_based || argument % 512 == 0);
	*answer = r1(f);
	if (f->status_times > 0) {
		f->status_times--;
		*answer |= f->status_bits;
		return OK;
	}
	return begin_data(f, SECTORS, writes ? RECEIVING : SENDING);
}

void sd_fake_data_end(void)
{
	struct sd_fake *f = &sd_fake;

	if (f->state == RECEIVING && f->busy_polls > 0) {
		f->state = PROGRAMMING;
		f->programming = f->busy_polls;
	} else if (f->state == RECEIVING || f->state == SENDING) {
		f->state = TRANSFER;
	}
	f->count = 0;
	f->kind = NO_DATA;
}

static enum err stop(struct sd_fake *f, uint32_t *answer)
{
	if (f->state != SENDING && f->state != RECEIVING)
		return ERR_TIMEOUT; /* illegal in the transfer state */
	*answer = r1(f) | f->stop_bits;
	sd_fake_data_end();
	return OK;
}

static enum err send_status(struct sd_fake *f, uint32_t argument, uint32_t *answer)
{
	if (f->state < STANDBY || argument >> 16 != f->address)
		return ERR_TIMEOUT;
	*answer = r1(f);
	if (f->state == PROGRAMMING && --f->programming == 0)
		f->state = TRANSFER;
	if (f->switch_error && f->state == TRANSFER) {
		f->switch_error = false;
		*answer |= 0x80;
	}
	return OK;
}

static uint32_t get_ready(struct sd_fake *f)
{
	if (f->busy_at_start > 0) {
		f->busy_at_start--;
		return f->ocr & ~0x80000000u;
	}
	if ((f->ocr & 0x80000000u) != 0)
		f->state = READY;
	return f->ocr;
}

static enum err app_command(struct sd_fake *f, unsigned index, uint32_t argument, uint32_t *answer)
{
	*answer = r1(f);
	switch (index) {
	case 41:
		if (f->state != IDLE || f->answers_app_only)
			return ERR_TIMEOUT;
		*answer = get_ready(f);
		if ((argument & 0x40000000) == 0 || !f->is_block_based)
			*answer &= ~0x40000000u;
		return OK;
	case 6:
		assert(argument == 2 && f->has_4_bits);
		f->width = 4;
		return OK;
	case 51:
		return begin_data(f, SCR, SENDING);
	}
	return ERR_TIMEOUT;
}

/* CMD6: only group 1 is looked at. */
static enum err switch_function(struct sd_fake *f, uint32_t argument)
{
	memset(f->status, 0, sizeof(f->status));
	f->status[13] = f->has_high_speed ? 3 : 1;
	f->status[16] = f->has_high_speed ? 1 : 15;
	if (argument >> 31 != 0)
		f->high_speed = f->has_high_speed;
	return begin_data(f, SWITCH, SENDING);
}

static enum err identify(struct sd_fake *f, unsigned index, uint32_t argument,
			 uint32_t answer[static 4])
{
	answer[0] = r1(f);
	switch (index) {
	case 0:
		f->state = IDLE;
		f->width = 1;
		f->high_speed = false;
		return OK;
	case 8:
		answer[0] = f->if_cond;
		return f->is_v2 && f->state == IDLE ? OK : ERR_TIMEOUT;
	case 2:
		f->state = IDENTIFIED;
		return OK;
	case 3:
		answer[0] = (uint32_t)f->address << 16 | 0x0500;
		f->state = STANDBY;
		return OK;
	case 9:
		memcpy(answer, f->csd, sizeof(f->csd));
		return f->state == STANDBY && argument >> 16 == f->address ? OK : ERR_TIMEOUT;
	case 7:
		f->state = TRANSFER;
		return OK;
	}
	return ERR_TIMEOUT;
}

static enum err command(struct sd_fake *f, unsigned index, uint32_t argument,
			uint32_t answer[static 4])
{
	answer[0] = r1(f);
	switch (index) {
	case 55:
		f->app = true;
		answer[0] = r1(f);
		return OK;
	case 6:
		return switch_function(f, argument);
	case 12:
		return stop(f, answer);
	case 13:
		return send_status(f, argument, answer);
	case 16:
		return argument == 512 ? OK : ERR_TIMEOUT;
	case 17:
	case 18:
		return begin_sectors(f, argument, false, answer);
	case 23:
		f->count = argument;
		return f->has_set_count ? OK : ERR_TIMEOUT;
	case 24:
	case 25:
		return begin_sectors(f, argument, true, answer);
	}
	return identify(f, index, argument, answer);
}

/* CMD6: a byte of the extended CSD is written; before version 4 there is none. */
static enum err switch_byte(struct sd_fake *f, uint32_t argument)
{
	unsigned index = argument >> 16 & 0xff;

	if (f->state != TRANSFER || (f->csd[0] >> 26 & 15) < 4)
		return ERR_TIMEOUT;
	if (argument >> 24 != 3 || index == f->refused_byte) {
		f->switch_error = true;
	} else {
		f->ext_csd[index] = (uint8_t)(argument >> 8);
		f->width = f->ext_csd[183] == 1 ? 4 : 1;
		f->high_speed = f->ext_csd[185] == 1;
	}
	if (f->busy_after_switch > 0) {
		f->state = PROGRAMMING;
		f->programming = f->busy_after_switch;
	}
	return OK;
}

/* What an MMC takes for something else than an SD card does. */
static enum err mmc_command(struct sd_fake *f, unsigned index, uint32_t argument,
			    uint32_t answer[static 4])
{
	answer[0] = r1(f);
	switch (index) {
	case 0:
		f->ext_csd[183] = f->ext_csd[185] = 0;
		break;
	case 1:
		/* In sectors only if we know them. */
		if (f->state != IDLE || (f->is_block_based && (argument & 0x40000000) == 0))
			return ERR_TIMEOUT;
		answer[0] = get_ready(f);
		return OK;
	case 3:
		if (f->state != IDENTIFIED || argument >> 16 == 0)
			return ERR_TIMEOUT;
		f->address = (uint16_t)(argument >> 16);
		f->state = STANDBY;
		return OK;
	case 6:
		return switch_byte(f, argument);
	case 8:
		if (f->state != TRANSFER || (f->csd[0] >> 26 & 15) < 4)
			return ERR_TIMEOUT;
		return begin_data(f, EXT_CSD, SENDING);
	case 55:
		return f->answers_app_only ? command(f, index, argument, answer) : ERR_TIMEOUT;
	}
	return command(f, index, argument, answer);
}

enum err sd_fake_command(unsigned index, uint32_t argument, uint32_t answer[static 4])
{
	struct sd_fake *f = &sd_fake;
	bool app = f->app;

	assert(f->logged < SD_FAKE_LOG);
	f->argument[f->logged] = argument;
	f->log[f->logged++] = (uint8_t)(index | (app ? APP : 0));
	if (!f->present)
		return ERR_TIMEOUT;
	f->app = false;
	if (app)
		return app_command(f, index, argument, answer);
	if (f->is_mmc)
		return mmc_command(f, index, argument, answer);
	return command(f, index, argument, answer);
}

static enum err move_sector(struct sd_fake *f, uint8_t *bytes, bool writes)
{
	uint8_t *at = &f->memory[f->sector % SD_FAKE_SECTORS * 512];

	if (f->silence > 0) {
		f->silence--;
		f->kind = NO_DATA;
		return ERR_AGAIN;
	}
	if (f->damage > 0 && f->damage_after == 0) {
		f->damage--;
		return ERR_IO;
	}
	if (f->damage_after > 0)
		f->damage_after--;
	memcpy(writes ? at : bytes, writes ? bytes : at, 512);
	f->sector++;
	return OK;
}

enum err sd_fake_block(uint8_t *bytes, unsigned len, bool writes)
{
	static const struct {
		const uint8_t *bytes;
		size_t len;
	} registers[] = {
		[SCR] = {sd_fake.scr, sizeof(sd_fake.scr)},
		[SWITCH] = {sd_fake.status, sizeof(sd_fake.status)},
		[EXT_CSD] = {sd_fake.ext_csd, sizeof(sd_fake.ext_csd)},
	};
	struct sd_fake *f = &sd_fake;

	if (!f->present || f->kind == NO_DATA)
		return ERR_AGAIN;
	if (f->kind == SECTORS) {
		assert(len == 512 && f->state == (writes ? RECEIVING : SENDING));
		return move_sector(f, bytes, writes);
	}
	assert(len == registers[f->kind].len && !writes);
	memcpy(bytes, registers[f->kind].bytes, len);
	f->kind = NO_DATA;
	f->state = TRANSFER;
	return OK;
}
