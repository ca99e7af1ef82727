/* SPDX-License-Identifier: ISC */
/*
 * ACPI's tables as a PC has them, and as broken or hostile firmware might leave them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "tests/fakes/acpi_fake.h"

static struct acpi_fake fake;
static struct acpi acpi;
static struct acpi_power power;
static struct acpi_ecam ecam;

static int setup(void **state)
{
	(void)state;
	acpi_fake_init(&fake, 2);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	acpi_fake_free(&fake);
	return 0;
}

static enum err begin(void)
{
	return acpi_init(&acpi, &fake.memory, ACPI_FAKE_BASE);
}

static enum err find_power(void)
{
	enum err e = begin();

	return e == OK ? acpi_find_power(&acpi, &power) : e;
}

static enum err find_ecam(void)
{
	enum err e = begin();

	return e == OK ? acpi_find_ecam(&acpi, &ecam) : e;
}

static void expect_pc(void)
{
	assert_int_equal(find_power(), OK);
	assert_int_equal(power.pm1a_control, ACPI_FAKE_PM1A);
	assert_int_equal(power.pm1b_control, 0);
	assert_int_equal(power.type_a, 5);
	assert_int_equal(power.type_b, 1);
	assert_int_equal(power.smi_command, 0xb2);
	assert_int_equal(power.smi_enable, 2);
	assert_int_equal(power.reset_port, 0xcf9);
	assert_int_equal(power.reset_value, 0x0f);
	assert_int_equal(find_ecam(), OK);
	assert_int_equal(ecam.base, 0xb0000000);
	assert_int_equal(ecam.first_bus, 0);
	assert_int_equal(ecam.last_bus, 255);
}

static void a_pc_says_how_it_ends_and_where_pci_is(void **state)
{
	(void)state;
	expect_pc();
	acpi_fake_free(&fake);
	acpi_fake_init(&fake, 0); /* ACPI 1.0 */
	expect_pc();
}

static void a_pointer_that_is_none_is_refused(void **state)
{
	(void)state;
	assert_int_equal(acpi_init(&acpi, &fake.memory, 0), ERR_NODEV);
	assert_int_equal(acpi_init(&acpi, &fake.memory, UINT64_MAX - 4), ERR_NODEV);
	assert_int_equal(acpi_init(&acpi, &fake.memory, ACPI_FAKE_BASE + 1), ERR_NODEV);
	for (size_t i = 0; i < 36; i++) { /* each byte counts */
		fake.bytes[i] ^= 1;
		assert_int_equal(begin(), ERR_NODEV);
		fake.bytes[i] ^= 1;
	}
	assert_int_equal(begin(), OK);
	for (uint32_t len = 0; len < 64; len++) {
		store_le32(fake.bytes + 20, len);
		acpi_fake_seal(&fake, ACPI_FAKE_RSDP);
		assert_int_equal(begin(), len == 36 ? OK : ERR_NODEV);
	}
}

static void without_an_xsdt_there_is_an_rsdt(void **state)
{
	(void)state;
	store_le64(fake.bytes + 24, 0);
	acpi_fake_seal(&fake, ACPI_FAKE_RSDP);
	expect_pc();
	store_le32(fake.bytes + 16, 0);
	acpi_fake_seal(&fake, ACPI_FAKE_RSDP);
	assert_int_equal(begin(), ERR_INVALID);
}

/* Whatever byte is wrong, it is noticed, and nothing beyond a table is read. */
static void a_damaged_table_is_refused(void **state)
{
	static const size_t tables[] = {ACPI_FAKE_XSDT, ACPI_FAKE_FADT, ACPI_FAKE_DSDT};

	(void)state;
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
		uint8_t *bytes = fake.bytes + tables[t];
		size_t len = load_le32(bytes + 4);
		for (size_t i = 0; i < len; i++) {
			bytes[i] ^= 0x40;
			assert_int_not_equal(find_power(), OK);
			bytes[i] ^= 0x40;
		}
	}
	assert_int_equal(find_power(), OK);
}

static void a_table_of_an_absurd_length_is_refused(void **state)
{
	static const uint32_t lengths[] = {
		0, 1, 35, ACPI_FAKE_BYTES, ACPI_TABLE_BYTES_MAX + 1, 0x80000000, UINT32_MAX};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		store_le32(fake.bytes + ACPI_FAKE_XSDT + 4, lengths[i]);
		acpi_fake_seal(&fake, ACPI_FAKE_XSDT);
		assert_int_equal(begin(), ERR_INVALID);
	}
}

/* A table that ends earlier than its content has nothing of that content. */
static void each_truncated_fadt_is_survived(void **state)
{
	(void)state;
	for (uint32_t len = 36; len < 268; len++) {
		store_le32(fake.bytes + ACPI_FAKE_FADT + 4, len);
		acpi_fake_seal(&fake, ACPI_FAKE_FADT);
		enum err e = find_power();
		assert_int_equal(e, len < 116 ? ERR_INVALID : OK);
		if (e == OK)
			assert_int_equal(power.reset_port, len < 129 ? 0 : 0xcf9);
	}
}

/* The reset register's address is there, but the value behind it is not. */
static void a_value_is_not_read_behind_the_table(void **state)
{
	(void)state;
	store_le32(fake.bytes + ACPI_FAKE_FADT + 4, 128);
	acpi_fake_seal(&fake, ACPI_FAKE_FADT);
	assert_int_equal(find_power(), OK);
	assert_int_equal(power.reset_port, 0);
}

static void each_truncated_mcfg_is_survived(void **state)
{
	(void)state;
	for (uint32_t len = 36; len < 60; len++) {
		store_le32(fake.bytes + ACPI_FAKE_MCFG + 4, len);
		acpi_fake_seal(&fake, ACPI_FAKE_MCFG);
		assert_int_equal(find_ecam(), ERR_INVALID);
	}
}

static void an_impossible_ecam_is_refused(void **state)
{
	uint8_t *entry = fake.bytes + ACPI_FAKE_MCFG + 44;

	(void)state;
	entry[10] = 5;
	entry[11] = 4;
	acpi_fake_seal(&fake, ACPI_FAKE_MCFG);
	assert_int_equal(find_ecam(), ERR_INVALID);
	entry[11] = 5;
	acpi_fake_seal(&fake, ACPI_FAKE_MCFG);
	assert_int_equal(find_ecam(), OK);
	store_le64(entry, 0);
	acpi_fake_seal(&fake, ACPI_FAKE_MCFG);
	assert_int_equal(find_ecam(), ERR_INVALID);
}

/* Entries that lead nowhere, or back to the root table, are passed over. */
static void a_root_table_that_goes_round_ends(void **state)
{
	uint8_t *xsdt = fake.bytes + ACPI_FAKE_XSDT;

	(void)state;
	store_le64(xsdt + 36, ACPI_FAKE_BASE + ACPI_FAKE_XSDT);
	acpi_fake_seal(&fake, ACPI_FAKE_XSDT);
	assert_int_equal(find_power(), ERR_NODEV);
	assert_int_equal(find_ecam(), OK);
	store_le64(xsdt + 36, UINT64_MAX);
	acpi_fake_seal(&fake, ACPI_FAKE_XSDT);
	assert_int_equal(find_ecam(), OK);
}

static void a_root_table_is_believed_so_many_entries_only(void **state)
{
	uint8_t *xsdt = fake.bytes + 2048;

	(void)state;
	memcpy(xsdt, fake.bytes + ACPI_FAKE_XSDT, 36);
	store_le32(xsdt + 4, 36 + 8 * 200);
	memset(xsdt + 36, 0, 8 * 200);
	store_le64(xsdt + 36 + 8 * (ACPI_TABLES_MAX - 1), ACPI_FAKE_BASE + ACPI_FAKE_MCFG);
	store_le64(xsdt + 36 + 8 * ACPI_TABLES_MAX, ACPI_FAKE_BASE + ACPI_FAKE_FADT);
	store_le64(fake.bytes + 24, ACPI_FAKE_BASE + 2048);
	acpi_fake_seal(&fake, ACPI_FAKE_RSDP);
	acpi_fake_seal(&fake, 2048);
	assert_int_equal(find_ecam(), OK);
	assert_int_equal(find_power(), ERR_NODEV);
	assert_true(fake.maps < 300);
}

/* --- \_S5 --------------------------------------------------------------------------------------
 */

static enum err with_s5(const uint8_t *code, size_t len)
{
	memset(fake.bytes + ACPI_FAKE_S5 - 2, 0xa4, 40);
	memcpy(fake.bytes + ACPI_FAKE_S5 - 2, code, len);
	acpi_fake_seal(&fake, ACPI_FAKE_DSDT);
	return find_power();
}

#define WITH_S5(...) with_s5((const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}))
#define S5           '_', 'S', '5', '_'

static void the_types_of_s5_may_be_written_in_several_ways(void **state)
{
	(void)state;
	assert_int_equal(WITH_S5(0, 8, S5, 0x12, 6, 4, 0, 0, 0, 0), OK);
	assert_int_equal(power.type_a, 0);
	assert_int_equal(WITH_S5(8, '\\', S5, 0x12, 6, 2, 0x0a, 7, 0x0a, 6), OK);
	assert_int_equal(power.type_a, 7);
	assert_int_equal(power.type_b, 6);
	assert_int_equal(WITH_S5(0, 8, S5, 0x12, 6, 2, 0x0b, 3, 0, 0x0c, 4, 0, 0, 0), OK);
	assert_int_equal(power.type_a, 3);
	assert_int_equal(power.type_b, 4);
	assert_int_equal(WITH_S5(0, 8, S5, 0x12, 0x46, 0, 2, 1, 0x0a, 2), OK); /* a long length */
	assert_int_equal(power.type_a, 1);
	assert_int_equal(power.type_b, 2);
	assert_int_equal(WITH_S5(0, 8, S5, 0x12, 6, 1, 1), OK); /* one element */
	assert_int_equal(power.type_b, 0);
}

static void what_is_no_package_of_constants_is_not_s5(void **state)
{
	(void)state;
	assert_int_equal(WITH_S5(0, 0, S5, 0x12, 6, 4, 0, 0, 0, 0), ERR_INVALID); /* no name */
	assert_int_equal(WITH_S5(0, 8, S5, 0x13, 6, 4, 0, 0, 0, 0), ERR_INVALID);
	assert_int_equal(WITH_S5(0, 8, S5, 0x12, 6, 0, 0, 0, 0, 0), ERR_INVALID);
	assert_int_equal(WITH_S5(0, 8, S5, 0x12, 6, 4, 0x0a, 8, 0, 0), ERR_INVALID);
	assert_int_equal(WITH_S5(0, 8, S5, 0x12, 6, 4, 'A', 'B', 'C', 'D'), ERR_INVALID);
}

/* In each place before the table's end: a package that goes on beyond it is none. */
static void s5_is_not_read_behind_the_table(void **state)
{
	static const uint8_t code[] = {8, S5, 0x12, 6, 2, 0x0a, 5, 0x0a, 5};
	uint8_t *end = fake.bytes + ACPI_FAKE_DSDT + ACPI_FAKE_DSDT_BYTES;

	(void)state;
	(void)WITH_S5(0xa4);
	for (size_t n = 1; n <= sizeof(code); n++) {
		memset(end - 20, 0xa4, 20);
		memcpy(end - n, code, n);
		memcpy(end, code + n, sizeof(code) - n);
		acpi_fake_seal(&fake, ACPI_FAKE_DSDT);
		assert_int_equal(find_power(), n == sizeof(code) ? OK : ERR_INVALID);
	}
}

/* --- other machines ----------------------------------------------------------------------------
 */

static void a_reduced_machine_has_no_control_register(void **state)
{
	uint8_t *fadt = fake.bytes + ACPI_FAKE_FADT;

	(void)state;
	store_le32(fadt + 112, 1u << 20);
	acpi_fake_seal(&fake, ACPI_FAKE_FADT);
	assert_int_equal(find_power(), ERR_NODEV);
	assert_int_equal(power.pm1a_control, 0);
	assert_int_equal(power.reset_port, 0);
}

static void generic_addresses_have_the_last_word(void **state)
{
	uint8_t *fadt = fake.bytes + ACPI_FAKE_FADT;

	(void)state;
	fadt[172] = 1;
	store_le64(fadt + 172 + 4, 0x1804);
	store_le32(fadt + 68, 0x1908);
	store_le64(fadt + 140, ACPI_FAKE_BASE + ACPI_FAKE_DSDT);
	store_le32(fadt + 40, 0);
	acpi_fake_seal(&fake, ACPI_FAKE_FADT);
	assert_int_equal(find_power(), OK);
	assert_int_equal(power.pm1a_control, 0x1804);
	assert_int_equal(power.pm1b_control, 0x1908);
	store_le64(fadt + 172 + 4, 0x10000); /* no port */
	store_le32(fadt + 64, 0x10000);
	acpi_fake_seal(&fake, ACPI_FAKE_FADT);
	assert_int_equal(find_power(), ERR_NODEV);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pc_says_how_it_ends_and_where_pci_is),
		TEST(a_pointer_that_is_none_is_refused),
		TEST(without_an_xsdt_there_is_an_rsdt),
		TEST(a_damaged_table_is_refused),
		TEST(a_table_of_an_absurd_length_is_refused),
		TEST(each_truncated_fadt_is_survived),
		TEST(a_value_is_not_read_behind_the_table),
		TEST(each_truncated_mcfg_is_survived),
		TEST(an_impossible_ecam_is_refused),
		TEST(a_root_table_that_goes_round_ends),
		TEST(a_root_table_is_believed_so_many_entries_only),
		TEST(the_types_of_s5_may_be_written_in_several_ways),
		TEST(what_is_no_package_of_constants_is_not_s5),
		TEST(s5_is_not_read_behind_the_table),
		TEST(a_reduced_machine_has_no_control_register),
		TEST(generic_addresses_have_the_last_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
