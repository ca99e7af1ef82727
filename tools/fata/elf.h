/* SPDX-License-Identifier: ISC */
/*
 * The parts of an ELF file that a tool asks for: what is loaded, and notes. Little endian, 32 and
 * 64 bits. Every offset and size is held against the file's before it is used; the bytes are
 * borrowed. Specification: System V Application Binary Interface, chapters 4 and 5.
 */
#ifndef TOOLS_FATA_ELF_H
#define TOOLS_FATA_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "tools/fata/file.h"

enum { ELF_SEGMENTS_MAX = 64 };

struct elf_segment {
	uint64_t address;
	uint64_t file_bytes, memory_bytes;
	bool is_readable, is_writable, is_executable;
};

struct elf {
	const uint8_t *bytes;
	size_t size;
	bool is_64;
	unsigned machine; /* EM_… of <elf.h> */
	uint64_t entry;
	/* Those that are loaded (PT_LOAD), in the order of the file. */
	struct elf_segment segments[ELF_SEGMENTS_MAX];
	size_t segment_count;

	uint64_t section_offset; /* of the table; for elf_note() */
	unsigned section_count;
};

/* Whether the file begins like an ELF. */
bool elf_is(const struct file *f);

/* Reads the headers. NULL if all is well, else what is wrong, as the end of "FILE is not …". */
MUST_USE const char *elf_open(struct elf *elf, const struct file *f);

/*
 * The descriptor of the note of `owner` and `type`, and its length in *size; NULL if there is none.
 * Looks into sections of type SHT_NOTE, since ours is not loaded.
 */
const uint8_t *elf_note(const struct elf *elf, const char *owner, uint32_t type, size_t *size);

#endif
