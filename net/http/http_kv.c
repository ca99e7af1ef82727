/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http.h"

enum {
	KEY_BYTES_MAX = 256,
};

static enum err look_up(struct kv *kv, const char *key, size_t len, struct http_response *response)
{
	struct kv_value value;
	enum err e = kv_get(kv, key, len, &value);
	if (e != OK)
		return e;
	response->content_type = http_media_type(key, len);
	response->body = value.bytes;
	response->etag = value.version;
	return OK;
}

enum err http_serve_kv(void *arg, struct http_conn *conn, const struct http_request *request,
		       struct http_response *response)
{
	static const char index[] = "index.html";
	enum { INDEX = sizeof(index) - 1 };
	char whole[KEY_BYTES_MAX];
	const char *key = request->path.at + 1;
	size_t len = request->path.len - 1;
	(void)conn;

	if (request->method == HTTP_POST)
		return ERR_UNSUPPORTED;
	if (request->path.at[len] != '/')
		return look_up(arg, key, len, response);
	if (len + INDEX > sizeof(whole))
		return ERR_NOTFOUND;
	memcpy(whole, key, len);
	memcpy(whole + len, index, INDEX);
	return look_up(arg, whole, len + INDEX, response);
}
