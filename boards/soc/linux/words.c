/* SPDX-License-Identifier: ISC */
#include "boards/soc/linux/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_DEFAULT ((size_t)16 << 20)
#define MEMORY_MIN     ((size_t)64 << 10)
#define MEMORY_MAX     ((size_t)1 << 30)

const char host_words_help[] =
	"The machine (host board):\r\n"
	"  --tap=NAME       tap device for the network (default: none); several with commas\r\n"
	"  --disk=FILE      disk, of raw sectors (default: none); again for a second one\r\n"
	"  --mac=ADDRESS    address of net0, net1… (default: from the device's name)\r\n"
	"  --memory=SIZE    memory for the heap, 64k to 1G (default 16M)\r\n";

/* Bytes of the word at `at`: to the next white space outside double quotes. */
static size_t word_bytes(const char *at)
{
	bool quoted = false;
	size_t n = 0;
	while (at[n] != '\0' && (quoted || strchr(" \t\r\n", at[n]) == NULL)) {
		if (at[n] == '"')
			quoted = !quoted;
		n++;
	}
	return n;
}

/* True if the word begins with `name`; then copies what follows, or nothing if that is too long. */
static bool take(const char *word, size_t len, const char *name, char *value, size_t value_bytes)
{
	size_t n = strlen(name);
	if (len < n || memcmp(word, name, n) != 0)
		return false;
	len = len - n < value_bytes ? len - n : 0; /* every parser refuses an empty value */
	memcpy(value, word + n, len);
	value[len] = '\0';
	return true;
}

static bool parse_memory(struct host_words *w, const char *text)
{
	char *end;
	if (text[0] < '0' || text[0] > '9')
		return false;
	unsigned long n = strtoul(text, &end, 10);
	unsigned shift = 0;
	if (*end == 'k' || *end == 'K')
		shift = 10;
	else if (*end == 'M')
		shift = 20;
	else if (*end == 'G')
		shift = 30;
	if (end[shift != 0] != '\0' || n > MEMORY_MAX >> shift)
		return false;
	w->memory_bytes = ROUND_DOWN((size_t)n << shift, (size_t)PAGE_BYTES);
	return w->memory_bytes >= MEMORY_MIN;
}

static bool parse_mac(struct host_words *w, const char *text)
{
	int end = 0;
	if (w->n_macs == HOST_TAPS_MAX)
		return false;
	uint8_t *mac = w->mac[w->n_macs++];
	return strlen(text) == 17 &&
	       sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0], &mac[1], &mac[2],
		      &mac[3], &mac[4], &mac[5], &end) == 6 &&
	       end == 17 && (mac[0] & 1) == 0;
}

static bool parse_tap(struct host_words *w, const char *text)
{
	size_t len = strlen(text);
	if (w->n_taps == HOST_TAPS_MAX || len == 0 || len >= HOST_TAP_CHARS ||
	    strpbrk(text, "/\"") != NULL)
		return false;
	for (unsigned i = 0; i < w->n_taps; i++) {
		if (strcmp(w->tap[i], text) == 0)
			return false;
	}
	memcpy(w->tap[w->n_taps++], text, len + 1);
	return true;
}

static bool parse_disk(struct host_words *w, const char *text)
{
	size_t len = strlen(text);

	if (w->n_disks == HOST_DISKS_MAX || len == 0)
		return false;
	memcpy(w->disk[w->n_disks++], text, len + 1);
	return true;
}

/* Has each part of the list, which commas divide, parsed on its own. */
static bool parse_list(struct host_words *w, char *list,
		       bool (*parse)(struct host_words *w, const char *text))
{
	for (;;) {
		size_t n = strcspn(list, ",");
		bool last = list[n] == '\0';
		list[n] = '\0';
		if (!parse(w, list))
			return false;
		if (last)
			return true;
		list += n + 1;
	}
}

/* Handles one word. False if it is the board's but malformed; *mine says whether it was. */
static GUARDED bool take_word(struct host_words *w, const char *word, size_t len, bool *mine)
{
	/* A path, or as many addresses, with a comma or a NUL each. */
	char value[MAX(HOST_PATH_CHARS, HOST_TAPS_MAX * 18 + 1)];
	bool good = true;

	*mine = true;
	if (take(word, len, "--tap=", value, sizeof(value))) {
		good = parse_list(w, value, parse_tap);
	} else if (take(word, len, "--memory=", value, sizeof(value))) {
		good = parse_memory(w, value);
	} else if (take(word, len, "--disk=", value, HOST_PATH_CHARS)) {
		good = parse_disk(w, value);
	} else if (take(word, len, "--mac=", value, sizeof(value))) {
		good = parse_list(w, value, parse_mac);
	} else {
		*mine = false;
		w->help |= len == 6 && memcmp(word, "--help", 6) == 0;
	}
	return good;
}

const char *host_words_parse(struct host_words *words, const char *cmdline)
{
	size_t out = 0;
	bool mine;

	*words = (struct host_words){.memory_bytes = MEMORY_DEFAULT};
	if (cmdline == NULL)
		return NULL;
	if (strlen(cmdline) >= HOST_WORDS_BYTES)
		return "the arguments are too long";
	while (*cmdline != '\0') {
		size_t n = word_bytes(cmdline);
		if (!take_word(words, cmdline, n, &mine)) {
			snprintf(words->fault, sizeof(words->fault),
				 "%.*s: expected --tap=NAME (1 to 15 characters, up to 8 different "
				 "names), --memory=SIZE (64k to 1G), --disk=FILE (up to 4, of less "
				 "than 512 characters) or --mac=02:00:00:00:00:01 (up to 8)",
				 (int)MIN(n, (size_t)40), cmdline);
			return words->fault;
		}
		if (!mine) { /* with the white space that follows */
			memcpy(words->rest + out, cmdline, n);
			out += n;
			words->rest[out++] = ' ';
		}
		cmdline += n;
		cmdline += strspn(cmdline, " \t\r\n");
	}
	words->rest[out] = '\0';
	return NULL;
}
