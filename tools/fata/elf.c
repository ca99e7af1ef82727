/* SPDX-License-Identifier: ISC */
#include "tools/fata/elf.h"

#include <elf.h>
#include <string.h>

#include "base/bytes.h"

/* Whether `size` bytes at `offset` lie within `whole`. */
static bool within(uint64_t offset, uint64_t size, uint64_t whole)
{
	return offset <= whole && size <= whole - offset;
}

bool elf_is(const struct file *f)
{
	return f->size >= SELFMAG && memcmp(f->bytes, ELFMAG, SELFMAG) == 0;
}

/* The member of an ELF structure at `p`, which has one layout for 32 bits and one for 64. */
#define MEMBER(elf, p, type, member)                                                               \
	((elf)->is_64                                                                              \
		 ? load(p, offsetof(Elf64_##type, member), sizeof(((Elf64_##type *)NULL)->member)) \
		 : load(p, offsetof(Elf32_##type, member),                                         \
			sizeof(((Elf32_##type *)NULL)->member)))
#define SIZE_OF(elf, type) ((elf)->is_64 ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

static uint64_t load(const uint8_t *p, size_t offset, size_t size)
{
	uint64_t value = 0;
	for (size_t i = size; i-- > 0;)
		value = value << 8 | p[offset + i];
	return value;
}

static const char *read_segments(struct elf *elf, uint64_t offset, uint64_t count)
{
	size_t size = SIZE_OF(elf, Phdr);

	if (!within(offset, count * size, elf->size))
		return "whole: its table of segments lies beyond its end";
	for (uint64_t i = 0; i < count; i++) {
		const uint8_t *p = elf->bytes + offset + i * size;
		if (MEMBER(elf, p, Phdr, p_type) != PT_LOAD)
			continue;
		uint64_t flags = MEMBER(elf, p, Phdr, p_flags);
		struct elf_segment s = {
			.address = MEMBER(elf, p, Phdr, p_paddr),
			.file_bytes = MEMBER(elf, p, Phdr, p_filesz),
			.memory_bytes = MEMBER(elf, p, Phdr, p_memsz),
			.is_readable = (flags & PF_R) != 0,
			.is_writable = (flags & PF_W) != 0,
			.is_executable = (flags & PF_X) != 0,
		};
		if (!within(MEMBER(elf, p, Phdr, p_offset), s.file_bytes, elf->size))
			return "whole: a segment lies beyond its end";
		if (s.memory_bytes < s.file_bytes)
			return "valid: a segment is larger in the file than in memory";
		if (elf->segment_count == ELF_SEGMENTS_MAX)
			return "an image: it has too many segments";
		elf->segments[elf->segment_count++] = s;
	}
	return NULL;
}

const char *elf_open(struct elf *elf, const struct file *f)
{
	*elf = (struct elf){.bytes = f->bytes, .size = f->size};
	if (!elf_is(f))
		return "an ELF file";
	if (f->size < EI_NIDENT)
		return "whole: it ends within its header";
	elf->is_64 = f->bytes[EI_CLASS] == ELFCLASS64;
	if ((!elf->is_64 && f->bytes[EI_CLASS] != ELFCLASS32) || f->bytes[EI_DATA] != ELFDATA2LSB)
		return "an ELF file that Fata makes: those are little endian, of 32 or 64 bits";
	if (f->size < SIZE_OF(elf, Ehdr))
		return "whole: it ends within its header";
	const uint8_t *p = f->bytes;
	elf->machine = (unsigned)MEMBER(elf, p, Ehdr, e_machine);
	elf->entry = MEMBER(elf, p, Ehdr, e_entry);
	elf->section_offset = MEMBER(elf, p, Ehdr, e_shoff);
	elf->section_count = (unsigned)MEMBER(elf, p, Ehdr, e_shnum);
	uint64_t segments = MEMBER(elf, p, Ehdr, e_phnum);
	if (segments != 0 && MEMBER(elf, p, Ehdr, e_phentsize) != SIZE_OF(elf, Phdr))
		return "valid: its table of segments has entries of an odd size";
	if (elf->section_count != 0 && MEMBER(elf, p, Ehdr, e_shentsize) != SIZE_OF(elf, Shdr))
		return "valid: its table of sections has entries of an odd size";
	uint64_t table_bytes = elf->section_count * (uint64_t)SIZE_OF(elf, Shdr);
	if (!within(elf->section_offset, table_bytes, elf->size))
		return "whole: its table of sections lies beyond its end";
	return read_segments(elf, MEMBER(elf, p, Ehdr, e_phoff), segments);
}

/* A note: three words, the owner with its NUL, the descriptor; both padded to four bytes. */
static const uint8_t *find_note(const uint8_t *p, uint64_t left, const char *owner, uint32_t type,
				size_t *size)
{
	size_t owner_size = strlen(owner) + 1;

	while (left >= sizeof(Elf32_Nhdr)) {
		uint64_t name_bytes = load_le32(p), bytes = load_le32(p + 4);
		uint64_t at = sizeof(Elf32_Nhdr) + ROUND_UP(name_bytes, 4);
		if (!within(at, bytes, left))
			return NULL;
		if (load_le32(p + 8) == type && name_bytes == owner_size &&
		    memcmp(p + sizeof(Elf32_Nhdr), owner, owner_size) == 0) {
			*size = (size_t)bytes;
			return p + at;
		}
		uint64_t next = at + ROUND_UP(bytes, 4);
		if (next > left)
			return NULL;
		p += next;
		left -= next;
	}
	return NULL;
}

const uint8_t *elf_note(const struct elf *elf, const char *owner, uint32_t type, size_t *size)
{
	for (unsigned i = 0; i < elf->section_count; i++) {
		const uint8_t *p = elf->bytes + elf->section_offset + i * SIZE_OF(elf, Shdr);
		uint64_t offset = MEMBER(elf, p, Shdr, sh_offset);
		uint64_t bytes = MEMBER(elf, p, Shdr, sh_size);
		if (MEMBER(elf, p, Shdr, sh_type) != SHT_NOTE || !within(offset, bytes, elf->size))
			continue;
		const uint8_t *note = find_note(elf->bytes + offset, bytes, owner, type, size);
		if (note != NULL)
			return note;
	}
	return NULL;
}
