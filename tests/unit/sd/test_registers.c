/* SPDX-License-Identifier: ISC */
/* What cards say of themselves, field by field; the good ones are of real cards. */
#include "tests/unit/sd/rig.h"

static void sizes_of_cards(void **state)
{
	static const struct {
		uint32_t csd[4];
		uint64_t sectors;
		bool is_block_based;
	} cards[] = {
		/* SDSC of 2 GB with blocks of 1024 bytes; SDHC of 8 GB; SDXC of 64 GB */
		{{0x002e0032, 0x5b5aa3d5, 0xffffff80, 0x0a400000}, 0xf58 * UINT64_C(1024), false},
		{{0x400e0032, 0x5b590000, 0x3b377f80, 0x0a404000}, 0x3b38 * UINT64_C(1024), true},
		{{0x400e0032, 0x5b590001, 0xdbd37f80, 0x0a404000}, 0x1dbd4 * UINT64_C(1024), true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cards); i++) {
		struct sd_csd csd;

		assert_int_equal(sd_csd_parse(&csd, cards[i].csd), OK);
		assert_int_equal(csd.sectors, cards[i].sectors);
		assert_int_equal(csd.is_block_based, cards[i].is_block_based);
		assert_int_equal(csd.hz, 25000000);
		assert_true(csd.can_write && csd.can_switch);
	}
}

/* One word of a good CSD is another. */
static enum err parse_with(unsigned word, uint32_t value, struct sd_csd *csd)
{
	uint32_t good[4] = {0x400e0032, 0x5b590000, 0x3b377f80, 0x0a404000};

	good[word] = value;
	return sd_csd_parse(csd, good);
}

static void a_csd_that_is_none(void **state)
{
	struct sd_csd csd;

	(void)state;
	assert_int_equal(parse_with(0, 0x800e0032, &csd), ERR_UNSUPPORTED); /* version 3 */
	assert_int_equal(parse_with(0, 0xc00e0032, &csd), ERR_UNSUPPORTED);
	assert_int_equal(parse_with(0, 0x400e0034, &csd), ERR_INVALID); /* units of speed */
	assert_int_equal(parse_with(0, 0x400e0002, &csd), ERR_INVALID);
	assert_int_equal(parse_with(0, 0x400e00b2, &csd), ERR_INVALID);
	assert_int_equal(parse_with(1, 0x5b1900 << 8, &csd), ERR_UNSUPPORTED); /* cannot read */
	assert_int_equal(parse_with(1, 0x5b5a0000, &csd), ERR_INVALID);        /* blocks of 1024 */
	assert_int_equal(parse_with(0, 0x002e0032, &csd), OK);
	for (uint32_t shift = 0; shift < 16; shift++) {
		uint32_t v1[4] = {0x002e0032, 0x5b500000 | shift << 16, 0, 0};

		assert_int_equal(sd_csd_parse(&csd, v1),
				 shift >= 9 && shift <= 11 ? OK : ERR_INVALID);
	}
}

static void protection(void **state)
{
	struct sd_csd csd;

	(void)state;
	assert_int_equal(parse_with(3, 0x0a401000, &csd), OK);
	assert_false(csd.can_write);
	assert_int_equal(parse_with(3, 0x0a402000, &csd), OK);
	assert_false(csd.can_write);
	assert_int_equal(parse_with(1, 0x5a590000, &csd), OK); /* without class 4 */
	assert_true(csd.can_write == ((0x5a5 & 0x10) != 0));
	assert_int_equal(parse_with(1, 0x1b590000, &csd), OK);
	assert_false(csd.can_switch);
}

static void largest_sizes_do_not_wrap(void **state)
{
	const uint32_t v1[4] = {0x002e0032, 0x5b5b03ff, 0xc0038000, 0};
	const uint32_t v2[4] = {0x400e0032, 0x5b59003f, 0xffff7f80, 0};
	struct sd_csd csd;

	(void)state;
	assert_int_equal(sd_csd_parse(&csd, v1), OK);
	assert_int_equal(csd.sectors, UINT64_C(4096) << 11);
	assert_int_equal(sd_csd_parse(&csd, v2), OK);
	assert_int_equal(csd.sectors, UINT64_C(1) << 32);
}

static void scr(void **state)
{
	struct sd_scr s;

	(void)state;
	assert_int_equal(sd_scr_parse(&s, (const uint8_t[8]){0x02, 0x35, 0x80, 0x02}), OK);
	assert_true(s.has_4_bits && s.has_switch && s.has_set_count);
	assert_int_equal(sd_scr_parse(&s, (const uint8_t[8]){0x00, 0x01, 0, 0}), OK);
	assert_false(s.has_4_bits || s.has_switch || s.has_set_count);
	assert_int_equal(sd_scr_parse(&s, (const uint8_t[8]){0x12, 0x35, 0, 0}), ERR_UNSUPPORTED);
	assert_int_equal(sd_scr_parse(&s, (const uint8_t[8]){0x02, 0x34, 0, 0}), ERR_INVALID);
}

static void csd_of_an_mmc(void **state)
{
	/* 2 GB in blocks of 1024 bytes; what counts sectors says this size, whatever it has */
	const uint32_t bytes[4] = {0x905e002a, 0x1f5a83d0, 0xf6db5fff, 0x96400000};
	uint32_t sectors[4] = {0xd02f0132, 0x0f5903ff, 0xffffffe7, 0x92400000};
	struct mmc_csd csd;

	(void)state;
	assert_int_equal(mmc_csd_parse(&csd, bytes), OK);
	assert_int_equal(csd.sectors, 0xf44 * UINT64_C(512));
	assert_int_equal(csd.hz, 20000000);
	assert_true(csd.can_write && csd.is_version_4 && !csd.is_in_ext_csd);
	assert_int_equal(mmc_csd_parse(&csd, sectors), OK);
	assert_int_equal(csd.hz, 25000000);
	assert_true(csd.is_version_4 && csd.is_in_ext_csd);
	sectors[0] = 0xcc2f0132; /* version 3, which has no extended CSD */
	assert_int_equal(mmc_csd_parse(&csd, sectors), ERR_INVALID);
	sectors[0] = 0xd42f0132;
	assert_int_equal(mmc_csd_parse(&csd, sectors), ERR_UNSUPPORTED);
	sectors[0] = 0xd02f0134;
	assert_int_equal(mmc_csd_parse(&csd, sectors), ERR_INVALID);
	sectors[0] = 0xd02f0132;
	sectors[1] = 0x0b1903ff; /* cannot read */
	assert_int_equal(mmc_csd_parse(&csd, sectors), ERR_UNSUPPORTED);
	sectors[1] = 0x0f5c03ff; /* blocks of 4096 */
	assert_int_equal(mmc_csd_parse(&csd, sectors), ERR_INVALID);
}

int run_register_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_of_cards),
		cmocka_unit_test(a_csd_that_is_none),
		cmocka_unit_test(protection),
		cmocka_unit_test(largest_sizes_do_not_wrap),
		cmocka_unit_test(scr),
		cmocka_unit_test(csd_of_an_mmc),
	};
	return cmocka_run_group_tests_name("registers", tests, NULL, NULL);
}
