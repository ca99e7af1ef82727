/* SPDX-License-Identifier: ISC */
/*
 * Messages, and memory that does not run out without one.
 */
#include "tools/fata/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/fata/fata.h"

static const char *command;

void message_set_command(const char *name)
{
	command = name;
}

static void print_message(const char *format, va_list ap)
{
	fflush(stdout); /* so that the two streams keep their order on a terminal */
	fprintf(stderr, command != NULL ? "fata %s: " : "fata: ", command);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
}

void complain(const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	print_message(format, ap);
	va_end(ap);
}

int complain_usage(const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	print_message(format, ap);
	va_end(ap);
	fprintf(stderr, "Try 'fata%s%s --help'.\n", command != NULL ? " " : "",
		command != NULL ? command : "");
	return STATUS_BAD_USAGE;
}

/* The long option that was given as `word` ("--boa=x"), exactly or shortened; NULL if none. */
static const struct option *long_option(const char *word, const struct option *options)
{
	size_t len = strcspn(word + 2, "=");

	for (; options->name != NULL; options++) {
		if (strncmp(options->name, word + 2, len) == 0)
			return options;
	}
	return NULL;
}

int complain_option(int argc, char **argv, int returned, const struct option *options)
{
	const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
	bool is_long = strncmp(word, "--", 2) == 0 && word[2] != '\0';

	if (returned == ':') {
		if (is_long)
			return complain_usage("%s: a value is missing, as in %s=VALUE", word, word);
		return complain_usage("-%c: a value is missing", optopt);
	}
	if (optopt != 0 && !is_long)
		return complain_usage("-%c: unknown option", optopt);
	const struct option *o = is_long ? long_option(word, options) : NULL;
	if (o != NULL && o->has_arg == no_argument && strchr(word, '=') != NULL)
		return complain_usage("%s: --%s takes no value", word, o->name);
	return complain_usage("%.*s: %s option", (int)strcspn(word, "="), word,
			      o != NULL ? "ambiguous" : "unknown");
}

int end_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return STATUS_OK;
	complain("the output could not be written: %s", strerror(errno));
	return STATUS_FAILED;
}

int print_help(const char *text)
{
	fputs(text, stdout);
	return end_output();
}

static void *checked(void *p)
{
	if (p == NULL) {
		complain("there is not enough memory");
		exit(STATUS_FAILED);
	}
	return p;
}

void *allocate(size_t bytes)
{
	return checked(calloc(1, bytes > 0 ? bytes : 1));
}

void *reallocate(void *p, size_t count, size_t element_bytes)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, element_bytes, &bytes))
		bytes = SIZE_MAX; /* which nobody has */
	return checked(realloc(p, bytes > 0 ? bytes : 1));
}

char *duplicate(const char *text)
{
	return checked(strdup(text));
}

char *text_of(const char *format, ...)
{
	char *text;
	va_list ap;
	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = NULL;
	va_end(ap);
	return checked(text);
}
