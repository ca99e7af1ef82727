/* SPDX-License-Identifier: ISC */
/*
 * manifest.json: what an image is made of, for tools; it is in the image's file as an ELF note too.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/config/lib/emit.h"

/* An object or array on one line, or with one element a line. */
struct json {
	FILE *out;
	const char *separator; /* in front of the next element */
};

static void put_separator(struct json *json)
{
	fputs(json->separator, json->out);
	json->separator = ", ";
}

/* "NAME": and the value as JSON. */
static void put_member(struct json *json, const char *name, const char *value)
{
	put_separator(json);
	fprintf(json->out, "%s: %s", quote_json(name), value);
}

static void put_string(struct json *json, const char *name, const char *text)
{
	put_member(json, name, text != NULL ? quote_json(text) : "null");
}

static void put_number(struct json *json, const char *name, uint64_t value)
{
	put_member(json, name, fata_text("%" PRIu64, value));
}

/* The members of the outermost object, each on lines of its own. */
static void put_top(struct json *json, const char *name, const char *value)
{
	json->separator = json->separator[0] == '\0' ? "\n  " : ",\n  ";
	put_member(json, name, value);
}

/* --- arrays ---------------------------------------------------------------------------------- */

struct array {
	struct text text;
	struct json json;
};

/* An array with one element a line. */
static void array_begin(struct array *array)
{
	array->json = (struct json){.out = text_begin(&array->text), .separator = "\n    "};
	fputc('[', array->json.out);
}

static struct json *array_object(struct array *array)
{
	fprintf(array->json.out, "%s{", array->json.separator);
	array->json.separator = "";
	return &array->json;
}

static void array_object_end(struct array *array)
{
	fputc('}', array->json.out);
	array->json.separator = ",\n    ";
}

static const char *array_end(struct array *array)
{
	bool empty = strcmp(array->json.separator, "\n    ") == 0;
	fputs(empty ? "]" : "\n  ]", array->json.out);
	return text_end(&array->text);
}

/* The names of what `node` uses, on one line. */
static const char *names_of_uses(const struct fata_node *node)
{
	struct text text;
	struct json json = {.out = text_begin(&text), .separator = ""};

	fputc('[', json.out);
	for (size_t i = 0; i < node->n_uses; i++) {
		if (node->uses[i].order_only)
			continue;
		put_separator(&json);
		fputs(quote_json(node->uses[i].node->name), json.out);
	}
	fputc(']', json.out);
	return text_end(&text);
}

static const char *names(const char *const texts[], size_t n)
{
	struct text text;
	struct json json = {.out = text_begin(&text), .separator = ""};

	fputc('[', json.out);
	for (size_t i = 0; i < n; i++) {
		put_separator(&json);
		fputs(quote_json(texts[i]), json.out);
	}
	fputc(']', json.out);
	return text_end(&text);
}

/* --- parts ----------------------------------------------------------------------------------- */

static void put_device(struct array *array, const struct fata_node *node)
{
	const struct fata_signature *signature = node->spec.signature;
	struct json *json = array_object(array);

	put_string(json, "name", node->name);
	put_string(json, "kind", node->spec.kind);
	put_string(json, "signature", signature != NULL ? signature->name : NULL);
	put_string(json, "about", node->spec.about);
	put_string(json, "where", place_text(node->place));
	put_member(json, "uses", names_of_uses(node));
	put_number(json, "ram_bytes", node->spec.ram_bytes);
	array_object_end(array);
}

static const char *devices(const struct plan *plan)
{
	struct array array;

	array_begin(&array);
	for (size_t i = 0; i < plan->n_early; i++)
		put_device(&array, plan->early[i]);
	for (size_t i = 0; i < plan->n_devices; i++)
		put_device(&array, plan->devices[i]);
	return array_end(&array);
}

static void put_bound(struct json *json, const char *name, const struct fata_node *node,
		      uint64_t value)
{
	const struct key_type_info *number = node->element != NULL ? node->element : node->type;

	if (number->range == KEY_RANGE_SIGNED)
		put_member(json, name, fata_text("%" PRId64, (int64_t)value));
	else
		put_number(json, name, value);
}

static const char *keys_array(const struct plan *plan)
{
	struct array array;

	array_begin(&array);
	for (size_t i = 0; i < plan->n_keys; i++) {
		const struct fata_node *node = plan->keys[i];
		struct json *json = array_object(&array);
		put_string(json, "name", node->name);
		put_string(json, "type", node->type->name);
		put_string(json, "stage", node->stage == BUILD_TIME ? "build" : "boot");
		put_string(json, "value", node->initial);
		put_bound(json, "min", node, node->limits.min);
		put_bound(json, "max", node, node->limits.max);
		put_string(json, "help", node->key.help);
		if (node->words != NULL)
			put_string(json, "words", node->words);
		if (node->element != NULL) {
			put_string(json, "of", node->element->name);
			put_number(json, "count_max", node->list_max);
		}
		put_string(json, "where", place_text(node->place));
		array_object_end(&array);
	}
	return array_end(&array);
}

static const char *jobs(const struct plan *plan)
{
	struct array array;

	array_begin(&array);
	for (size_t i = 0; i < plan->n_jobs; i++) {
		struct json *json = array_object(&array);
		put_string(json, "function", plan->jobs[i]->name);
		put_member(json, "arguments", names_of_uses(plan->jobs[i]));
		put_number(json, "stack_bytes", plan->run_main != NULL ? job_stack_bytes(i) : 0);
		array_object_end(&array);
	}
	return array_end(&array);
}

static const char *ports(void)
{
	struct array array;

	array_begin(&array);
	for (size_t i = 0; i < graph.n_ports; i++) {
		const struct port *port = &graph.ports[i];
		if (!port->device->needed)
			continue;
		struct json *json = array_object(&array);
		put_string(json, "protocol", port->protocol);
		put_number(json, "port", strtoul(port->key->initial, NULL, 10));
		put_string(json, "key", port->key->name);
		put_string(json, "service", port->service);
		array_object_end(&array);
	}
	return array_end(&array);
}

static bool is_netif_of_board(const struct fata_node *device)
{
	for (size_t i = 0; i < graph.n_needs; i++) {
		if (graph.needs[i].device == device && strcmp(graph.needs[i].kind, "netif") == 0)
			return true;
	}
	return false;
}

/* Those of the board, without what stands in front of them. */
static uint64_t count_netifs(const struct plan *plan)
{
	uint64_t n = 0;

	for (size_t i = 0; i < plan->n_devices; i++)
		n += is_netif_of_board(plan->devices[i]);
	return n;
}

/* What make has written of the board's emulator, as it is. */
static const char *machine(void)
{
	struct text text;
	char bytes[4096];
	size_t n;

	if (options.machine == NULL)
		return "null";
	FILE *in = fopen(options.machine, "re");
	FILE *out = text_begin(&text);
	while (in != NULL && (n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		fwrite(bytes, 1, n, out);
	if (in == NULL || ferror(in) != 0)
		fault_at((struct place){0}, "%s: %s", options.machine, strerror(errno));
	if (in != NULL)
		fclose(in);
	const char *json = text_end(&text);
	size_t kept = strlen(json);
	while (kept > 0 && strchr(" \t\r\n", json[kept - 1]) != NULL)
		kept--;
	return kept > 0 ? fata_text("%.*s", (int)kept, json) : "null";
}

void emit_manifest(FILE *out, const struct plan *plan)
{
	struct json json = {.out = out, .separator = ""};

	fputc('{', out);
	put_top(&json, "fata", quote_json(options.version != NULL ? options.version : ""));
	put_top(&json, "name", quote_json(image_name()));
	put_top(&json, "board", quote_json(graph.board->name));
	put_top(&json, "arch", quote_json(graph.board->arch));
	put_top(&json, "devices", devices(plan));
	put_top(&json, "keys", keys_array(plan));
	put_top(&json, "jobs", jobs(plan));
	put_top(&json, "ports", ports());
	put_top(&json, "netifs", fata_text("%" PRIu64, count_netifs(plan)));
	put_top(&json, "modules", names(plan->modules, plan->n_modules));
	if (graph.memory_limit_bytes != 0)
		put_top(&json, "memory_limit_bytes",
			fata_text("%" PRIu64, graph.memory_limit_bytes));
	put_top(&json, "argument_block_bytes", fata_text("%u", graph.argument_block_bytes));
	put_top(&json, "ram_bytes", fata_text("%" PRIu64, plan->ram_bytes));
	put_top(&json, "machine", machine());
	fputs("\n}\n", out);
}
