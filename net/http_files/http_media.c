/* SPDX-License-Identifier: ISC */
#include "net/http_files/http_media.h"

#include <stdbool.h>
#include <string.h>

#include "base/attr.h"

static const struct {
	char suffix[12], type[32];
} types[] = {
	{"avif", "image/avif"},
	{"css", "text/css; charset=utf-8"},
	{"csv", "text/csv; charset=utf-8"},
	{"gif", "image/gif"},
	{"gz", "application/gzip"},
	{"htm", "text/html; charset=utf-8"},
	{"html", "text/html; charset=utf-8"},
	{"ico", "image/x-icon"},
	{"jpeg", "image/jpeg"},
	{"jpg", "image/jpeg"},
	{"js", "text/javascript; charset=utf-8"},
	{"json", "application/json"},
	{"map", "application/json"},
	{"md", "text/markdown; charset=utf-8"},
	{"mjs", "text/javascript; charset=utf-8"},
	{"mp3", "audio/mpeg"},
	{"mp4", "video/mp4"},
	{"pdf", "application/pdf"},
	{"png", "image/png"},
	{"svg", "image/svg+xml"},
	{"txt", "text/plain; charset=utf-8"},
	{"wasm", "application/wasm"},
	{"webm", "video/webm"},
	{"webmanifest", "application/manifest+json"},
	{"webp", "image/webp"},
	{"woff2", "font/woff2"},
	{"xml", "text/xml; charset=utf-8"},
	{"zip", "application/zip"},
};

static bool same(const char *suffix, size_t len, const char *lower)
{
	for (size_t i = 0; i < len; i++) {
		char c = suffix[i];
		if ((c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c) != lower[i])
			return false;
	}
	return lower[len] == '\0';
}

const char *http_media_type(const char *name, size_t len)
{
	size_t at = len;

	while (at > 0 && name[at - 1] != '.' && name[at - 1] != '/')
		at--;
	if (at == 0 || name[at - 1] == '/' || len - at >= sizeof(types[0].suffix))
		return "application/octet-stream";
	for (unsigned i = 0; i < ARRAY_SIZE(types); i++) {
		if (same(name + at, len - at, types[i].suffix))
			return types[i].type;
	}
	return "application/octet-stream";
}
