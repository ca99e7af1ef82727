/* SPDX-License-Identifier: ISC */
#include "tools/fata/manifest.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tools/fata/elf.h"
#include "tools/fata/fata.h"
#include "tools/fata/file.h"

enum { NOTE_TYPE = 1, TEXT_BYTES_MAX = 4 << 20 };

#define NOTE_OWNER "Fata"

/* --- JSON, in which anything may be missing or something else ----------------------------------
 */

/* What is wrong with a manifest; the first fault counts. */
struct fault {
	const char *member, *expected;
};

static void note_fault(struct fault *f, const char *member, const char *expected)
{
	if (f->member == NULL)
		*f = (struct fault){member, expected};
}

/* Texts are shown on terminals, which obey control characters. */
static bool is_plain(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

static const char *get_text(const json_t *object, const char *member, struct fault *f)
{
	const json_t *value = json_object_get(object, member);

	if (value == NULL || json_is_null(value))
		return "";
	if (!json_is_string(value) || !is_plain(json_string_value(value))) {
		note_fault(f, member, "a text without control characters");
		return "";
	}
	return json_string_value(value);
}

static long long get_integer(const json_t *object, const char *member, struct fault *f)
{
	const json_t *value = json_object_get(object, member);

	if (value == NULL || json_is_null(value))
		return 0;
	if (!json_is_integer(value))
		note_fault(f, member, "an integer");
	return json_integer_value(value);
}

static uint64_t get_count(const json_t *object, const char *member, struct fault *f)
{
	long long n = get_integer(object, member, f);
	if (n < 0)
		note_fault(f, member, "0 or more");
	return n < 0 ? 0 : (uint64_t)n;
}

static const json_t *get_list(const json_t *object, const char *member, struct fault *f)
{
	const json_t *value = json_object_get(object, member);

	if (value == NULL || json_is_null(value))
		return NULL;
	if (!json_is_array(value))
		note_fault(f, member, "a list");
	return value;
}

static const char **get_texts(const json_t *object, const char *member, size_t *count,
			      struct fault *f)
{
	const json_t *list = get_list(object, member, f);
	const char **texts = allocate((json_array_size(list) + 1) * sizeof(*texts));

	*count = json_array_size(list);
	for (size_t i = 0; i < *count; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		if (text == NULL || !is_plain(text))
			note_fault(f, member, "a list of texts without control characters");
		texts[i] = text != NULL ? text : "";
	}
	return texts;
}

/* --- the parts ----------------------------------------------------------------------------------
 */

static void read_device(struct manifest_device *d, const json_t *o, struct fault *f)
{
	d->name = get_text(o, "name", f);
	d->kind = get_text(o, "kind", f);
	d->signature = get_text(o, "signature", f);
	d->about = get_text(o, "about", f);
	d->where = get_text(o, "where", f);
	d->uses = get_texts(o, "uses", &d->use_count, f);
	d->ram_bytes = get_count(o, "ram_bytes", f);
}

static void read_key(struct manifest_key *k, const json_t *o, struct fault *f)
{
	k->name = get_text(o, "name", f);
	k->type = get_text(o, "type", f);
	k->value = get_text(o, "value", f);
	k->help = get_text(o, "help", f);
	k->where = get_text(o, "where", f);
	k->words = get_text(o, "words", f);
	k->of = get_text(o, "of", f);
	k->count_max = get_count(o, "count_max", f);
	k->min = get_integer(o, "min", f);
	k->max = get_integer(o, "max", f);
	k->is_boot_time = strcmp(get_text(o, "stage", f), "build") != 0;
}

static void read_job(struct manifest_job *j, const json_t *o, struct fault *f)
{
	j->function = get_text(o, "function", f);
	j->arguments = get_texts(o, "arguments", &j->argument_count, f);
}

static void read_port(struct manifest_port *p, const json_t *o, struct fault *f)
{
	uint64_t port = get_count(o, "port", f);
	if (port > UINT16_MAX)
		note_fault(f, "port", "at most 65535");
	p->protocol = get_text(o, "protocol", f);
	p->key = get_text(o, "key", f);
	p->service = get_text(o, "service", f);
	p->port = (unsigned)port;
}

/* Fills the array `field` of `type` from the list of objects of the same name. */
#define READ_LIST(m, o, field, count, type, read, f)                                               \
	do {                                                                                       \
		const json_t *list = get_list(o, #field, f);                                       \
		(m)->count = json_array_size(list);                                                \
		(m)->field = allocate(((m)->count + 1) * sizeof(struct type));                     \
		for (size_t i = 0; i < (m)->count; i++)                                            \
			read(&(m)->field[i], json_array_get(list, i), f);                          \
	} while (0)

static void read_machine(struct manifest_machine *m, const json_t *o, struct fault *f)
{
	m->qemu = get_text(o, "qemu", f);
	m->machine = get_text(o, "machine", f);
	m->machine_kvm = get_text(o, "machine_kvm", f);
	m->kernel = get_text(o, "kernel", f);
	m->devices = get_text(o, "devices", f);
	m->net = get_text(o, "net", f);
	m->exit = get_text(o, "exit", f);
	m->memory = get_text(o, "memory", f);
	m->cross = get_text(o, "cross", f);
	m->exit_is_odd = strcmp(get_text(o, "exit_is_odd", f), "1") == 0;
}

static void read_manifest(struct manifest *m, const json_t *o, struct fault *f)
{
	if (!json_is_object(o) || json_object_get(o, "fata") == NULL)
		note_fault(f, "fata", "there: the version of Fata that wrote it");
	m->fata = get_text(o, "fata", f);
	m->name = get_text(o, "name", f);
	m->board = get_text(o, "board", f);
	m->arch = get_text(o, "arch", f);
	READ_LIST(m, o, devices, device_count, manifest_device, read_device, f);
	READ_LIST(m, o, keys, key_count, manifest_key, read_key, f);
	READ_LIST(m, o, jobs, job_count, manifest_job, read_job, f);
	READ_LIST(m, o, ports, port_count, manifest_port, read_port, f);
	m->modules = get_texts(o, "modules", &m->module_count, f);
	m->netifs = get_count(o, "netifs", f);
	m->argument_block_bytes = get_count(o, "argument_block_bytes", f);
	m->ram_bytes = get_count(o, "ram_bytes", f);
	read_machine(&m->machine, json_object_get(o, "machine"), f);
}

static struct manifest *parse(const char *path, const void *text, size_t size)
{
	json_error_t error;
	struct fault fault = {0};

	if (size > TEXT_BYTES_MAX) {
		complain("the manifest in %s is damaged: it has more than 4 MiB", path);
		return NULL;
	}
	json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL) {
		complain("the manifest in %s is damaged: line %d, column %d: %s", path, error.line,
			 error.column, is_plain(error.text) ? error.text : "not JSON");
		return NULL;
	}
	struct manifest *m = allocate(sizeof(*m));
	m->json = json;
	m->path = duplicate(path);
	read_manifest(m, json, &fault);
	if (fault.member != NULL) {
		complain("the manifest in %s is damaged: \"%s\" must be %s", path, fault.member,
			 fault.expected);
		manifest_free(m);
		return NULL;
	}
	return m;
}

/* --- where it is --------------------------------------------------------------------------------
 */

static struct manifest *load_elf(const char *path, const struct file *f)
{
	struct elf elf;
	size_t size;

	const char *wrong = elf_open(&elf, f);
	if (wrong != NULL) {
		complain("%s is not %s", path, wrong);
		return NULL;
	}
	const uint8_t *note = elf_note(&elf, NOTE_OWNER, NOTE_TYPE, &size);
	if (note == NULL) {
		complain("%s has no manifest: it was not built by fata, or was stripped", path);
		return NULL;
	}
	while (size > 0 && note[size - 1] == '\0') /* padding that the assembler counted */
		size--;
	return parse(path, note, size);
}

static struct manifest *load_file(const char *path)
{
	struct file f;

	if (!file_read(&f, path))
		return NULL;
	struct manifest *m = elf_is(&f) ? load_elf(path, &f) : parse(path, f.bytes, f.size);
	file_free(&f);
	return m;
}

/* Whether the file begins like an ELF; false also if it cannot be read. */
static bool is_elf(const char *path)
{
	char magic[4] = "";
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		return false;
	size_t n = fread(magic, 1, sizeof(magic), f);
	fclose(f);
	return n == sizeof(magic) && memcmp(magic, "\177ELF", sizeof(magic)) == 0;
}

/* For an image without a manifest of its own. */
static struct manifest *load_beside(const char *image)
{
	struct manifest *m = NULL;
	char *elf = path_with_suffix(image, ".elf");
	char *folder = path_folder(image);
	char *json = text_of("%s/manifest.json", folder);

	if (file_exists(elf))
		m = load_file(elf);
	else if (file_exists(json))
		m = load_file(json);
	else
		complain("%s holds no manifest, and neither %s nor %s is there", image, elf, json);
	free(json);
	free(folder);
	free(elf);
	return m;
}

struct manifest *manifest_load(const char *image)
{
	if (folder_exists(image)) {
		char *json = text_of("%s/manifest.json", image);
		struct manifest *m = load_file(json);
		free(json);
		return m;
	}
	if (!file_exists(image) || is_elf(image) || path_ends(image, ".json") ||
	    path_ends(image, ".elf"))
		return load_file(image);
	return load_beside(image);
}

void manifest_free(struct manifest *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->device_count; i++)
		free(m->devices[i].uses);
	for (size_t i = 0; i < m->job_count; i++)
		free(m->jobs[i].arguments);
	free(m->devices);
	free(m->keys);
	free(m->jobs);
	free(m->ports);
	free(m->modules);
	free((char *)m->path);
	json_decref(m->json);
	free(m);
}
