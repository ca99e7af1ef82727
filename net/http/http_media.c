/* SPDX-License-Identifier: ISC */
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
			if (http_text_is(suffix, types[i].suffix))
				return types[i].type;
		}
	}
	return "application/octet-stream";
}
