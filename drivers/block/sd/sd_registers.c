/* SPDX-License-Identifier: ISC */
#include "drivers/block/sd/sd_registers.h"

#include "base/bytes.h"

/* Bits `high` to `low` of an answer of 136 bits, numbered as in the specification; 32 at most. */
static uint32_t bits(const uint32_t answer[static 4], unsigned high, unsigned low)
{
	uint64_t pair = answer[3 - low / 32];

	if (low / 32 < 3)
		pair |= (uint64_t)answer[2 - low / 32] << 32;
	return (uint32_t)(pair >> low % 32 & ((UINT64_C(1) << (high - low + 1)) - 1));
}

/* Classes of commands (table 4-21). */
enum { CLASS_READ = 1 << 2, CLASS_WRITE = 1 << 4, CLASS_SWITCH = 1 << 10 };

/* TRAN_SPEED: a unit and tenths of it (table 5-6). 0: not a value of the table. An MMC of version 4
 * means 26 and 52 by 25 and 50: it gets the lower. */
static uint32_t speed_hz(uint32_t field)
{
	static const uint32_t units[] = {10000, 100000, 1000000, 10000000}; /* a tenth, in Hz */
	static const uint8_t tenths[] = {0,  10, 12, 13, 15, 20, 25, 30,
					 35, 40, 45, 50, 55, 60, 70, 80};
	uint32_t unit = field & 7;

	if (unit >= ARRAY_SIZE(units) || (field & 0x80) != 0)
		return 0;
	return units[unit] * tenths[field >> 3 & 15];
}

/* Version 1, and an MMC: up to 2 GiB, in blocks of 512, 1024 or 2048 bytes. */
static enum err parse_size_1(uint64_t *sectors, const uint32_t answer[static 4])
{
	enum { BLOCK_SHIFT_MIN = 9, BLOCK_SHIFT_MAX = 11 };
	uint32_t block_shift = bits(answer, 83, 80), size = bits(answer, 73, 62);
	uint32_t multiplier_shift = bits(answer, 49, 47) + 2;

	if (block_shift < BLOCK_SHIFT_MIN || block_shift > BLOCK_SHIFT_MAX)
		return ERR_INVALID;
	*sectors = (uint64_t)(size + 1) << (multiplier_shift + block_shift - BLOCK_SHIFT_MIN);
	return OK;
}

/* Version 2: in units of 512 KiB, up to 2 TiB. */
static enum err parse_size_2(struct sd_csd *csd, const uint32_t answer[static 4])
{
	enum { SECTORS_A_UNIT = 1024, BLOCK_SHIFT = 9 };

	if (bits(answer, 83, 80) != BLOCK_SHIFT)
		return ERR_INVALID;
	csd->is_block_based = true;
	csd->sectors = (uint64_t)(bits(answer, 69, 48) + 1) * SECTORS_A_UNIT;
	return OK;
}

/* The commands to write are there, and the last but two bits do not protect it, for good or for
 * now. */
static bool can_write(const uint32_t answer[static 4])
{
	return (bits(answer, 95, 84) & CLASS_WRITE) != 0 && bits(answer, 13, 12) == 0;
}

enum err sd_csd_parse(struct sd_csd *csd, const uint32_t answer[static 4])
{
	uint32_t classes = bits(answer, 95, 84), version = bits(answer, 127, 126);

	*csd = (struct sd_csd){
		.hz = speed_hz(bits(answer, 103, 96)),
		.can_write = can_write(answer),
		.can_switch = (classes & CLASS_SWITCH) != 0,
	};
	if (version > 1 || (classes & CLASS_READ) == 0)
		return ERR_UNSUPPORTED;
	if (csd->hz == 0)
		return ERR_INVALID;
	return version == 0 ? parse_size_1(&csd->sectors, answer) : parse_size_2(csd, answer);
}

enum err sd_scr_parse(struct sd_scr *scr, const uint8_t bytes[static SD_SCR_BYTES])
{
	enum { WIDTH_1 = 1, WIDTH_4 = 4, SET_COUNT = 2, VERSION_1_10 = 1 };
	unsigned structure = bytes[0] >> 4, version = bytes[0] & 15, widths = bytes[1] & 15;

	*scr = (struct sd_scr){0};
	if (structure != 0)
		return ERR_UNSUPPORTED;
	if ((widths & WIDTH_1) == 0)
		return ERR_INVALID; /* every card has it: this is not an SCR */
	scr->has_4_bits = (widths & WIDTH_4) != 0;
	scr->has_switch = version >= VERSION_1_10;
	scr->has_set_count = (bytes[3] & SET_COUNT) != 0;
	return OK;
}

/* Of function group 1: bits 415 to 400, what there is, and 379 to 376, what was chosen. */
enum { GROUP_1_SUPPORT = 12, GROUP_1_CHOSEN = 16, HIGH_SPEED = 1 };

bool sd_switch_offers_high_speed(const uint8_t status[static SD_SWITCH_BYTES])
{
	return (load_be16(&status[GROUP_1_SUPPORT]) >> HIGH_SPEED & 1) != 0 &&
	       sd_switch_chose_high_speed(status);
}

bool sd_switch_chose_high_speed(const uint8_t status[static SD_SWITCH_BYTES])
{
	return (status[GROUP_1_CHOSEN] & 15) == HIGH_SPEED;
}

/* JESD84-B51, section 7.3. */
enum err mmc_csd_parse(struct mmc_csd *csd, const uint32_t answer[static 4])
{
	enum { VERSION_4 = 4, STRUCTURE_IN_EXT_CSD = 3 };
	uint32_t classes = bits(answer, 95, 84), version = bits(answer, 125, 122);
	bool is_v4 = version >= VERSION_4;

	*csd = (struct mmc_csd){
		.hz = speed_hz(bits(answer, 103, 96)),
		.can_write = can_write(answer),
		.is_version_4 = is_v4,
		.is_in_ext_csd = bits(answer, 127, 126) == STRUCTURE_IN_EXT_CSD,
	};
	if (version > VERSION_4 || (classes & CLASS_READ) == 0)
		return ERR_UNSUPPORTED;
	if (csd->hz == 0 || (csd->is_in_ext_csd && !is_v4))
		return ERR_INVALID;
	return parse_size_1(&csd->sectors, answer);
}

/* Section 7.4; what a revision does not have is 0, or means nothing. */
enum err mmc_ext_csd_parse(struct mmc_ext_csd *ext, const struct mmc_csd *csd, bool is_block_based,
			   const uint8_t bytes[static MMC_EXT_CSD_BYTES])
{
	enum { SECTOR_SIZE = 61, REVISION = 192, STRUCTURE = 194, TYPE = 196, SEC_COUNT = 212 };
	enum { STRUCTURE_MAX = 2, TYPE_52_MHZ = 2, REVISION_4_2 = 2, REVISION_4_5 = 6 };

	*ext = (struct mmc_ext_csd){
		.sectors = load_le32(&bytes[SEC_COUNT]),
		.has_high_speed = (bytes[TYPE] & TYPE_52_MHZ) != 0,
	};
	if (csd->is_in_ext_csd && bytes[STRUCTURE] > STRUCTURE_MAX)
		return ERR_UNSUPPORTED;
	if (bytes[REVISION] >= REVISION_4_5 && bytes[SECTOR_SIZE] != 0)
		return ERR_UNSUPPORTED; /* 4 KiB: what is not whole ones is refused */
	if (is_block_based && (bytes[REVISION] < REVISION_4_2 || ext->sectors == 0))
		return ERR_INVALID;
	return OK;
}
