/* SPDX-License-Identifier: ISC */
/*
 * Writes C and counts its lines, so that #line can lead to config.c and back.
 */
#include <stdarg.h>
#include <string.h>

#include "tools/config/lib/emit.h"

/* --- names ----------------------------------------------------------------------------------- */

const char *out_path(const char *name)
{
	return options.out != NULL ? fata_text("%s/%s", options.out, name) : name;
}

const char *image_name(void)
{
	return graph.app != NULL ? graph.app : "unikernel";
}

const char *image_title(void)
{
	return graph.board != NULL ? fata_text("%s on %s", image_name(), graph.board->name)
				   : image_name();
}

/* --- text ------------------------------------------------------------------------------------ */

struct writer writer(FILE *out, const char *name)
{
	return (struct writer){.out = out, .path = out_path(name), .line = 1};
}

static void put_text(struct writer *w, const char *text)
{
	fputs(text, w->out);
	for (; *text != '\0'; text++)
		w->line += *text == '\n';
}

/* The next line is this file's own again. */
static void come_back(struct writer *w)
{
	if (w->away != NULL)
		put_text(w, fata_text("#line %u %s\n", w->line + 1, quote_c(w->path)));
	w->away = NULL;
}

void put(struct writer *w, const char *format, ...)
{
	va_list ap;

	come_back(w);
	va_start(ap, format);
	put_text(w, text_format(format, ap));
	va_end(ap);
}

/* The bytes of the words at the beginning of `text` that fit into `columns`, the first always. */
static size_t words_that_fit(const char *text, unsigned columns)
{
	size_t bytes = strcspn(text, " ");

	while (text[bytes] != '\0') {
		size_t next = bytes + 1 + strcspn(text + bytes + 1, " ");
		if (text_columns(fata_text("%.*s", (int)next, text)) > columns)
			break;
		bytes = next;
	}
	return bytes;
}

static void put_block(struct writer *w, const char *text)
{
	put(w, "/*\n");
	while (*text != '\0') {
		size_t bytes = words_that_fit(text, COLUMNS_MAX - (unsigned)strlen(" * "));
		put(w, " * %.*s\n", (int)bytes, text);
		text += bytes + strspn(text + bytes, " ");
	}
	put(w, " */\n");
}

void put_comment(struct writer *w, const char *text)
{
	text = quote_comment(text);
	if (text_columns(text) + strlen("/*  */") <= COLUMNS_MAX)
		put(w, "/* %s */\n", text);
	else
		put_block(w, text);
}

void put_head(struct writer *w, const char *about)
{
	put_block(w, quote_comment(fata_text("%s: %s. Written by fata configure, which will "
					     "overwrite changes.",
					     image_title(), about)));
}

/* --- headers --------------------------------------------------------------------------------- */

void headers_add(struct headers *headers, const char *name)
{
	size_t at = 0;

	while (at < headers->n_names && strcmp(headers->names[at], name) < 0)
		at++;
	if (at < headers->n_names && strcmp(headers->names[at], name) == 0)
		return;
	(void)APPEND(headers->names, headers->n_names);
	memmove(&headers->names[at + 1], &headers->names[at],
		(headers->n_names - 1 - at) * sizeof(headers->names[0]));
	headers->names[at] = name;
}

void put_headers(struct writer *w, const struct headers *headers)
{
	for (size_t i = 0; i < headers->n_names; i++)
		put(w, "%s#include \"%s\"\n", i == 0 ? "\n" : "", headers->names[i]);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* A file of the application as the compiler will find it, from make's working directory. */
static const char *source_path(const char *file)
{
	bool absolute = file[0] == '/';
	return fata_text("%s%s", options.prefix != NULL && !absolute ? options.prefix : "", file);
}

/* The next line is the one of `place`. */
static void go_to(struct writer *w, struct place place)
{
	const char *path = source_path(place.file);

	if (w->away != NULL && strcmp(w->away, path) == 0)
		put_text(w, fata_text("#line %u\n", place.line));
	else
		put_text(w, fata_text("#line %u %s\n", place.line, quote_c(path)));
	w->away = path;
}

void put_code(struct writer *w, const char *text, unsigned tabs, struct place place)
{
	struct code code = layout(text, tabs);

	for (size_t i = 0; i < code.n_lines; i++) {
		if (code.lines[i].wiring && place.line != 0)
			go_to(w, place);
		else
			come_back(w);
		put_text(w, fata_text("%s\n", code.lines[i].text));
	}
}
