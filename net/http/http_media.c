/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_parse.h"

static const struct {
	const char *suffix;
	const char *type;
} types[] = {
	{"html", "text/html; charset=utf-8"},
	{"css", "text/css; charset=utf-8"},
	{"js", "text/javascript; charset=utf-8"},
	{"svg", "image/svg+xml"},
	{"png", "image/png"},
	{"json", "application/json"},
	{"ico", "image/x-icon"},
	{"jpg", "image/jpeg"},
	{"jpeg", "image/jpeg"},
	{"webp", "image/webp"},
	{"gif", "image/gif"},
	{"avif", "image/avif"},
	{"woff2", "font/woff2"},
	{"mjs", "text/javascript; charset=utf-8"},
	{"wasm", "application/wasm"},
	{"txt", "text/plain; charset=utf-8"},
	{"htm", "text/html; charset=utf-8"},
	{"md", "text/markdown; charset=utf-8"},
	{"csv", "text/csv; charset=utf-8"},
	{"xml", "text/xml; charset=utf-8"},
	{"webmanifest", "application/manifest+json"},
	{"map", "application/json"},
	{"pdf", "application/pdf"},
	{"mp3", "audio/mpeg"},
	{"mp4", "video/mp4"},
	{"webm", "video/webm"},
	{"gz", "application/gzip"},
	{"zip", "application/zip"},
};

const char *http_media_type(const char *name, size_t len)
{
	size_t dot = len;
	while (dot > 0 && name[dot - 1] != '.' && name[dot - 1] != '/')
		dot--;
	if (dot > 0 && name[dot - 1] == '.') {
		struct http_text suffix = {name + dot, len - dot};
		for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
			/* The first letter is compared here, since the others would be for nothing.
			 */
			if (suffix.len == 0 || (suffix.at[0] | 0x20) != types[i].suffix[0])
				continue;
			if (http_text_is_of(suffix, types[i].suffix, strlen(types[i].suffix)))
				return types[i].type;
		}
	}
	return "application/octet-stream";
}
