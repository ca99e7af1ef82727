/* SPDX-License-Identifier: ISC */
#include "tests/fakes/acpi_fake.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

/* Offsets are written out from the specification, not taken from the driver. */
enum { LENGTH = 4, CHECKSUM = 9, HEADER = 36, RSDP_CHECKSUM = 8, RSDP_CHECKSUM_2 = 32 };

static uint8_t missing(const uint8_t *bytes, size_t len)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return (uint8_t)-sum;
}

void acpi_fake_seal(struct acpi_fake *fake, size_t at)
{
	uint8_t *t = fake->bytes + at;

	if (at == ACPI_FAKE_RSDP) {
		t[RSDP_CHECKSUM] = t[RSDP_CHECKSUM_2] = 0;
		t[RSDP_CHECKSUM] = missing(t, 20);
		t[RSDP_CHECKSUM_2] = missing(t, 36);
		return;
	}
	size_t len = load_le32(t + LENGTH);
	t[CHECKSUM] = 0;
	if (len <= fake->len - at)
		t[CHECKSUM] = missing(t, len);
}

static uint8_t *begin(struct acpi_fake *fake, size_t at, const char *signature, uint32_t len)
{
	memcpy(fake->bytes + at, signature, 4);
	store_le32(fake->bytes + at + LENGTH, len);
	return fake->bytes + at;
}

static void make_root(struct acpi_fake *fake)
{
	static const size_t tables[] = {ACPI_FAKE_FADT, ACPI_FAKE_MCFG};
	uint8_t *xsdt = begin(fake, ACPI_FAKE_XSDT, "XSDT", HEADER + 16);
	uint8_t *rsdt = begin(fake, ACPI_FAKE_RSDT, "RSDT", HEADER + 8);

	for (size_t i = 0; i < 2; i++) {
		store_le64(xsdt + HEADER + 8 * i, ACPI_FAKE_BASE + tables[i]);
		store_le32(rsdt + HEADER + 4 * i, (uint32_t)(ACPI_FAKE_BASE + tables[i]));
	}
}

static void make_fadt(struct acpi_fake *fake)
{
	uint8_t *fadt = begin(fake, ACPI_FAKE_FADT, "FACP", 268);

	store_le32(fadt + 40, ACPI_FAKE_BASE + ACPI_FAKE_DSDT);
	store_le32(fadt + 48, 0xb2);
	fadt[52] = 2;
	store_le32(fadt + 64, ACPI_FAKE_PM1A);
	store_le32(fadt + 112, 1u << 10);
	fadt[116] = 1; /* the reset register: ports */
	store_le64(fadt + 120, 0xcf9);
	fadt[128] = 0x0f;
}

static void make_dsdt(struct acpi_fake *fake)
{
	static const uint8_t s5[] = {0x08, '_',  'S',  '5',  '_',  0x12, 0x06,
				     0x04, 0x0a, 0x05, 0x01, 0x00, 0x00};
	uint8_t *dsdt = begin(fake, ACPI_FAKE_DSDT, "DSDT", ACPI_FAKE_DSDT_BYTES);

	memset(dsdt + HEADER, 0xa4, ACPI_FAKE_DSDT_BYTES - HEADER);
	memcpy(dsdt + 60, "x_S5_", 5); /* the name, without being defined */
	memcpy(fake->bytes + ACPI_FAKE_S5 - 1, s5, sizeof(s5));
}

static void make_mcfg(struct acpi_fake *fake)
{
	uint8_t *mcfg = begin(fake, ACPI_FAKE_MCFG, "MCFG", HEADER + 8 + 16);

	store_le64(mcfg + HEADER + 8, 0xb0000000);
	mcfg[HEADER + 8 + 11] = 0xff;
}

static const void *map(void *arg, uint64_t address, size_t bytes)
{
	struct acpi_fake *fake = arg;
	uint64_t at = address - ACPI_FAKE_BASE;

	fake->maps++;
	return at < fake->len && bytes <= fake->len - at ? fake->bytes + at : NULL;
}

void acpi_fake_init(struct acpi_fake *fake, uint8_t revision)
{
	static const size_t tables[] = {ACPI_FAKE_XSDT, ACPI_FAKE_RSDT, ACPI_FAKE_FADT,
					ACPI_FAKE_MCFG, ACPI_FAKE_DSDT, ACPI_FAKE_RSDP};

	*fake = (struct acpi_fake){
		.bytes = calloc(1, ACPI_FAKE_BYTES),
		.len = ACPI_FAKE_BYTES,
		.memory = {.map = map, .arg = fake},
	};
	memcpy(fake->bytes, "RSD PTR ", 8);
	fake->bytes[15] = revision;
	store_le32(fake->bytes + 16, ACPI_FAKE_BASE + ACPI_FAKE_RSDT);
	store_le32(fake->bytes + 20, 36);
	store_le64(fake->bytes + 24, ACPI_FAKE_BASE + ACPI_FAKE_XSDT);
	make_root(fake);
	make_fadt(fake);
	make_dsdt(fake);
	make_mcfg(fake);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		acpi_fake_seal(fake, tables[i]);
}

void acpi_fake_free(struct acpi_fake *fake)
{
	free(fake->bytes);
}
