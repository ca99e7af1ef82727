/* SPDX-License-Identifier: ISC */
/*
 * Which line of config.c is at work, and the faults that were found.
 */
#include <stdarg.h>
#include <string.h>

#include "tools/config/lib/graph.h"

/* A call of the language that has not returned. */
struct frame {
	struct place place;
	bool muted; /* what else is wrong in it follows from a fault that is noted already */
};

static struct frame *frames;
static size_t n_frames;
static struct place last; /* that was noted */

static bool ends_with(const char *text, const char *end)
{
	size_t text_len = strlen(text), end_len = strlen(end);
	return text_len >= end_len && strcmp(text + text_len - end_len, end) == 0;
}

/* The name of a file as seen from the application's folder, whatever the compiler was called with.
 */
static const char *file_name(const char *file)
{
	size_t prefix_len = options.prefix != NULL ? strlen(options.prefix) : 0;

	while (strncmp(file, "./", 2) == 0)
		file += 2;
	if (prefix_len != 0 && strncmp(file, options.prefix, prefix_len) == 0)
		file += prefix_len;
	return file;
}

void fata_enter(const char *file, unsigned line)
{
	struct place place = {.file = file_name(file), .line = line};

	*APPEND(frames, n_frames) = (struct frame){.place = place};
	if (!ends_with(place.file, ".cfg.h"))
		last = place;
}

void fata_leave(void)
{
	if (n_frames > 0)
		n_frames--;
}

/* The innermost call that a person wrote: modules are not to blame for how they are used. */
static struct frame *frame_now(void)
{
	for (size_t i = n_frames; i > 0; i--) {
		if (!ends_with(frames[i - 1].place.file, ".cfg.h"))
			return &frames[i - 1];
	}
	return NULL;
}

struct place place_now(void)
{
	struct frame *frame = frame_now();
	return frame != NULL ? frame->place : (struct place){.file = "config.c"};
}

struct place place_last(void)
{
	return last.file != NULL ? last : place_now();
}

void place_mute(void)
{
	struct frame *frame = frame_now();
	if (frame != NULL)
		frame->muted = true;
}

/* Less than, equal to or greater than 0 as `a` comes before, with or behind `b`. */
static int compare(struct place a, struct place b)
{
	int order = strcmp(a.file != NULL ? a.file : "", b.file != NULL ? b.file : "");
	if (order != 0)
		return order;
	return a.line < b.line ? -1 : a.line > b.line;
}

bool place_is_faulty(struct place place)
{
	for (size_t i = 0; i < graph.n_faults; i++) {
		if (compare(graph.faults[i].place, place) == 0)
			return true;
	}
	return false;
}

const char *place_text(struct place place)
{
	const char *file = place.file != NULL ? place.file : "config.c";

	return place.line != 0 ? fata_text("%s:%u", file, place.line) : file;
}

/* Keeps the faults sorted, those of one line in the order in which they were found. */
static void note(struct place place, const char *text)
{
	size_t at = graph.n_faults;

	for (size_t i = 0; i < graph.n_faults; i++) {
		const struct fault *f = &graph.faults[i];
		if (compare(f->place, place) == 0 && strcmp(f->text, text) == 0)
			return;
	}
	(void)APPEND(graph.faults, graph.n_faults);
	for (; at > 0 && compare(graph.faults[at - 1].place, place) > 0; at--)
		graph.faults[at] = graph.faults[at - 1];
	graph.faults[at] = (struct fault){.place = place, .text = text};
}

void fault_at(struct place place, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	note(place, text_format(format, ap));
	va_end(ap);
}

void fata_fault(const char *format, ...)
{
	struct frame *frame = frame_now();
	va_list ap;

	if (frame != NULL && frame->muted)
		return;
	va_start(ap, format);
	note(place_now(), text_format(format, ap));
	va_end(ap);
}

size_t faults_print(FILE *out)
{
	for (size_t i = 0; i < graph.n_faults; i++) {
		const struct fault *f = &graph.faults[i];
		if (f->place.file == NULL)
			fprintf(out, "%s\n", f->text);
		else
			fprintf(out, "%s: %s\n", place_text(f->place), f->text);
	}
	return graph.n_faults;
}
