/* SPDX-License-Identifier: ISC */
/*
 * modules.mk: what make builds and links for the image.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/config/lib/emit.h"

/* A variable whose words go on the next line where they would pass the last column. */
struct list {
	FILE *out;
	const char *name;
	const char **words; /* so far, to name each once */
	size_t n_words;
	unsigned column;
};

enum { NAME_COLUMNS = 16 };

static struct list list_begin(FILE *out, const char *name)
{
	fprintf(out, "%-*s:=", NAME_COLUMNS, name);
	return (struct list){.out = out, .name = name, .column = NAME_COLUMNS + 2};
}

static void list_add(struct list *list, const char *word)
{
	const char *text = quote_make(word);
	unsigned columns = 1 + text_columns(text);

	for (size_t i = 0; i < list->n_words; i++) {
		if (strcmp(list->words[i], word) == 0)
			return;
	}
	*APPEND(list->words, list->n_words) = word;
	if (list->n_words > 1 && list->column + columns + strlen(" \\") > COLUMNS_MAX) {
		fprintf(list->out, " \\\n%*s", NAME_COLUMNS + 2, "");
		list->column = NAME_COLUMNS + 2;
	}
	fprintf(list->out, " %s", text);
	list->column += columns;
}

static void list_end(struct list *list)
{
	fputc('\n', list->out);
}

/* *.c of the application's own folder make finds by itself. */
static bool is_found_by_make(const char *source)
{
	size_t len = strlen(source);

	while (strncmp(source, "./", 2) == 0) {
		source += 2;
		len -= 2;
	}
	return strchr(source, '/') == NULL && len > 2 && strcmp(source + len - 2, ".c") == 0;
}

static void put_sources(FILE *out, const struct plan *plan)
{
	struct list list = list_begin(out, "APP_SOURCES");

	for (size_t i = 0; i < plan->n_devices; i++) {
		const char *const *source = plan->devices[i]->sources;
		for (; source != NULL && *source != NULL; source++) {
			if (!is_found_by_make(*source))
				list_add(&list, *source);
		}
	}
	list_end(&list);
}

static void put_embedded(FILE *out)
{
	struct list list = list_begin(out, "APP_EMBED");

	for (size_t i = 0; i < graph.n_embedded; i++) {
		const struct embedded *e = &graph.embedded[i];
		if (e->device->needed)
			list_add(&list, fata_text("%s:%s", e->folder, e->symbol));
	}
	list_end(&list);
}

static void put_http_port(FILE *out)
{
	struct list list = list_begin(out, "APP_HTTP_PORT");

	for (size_t i = 0; i < graph.n_ports && list.n_words == 0; i++) {
		const struct port *port = &graph.ports[i];
		if (port->device->needed && strcmp(port->service, "http") == 0)
			list_add(&list, port->key->initial);
	}
	list_end(&list);
}

/* In bytes; 0: none. */
static void put_limit(FILE *out, const char *name, uint64_t bytes)
{
	struct list list = list_begin(out, name);

	list_add(&list, fata_text("%" PRIu64, bytes));
	list_end(&list);
}

/* Of two limits, of which each may be 0 for none. */
static uint64_t least(uint64_t a, uint64_t b)
{
	return a != 0 && b != 0 ? MIN(a, b) : MAX(a, b);
}

/* Structures of small boards have no room for what such images have not. */
static void put_variant(FILE *out, const struct plan *plan)
{
	struct list list;

	if (!graph.no_counters && !plan_is_plain_v4(plan))
		return;
	list = list_begin(out, "APP_VARIANT");
	if (graph.no_counters)
		list_add(&list, "WITHOUT_COUNTERS");
	if (plan_is_plain_v4(plan))
		list_add(&list, "PLAIN_IPV4");
	list_end(&list);
}

void emit_make(FILE *out, const struct plan *plan)
{
	fprintf(out, "# %s: what config.c names. Written by fata configure.\n",
		quote_make(image_title()));
	struct list list = list_begin(out, "APP_MODULES");
	for (size_t i = 0; i < plan->n_modules; i++)
		list_add(&list, plan->modules[i]);
	list_end(&list);
	put_sources(out, plan);
	put_embedded(out);
	put_http_port(out);
	list = list_begin(out, "APP_LINE");
	list_add(&list, place_text(graph.app_place));
	list_end(&list);
	if (graph.no_malloc)
		fprintf(out, "APP_WITHOUT_MALLOC := 1\n");
	put_variant(out, plan);
	put_limit(out, "APP_RAM_LIMIT",
		  least(options.ram_bytes != 0 ? options.ram_bytes : graph.board->ram_bytes,
			graph.memory_limit_bytes));
	put_limit(out, "APP_FLASH_LIMIT", least(graph.board->flash_bytes, graph.flash_limit_bytes));
}
