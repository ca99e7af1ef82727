/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/attr.h"
#include "net/http/http_internal.h"

/* The key that a path stands for, which may be in `whole`. False if that would be too long. */
static bool find_key(const struct http_request *request, char whole[static HTTP_KEY_BYTES_MAX],
		     struct http_text *key)
{
	static const char index[] = "index.html";
	enum { INDEX = sizeof(index) - 1 };
	*key = (struct http_text){request->path.at + 1, request->path.len - 1};
	if (request->path.at[key->len] != '/')
		return true;
	if (key->len + INDEX > HTTP_KEY_BYTES_MAX)
		return false;
	memcpy(whole, key->at, key->len);
	memcpy(whole + key->len, index, INDEX);
	*key = (struct http_text){whole, key->len + INDEX};
	return true;
}

enum err http_kv_find(struct kv *kv, const struct http_request *request,
		      struct http_response *response, char whole[static HTTP_KEY_BYTES_MAX],
		      struct http_text *key)
{
	struct kv_value value = {0};

	if (request->method > HTTP_HEAD)
		return ERR_UNSUPPORTED;
	if (!find_key(request, whole, key))
		return ERR_NOTFOUND;
	enum err e = kv_get(kv, key->at, key->len, &value);
	if (e != OK)
		return e;
	response->content_type = value.media_type != NULL ? value.media_type
							  : "application/octet-stream";
	response->body = value.bytes;
	response->etag = value.version;
	response->constant = kv->ops->constant;
	return OK;
}

GUARDED enum err http_serve_kv(void *arg, struct http_conn *conn,
			       const struct http_request *request, struct http_response *response)
{
	char whole[HTTP_KEY_BYTES_MAX];
	struct http_text key;
	(void)conn;
	return http_kv_find(arg, request, response, whole, &key);
}
