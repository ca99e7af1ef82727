/* SPDX-License-Identifier: ISC */
/*
 * fata inspect: what an image holds.
 */
#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/args_types.h"
#include "tools/fata/argblock.h"
#include "tools/fata/elf.h"
#include "tools/fata/fata.h"
#include "tools/fata/file.h"
#include "tools/fata/manifest.h"
#include "tools/fata/sha256.h"
#include "tools/fata/table.h"

static const char inspect_help[] =
	"Usage: fata inspect [OPTION]... IMAGE\n"
	"\n"
	"Shows what IMAGE was made of, its keys, its size and its boot arguments. IMAGE is an\n"
	"ELF, which carries its manifest, or a .img or .bin beside its ELF or manifest.json.\n"
	"\n"
	"      --json            as JSON: the manifest, with the file's facts under \"file\"\n"
	"  -h, --help            show this help\n";

/* An image file and what was found in it. */
struct image {
	struct file file;
	struct elf elf;
	bool is_elf;
	char sha256[SHA256_HEX_BYTES];
	struct argblock block;
	enum argblock_found found;
	char *arguments; /* the block's text, with ARGBLOCK_ONE */
};

/* --- reading it ---------------------------------------------------------------------------------
 */

static bool open_image(struct image *image, const char *path)
{
	*image = (struct image){0};
	if (!file_read(&image->file, path))
		return false;
	image->is_elf = elf_is(&image->file);
	if (image->is_elf) {
		const char *wrong = elf_open(&image->elf, &image->file);
		if (wrong != NULL) {
			complain("%s is not %s", path, wrong);
			file_free(&image->file);
			return false;
		}
	}
	sha256_hex(image->file.bytes, image->file.size, image->sha256);
	image->found = argblock_find(&image->block, image->file.bytes, image->file.size);
	if (image->found == ARGBLOCK_ONE)
		image->arguments = argblock_text(&image->block, image->file.bytes);
	return true;
}

static void close_image(struct image *image)
{
	free(image->arguments);
	file_free(&image->file);
}

/* Bytes that a loader puts into memory from the file, and those that the image takes there. */
static void add_up(const struct image *image, uint64_t *file_bytes, uint64_t *memory_bytes)
{
	*file_bytes = image->is_elf ? 0 : image->file.size;
	*memory_bytes = 0;
	for (size_t i = 0; i < image->elf.segment_count; i++) {
		*file_bytes += image->elf.segments[i].file_bytes;
		*memory_bytes += image->elf.segments[i].memory_bytes;
	}
}

/* --- for a person -------------------------------------------------------------------------------
 */

static char *arguments_line(const struct image *image)
{
	switch (image->found) {
	case ARGBLOCK_ONE:
		if (image->block.length == 0)
			return text_of("a block of %u bytes, empty", image->block.capacity);
		return text_of("a block of %u bytes: %s", image->block.capacity, image->arguments);
	case ARGBLOCK_MANY:
		return duplicate("more than one block");
	case ARGBLOCK_DAMAGED:
		return duplicate("a damaged block");
	case ARGBLOCK_NONE:
		break;
	}
	return duplicate("no block");
}

static void add_bytes(struct table *t, const char *name, uint64_t bytes, const char *what)
{
	char *number = number_text(bytes);
	char *text = text_of("%s bytes%s", number, what);
	table_add(t, name, text);
	free(text);
	free(number);
}

static void show_file(const struct image *image, const struct manifest *m)
{
	struct table t = {0};
	uint64_t file_bytes, memory_bytes;

	add_up(image, &file_bytes, &memory_bytes);
	char *arguments = arguments_line(image);
	table_add(&t, "file", image->file.path);
	add_bytes(&t, "size", image->file.size, "");
	if (image->is_elf) {
		add_bytes(&t, "loadable", file_bytes, "");
		add_bytes(&t, "in memory", memory_bytes, "");
	}
	if (m->ram_bytes > 0)
		add_bytes(&t, "more RAM", m->ram_bytes, ", taken by devices when they start");
	table_add(&t, "sha256", image->sha256);
	table_add(&t, "arguments", arguments);
	table_print(&t, 0);
	free(arguments);
}

static void show_segments(const struct image *image)
{
	struct table t = {0};

	if (!image->is_elf)
		return;
	puts("\nSegments");
	table_add(&t, "address", "access", "in the file", "in memory");
	for (size_t i = 0; i < image->elf.segment_count; i++) {
		const struct elf_segment *s = &image->elf.segments[i];
		char access[] = {s->is_readable ? 'r' : '-', s->is_writable ? 'w' : '-',
				 s->is_executable ? 'x' : '-', '\0'};
		char *address = text_of("%0*" PRIx64, image->elf.is_64 ? 16 : 8, s->address);
		char *file_bytes = number_text(s->file_bytes);
		char *memory_bytes = number_text(s->memory_bytes);
		table_add(&t, address, access, file_bytes, memory_bytes);
		free(memory_bytes);
		free(file_bytes);
		free(address);
	}
	table_print(&t, 1 << 2 | 1 << 3);
}

static void show_jobs(const struct manifest *m)
{
	puts("\nJobs");
	for (size_t i = 0; i < m->job_count; i++) {
		const struct manifest_job *j = &m->jobs[i];
		printf("  %s(", j->function);
		for (size_t k = 0; k < j->argument_count; k++)
			printf("%s%s", k > 0 ? ", " : "", j->arguments[k]);
		puts(")");
	}
}

static void show_devices(const struct manifest *m)
{
	struct table t = {0};

	if (m->device_count == 0)
		return;
	puts("\nDevices");
	for (size_t i = 0; i < m->device_count; i++) {
		const struct manifest_device *d = &m->devices[i];
		table_add(&t, d->name, d->about, d->where);
	}
	table_print(&t, 0);
}

static void show_keys(const struct manifest *m)
{
	struct table t = {0};

	if (m->key_count == 0)
		return;
	puts("\nKeys");
	for (size_t i = 0; i < m->key_count; i++) {
		const struct manifest_key *k = &m->keys[i];
		const struct key_type *type = key_type_by_name(k->type);
		const char *shape = type != NULL ? type->placeholder : k->type;
		char *name = text_of("--%s%s%s", k->name, shape[0] != '\0' ? "=" : "", shape);
		char *help = text_of("%s%s", k->help, k->is_boot_time ? "" : " (build time)");
		table_add(&t, name, k->value, help, k->where);
		free(help);
		free(name);
	}
	table_print(&t, 0);
}

static void show_ports(const struct manifest *m)
{
	struct table t = {0};

	if (m->port_count == 0)
		return;
	puts("\nPorts");
	for (size_t i = 0; i < m->port_count; i++) {
		const struct manifest_port *p = &m->ports[i];
		char *port = text_of("%u", p->port);
		char *key = p->key[0] != '\0' ? text_of("set by --%s", p->key) : duplicate("");
		table_add(&t, p->protocol, port, p->service, key);
		free(key);
		free(port);
	}
	table_print(&t, 1 << 1);
}

static void show(const struct image *image, const struct manifest *m)
{
	printf("%s on %s (%s), by Fata %s\n\n", m->name, m->board, m->arch, m->fata);
	show_file(image, m);
	show_segments(image);
	show_jobs(m);
	show_devices(m);
	show_keys(m);
	show_ports(m);
}

/* --- for programs -------------------------------------------------------------------------------
 */

static json_t *segments_json(const struct image *image)
{
	json_t *list = json_array();

	for (size_t i = 0; i < image->elf.segment_count; i++) {
		const struct elf_segment *s = &image->elf.segments[i];
		json_array_append_new(list, json_pack("{sI sI sI sb sb sb}", "address",
						      (json_int_t)s->address, "file_bytes",
						      (json_int_t)s->file_bytes, "memory_bytes",
						      (json_int_t)s->memory_bytes, "readable",
						      s->is_readable, "writable", s->is_writable,
						      "executable", s->is_executable));
	}
	return list;
}

static json_t *block_json(const struct image *image)
{
	if (image->found != ARGBLOCK_ONE)
		return json_null();
	return json_pack("{sI si ss}", "offset", (json_int_t)image->block.offset, "capacity_bytes",
			 (int)image->block.capacity, "text", image->arguments);
}

static void show_json(const struct image *image, const struct manifest *m)
{
	uint64_t file_bytes, memory_bytes;

	add_up(image, &file_bytes, &memory_bytes);
	json_t *path = json_string(image->file.path);
	json_t *file = json_pack("{so* sI ss sI sI so so}", "path", path, "bytes",
				 (json_int_t)image->file.size, "sha256", image->sha256,
				 "loadable_bytes", (json_int_t)file_bytes, "memory_bytes",
				 (json_int_t)memory_bytes, "segments", segments_json(image),
				 "argument_block", block_json(image));
	json_object_set_new(m->json, "file", file);
	json_dumpf(m->json, stdout, JSON_INDENT(2));
	putchar('\n');
}

/* --- the command --------------------------------------------------------------------------------
 */

int inspect_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {0}};
	bool as_json = false;
	struct image image;
	int option;

	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h')
			return print_help(inspect_help);
		if (option != 'j')
			return complain_option(argc, argv, option, options);
		as_json = true;
	}
	if (optind == argc)
		return complain_usage("an image is missing, such as build/virt-arm/web/web.elf");
	if (optind + 1 < argc)
		return complain_usage("%s: unexpected word", argv[optind + 1]);
	if (!open_image(&image, argv[optind]))
		return STATUS_FAILED;
	struct manifest *m = manifest_load(argv[optind]);
	if (m != NULL)
		(as_json ? show_json : show)(&image, m);
	int status = m != NULL ? end_output() : STATUS_FAILED;
	manifest_free(m);
	close_image(&image);
	return status;
}
