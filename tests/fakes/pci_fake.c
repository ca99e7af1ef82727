/* SPDX-License-Identifier: ISC */
#include "tests/fakes/pci_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "arch/mmu.h"

struct pci_fake pci_fake;

static struct pci_fake_function *at(uint32_t address)
{
	for (unsigned i = 0; i < pci_fake.n; i++) {
		if (pci_fake.function[i].address == address)
			return &pci_fake.function[i];
	}
	return NULL;
}

static uint32_t read(const struct pci_host *host, uint32_t address, unsigned offset)
{
	const struct pci_fake_function *f = at(address);

	(void)host;
	assert_true(offset % 4 == 0 && offset < 256 && address < 0x10000);
	pci_fake.reads++;
	return f != NULL ? f->word[offset / 4] : UINT32_MAX;
}

static void write_bar(struct pci_fake_function *f, unsigned n, uint32_t v)
{
	uint32_t *bar = &f->word[4 + n];

	f->decoded_while_measured |= f->word[1] & 2;
	*bar = (v & f->bar_mask[n]) | (*bar & ~f->bar_mask[n]);
}

static void write(const struct pci_host *host, uint32_t address, unsigned offset, uint32_t v)
{
	struct pci_fake_function *f = at(address);

	(void)host;
	assert_non_null(f);
	assert_true(offset % 4 == 0 && offset < 256);
	if (offset >= 0x10 && offset < 0x28)
		write_bar(f, (offset - 0x10) / 4, v);
	else if (offset == 4) /* the status is cleared by ones */
		f->word[1] = (f->word[1] & ~v & 0xffff0000) | (v & 0xffff);
	else
		f->word[offset / 4] = v;
}

static const struct pci_host_ops ops = {.read = read, .write = write};

void pci_fake_init(uintptr_t mmio_start)
{
	pci_fake = (struct pci_fake){
		.host = {.ops = &ops, .last = 255, .mmio_start = mmio_start},
	};
}

struct pci_fake_function *pci_fake_add(unsigned bus, unsigned slot, unsigned number,
				       uint32_t vendor, uint32_t device)
{
	assert_true(pci_fake.n < PCI_FAKE_FUNCTIONS);
	struct pci_fake_function *f = &pci_fake.function[pci_fake.n++];
	f->address = bus << 8 | slot << 3 | number;
	f->word[0] = device << 16 | vendor;
	f->word[1] = 7;
	f->word[0x3c / 4] = 0x010a; /* line 10, pin A */
	return f;
}

void pci_fake_bar(struct pci_fake_function *f, unsigned n, uint64_t start, uint64_t bytes)
{
	f->bar_mask[n] = (uint32_t)-bytes & 0xfffffff0;
	f->bar_mask[n + 1] = (uint32_t)(-bytes >> 32);
	f->word[4 + n] = (uint32_t)start | 4;
	f->word[5 + n] = (uint32_t)(start >> 32);
}

void pci_fake_capability(struct pci_fake_function *f, unsigned offset, uint8_t id,
			 const uint32_t *words, unsigned n)
{
	uint32_t *first = &f->word[offset / 4];

	memcpy(first, words, n * sizeof(*words));
	*first = (*first & 0xffff0000) | (f->word[0x34 / 4] & 0xff) << 8 | id;
	f->word[0x34 / 4] = offset;
	f->word[1] |= 1u << 20;
}

struct pci_function pci_fake_handle(const struct pci_fake_function *f)
{
	return (struct pci_function){
		.host = &pci_fake.host,
		.address = f->address,
		.vendor = (uint16_t)f->word[0],
		.device = (uint16_t)(f->word[0] >> 16),
	};
}

enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	assert_int_equal(access, MMU_DEVICE);
	assert_int_equal(start % PAGE_BYTES, 0);
	assert_int_equal(bytes % PAGE_BYTES, 0);
	pci_fake.maps++;
	pci_fake.mapped_from = start;
	pci_fake.mapped_to = start + bytes;
	return pci_fake.map_result;
}
